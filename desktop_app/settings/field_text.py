"""Where a key of an event comes from, on one line: as it is typed on the command line and in the form.

Key paths with commas between them; `=` and a text that is always the same, to the end of the line; a template as
`{first} {last}`; other rules as the table that they are in `config.toml`.
"""

import tomllib

import msgspec

from desktop_app.settings.model import FieldPlace, FieldPlaces, FieldRule


def parse_places(line: str) -> FieldPlaces:
    """The places on a line; an empty text of an empty one. Raises ValueError for a table that is no rule."""
    places: list[FieldPlace] = []
    while line := line.strip():
        if line.startswith("="):
            places.append(FieldRule(const=line[1:].strip()))
            break
        place, line = _first(line)
        if place := place.strip():
            places.append(_place(place))
    return tuple(places) if len(places) > 1 else places[0] if places else ""


def line_of(places: FieldPlaces) -> str:
    """The line that `parse_places` reads so."""
    return ", ".join(map(_text, places)) if isinstance(places, tuple) else _text(places)


def _first(line: str) -> tuple[str, str]:
    """What stands before the first comma outside of braces, and behind it."""
    depth, quoted, is_escaped = 0, "", False
    for at, character in enumerate(line):
        if quoted:
            quoted = "" if character == quoted and not is_escaped else quoted
            is_escaped = character == "\\" and quoted == '"' and not is_escaped
        elif depth and character in "\"'":
            quoted = character
        elif character in "{}":
            depth += 1 if character == "{" else -1
        elif character == "," and depth <= 0:
            return line[:at], line[at + 1 :]
    return line, ""


def _place(text: str) -> FieldPlace:
    if "{" not in text:
        return text
    if text.startswith("{") and "=" in text:
        try:
            return msgspec.convert(tomllib.loads(f"rule = {text}")["rule"], FieldRule)
        except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
            raise ValueError(text) from error
    return FieldRule(text=text)


def _text(place: FieldPlace) -> str:
    if isinstance(place, str):
        return place
    if place.const is not None and place == FieldRule(const=place.const):
        return f"={place.const}"
    if place.text and place == FieldRule(text=place.text) and parse_places(place.text) == place:
        return place.text
    import tomlkit

    table = tomlkit.inline_table()
    table.update(msgspec.to_builtins(place))
    return table.as_string()
