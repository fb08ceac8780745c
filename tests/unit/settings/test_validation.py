from contextlib import nullcontext

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from msgspec import convert, structs, to_builtins

from desktop_app.errors import BadSetting, ExitCode
from desktop_app.settings.model import FolderSource, ScheduleSettings, ServerSettings, Settings
from desktop_app.settings.rest_source import RestSource
from desktop_app.settings.validation import check, missing, problems, require_configured, require_schedule
from desktop_app.spoken import speak_in
from tests.settings_strategies import valid_settings


def with_field(table: str, **values: object) -> Settings:
    plain = to_builtins(Settings())
    plain[table] |= values
    return convert(plain, Settings)


def fields(settings: Settings) -> list[str | None]:
    return [problem.field for problem in problems(settings)]


@hypothesis_settings(max_examples=60, deadline=None)
@given(valid_settings)
def test_valid_settings_have_no_problem(settings: Settings) -> None:
    assert problems(settings) == []
    check(settings)


def test_a_message_begins_with_the_setting() -> None:
    """Whatever the problem, and also where it is one of a source."""
    with pytest.raises(BadSetting) as raised:
        check(with_field("server", host="sftp.example.com:0"))
    assert raised.value.message == str(raised.value) == "server.host: There is no port 0."
    with pytest.raises(BadSetting) as raised:
        check(Settings(sources=(FolderSource(name="aws", path="/a", zone="Mars/Base"),)))
    assert raised.value.message.startswith("source aws, zone: ")
    with pytest.raises(BadSetting) as raised:
        check(Settings(sources=(FolderSource(name="aws", path=""),)))
    assert raised.value.message == "source aws, Folder (--path): This is needed."
    told = speak_in("de")(raised.value.message)
    assert told == "Quelle aws, Ordner (--path): Das wird gebraucht."
    crm = {"kind": "rest", "name": "crm", "url": "https://crm.example.com/audit", "pages": {"next": "cursor"}}
    with pytest.raises(BadSetting) as raised:
        check(Settings(sources=(convert(crm, RestSource),)))
    assert raised.value.message == (
        "source crm, Where that is (--set pages.path): This is needed, because of "
        "“Leads to the next page: A mark in the answer, for a parameter”."
    )
    with pytest.raises(BadSetting) as raised:
        check(Settings(sources=(FolderSource(name="", path="/a"),)))
    assert raised.value.message == "sources[0].name: The source has no name."


def test_a_new_configuration_can_be_saved_before_it_is_filled_in() -> None:
    assert problems(Settings()) == []


@pytest.mark.parametrize(
    ("table", "key", "value"),
    [
        ("export", "instance", ""),
        ("export", "instance", "a/b"),
        ("export", "instance", "a\\b"),
        ("export", "instance", "a:b"),
        ("export", "instance", "a\n"),
        ("export", "instance", "trailing."),
        ("export", "instance", "x" * 64),
        ("export", "instance", "büro"),
        ("export", "timezone", ""),
        ("export", "timezone", "Europe"),
        ("export", "timezone", "Europe/Berlyn"),
        ("export", "timezone", "../../etc/passwd"),
        ("export", "timezone", "\udcff"),
        ("server", "host", "sftp.example.com:0"),
        ("server", "user", "audit\n"),
        ("server", "user", "\udcff"),
        ("server", "path", "/Exports\0"),
        ("server", "key_exchange", []),
        ("server", "ciphers", []),
        ("server", "hmac", []),
        ("server", "ciphers", ["aes256-ctr", "3des-cbc"]),
        ("cef", "device_vendor", ""),
        ("cef", "device_vendor", "x" * 64),
        ("cef", "device_product", "x" * 64),
        ("cef", "device_product", "two\nlines"),
        ("schedule", "at", ""),
        ("schedule", "at", "24:00"),
        ("schedule", "at", "2:00"),
        ("schedule", "at", "02:00:00"),
        ("schedule", "spread", ""),
        ("schedule", "spread", "30"),
        ("schedule", "spread", "-5m"),
        ("schedule", "spread", "25h"),
        ("notify", "ping_url", "monitor.example.com"),
        ("notify", "ping_url", "https://monitor.example.com/a b"),
        ("notify", "ping_url", "https://["),
        ("evidence", "timestamp_url", "http://time.example.com:99999/"),
        ("store", "keep_days", -1),
        ("store", "keep_days", 10**12),
    ],
)
def test_what_cannot_be_right_is_named(table: str, key: str, value: object) -> None:
    settings = with_field(table, **{key: value})
    assert fields(settings) == [f"{table}.{key}"]
    with pytest.raises(BadSetting) as caught:
        check(settings)
    assert caught.value.hint
    assert caught.value.exit_code == ExitCode.CONFIG
    (caught.value.message + caught.value.hint).encode()  # can be printed


def test_the_limits_themselves_are_right() -> None:
    for spread in ("0s", "24h", "1d", "86400s"):
        assert fields(with_field("schedule", spread=spread)) == []
    assert fields(with_field("schedule", spread="86401s")) == ["schedule.spread"]
    assert fields(with_field("cef", device_vendor="x" * 63, device_product="ü" * 63)) == []
    assert fields(with_field("export", instance="x" * 63)) == []


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "a\n"}, "name"),
        ({"path": ""}, "path"),
        ({"path": "/var/\udcff"}, "path"),
        ({"pattern": ""}, "pattern"),
        ({"pattern": "."}, "pattern"),
        ({"pattern": "/var/*"}, "pattern"),
        ({"pattern": "C:\\logs\\*"}, "pattern"),
        ({"pattern": "C:*"}, "pattern"),
        ({"pattern": "\\\\server\\share\\*"}, "pattern"),
        ({"pattern": "../*.json"}, "pattern"),
        ({"pattern": "a\\..\\..\\*.json"}, "pattern"),
        ({"pattern": "**.json"}, "pattern"),
        ({"records": "a\0"}, "records"),
        ({"fields": {"createdAt": "\udcff"}}, "fields"),
        ({"fields": {"createdAt": ("eventTime", "\n")}}, "fields"),
    ],
)
def test_a_source_that_cannot_be_right(changes: dict[str, object], field: str) -> None:
    source = FolderSource(name="aws", path="/var/log/audit", fields={"myOwnKey": ("a.b", "c")})
    fine = Settings(sources=(source,))
    assert fields(fine) == []
    assert fields(Settings(sources=(source, structs.replace(source, **{"name": "crm", **changes})))) == [
        f"sources[1].{field}"
    ]


def test_two_sources_of_one_name() -> None:
    source = FolderSource(name="aws", path="/var/log/audit")
    assert fields(Settings(sources=(source, source))) == ["sources[0].name", "sources[1].name"]


def test_all_problems_are_found_at_once() -> None:
    settings = structs.replace(
        with_field("server", host="sftp://x", hmac=[]), sources=(FolderSource(name="", path=""),)
    )
    assert fields(settings) == ["server.host", "server.hmac", "sources[0].name", "sources[0].path"]


def test_not_configured_names_all_that_is_missing() -> None:
    with pytest.raises(BadSetting, match="missing: user, server path") as caught:
        require_configured(Settings(server=ServerSettings(host="sftp.example.com")))
    assert caught.value.field == "server.user"
    assert "server.user=… server.path=…" in caught.value.advice
    assert caught.value.exit_code == ExitCode.CONFIG
    require_configured(Settings(server=ServerSettings(host="sftp.example.com", user="audit", path="/")))


@pytest.mark.parametrize("key", ["host", "user", "path"])
def test_not_configured_is_told_at_the_first_that_is_missing(key: str) -> None:
    whole = ServerSettings(host="sftp.example.com", user="audit", path="/")
    with pytest.raises(BadSetting) as caught:
        require_configured(Settings(server=structs.replace(whole, **{key: ""})))
    assert caught.value.field == f"server.{key}"
    assert caught.value.command == f"audit-trails-export config set server.{key}=…"


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"auth": "key", "key_file": ""}, "server.key_file"),
        ({"auth": "key", "key_file": "id_ed25519"}, "server.key_file"),
        ({"auth": "agent", "key_file": "id_ed25519.pub"}, "server.key_file"),
        ({"auth": "agent", "key_file": ""}, None),
        ({"auth": "password", "key_file": ""}, None),
        ({"auth": "key", "key_file": "~/.ssh/id_ed25519"}, None),
    ],
)
def test_a_login_by_key_names_its_key(values: dict[str, str], field: str | None) -> None:
    assert fields(with_field("server", **values)) == ([field] if field else [])


def test_a_login_that_there_is_not() -> None:
    server = ServerSettings(auth="kerberos")  # type: ignore[arg-type]
    assert fields(structs.replace(Settings(), server=server)) == ["server.auth"]


@pytest.mark.parametrize(
    ("url", "right"),
    [
        ("", True),
        ("http://timestamp.example.com/", True),
        ("https://timestamp.example.com:8443/tsa?x=1", True),
        ("timestamp.example.com", False),
        ("ftp://timestamp.example.com/", False),
        ("http://", False),
        ("http://a b/", False),
    ],
)
def test_the_address_of_a_time_stamp_service(url: str, right: bool) -> None:
    assert fields(with_field("evidence", timestamp_url=url)) == ([] if right else ["evidence.timestamp_url"])


@pytest.mark.parametrize(("days", "right"), [(-1, False), (0, True), (1, True), (36_500, True), (36_501, False)])
def test_events_are_kept_for_a_century_at_most(days: int, right: bool) -> None:
    assert fields(with_field("store", keep_days=days)) == ([] if right else ["store.keep_days"])


@pytest.mark.parametrize(
    ("schedule", "field"),
    [
        (ScheduleSettings(at="02:00", spread="24h"), None),
        (ScheduleSettings(at="2:00", spread="24h"), "schedule.at"),
        (ScheduleSettings(at="02:00", spread="25h"), "schedule.spread"),
    ],
)
def test_what_a_scheduler_is_given_is_right(schedule: ScheduleSettings, field: str | None) -> None:
    with pytest.raises(BadSetting) if field else nullcontext() as caught:
        require_schedule(schedule)
    assert caught is None or caught.value.field == field


def test_what_a_connection_can_not_be_tested_without_is_named_field_by_field() -> None:
    server = ServerSettings(host="sftp.example.com")
    assert [problem.field for problem in missing(Settings(server=server))] == ["server.user", "server.path"]
    assert missing(Settings(server=structs.replace(server, user="audit", path="/"))) == []

    assert fields(Settings()) == []
