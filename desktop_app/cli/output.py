"""What all commands share in speaking to people and to scripts."""

import errno
import os
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from io import BufferedWriter, FileIO, TextIOWrapper
from itertools import chain, zip_longest
from stat import S_ISREG
from typing import TYPE_CHECKING, Any, TextIO

import click

from desktop_app.cli.speech import spoken
from desktop_app.columns import columns, padded, wrapped
from desktop_app.encoding import take_all_texts
from desktop_app.errors import LocalDiskError, UserError
from desktop_app.held import reason
from desktop_app.one_line import harmless_json, on_one_line
from desktop_app.wording import Said, plain

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

    from desktop_app.export.ledger import Archive


_LABEL = 14  # columns
_WARNING = Said("Warning:")
# What writing says once the reader of a pipe (on Windows EINVAL), or the terminal, has gone.
_GONE = (errno.EPIPE, errno.EINVAL, errno.EIO)


class Results(FileIO):
    """Standard output. When its reader has gone, what is written is dropped; what a disk did not take is told."""

    _lost = False

    def write(self, data: "ReadableBuffer", /) -> int:
        if self._lost:
            return memoryview(data).nbytes
        try:
            return super().write(data)
        except OSError as error:
            self._lost = True
            if error.errno not in _GONE or S_ISREG(os.fstat(self.fileno()).st_mode):
                raise LocalDiskError(
                    Said("The output could not be written ({reason}).", reason=reason(error)),
                    Said("Is there room on the disk?"),
                ) from error
            return memoryview(data).nbytes


class Messages(FileIO):
    """Standard error. What can't be written is dropped: what is told beside the results stops nothing."""

    def write(self, data: "ReadableBuffer", /) -> int:
        try:
            return super().write(data)
        except OSError:
            return memoryview(data).nbytes


def as_output(stream: TextIO, kind: type[Results | Messages]) -> TextIO:
    """A standard stream that takes all texts, and whose reader may go: with `run | head`, the command goes on and
    ends with its own exit code."""
    if not isinstance(stream, TextIOWrapper):
        return stream
    take_all_texts(stream)
    if not isinstance(getattr(stream.buffer, "raw", stream.buffer), FileIO):  # a console of Windows
        return stream
    return TextIOWrapper(
        BufferedWriter(kind(stream.fileno(), "wb", closefd=False)),
        encoding=stream.encoding,
        errors=stream.errors,
        line_buffering=stream.line_buffering,
        write_through=stream.write_through,
    )


def print_json(document: object) -> None:
    """Print one JSON document; msgspec structs become objects, and `Raw` stays as it is."""
    import msgspec

    try:
        text = msgspec.json.format(msgspec.json.encode(document, enc_hook=plain), indent=2).decode()
    except UnicodeEncodeError:  # a name that is no text
        import json

        text = json.dumps(msgspec.to_builtins(document, enc_hook=plain), indent=2)
    speaks_utf8 = (sys.stdout.encoding or "").lower() in ("utf-8", "utf8")
    click.echo(harmless_json(text, ascii_only=not speaks_utf8))


def is_plain_terminal() -> bool:
    """Whether what is written must not move the cursor: a terminal that calls itself dumb."""
    return os.environ.get("TERM") == "dumb"


def _coloured(text: str, colour: str) -> str:
    """The text in a colour, unless nobody wants any (no-color.org); what is no terminal gets none from click."""
    return text if os.environ.get("NO_COLOR") or is_plain_terminal() else click.style(text, fg=colour)


def say(*lines: str) -> None:
    """Results for people, each on a line of its own, whatever is in it."""
    for line in lines:
        click.echo(on_one_line(spoken(line)))


def say_labelled(rows: Iterable[tuple[str, str]]) -> None:
    """Results for people: a label and what it is, the second column as far right as the longest label needs."""
    table = [(spoken(label), spoken(value)) for label, value in rows]
    width = max([_LABEL, *(columns(label) + 2 for label, _ in table)])
    for label, value in table:
        say(f"{padded(label, width)}{value}")


def say_signed(sign: str, colour: str, line: str) -> None:
    """A result after a sign, which has a colour on a terminal."""
    click.echo(f"{_coloured(sign, colour)} {on_one_line(spoken(line))}")


def tell(*lines: str) -> None:
    """Messages for people, on standard error, likewise."""
    for line in lines:
        click.echo(on_one_line(spoken(line)), err=True)


def tell_warning(*lines: str) -> None:
    """What should be looked at and is no failure; each line says that it is a warning."""
    for line in lines:
        click.echo(f"{_coloured(spoken(_WARNING), 'yellow')} {on_one_line(spoken(line))}", err=True)


def tell_error(error: UserError) -> None:
    """What happened, and below it what to do."""
    tell_failure(error.message, *filter(None, [error.advice]))


def tell_failure(message: str, *more: str) -> None:
    """What happened, which has a colour on a terminal, and lines below it."""
    click.echo(_coloured(on_one_line(spoken(message)), "red"), err=True)
    tell(*more)


def error_document(error: UserError | None) -> dict[str, Any] | None:
    """An error as part of a JSON document."""
    if error is None:
        return None
    return {"code": int(error.exit_code), "message": str(error.message), "hint": error.advice}


def archive_document(archive: "Archive") -> dict[str, Any]:
    """An archive as part of a JSON document."""
    return {key: getattr(archive, key) for key in ("name", "day", "events", "bytes", "sha256")}


def local_time(instant_ms: int | None) -> str:
    """An instant in this computer's time, to the second; a dash for none."""
    if instant_ms is None:
        return "–"
    return datetime.fromtimestamp(instant_ms / 1000).strftime("%Y-%m-%d %H:%M:%S")


def iso_time(instant_ms: int | None) -> str | None:
    """An instant for scripts: ISO 8601 in UTC, or None."""
    if instant_ms is None:
        return None
    moment = datetime.fromtimestamp(instant_ms / 1000, UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def print_table(
    head: tuple[str, ...], rows: Iterable[tuple[str, ...]], messages: Iterable[str | None] = ()
) -> None:
    """Columns as wide as they must be; the message of a row, where it has one, is below it."""
    table = [tuple(on_one_line(spoken(cell)) for cell in row) for row in (head, *rows)]
    widths = [max(columns(row[column]) for row in table) for column in range(len(head))]
    for row, message in zip_longest(table, chain([None], messages)):
        say("  ".join(padded(cell, width) for cell, width in zip(row, widths, strict=True)).rstrip())
        if message:
            say(*_below(on_one_line(spoken(message))))


def terminal_width() -> int:
    """In characters; 80 where it can't be known."""
    from shutil import get_terminal_size

    return get_terminal_size().columns


def _below(message: str) -> list[str]:
    """A message as lines that are indented, and no longer than a terminal is wide."""
    if not sys.stdout.isatty():
        return [f"  {message}"]
    return [f"  {line}" for line in wrapped(message, max(terminal_width(), 40) - 2)]
