"""A change takes effect together with its audit event, or not at all."""

import json
from collections.abc import Callable
from pathlib import Path

import paramiko
import pytest
from msgspec import structs

from desktop_app.actions.save_settings import prepare
from desktop_app.actions.trust_host_key import SeenHostKey, trust_host_key
from desktop_app.errors import LocalDiskError
from desktop_app.export.ledger import open_ledger
from desktop_app.settings.address import parse_address
from desktop_app.settings.edits import imported
from desktop_app.settings.effective import save_settings
from desktop_app.settings.model import ServerSettings, Settings
from desktop_app.settings.paths import Paths
from desktop_app.sftp.host_keys import known_keys
from desktop_app.trails.store.store import open_store
from tests.disk import full_disk
from tests.saving import save
from tests.stored import lines_in

BEFORE = Settings(server=ServerSettings(host="sftp.example.com", user="audit", path="/exports"))
AFTER = structs.replace(BEFORE, server=structs.replace(BEFORE.server, host="elsewhere.example.com"))
FILE = Path("import.toml")


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    paths = Paths(tmp_path, tmp_path, tmp_path, tmp_path / "policy.toml")
    save_settings(paths, BEFORE)
    return paths


def change(paths: Paths) -> None:
    save(paths, AFTER)


def take_file(paths: Paths) -> None:
    prepare(paths, imported(FILE, 'version = 2\n[server]\nhost = "elsewhere.example.com"\n')).commit()


def trust(paths: Paths) -> None:
    trust_host_key(SeenHostKey(parse_address("sftp.example.com"), paramiko.ECDSAKey.generate(), ()), paths)


def recorded(paths: Paths) -> int:
    with open_store(paths.store) as store:
        return store.last_seq()


@pytest.mark.parametrize("act", [change, take_file, trust])
def test_what_can_not_be_recorded_is_not_done(paths: Paths, act: Callable[[Paths], None]) -> None:
    paths.store.write_bytes(b"garbage" * 1000)
    before = paths.config_file.read_bytes()
    with pytest.raises(LocalDiskError):
        act(paths)
    assert paths.config_file.read_bytes() == before
    assert not paths.known_hosts.exists()


@pytest.mark.parametrize("act", [change, take_file, trust])
def test_what_the_disk_does_not_take_in_the_end_is_undone(paths: Paths, act: Callable[[Paths], None]) -> None:
    """The files are short enough, and the store is not."""
    before = paths.config_file.read_bytes()
    with open_store(paths.store) as store, open_ledger(paths.ledger):
        with full_disk(2000), pytest.raises(LocalDiskError):
            act(paths)
        assert store.last_seq() == 0
    assert paths.config_file.read_bytes() == before
    assert not paths.known_hosts.exists()


@pytest.mark.parametrize("act", [change, take_file, trust])
def test_what_is_not_done_is_not_recorded(
    paths: Paths, act: Callable[[Paths], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError("the disk is full")

    for place in ("save_settings.write_atomically", "trust_host_key.pin"):
        monkeypatch.setattr(f"desktop_app.actions.{place}", full)
    with pytest.raises(OSError, match="full"):
        act(paths)
    assert recorded(paths) == 0


@pytest.mark.parametrize("act", [change, take_file, trust])
def test_what_is_done_is_recorded(paths: Paths, act: Callable[[Paths], None]) -> None:
    act(paths)
    assert recorded(paths) == 1


def test_an_accepted_host_key_is_recorded_beside_the_one_that_it_replaces(paths: Paths) -> None:
    address = parse_address("sftp.example.com")
    first, second = (paramiko.ECDSAKey.generate() for _ in range(2))
    for key in (first, second):
        trust_host_key(SeenHostKey(address, key, ()), paths)
    with open_store(paths.store) as store:
        accepted = [json.loads(line) for line in lines_in(store)]
    assert [each["after"] for each in accepted] == [
        {"server": "sftp.example.com", "type": key.get_name(), "fingerprint": key.fingerprint}
        for key in (first, second)
    ]
    assert [each.get("before") for each in accepted] == [None, {"fingerprint": first.fingerprint}]
    assert known_keys(paths.known_hosts, address) == [second]
