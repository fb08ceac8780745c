"""What a setting takes, in words, and what the kinds of sources have in common."""

import sys
from typing import Any, Literal, get_args

import pytest
from msgspec import Struct, structs

from desktop_app.errors import BadSetting
from desktop_app.resources import load_toml
from desktop_app.settings.field_values import shown_value, with_values
from desktop_app.settings.file import parse_settings
from desktop_app.settings.key_path import key_files, key_path
from desktop_app.settings.kinds import kind_of, right_value
from desktop_app.settings.model import (
    FolderSource,
    JournalSource,
    ServerSettings,
    Settings,
    SftpSource,
    SqlSource,
)
from desktop_app.settings.rest_source import RestSource
from desktop_app.settings.source_kinds import (
    address_of,
    empty_source,
    entry_of,
    module_of,
    source_kinds,
    source_structs,
    struct_of,
)
from desktop_app.wording import Said

KINDS = [entry.name for entry in source_kinds()]


@pytest.mark.parametrize(
    ("field", "kind", "words"),
    [
        ("enabled", bool, "true or false"),
        ("store.keep_days", int, "a whole number"),
        ("server.host", str, "a text"),
        ("export.format", Literal["json", "cef"], "one of json, cef"),
        ("cef.version", Literal[25, 0, 1], "one of 25, 0, 1"),
        ("server.hmac", tuple[str, ...], "a list"),
        ("server.hmac[2]", str, "a text"),
        ("sources[0].path", str, "a text"),
        ("sources[1].check_certificate", bool, "true or false"),
        ("sources[3].fields", None, "a table"),
        ("sources[0].fields[createdAt]", None, "a text, a table or a list"),
    ],
)
def test_what_a_setting_takes(field: str, kind: object, words: str) -> None:
    found = kind_of(field)
    assert kind is None or found == kind
    assert right_value(found) == words


@pytest.mark.parametrize("field", ["servers", "server.port", "sources[0].nothing", "cef.nothing"])
def test_a_setting_that_there_is_not(field: str) -> None:
    with pytest.raises(KeyError):
        kind_of(field)


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_is_whole(kind: str) -> None:
    entry, struct = entry_of(kind), struct_of(kind)
    fields = {each.name for each in structs.fields(struct)}
    assert {each.key for each in entry.fields} <= fields
    assert {entry.address, *entry.otherwise} <= fields
    assert {each.name for each in structs.fields(struct) if each.required} - {"name"} <= {
        each.key for each in entry.fields if each.needed
    }
    source = empty_source(kind)
    assert (type(source), source.kind, source.name) == (struct, kind, "")
    assert callable(module_of(source).problems)
    texts = [entry.title, entry.explanation, entry.things_read]
    texts += [text for each in entry.fields for text in (each.name, each.explanation)]
    texts += [each.heading for each in (*entry.fields, *entry.tables) if each.group]
    texts += [label for each in (*entry.fields, *entry.tables) for _, label in each.labels]
    texts += [entry.secret.name, entry.secret.explanation] if entry.secret else []
    assert all(isinstance(text, Said) and text for text in texts)  # what the form shows, in the reader's language


def vocabulary() -> dict[str, Any]:
    """All that can be said of a service, by its key: its type."""
    tables = {each.name: each.type for each in structs.fields(RestSource) if _is_table(each.type)}
    return {
        f"{table}.{each.encode_name}": each.type
        for table, struct in tables.items()
        for each in structs.fields(struct)
    }


def _is_table(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, Struct)


def test_all_that_can_be_said_of_a_service_has_a_row() -> None:
    """Of a service that is not known, nothing is left to config.toml alone."""
    rows = {each.key: each for each in entry_of("rest").tables}
    assert rows.keys() - {"url"} == vocabulary().keys()
    for key, kind in vocabulary().items():
        row, usual = rows[key], shown_value(RestSource(name="s"), rows[key])
        assert row.label and row.help, key
        if choices := get_args(kind) if get_args(kind)[:1] == ("",) else ():
            values = [value for value, _ in row.values]
            assert row.type == "one" and values[0] == "", key
            assert {*values, row.unsaid} == {*choices}, key
        expected = {bool: ("flag",), int: ("number",), tuple[int, ...]: ("numbers",)}.get(kind)
        assert row.type in (expected or ("one", "text", "exact", "pairs")), key
        assert isinstance(usual, bool) is (kind is bool), key


@pytest.mark.parametrize(
    ("typed", "values"), [("403", (403,)), ("403, 420,509", (403, 420, 509)), ("403 420", (403, 420)), ("", ())]
)
def test_several_numbers_are_typed_in_one_row(typed: str, values: tuple[int, ...]) -> None:
    (row,) = (each for each in entry_of("rest").tables if each.key == "limits.also")
    source = with_values(RestSource(name="s"), [row], {row.key: typed})
    assert source.limits.also == values
    assert with_values(source, [row], {row.key: shown_value(source, row)}) == source


def test_the_structs_are_those_of_the_kinds() -> None:
    assert {each.__struct_config__.tag for each in source_structs()} == set(KINDS)
    assert len(KINDS) == len(set(KINDS)) == len(load_toml("source_kinds")["kind"])


def test_a_kind_that_this_version_does_not_know_is_told_and_named() -> None:
    with pytest.raises(BadSetting) as caught:
        parse_settings(
            "version = 2\n[[sources]]\nname='a'\npath='/a'\n[[sources]]\nname='b'\nkind='tape'\n", "my.toml"
        )
    assert caught.value.field == "sources[1].kind"
    assert caught.value.message == "my.toml has a source of a kind that this version does not know: tape."
    assert all(kind in caught.value.hint for kind in KINDS)


@pytest.mark.parametrize("sources", ["1", "'folder'", "[1]", "{name='a'}"])
def test_what_is_no_list_of_sources_is_told(sources: str) -> None:
    with pytest.raises(BadSetting) as caught:
        parse_settings(f"version = 2\nsources = {sources}\n", "my.toml")
    assert (caught.value.field or "").startswith("sources")


@pytest.mark.parametrize(
    ("source", "address"),
    [
        (FolderSource(name="a", path="/var/log/audit"), "/var/log/audit"),
        (JournalSource(name="a", folder="/var/log/journal/x"), "_TRANSPORT=audit"),
        (
            RestSource(name="a", url="https://example.com", like="okta", host="acme.okta.com"),
            "https://example.com",
        ),
        (RestSource(name="a", like="okta", host="acme.okta.com"), "okta acme.okta.com"),
        (RestSource(name="a", like="okta"), "okta"),
        (SqlSource(name="a", url="sqlite:///a.db", time_column="t", id_column="i"), "sqlite:///a.db"),
    ],
)
def test_where_a_source_is(source: object, address: str) -> None:
    assert address_of(source) == address  # type: ignore[arg-type]


def test_the_key_files_of_all_logins(tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    own, other = key_path("~/.ssh/id_ed25519"), key_path(f"{tmp_path}/id")
    assert str(own).startswith(str(tmp_path)) and own.name == "id_ed25519"
    server = ServerSettings(key_file="~/.ssh/id_ed25519")
    sources = (
        FolderSource(name="a", path="/a"),
        SftpSource(name="b", host="h", user="u"),
        SftpSource(name="c", host="h", user="u", key_file=f"{tmp_path}/id"),
    )
    assert key_files(Settings(server=server, sources=sources)) == [own, other]
    assert key_files(Settings()) == []


@pytest.mark.parametrize("name", ["id", "./id", "/home/\x07id", "/home/id\n"])
def test_a_key_that_is_not_named_by_its_whole_path(name: str) -> None:
    with pytest.raises(BadSetting) as caught:
        key_path(name)
    assert caught.value.field == "server.key_file" and caught.value.hint


@pytest.mark.skipif(sys.platform == "win32", reason="there, homes are beside each other")
def test_a_key_in_the_home_of_nobody() -> None:
    with pytest.raises(BadSetting):
        key_path("~nobody-of-that-name/id")
