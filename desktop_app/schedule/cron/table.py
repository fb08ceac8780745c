"""Our lines in a user's crontab (crontab(5)); everything else in it is not ours, down to the byte."""

import os
import re

from desktop_app.own_program import Command
from desktop_app.schedule.task_state import SchedulerError
from desktop_app.wording import Said

_LONGEST = 998  # bytes of a command; cron itself cuts longer ones off
_MINUTES_AFTER_BOOT = 2  # until there is a network


def daily_lines(name: str, command: Command, at: str) -> tuple[bytes, ...]:
    """The lines that start `command` daily at `at` (HH:MM), and after a start of the computer that came too late.

    Standard error goes to cron, which mails it; the rest is in the log. Raises SchedulerError for a command that
    can't be written in a crontab.
    """
    hour, minute = map(int, at.split(":"))
    shell = shell_line(command)
    late = shell_line(Command((*command.argv, "--missed"), command.folder))
    return (
        _marked(b"# Audit Trails Export, daily; made by `schedule install`, removed by `schedule remove`", name),
        _marked(b"%d %d * * * %s >/dev/null" % (minute, hour, shell), name),
        _marked(b"@reboot sleep %d; %s >/dev/null" % (60 * _MINUTES_AFTER_BOOT, late), name),
    )


def once_line(name: str, shell: bytes, month: int, day: int, hour: int, minute: int) -> bytes:
    """A line that runs a shell command in one minute of the year."""
    return _marked(b"%d %d %d %d * %s" % (minute, hour, day, month, shell), name)


def shell_line(command: Command) -> bytes:
    """`command` for the shell, as cron wants it. Raises SchedulerError."""
    words = b" ".join(map(shell_word, command.argv))
    return words if command.folder is None else b"cd %s && %s" % (shell_word(str(command.folder)), words)


def shell_word(word: str) -> bytes:
    """One word in single quotes; `%`, a line break to cron, gets a backslash, which cron takes away."""
    raw = os.fsencode(word)
    if re.search(rb"[\0\r\n]", raw) or b"\\%" in raw:
        raise SchedulerError(
            Said("cron can't take the path {path}.", path=repr(word)),
            Said("Use a folder whose name is text on one line."),
        )
    return b"'%s'" % raw.replace(b"'", b"'\\''").replace(b"%", b"\\%")


def our_lines(table: bytes, name: str) -> tuple[bytes, ...]:
    """The lines of a crontab that are marked as ours."""
    return tuple(line for line in _lines(table) if _is_ours(line, name))


def without_our_lines(table: bytes, name: str) -> bytes:
    """A crontab without our lines."""
    return b"".join(line for line in _lines(table) if not _is_ours(line, name))


def with_our_lines(table: bytes, name: str, lines: tuple[bytes, ...]) -> bytes:
    """A crontab with `lines` in place of ours: at the top, where no SHELL or CRON_TZ of the user's counts."""
    return b"".join(lines) + without_our_lines(table, name)


def _lines(table: bytes) -> list[bytes]:
    return re.findall(rb"[^\n]*\n|[^\n]+", table)


def _marked(line: bytes, name: str) -> bytes:
    if len(line) > _LONGEST:
        raise SchedulerError(
            Said("cron can't take a command of {length} bytes.", length=len(line)),
            Said("Use folders with shorter names."),
        )
    return b"%s %s\n" % (line, _mark(name))


def _is_ours(line: bytes, name: str) -> bool:
    return line.rstrip().endswith(_mark(name))


def _mark(name: str) -> bytes:
    return b"# [%s]" % name.encode()
