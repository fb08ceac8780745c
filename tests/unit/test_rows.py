"""Rows of a table as structs."""

import sqlite3

import pytest
from msgspec import MsgspecError, Struct

from desktop_app.rows import RowsOf


class Thing(Struct, frozen=True):
    name: str
    size: int
    seen: int | None = None


THINGS = RowsOf(Thing)


def read(*values: object) -> list[Thing]:
    db = sqlite3.connect(":memory:")
    db.execute("CREATE TABLE things (size INTEGER, seen INTEGER, name TEXT)")
    db.execute("INSERT INTO things (name, size, seen) VALUES (?, ?, ?)", values)
    return THINGS.read(row for (row,) in db.execute(f"SELECT {THINGS.columns} FROM things"))


@pytest.mark.parametrize("name", ["", 'a "b" \\ c', "Büro 日本 🙂", "a\nb\x00c\x7f\u2028"])
@pytest.mark.parametrize("size", [0, -(1 << 63), (1 << 63) - 1])
def test_values_come_out_as_they_went_in(name: str, size: int) -> None:
    assert read(name, size, None) == [Thing(name, size)]
    assert read(name, size, 7) == [Thing(name, size, 7)]


@pytest.mark.parametrize("values", [("a", "b", 1), ("a", 0.5, 1), ("a", None, 1), (None, 1, 1), ("a", 1, "1x")])
def test_a_value_of_another_type_is_refused(values: tuple[object, ...]) -> None:
    with pytest.raises(MsgspecError):
        read(*values)


@pytest.mark.parametrize("values", [("a", b"b", 1), (b"a", 1, 1), ("a", 1, b"\xff")])
def test_bytes_are_none_of_these_values(values: tuple[object, ...]) -> None:
    with pytest.raises(sqlite3.Error):
        read(*values)


def test_no_rows_are_no_structs() -> None:
    assert THINGS.read([]) == []


def test_any_number_of_rows_come_out_in_their_order() -> None:
    numbers = range(1203)
    assert THINGS.read(f'["a",{number},null]' for number in numbers) == [Thing("a", number) for number in numbers]
