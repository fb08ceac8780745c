"""Whether the mapping of a source can be right: its fields, and how it takes times."""

import re
from collections.abc import Iterator

import msgspec

from desktop_app.errors import BadSetting
from desktop_app.settings.model import EPOCH_UNITS, TIME_PATTERN, FieldPlace, FieldRule, SourceSettings
from desktop_app.settings.time_pattern import NoPattern, regular_expression
from desktop_app.settings.time_zone import zone_called
from desktop_app.wording import Said

_NO_TEXT = re.compile(r"[\0-\x1f\x7f-\x9f\ud800-\udfff]")  # control characters, and halves of characters
_RULES = (
    {"const"}, {"text"}, {"pairs", "key", "value"}, {"path", "words"}, {"path", "most"},
)  # fmt: skip


def mapping_problems(source: SourceSettings) -> Iterator[BadSetting]:
    """What can't be right; the fields are the source's own."""
    if source.zone:
        try:
            zone_called(source.zone)
        except ValueError:
            yield BadSetting(
                Said("There is no time zone {name!r}.", name=source.zone),
                Said("Write UTC, or a name such as Europe/Berlin."),
                field="zone",
            )
    if source.time and not _is_way_of_writing(source.time):
        yield BadSetting(
            Said("{text!r} is no way to write times.", text=source.time),
            Said(
                "Write one of {units}, iso, or a pattern as in {example}.",
                units=EPOCH_UNITS,
                example="text:%d/%m/%Y %H:%M:%S",
            ),
            field="time",
        )
    if _NO_TEXT.search(source.split):
        yield BadSetting(
            Said("There is a control character in this."),
            Said("Type it again."),
            field="split",
        )
    for key, places in source.fields.items():
        yield from _places_problems(source.name, key, places if isinstance(places, tuple) else (places,))


def _places_problems(source: str, key: str, places: tuple[FieldPlace, ...]) -> Iterator[BadSetting]:
    if any(_NO_TEXT.search(text) for text in (key, *map(_all_text, places))):
        yield BadSetting(
            Said("The mapping of source {name!r} has a control character in it.", name=source),
            Said("Type it again."),
            field="fields",
        )
    if any(not _is_whole(place) for place in places):
        yield BadSetting(
            Said("The rule for {key} in the mapping of source {name!r} can't be right.", key=key, name=source),
            Said("A key path, or one of: const; text; pairs with key and value; path with words, or with most."),
            field="fields",
        )


def _is_way_of_writing(time: str) -> bool:
    if not time.startswith(TIME_PATTERN):
        return time == "iso" or time in EPOCH_UNITS
    try:
        regular_expression(time.removeprefix(TIME_PATTERN))
    except NoPattern:
        return False
    return True


def _is_whole(place: FieldPlace) -> bool:
    if isinstance(place, str):
        return True
    given = set(msgspec.to_builtins(place))
    is_right = place.most is None or place.most > 0
    return given in _RULES and is_right and all(getattr(place, key) for key in given - {"value"})


def _all_text(place: FieldPlace) -> str:
    if isinstance(place, str):
        return place
    words = place.words or {}
    return "".join((*filter(None, map(_text_of, _texts(place))), *words, *words.values()))


def _texts(place: FieldRule) -> tuple[str | None, ...]:
    return (place.const, place.text, place.pairs, place.key, place.value, place.path)


def _text_of(text: str | None) -> str:
    return text or ""
