"""Structs of the rows of a table: SQLite writes each row as JSON, and many are read in one go, which takes half as
long as to ask it for value after value."""

from collections.abc import Iterable
from itertools import islice, starmap
from typing import Any, Generic, TypeVar

import msgspec
from msgspec import structs

_Row = TypeVar("_Row", bound=msgspec.Struct)
_AT_ONCE = 500  # all of ten years in one go would be new memory, which the system has to clear first


class RowsOf(Generic[_Row]):
    """Rows of a table whose columns are called as the fields of a struct. `columns` is what is to be selected."""

    def __init__(self, struct: type[_Row]) -> None:
        fields = structs.fields(struct)
        row = tuple.__class_getitem__(tuple(field.type for field in fields))
        self.columns = f"json_array({', '.join(field.name for field in fields)})"
        self._struct: Any = struct
        self._decode = msgspec.json.Decoder(list.__class_getitem__(row)).decode

    def read(self, selected: Iterable[str]) -> list[_Row]:
        """A struct of each row. Raises MsgspecError where a value is not of the type of its field."""
        rows, found = iter(selected), list[_Row]()
        while some := ",".join(islice(rows, _AT_ONCE)):
            found += starmap(self._struct, self._decode(f"[{some}]"))
        return found
