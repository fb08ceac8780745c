"""`config.toml`: read, brought up to date, and written without ever being half there."""

import re
import tomllib
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from desktop_app.errors import BadSetting, LocalDiskError
from desktop_app.files import read_text, write_atomically
from desktop_app.held import cure, patiently, reason
from desktop_app.settings.describe import as_plain
from desktop_app.settings.kinds import kind_of, right_value
from desktop_app.settings.migration import upgrade
from desktop_app.settings.model import SETTINGS_VERSION, Settings
from desktop_app.settings.source_kinds import FIRST_KIND, to_settings
from desktop_app.wording import Said

if TYPE_CHECKING:
    from tomlkit import TOMLDocument
    from tomlkit.items import Table

_MISSING = re.compile(r"Object missing required field `(\w+)`")


def read_settings(path: Path) -> Settings:
    """The settings in `path`; those of a new configuration where there is no such file.

    An older file is read as if it had been upgraded; saving writes it so. Raises BadSetting, which names the
    field or the line, and LocalDiskError.
    """
    return parse_settings(_text(path), str(path))


def parse_settings(text: str, name: str) -> Settings:
    """Settings from TOML; `name` says in messages where it is from. Raises BadSetting."""
    try:
        return to_settings(upgrade(parse_toml(text, name)), name)
    except msgspec.ValidationError as error:
        raise wrong_kind(str(error), name) from error


def upgrade_file(path: Path) -> None:
    """Write a file of an earlier version back as the present one, where it may be written.

    One that may not is upgraded in memory, each time that it is read. Raises as `read_settings` does.
    """
    text = _text(path)
    now = upgraded_text(text, str(path))
    if now is not text:
        with suppress(LocalDiskError):
            write_atomically(path, now.encode())


def write_settings(path: Path, settings: Settings) -> None:
    """Write `settings` in one step, as `changed_text` has them.

    Raises BadSetting when the present file can't be read: it is never overwritten then. Raises
    LocalDiskError when writing failed: the file is as it was.
    """
    write_atomically(path, changed_text(_text(path), str(path), settings).encode())


def upgraded_text(text: str, name: str) -> str:
    """A `config.toml` of an earlier version as the present one; the same object where it is that already.

    What it leaves open stays so, the name of this installation among it. `name` says in messages where it is from.
    Raises BadSetting.
    """
    parse_settings(text, name)
    document = parse_toml(text, name)
    upgraded = upgrade(document)
    if upgraded is document:
        return text
    import tomlkit

    edited = parse_for_editing(text, name)
    _merge(edited, {key: value for key, value in upgraded.items() if key != "sources"})
    _name_kinds(edited)
    return tomlkit.dumps(edited)


def changed_text(text: str, name: str, settings: Settings) -> str:
    """A `config.toml` with `settings` in it; what it has besides them (unknown keys, comments) stays.

    `name` says in messages where it is from. Raises BadSetting.
    """
    import tomlkit

    before = parse_settings(text, name)
    document = parse_for_editing(text, name)
    values = as_plain(settings)
    sources = values.pop("sources")
    _merge(document, values)
    if settings.sources != before.sources:
        _set_sources(document, sources)
    _name_kinds(document)
    return tomlkit.dumps(document)


def put_aside(path: Path) -> Path:
    """Rename a file that can't be read, so that a new one can begin; its new place. Raises LocalDiskError."""
    kept = path.with_name(f"{path.name}.{datetime.now():%Y-%m-%d-%H%M%S}")
    try:
        patiently(lambda: path.rename(kept))
    except OSError as error:
        raise LocalDiskError(
            Said("{path} could not be renamed ({reason}).", path=path, reason=reason(error)),
            cure(error, Said("May you write to its folder?")),
        ) from error
    return kept


def parse_toml(text: str, name: str) -> dict[str, Any]:
    """The TOML document, of this version or an earlier one. Raises BadSetting."""
    try:
        document = tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # endless numbers and endless nesting are no TOMLDecodeError
        raise BadSetting(
            Said("{path} is not valid TOML: {reason}.", path=name, reason=error),
            Said("Fix that line, or put back an older copy."),
        ) from error
    version = document.get("version", 1)
    if type(version) is not int or version < 1:
        raise BadSetting(
            Said("The version in {path} can't be right.", path=name),
            Said("This program writes {version}.", version=SETTINGS_VERSION),
            field="version",
        )
    if version > SETTINGS_VERSION:
        raise BadSetting(
            Said(
                "{path} was written by a newer version of this program (its version is {version}).",
                path=name,
                version=version,
            ),
            Said("Install that version again; the file was not changed."),
            field="version",
        )
    return document


def parse_for_editing(text: str, name: str) -> "TOMLDocument":
    """The document with its comments. Raises BadSetting for nesting that tomllib takes and tomlkit does not."""
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    try:
        return tomlkit.parse(text)
    except TOMLKitError as error:
        raise BadSetting(
            Said("{path} can't be changed: {reason}.", path=name, reason=error),
            Said("Fix that line; nothing was saved."),
        ) from error


def wrong_kind(complaint: str, name: str) -> BadSetting:
    """What msgspec complains about (`what - at `$.where``), in the words of the settings."""
    what, _, where = complaint.partition(" - at `$.")
    field = where.rstrip("`")
    if missing := _MISSING.fullmatch(what):
        return BadSetting(
            Said("{key} in {path} is missing.", key=f"{field}.{missing[1]}", path=name),
            Said("Write it there."),
            field=f"{field}.{missing[1]}",
        )
    return BadSetting(
        Said("{key} in {path} can't be right.", key=field, path=name),
        Said("It must be {kind}.", kind=right_value(kind_of(field))),
        field=field,
    )


def _text(path: Path) -> str:
    return read_text(path) or ""


def _merge(target: "TOMLDocument | Table", values: Mapping[str, Any]) -> None:
    """Set `values` in a TOML document, and leave all other keys and comments where they are."""
    import tomlkit

    for key, value in values.items():
        if isinstance(value, Mapping):
            if key not in target:
                target[key] = tomlkit.table()
            _merge(target[key], value)
        elif key not in target or target[key] != value:
            target[key] = value


def _name_kinds(document: "TOMLDocument") -> None:
    """Sources from before there were several kinds say theirs."""
    for each in document.get("sources", []):
        if "kind" not in each:
            each["kind"] = FIRST_KIND


def _set_sources(document: "TOMLDocument", sources: list[dict[str, Any]]) -> None:
    """Replace the list of sources; a source of the same name keeps its unknown keys and comments."""
    import tomlkit
    from tomlkit.items import Table

    known = {(old["name"], old.get("kind", FIRST_KIND)): old for old in document.get("sources", [])}
    tables = tomlkit.aot()
    for source in sources:
        table = known.get((source["name"], source["kind"]), tomlkit.table())
        if not isinstance(table, Table):  # inline, which can't stand in a list of tables
            table = tomlkit.item(table.unwrap())
        inside = {key: source.pop(key) for key, value in list(source.items()) if isinstance(value, dict)}
        _merge(table, source)
        for key, value in inside.items():
            if table.get(key, {}) != value:
                table[key] = value
        tables.append(table)
    document.pop("sources", None)
    if sources:
        document["sources"] = tables
