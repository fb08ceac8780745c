"""A kind of source that only the tests know, added as any other: notebooks on a shelf, with a note on each line.

Its struct, its module and its entry are all that it takes.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ClassVar

import msgspec

from desktop_app.errors import BadSetting, LocalDiskError
from desktop_app.secrets.source_secrets import no_source_secret
from desktop_app.settings.model import SourceSettings
from desktop_app.sources.kind import Coverage, NothingRemembered, Places, Reader, Record, Secret, Step
from desktop_app.sources.order import Order
from desktop_app.stop import Stop
from desktop_app.wording import Said

ENTRY = {
    "name": "toy",
    "module": "tests.unit.sources.toy_kind",
    "label": "Notebooks",
    "address": "shelf",
    "things": "Notebooks",
    "secret": {"label": "&Key", "help": "What opens the locked ones."},
    "fields": [
        {"key": "shelf", "label": "She&lf", "help": "Where the notebooks are.", "type": "folder", "needed": True},
        {"key": "colour", "label": "&Colour", "help": "Which of them."},
        {"key": "torn", "label": "&Torn ones as well", "help": "With pages missing.", "type": "flag"},
    ],
}
KEY = "0pen sesame"
_PAGE = 3


class ToySource(SourceSettings, frozen=True, kw_only=True, tag="toy"):
    """Reads the notebooks of a colour that stand on a shelf."""

    shelf: str
    colour: str = "red"
    torn: bool = False


def problems(source: ToySource) -> Iterator[BadSetting]:
    """There are no invisible notebooks."""
    if source.colour == "none":
        yield BadSetting(Said("There is no such colour."), field="colour")


def local_folders(source: ToySource) -> tuple[Path, ...]:
    """The shelf."""
    return (Path(source.shelf),)


@contextmanager
def open(source: ToySource, secret: Secret) -> Iterator[Reader]:
    """A reader of the notebooks. Raises LocalDiskError where there is no shelf."""
    if not Path(source.shelf).is_dir():
        raise LocalDiskError(Said("There is no shelf {shelf}.", shelf=source.shelf))
    if source.colour == "locked" and secret() != KEY:
        raise no_source_secret(source.name)
    yield _Toy(source)


class _Toy:
    order: ClassVar[Order] = Order.PARTS

    def __init__(self, source: ToySource) -> None:
        self._source = source

    def parts(self, places: Places) -> Iterator[str]:
        yield from sorted(path.name for path in Path(self._source.shelf).glob(f"*.{self._source.colour}"))

    def steps(self, part: str, places: Places, stop: Stop) -> Iterator[Step]:
        known = int(places.get(f"read:{part}") or 0)
        notes = list(self._notes(part))[known:]
        for start in range(0, len(notes), _PAGE):
            some = notes[start : start + _PAGE]
            read = str(known + start + len(some)).encode()
            yield Step(some, {f"read:{part}": read}, Coverage(self._source.shelf, len(some)))

    def sample(self) -> Iterator[Record]:
        for part in self.parts(NothingRemembered()):
            yield from self._notes(part)

    def _notes(self, part: str) -> Iterator[Record]:
        try:
            lines = (Path(self._source.shelf) / part).read_bytes().splitlines()
        except OSError as error:
            raise LocalDiskError(Said("The notebook {part} can't be read.", part=part)) from error
        for number, line in enumerate(lines, start=1):
            yield Record(line, part, Said("note {number}", number=number), f"{part}#{number}")


def entries(known: dict[str, Any]) -> list[dict[str, Any]]:
    """The entries of all kinds, with the toy's."""
    return [*known["kind"], msgspec.to_builtins(ENTRY)]
