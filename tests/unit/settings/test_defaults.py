"""What counts where a config.toml says nothing: a promise to every installation that was set up before."""

from typing import Any

import pytest
import tomlkit

from desktop_app.settings.describe import as_plain
from desktop_app.settings.file import parse_settings
from desktop_app.settings.instance_name import default_instance

KEY_EXCHANGE = [
    "curve25519-sha256",
    "diffie-hellman-group-exchange-sha256",
    "diffie-hellman-group14-sha1",
    "diffie-hellman-group-exchange-sha1",
]
CIPHERS = ["aes256-ctr", "aes192-ctr", "aes128-ctr"]
ALGORITHMS = {"key_exchange": KEY_EXCHANGE, "ciphers": CIPHERS, "hmac": ["hmac-sha1"]}
FILES = {"pattern": "**/*", "records": "", "follow_links": False}
OBJECTS = {"pattern": "**/*", "records": "", "endpoint": "", "region": "", "access_key": "", "again": "7d"}

# What each kind can't do without, and what else it has then.
SOURCES = {
    "folder": ({"path": "/var/log/audit"}, FILES),
    "journal": ({}, {"matches": "_TRANSPORT=audit", "units": "", "folder": ""}),
    "sftp": (
        {"host": "sftp.example.com", "user": "audit"},
        {"auth": "password", "key_file": "", "path": ".", **FILES, **ALGORITHMS},
    ),
    "sql": (
        {"url": "sqlite:///audit.db", "time_column": "at", "id_column": "id"},
        {"table": "", "select": "", "settle": "2m", "again": "24h", "check_certificate": False},
    ),
    "objects": ({"url": "s3://bucket"}, OBJECTS),
    "rest": (
        {"url": "https://example.com"},
        {"like": "", "host": "", "account": "", "client": "", "parts": []}
        | {table: {} for table in ("auth", "request", "window", "pages", "resume", "limits")},
    ),
}


def read(document: str) -> Any:
    return as_plain(parse_settings(document, "config.toml"))


def test_an_empty_file() -> None:
    assert read("version = 2\n") == {
        "version": 2,
        "enabled": False,
        "export": {"format": "json", "instance": default_instance(), "timezone": "local"},
        "server": {"host": "", "user": "", "auth": "password", "key_file": "", "path": "", **ALGORITHMS},
        "cef": {"version": 25, "device_vendor": "Ivanti Inc", "device_product": "Ivanti Neurons for MDM"},
        "schedule": {"at": "02:00", "spread": "30m"},
        "evidence": {"timestamp_url": ""},
        "store": {"keep_days": 90},
        "notify": {"weekly": False, "ping_url": ""},
        "sources": [],
    }


@pytest.mark.parametrize("kind", SOURCES)
def test_a_source_of_which_the_least_is_said(kind: str) -> None:
    needed, rest = SOURCES[kind]
    said = {"kind": kind, "name": "new", **needed}
    document = tomlkit.dumps({"version": 2, "sources": [said]})
    (source,) = read(document)["sources"]
    assert source == {**said, "time": "", "zone": "", "split": "", "fields": {}, **rest}
