"""Our lines in a crontab: all else to the byte, and words that reach the program as they are."""

import os
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop_app.own_program import Command
from desktop_app.schedule.cron import table as crontab_text
from desktop_app.schedule.task_state import SchedulerError
from tests.windows_gaps import needs

NAME = "audit-trails-export"
LINES = crontab_text.daily_lines(NAME, Command(("/opt/a b/export", "run", "--scheduled")), "02:05")
TABLES = st.one_of(
    st.binary(),
    st.lists(st.sampled_from([b"", b"\r", b"5 5 * * * x", b"# [audit-trails-export-1a2b3c4d]", b"MAILTO=x"])).map(
        b"\n".join
    ),
)


@given(TABLES)
def test_a_table_is_the_same_to_the_byte_after_our_lines_came_and_went(table: bytes) -> None:
    before = crontab_text.without_our_lines(table, NAME)
    with_ours = crontab_text.with_our_lines(table, NAME, LINES)
    assert crontab_text.our_lines(with_ours, NAME) == LINES
    assert crontab_text.with_our_lines(with_ours, NAME, LINES) == with_ours
    assert crontab_text.without_our_lines(with_ours, NAME) == before
    if NAME.encode() not in table:
        assert before == table


def test_two_configurations_have_lines_of_their_own() -> None:
    other = crontab_text.with_our_lines(b"", f"{NAME}-1a2b3c4d", LINES[:0])
    other += crontab_text.daily_lines(f"{NAME}-1a2b3c4d", Command(("/x",)), "03:00")[1]
    both = crontab_text.with_our_lines(other, NAME, LINES)
    assert crontab_text.without_our_lines(both, NAME) == other


def test_the_lines_are_a_comment_the_daily_time_and_a_start_that_came_too_late() -> None:
    comment, daily, late = LINES
    assert comment.startswith(b"# Audit Trails Export")
    assert daily == b"5 2 * * * '/opt/a b/export' 'run' '--scheduled' >/dev/null # [audit-trails-export]\n"
    assert late.startswith(b"@reboot sleep 120; '/opt/a b/export' 'run' '--scheduled' '--missed' >/dev/null")


@needs("shell")
@settings(max_examples=60, deadline=None)
@given(st.text(st.characters(exclude_characters="\0\r\n", exclude_categories=("Cs",)), max_size=40))
def test_a_word_reaches_the_program_as_it_is(word: str) -> None:
    if "\\%" in word:
        with pytest.raises(SchedulerError):
            crontab_text.shell_word(word)
        return
    line = b"printf %s " + crontab_text.shell_word(word)
    assert _as_cron_reads(line.replace(b"printf %s", b"printf \\%s"))[1] is None
    command = _as_cron_reads(line.replace(b"printf %s", b"printf \\%s"))[0]
    said = subprocess.run(["/bin/sh", "-c", command], capture_output=True, check=True).stdout
    assert said == word.encode()


def _as_cron_reads(line: bytes) -> tuple[bytes, bytes | None]:
    """The command and its standard input: the first bare `%` ends the command, `\\%` is a `%` (crontab(5))."""
    command, at = bytearray(), 0
    while at < len(line):
        if line[at : at + 2] == b"\\%":
            command += b"%"
            at += 2
        elif line[at : at + 1] == b"%":
            return bytes(command), line[at + 1 :]
        else:
            command += line[at : at + 1]
            at += 1
    return bytes(command), None


@pytest.mark.parametrize("word", ["two\nlines", "cr\r", "x" * 2000])
def test_what_cron_can_not_take_is_refused(word: str) -> None:
    with pytest.raises(SchedulerError):
        crontab_text.daily_lines(NAME, Command((word,)), "02:00")


def test_a_checkout_is_started_in_its_folder() -> None:
    line = crontab_text.shell_line(Command(("/v/python", "-m", "desktop_app.cli"), Path("/a'b")))
    assert line == b"cd '%ba'\\''b' && '/v/python' '-m' 'desktop_app.cli'" % os.sep.encode()
