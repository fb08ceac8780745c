"""Entries of journals, as journalctl(1) writes them: one JSON object a line (systemd's Journal JSON format)."""

import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from tempfile import TemporaryFile
from typing import IO, Any

import msgspec
from msgspec import Struct

from desktop_app.environment import system_environment
from desktop_app.errors import ExitCode, UserError
from desktop_app.one_line import on_one_line
from desktop_app.settings.limits import limits
from desktop_app.wording import NOTHING, Said

_ORDERED = msgspec.json.Encoder(order="sorted")
_OUTPUT = ("--output=json", "--all", "--quiet", "--no-pager")
_LONGEST_COMPLAINT = 500


class JournalUnreadable(UserError):
    """journalctl is not there, refused something, or can't read a journal."""

    exit_code = ExitCode.LOCAL_DISK


class Entry(Struct, frozen=True):
    """One entry: its cursor, when it came (microseconds since 1970, UTC), and its fields.

    `unfit` says why it can't be read; it has no fields then.
    """

    cursor: str
    at_us: int
    fields: dict[str, Any]
    unfit: Said = NOTHING


class Entries:
    """The entries that journalctl gives, while it runs, and whether it has `ended`."""

    def __init__(self, output: IO[bytes], complaints: IO[bytes]) -> None:
        self._output, self._complaints = output, complaints
        self.ended = False

    def __iter__(self) -> Iterator[Entry]:
        most = limits().line_bytes
        while line := self._output.readline(most + 1):
            if len(line) > most:
                while line and not line.endswith(b"\n"):
                    line = self._output.readline(most)
                yield Entry("", 0, {}, Said("the line is longer than {size} MB", size=most >> 20))
            else:
                yield _entry(line)
        self.ended = True

    def complaint(self) -> str:
        """What it has complained of so far, on one line."""
        self._complaints.seek(0)
        said = self._complaints.read(_LONGEST_COMPLAINT).decode(errors="replace")
        return on_one_line(" ".join(said.split()))


def require_journalctl() -> str:
    """Where the program is. Raises JournalUnreadable where there is none."""
    program = shutil.which("journalctl") if sys.platform == "linux" else None
    if program is None:
        raise JournalUnreadable(
            Said("There is no journal of systemd on this computer."),
            Said("Such a source can be read on a Linux with systemd. Remove it here."),
        )
    return program


@contextmanager
def entries(where: Sequence[str], which: Sequence[str], cursor: str = "") -> Iterator[Entries]:
    """The entries that match of the journals that the options `where` name, oldest first; from the one of `cursor`
    on, or where that is gone, from the next one on.

    Where journalctl fails, and was not left before its end, raises JournalUnreadable behind the last one.
    """
    begin = (f"--cursor={cursor}",) if cursor else ()
    with TemporaryFile() as complaints:
        process = subprocess.Popen(
            [require_journalctl(), *_OUTPUT, *where, *begin, *which],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=complaints,
            env={**system_environment(), "LC_ALL": "C.UTF-8"},
        )
        assert process.stdout
        found = Entries(process.stdout, complaints)
        try:
            yield found
        finally:
            if not found.ended:
                process.kill()
            process.stdout.close()
            code = process.wait()
        if found.ended and code:
            raise JournalUnreadable(
                Said("The journal can't be read ({reason}).", reason=found.complaint() or code),
                Said("Is it there, and may this user read it? Try the same with journalctl."),
            )


def entry_of(fields: dict[str, Any]) -> Entry:
    """The entry that has these fields. Raises KeyError and ValueError."""
    return Entry(str(fields["__CURSOR"]), int(fields["__REALTIME_TIMESTAMP"]), fields)


def as_json(fields: dict[str, Any]) -> bytes:
    """Fields as one line; in an order, for journalctl's own is another each time."""
    return _ORDERED.encode(fields)


def _entry(line: bytes) -> Entry:
    try:
        found = msgspec.json.decode(line, type=dict[str, Any])
        return entry_of({key: _value(value) for key, value in found.items()})
    except (msgspec.DecodeError, KeyError, ValueError) as error:
        raise JournalUnreadable(
            Said("journalctl said something that is no entry of a journal ({reason}).", reason=error)
        ) from error


def _value(value: Any) -> Any:
    """A value as text: journalctl writes what is no UTF-8, or has control characters, as its bytes."""
    if isinstance(value, list):
        if value and all(isinstance(each, int) for each in value):
            return bytes(value).decode(errors="replace")
        return [_value(each) for each in value]
    return value
