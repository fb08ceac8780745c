from pathlib import Path

import pytest

from desktop_app.errors import BadSetting
from desktop_app.settings.algorithms import LIST_NAMES, ListName, all_names, default_names
from desktop_app.settings.file import read_settings, upgrade_file
from desktop_app.settings.model import Settings
from tests.disk import full_disk
from tests.windows_gaps import needs


def lists(settings: Settings) -> dict[ListName, tuple[str, ...]]:
    server = settings.server
    return {"key_exchange": server.key_exchange, "ciphers": server.ciphers, "hmac": server.hmac}


ALL = {name: all_names(name) for name in LIST_NAMES}
NEW = {name: default_names(name) for name in LIST_NAMES}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "config.toml"


def test_a_new_configuration_has_the_ticks_of_the_admin_page() -> None:
    assert NEW == {
        "key_exchange": (
            "curve25519-sha256",
            "diffie-hellman-group-exchange-sha256",
            "diffie-hellman-group14-sha1",
            "diffie-hellman-group-exchange-sha1",
        ),
        "ciphers": ("aes256-ctr", "aes192-ctr", "aes128-ctr"),
        "hmac": ("hmac-sha1",),
    }
    assert ALL == {**NEW, "hmac": ("hmac-sha2-512", "hmac-sha2-256", "hmac-sha1")}
    assert lists(Settings()) == NEW


@pytest.mark.parametrize(
    "text",
    [
        "version = 1\nenabled = true\n[server]\nhost = 'sftp.example.com'\n",
        "[server]\nhost = 'sftp.example.com'\n",
        "version = 2\n[server]\nhost = 'sftp.example.com'\n",
        "version = 1\nenabled = true\n",
    ],
)
def test_a_file_from_before_the_lists_has_all_choices_ticked_and_is_written_back_as_version_2(
    path: Path, text: str
) -> None:
    path.write_text("# mine\n" + text, encoding="utf-8")
    read = read_settings(path)
    assert lists(read) == ALL
    assert read.version == 2
    assert path.read_text(encoding="utf-8") == "# mine\n" + text

    upgrade_file(path)
    written = path.read_text(encoding="utf-8")
    assert read_settings(path) == read
    assert "version = 2" in written
    assert "# mine" in written
    upgrade_file(path)
    assert path.read_text(encoding="utf-8") == written


def test_a_list_that_is_there_stays_and_one_that_is_not_is_ticked_whole(path: Path) -> None:
    path.write_text("version = 1\n[server]\nciphers = ['aes128-ctr']\n", encoding="utf-8")
    assert lists(read_settings(path)) == {**ALL, "ciphers": ("aes128-ctr",)}


@pytest.mark.parametrize("text", ["", "version = 2\n", "version = 2\n[export]\nformat = 'cef'\n"])
def test_nothing_to_upgrade(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")
    upgrade_file(path)
    assert path.read_text(encoding="utf-8") == text
    assert lists(read_settings(path)) == NEW


def test_no_file_is_not_made_by_an_upgrade(path: Path) -> None:
    upgrade_file(path)
    assert not path.exists()


@pytest.mark.parametrize("text", ["version = 3\nfuture = 1\n[server]\n", "version = 1\n[server\n", "server = 1\n"])
def test_what_cannot_be_read_is_refused_unchanged(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadSetting):
        upgrade_file(path)
    assert path.read_text(encoding="utf-8") == text


@needs("size limits")
def test_where_it_cannot_be_written_back_it_is_upgraded_in_memory(path: Path) -> None:
    path.write_text("version = 1\n[server]\n", encoding="utf-8")
    with full_disk():
        upgrade_file(path)
    assert path.read_text(encoding="utf-8") == "version = 1\n[server]\n"
    assert lists(read_settings(path)) == ALL
