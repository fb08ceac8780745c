"""`config.toml`: read, brought up to date, and written without ever being half there."""

import os
import re
import time
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from desktop_app.errors import BadSetting, LocalDiskError
from desktop_app.files import sync_folder
from desktop_app.settings.describe import as_plain
from desktop_app.settings.kinds import kind_of, right_value
from desktop_app.settings.migration import upgrade
from desktop_app.settings.model import SETTINGS_VERSION, Settings
from desktop_app.settings.paths import make_private_folder
from desktop_app.wording import Said

if TYPE_CHECKING:
    from tomlkit import TOMLDocument
    from tomlkit.items import Table

_LEFT_OVER_S = 3600
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
        return msgspec.convert(upgrade(parse_toml(text, name)), Settings)
    except msgspec.ValidationError as error:
        raise wrong_kind(str(error), name) from error


def upgrade_file(path: Path) -> None:
    """Write a file of an earlier version back as the present one, where it may be written.

    One that may not is upgraded in memory, each time that it is read. Raises as `read_settings` does.
    """
    settings = read_settings(path)
    document = parse_toml(_text(path), str(path))
    if upgrade(document) is not document:
        with suppress(LocalDiskError):
            write_settings(path, settings)


def write_settings(path: Path, settings: Settings) -> None:
    """Write `settings` in one step; what the file has besides them (unknown keys, comments) stays.

    Raises BadSetting when the present file can't be read: it is never overwritten then. Raises
    LocalDiskError when writing failed: the file is as it was.
    """
    import tomlkit

    text = _text(path)
    before = parse_settings(text, str(path))
    document = parse_for_editing(text, str(path))
    values = as_plain(settings)
    sources = values.pop("sources")
    _merge(document, values)
    if settings.sources != before.sources:
        _set_sources(document, sources)
    write_atomically(path, tomlkit.dumps(document).encode())


def put_aside(path: Path) -> Path:
    """Rename a file that can't be read, so that a new one can begin; its new place. Raises LocalDiskError."""
    kept = path.with_name(f"{path.name}.{datetime.now():%Y-%m-%d-%H%M%S}")
    try:
        path.rename(kept)
    except OSError as error:
        raise LocalDiskError(
            Said("{path} could not be renamed ({reason}).", path=path, reason=error.strerror),
            Said("May you write to its folder?"),
        ) from error
    return kept


def write_atomically(path: Path, content: bytes) -> None:
    """Put `content` at `path`, or where that links to, readable by this user alone: whole and on disk, or not
    at all.

    Raises LocalDiskError.
    """
    import tempfile

    path = Path(os.path.realpath(path))
    temporary: Path | None = None
    try:
        make_private_folder(path.parent)
        _remove_leftovers(path)
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)  # mode 0600
        temporary = Path(name)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
        sync_folder(path.parent)
    except OSError as error:
        if temporary:
            with suppress(OSError):
                temporary.unlink(missing_ok=True)
        raise LocalDiskError(
            Said("{path} could not be written ({reason}).", path=path, reason=error.strerror),
            Said("Is there room on the disk, and may you write there?"),
        ) from error


def _remove_leftovers(path: Path) -> None:
    """Remove what a process that was killed amid writing `path` has left, and nothing that another may be writing
    now: that takes no time."""
    ours = re.compile(re.escape(f".{path.name}.") + "[a-z0-9_]{8}")
    for each in path.parent.iterdir():
        if ours.fullmatch(each.name):
            with suppress(OSError):
                if time.time() - each.lstat().st_mtime > _LEFT_OVER_S and not each.is_dir():
                    each.unlink()


@contextmanager
def undone_on_failure(path: Path) -> Iterator[None]:
    """A context that, where it ends with an exception, puts the file back as it was, or away where there was none.

    Raises LocalDiskError where the file can't be read.
    """
    before = _content(path)
    try:
        yield
    except BaseException:
        with suppress(LocalDiskError, OSError):
            if before is None:
                path.unlink(missing_ok=True)
            elif before != _content(path):
                write_atomically(path, before)
        raise


def parse_toml(text: str, name: str) -> dict[str, Any]:
    """The TOML document, of this version or an earlier one. Raises BadSetting."""
    try:
        document = tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # endless numbers and endless nesting are no TOMLDecodeError
        raise BadSetting(
            Said("{path} is not valid TOML: {reason}.", path=name, reason=error),
            Said("Mend that line, or put back an older copy."),
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
            Said("Mend that line; nothing was saved."),
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


def read_text(path: Path) -> str | None:
    """The text of a file, or None where there is none. Raises BadSetting and LocalDiskError."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return None
    except UnicodeDecodeError as error:
        raise BadSetting(
            Said("{path} is not UTF-8 text.", path=path), Said("Put back an older copy of it.")
        ) from error
    except OSError as error:
        raise _unreadable(path, error) from error


def _content(path: Path) -> bytes | None:
    """What is in a file, or None where there is none. Raises LocalDiskError."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise _unreadable(path, error) from error


def _unreadable(path: Path, error: OSError) -> LocalDiskError:
    return LocalDiskError(
        Said("{path} can't be read ({reason}).", path=path, reason=error.strerror),
        Said("May you read that file?"),
    )


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


def _set_sources(document: "TOMLDocument", sources: list[dict[str, Any]]) -> None:
    """Replace the list of sources; a source of the same name keeps its unknown keys and comments."""
    import tomlkit
    from tomlkit.items import Table

    known = {old["name"]: old for old in document.get("sources", [])}
    tables = tomlkit.aot()
    for source in sources:
        table = known.get(source["name"], tomlkit.table())
        if not isinstance(table, Table):  # inline, which can't stand in a list of tables
            table = tomlkit.item(table.unwrap())
        fields = source.pop("fields")
        _merge(table, source)
        if table.get("fields", {}) != fields:
            table["fields"] = fields
        tables.append(table)
    document.pop("sources", None)
    if sources:
        document["sources"] = tables
