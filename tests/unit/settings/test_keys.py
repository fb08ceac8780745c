import json

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from msgspec import structs

from desktop_app.errors import BadSetting
from desktop_app.resources import load_toml
from desktop_app.settings.describe import as_plain
from desktop_app.settings.keys import get_value, setting_keys, with_value
from desktop_app.settings.model import FolderSource, Settings
from desktop_app.settings.source_kinds import to_settings
from tests.settings_strategies import valid_settings


def as_text(value: object) -> str:
    return ",".join(value) if isinstance(value, tuple) else str(value)


def test_the_declared_settings_are_those_of_the_model() -> None:
    in_model = set()
    for field in structs.fields(Settings):
        value = getattr(Settings(), field.name)
        inner = structs.fields(value) if hasattr(value, "__struct_fields__") else ()
        in_model |= {f"{field.name}.{each.name}" for each in inner} or {field.name}
    assert set(setting_keys()) == in_model - {"version", "sources"}
    assert len(set(setting_keys())) == len(setting_keys())
    for entry in load_toml("settings")["setting"]:
        assert entry["label"]
        assert entry["help"]


@hypothesis_settings(max_examples=60, deadline=None)
@given(valid_settings)
def test_every_value_can_be_written_as_text(settings: Settings) -> None:
    copied = Settings(sources=settings.sources)
    for key in setting_keys():
        copied = with_value(copied, key, as_text(get_value(settings, key)))
        assert get_value(copied, key) == get_value(settings, key)
    assert copied == settings


@pytest.mark.parametrize(
    ("key", "text", "value"),
    [
        ("enabled", "on", True),
        ("enabled", "Yes", True),
        ("enabled", "off", False),
        ("enabled", "0", False),
        ("server.hmac", "hmac-sha2-256, hmac-sha1,", ("hmac-sha2-256", "hmac-sha1")),
        ("server.hmac", "", ()),
        ("cef.version", "0", 0),
        ("store.keep_days", "-1", -1),
        ("server.user", "12", "12"),
    ],
)
def test_values_as_people_write_them(key: str, text: str, value: object) -> None:
    assert get_value(with_value(Settings(), key, text), key) == value


@pytest.mark.parametrize(
    ("key", "text", "hint"),
    [
        ("enabled", "maybe", "Write true or false."),
        ("export.format", "xml", "Write one of json, cef."),
        ("cef.version", "2", "Write one of 25, 0, 1."),
        ("cef.version", "--1", "Write one of 25, 0, 1."),
        ("store.keep_days", "²", "Write a whole number."),
        ("store.keep_days", "1.5", "Write a whole number."),
        ("store.keep_days", "9" * 5000, "Write a whole number."),
    ],
)
def test_text_that_cannot_be_a_value(key: str, text: str, hint: str) -> None:
    with pytest.raises(BadSetting) as caught:
        with_value(Settings(), key, text)
    assert (caught.value.field, caught.value.hint) == (key, hint)


@pytest.mark.parametrize(
    ("key", "hint"),
    [
        ("server.hots", "Did you mean server.host?"),
        ("host", "Did you mean server.host?"),
        ("zzzz", "See all keys: audit-trails-export config show"),
        ("version", "Did you mean cef.version?"),
        ("sources", "Sources have commands of their own: audit-trails-export source --help"),
        (
            "server.port",
            "The port goes with the server: audit-trails-export config set server.host=sftp.example.com:2222",
        ),
        ("server.password", "The password has a command of its own: audit-trails-export config password"),
        ("", "See all keys: audit-trails-export config show"),
        ("server", "Did you mean server.user?"),
    ],
)
def test_an_unknown_key_and_what_was_meant(key: str, hint: str) -> None:
    for attempt in (lambda: get_value(Settings(), key), lambda: with_value(Settings(), key, "hunter2")):
        with pytest.raises(BadSetting) as caught:
            attempt()
        assert (caught.value.field, caught.value.advice) == (key, hint)
        assert "hunter2" not in caught.value.message


def test_settings_as_plain_data() -> None:
    settings = Settings(sources=(FolderSource(name="aws", path="p", fields={"id": ("a", "b")}),))
    plain = as_plain(settings)
    assert json.loads(json.dumps(plain)) == plain
    assert to_settings(plain, "") == settings
