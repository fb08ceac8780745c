"""Sentences for people that can still be translated where they are shown."""

import re
from collections.abc import Mapping
from typing import Any

_LETTER = re.compile(r"\(&.\)|&")


class Said(str):
    """A sentence in English that remembers its template and the values in it.

    `Said("There is no folder {path}.", path=path)` is an ordinary text wherever it is printed, logged or
    stored. The form looks `template` up in the reader's language and puts `values` in, after it did the same
    with those that are Said themselves. A tuple becomes a list with commas. A template is a literal, so that
    `dev.py translations` finds it.
    """

    __slots__ = ("template", "values")
    template: str
    values: Mapping[str, object]

    def __new__(cls, template: str, /, **values: object) -> "Said":
        made = super().__new__(cls, template.format(**{key: listed(value) for key, value in values.items()}))
        made.template = template
        made.values = values
        return made

    def __reduce__(self) -> tuple[Any, ...]:
        return _said, (self.template, self.values)


class Label(Said):
    """What a field is called, within a sentence: there it has no mark for a letter that goes with Alt."""

    __slots__ = ()

    def __new__(cls, template: str, /) -> "Label":
        made = str.__new__(cls, without_letter(template))
        made.template, made.values = template, {}
        return made

    def __reduce__(self) -> tuple[Any, ...]:
        return Label, (self.template,)


NOTHING = Said("")


def without_letter(label: str) -> str:
    """A label as it is read: without the mark of its letter for Alt."""
    return _LETTER.sub("", label)


def listed(value: object) -> object:
    """The parts of a tuple as one text; anything else as it is."""
    return ", ".join(map(str, value)) if isinstance(value, tuple) else value


def plain(value: object) -> str:
    """The `enc_hook` of msgspec, which knows no subclass of str. Raises NotImplementedError for all else."""
    if isinstance(value, Said):
        return str(value)
    raise NotImplementedError(type(value))


def _said(template: str, values: Mapping[str, object]) -> Said:
    return Said(template, **values)
