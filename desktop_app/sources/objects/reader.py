"""Reads the objects of a source as the files of a folder are read, and forgets them when they are out of sight."""

from collections.abc import Iterator
from typing import ClassVar

import msgspec
from msgspec import Struct, structs

from desktop_app.settings.duration import duration_ms
from desktop_app.settings.model import ObjectsSource
from desktop_app.sources.file_tree import Listed
from desktop_app.sources.files_reader import FilesReader
from desktop_app.sources.kind import READ, Places, Record, Step
from desktop_app.sources.objects.object_tree import ObjectTree
from desktop_app.sources.order import Order
from desktop_app.stop import Stop


class _Written(Struct):
    modified_ns: int = 0


_decode = msgspec.json.Decoder(_Written).decode


class ObjectsReader:
    """A part is an object, by its key. What was written longer before the newest object that was read than the
    source looks back, is neither listed nor known any more."""

    order: ClassVar[Order] = Order.PARTS  # any other would leave some behind

    def __init__(self, source: ObjectsSource, tree: ObjectTree) -> None:
        self._again_ns = duration_ms(source.again) * 10**6
        self._tree = tree
        self._upto_ms = 0
        self._files = FilesReader(source.name, tree, source.records, lambda: tree.since_ns or 0)

    def parts(self, places: Places) -> Iterator[str]:
        """Objects, the oldest first. Raises UserError where the bucket can't be listed."""
        self._look_back(places)
        return self._files.parts(places)

    def files(self, places: Places) -> Listed:
        """What there is to read, the oldest first. Raises as `parts` does."""
        self._look_back(places)
        return self._tree.listed()

    def steps(self, part: str, places: Places, stop: Stop) -> Iterator[Step]:
        """What is new in an object. Raises LocalDiskError for one that can't be read."""
        for step in self._files.steps(part, places, stop):
            yield structs.replace(step, coverage=structs.replace(step.coverage, upto_ms=self._upto_ms))

    def sample(self) -> Iterator[Record]:
        """The records of one object after the other. Raises as `parts` does."""
        return self._files.sample()

    def _look_back(self, places: Places) -> None:
        newest = max((_decode(value).modified_ns for _, value in places.starting_with(READ)), default=None)
        self._tree.since_ns = None if newest is None else newest - self._again_ns
        self._upto_ms = (newest or 0) // 10**6
