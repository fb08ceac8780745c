"""The kinds of sources that `resources/source_kinds.toml` names; and settings of sources, read by their kind."""

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any, Literal, Protocol, Union, cast

import msgspec
from msgspec import Struct, field

from desktop_app.errors import BadSetting
from desktop_app.resources import load_toml
from desktop_app.settings.model import Settings, SourceSettings
from desktop_app.settings.rest_source import RestSource  # noqa: F401 - a kind, once it is defined
from desktop_app.wording import Label, Said

FIRST_KIND = "folder"  # that of a source without one: there was no other


class KindField(Struct, frozen=True):
    """A field that a kind's sources have besides name and mapping; `key` is that of the settings, with a dot where
    it is in a table.

    What most leave as it is, is among what is shown when one asks for `more`. Of what can be `one` of some
    `values`, each has a label, and the empty one means the same as `unsaid`; what is `exact` keeps the spaces at
    its ends. A field is shown where the fields
    that `only` names have one of these values; `group` is the heading above it and those behind it.
    """

    key: str
    label: str
    help: str
    type: Literal[
        "text", "folder", "pattern", "key-path", "flag", "choices", "one", "exact", "number", "numbers", "pairs"
    ] = "text"
    needed: bool = False
    more: bool = False
    values: tuple[tuple[str, str], ...] = ()
    unsaid: str = ""
    only: dict[str, tuple[str, ...]] = field(default_factory=dict)
    group: str = ""

    @property
    def name(self) -> Said:
        """The label, to be shown in the reader's language; `&` is before the letter for Alt."""
        return Said(self.label)

    @property
    def in_sentences(self) -> Label:
        """The label, likewise, as it reads in a sentence."""
        return Label(self.label)

    @property
    def option(self) -> str:
        """What sets it on the command line."""
        return f"--set {self.key}" if "." in self.key else f"--{self.key.replace('_', '-')}"

    @property
    def explanation(self) -> Said:
        """The help text, likewise."""
        return Said(self.help)

    @property
    def heading(self) -> Said:
        """The heading above it, likewise."""
        return Said(self.group)

    @property
    def labels(self) -> list[tuple[str, Said]]:
        """The values, each with its label, likewise."""
        return [(value, Said(label)) for value, label in self.values]


class KindSecret(Struct, frozen=True):
    """The password or token that sources of a kind have; it is in no settings."""

    label: str
    help: str

    @property
    def name(self) -> Said:
        """The label, to be shown in the reader's language; `&` is before the letter for Alt."""
        return Said(self.label)

    @property
    def explanation(self) -> Said:
        """The help text, likewise."""
        return Said(self.help)


class SourceKindEntry(Struct, frozen=True):
    """A kind: its name in the settings, its module, and its fields; that of `address` says where a source is, and
    where that is empty, those of `otherwise` do.

    `tables` are the fields by which a source is described that is of no service that is known. `things` is what
    is read of it, in the plural. `secret` is None where its sources need none. What is `remote` is not looked at
    while somebody still types: a password of which half is typed would be tried. `about` says what can be
    collected, `where` on which kind of place, `icon` what is drawn beside it; `systems` are those on which it can
    be read (all where empty).
    """

    name: str
    module: str
    label: str
    address: str
    things: str
    fields: tuple[KindField, ...] = ()
    tables: tuple[KindField, ...] = ()
    secret: KindSecret | None = None
    remote: bool = False
    otherwise: tuple[str, ...] = ()
    about: str = ""
    where: Literal["computer", "server", "service"] = "computer"
    icon: str = "sources"
    systems: tuple[str, ...] = ()

    @property
    def explanation(self) -> Said:
        """What can be collected, likewise."""
        return Said(self.about)

    @property
    def title(self) -> Said:
        """The label, to be shown in the reader's language."""
        return Said(self.label)

    @property
    def things_read(self) -> Said:
        """The things, likewise."""
        return Said(self.things)


class KindModule(Protocol):
    """What the settings need of a kind's module, which has more: `sources.kind.SourceKind`."""

    def problems(self, source: Any) -> Iterator[BadSetting]:
        """What of a source can't be right besides what its entry says; the fields are its own, as in `path`."""

    def local_folders(self, source: Any) -> tuple[Path, ...]:
        """The folders of this computer that a source is read from."""


def source_kinds() -> tuple[SourceKindEntry, ...]:
    """All kinds."""
    return msgspec.convert(load_toml("source_kinds")["kind"], tuple[SourceKindEntry, ...])


def entry_of(kind: str) -> SourceKindEntry:
    """The entry of a kind that there is."""
    return next(entry for entry in source_kinds() if entry.name == kind)


def field_of(kind: str, key: str) -> KindField | None:
    """The field of a kind that has a key, if it is one of those."""
    entry = entry_of(kind)
    return next((each for each in (*entry.fields, *entry.tables) if each.key == key), None)


def empty_source(kind: str) -> SourceSettings:
    """A source of a kind, of which nothing is filled in."""
    struct = struct_of(kind)
    needed: dict[str, Any] = {each.name: "" for each in msgspec.structs.fields(struct) if each.required}
    return struct(**needed)


def address_of(source: SourceSettings) -> str:
    """Where a source is, for people."""
    entry = entry_of(source.kind)
    own = str(getattr(source, entry.address))
    return own or " ".join(filter(None, (getattr(source, key) for key in entry.otherwise)))


def module_of(source: SourceSettings) -> KindModule:
    """The module of a source's kind, which lies above the settings: it is found by its name, and only where a
    source of that kind is there."""
    return cast(KindModule, import_module(entry_of(source.kind).module))


def struct_of(kind: str) -> type[SourceSettings]:
    """The settings of a kind that there is."""
    return next(each for each in source_structs() if each.__struct_config__.tag == kind)


def source_structs() -> tuple[type[SourceSettings], ...]:
    """The settings of each kind."""
    names = {entry.name for entry in source_kinds()}
    return tuple(each for each in SourceSettings.__subclasses__() if each.__struct_config__.tag in names)


def to_settings(document: dict[str, Any], name: str) -> Settings:
    """The settings that a document in the layout of `config.toml` has; `name` says in messages where it is from.

    A source without a kind is a folder. Raises BadSetting for a kind that this version does not know, and
    msgspec.ValidationError.
    """
    sources = document.get("sources", [])
    if isinstance(sources, list):
        sources = [_with_kind(each, index, name) for index, each in enumerate(sources)]
    listed = msgspec.defstruct("Sources", [("sources", tuple[Union[source_structs()], ...])])  # type: ignore[misc] # noqa: UP007
    read = msgspec.convert({"sources": sources}, listed)
    others = msgspec.convert({key: value for key, value in document.items() if key != "sources"}, Settings)
    return msgspec.structs.replace(others, sources=read.sources)  # type: ignore[attr-defined]


def _with_kind(source: Any, index: int, name: str) -> Any:
    if not isinstance(source, dict):
        return source  # whoever converts it says what is wrong
    kind = source.get("kind", FIRST_KIND)
    kinds = [entry.name for entry in source_kinds()]
    if kind not in kinds:
        raise BadSetting(
            Said("{path} has a source of a kind that this version does not know: {kind}.", path=name, kind=kind),
            Said("Known are: {kinds}. The file was not changed.", kinds=tuple(kinds)),
            field=f"sources[{index}].kind",
        )
    return {**source, "kind": kind}
