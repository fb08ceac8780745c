"""Files that are there when they are looked for, and gone when they are used: others remove them in between."""

from collections.abc import Callable
from pathlib import Path

import pytest

from desktop_app.export.ledger import Ledger
from desktop_app.export.outbox import has_sha256
from desktop_app.secrets.our_file import SecretFile
from desktop_app.secrets.systemd_credential import CredentialFile
from desktop_app.settings.kept_instance import keep_instance
from desktop_app.settings.model import FolderSource
from desktop_app.settings.paths import Paths
from desktop_app.sftp import known_hosts
from desktop_app.sources.files_reader import FilesReader
from desktop_app.sources.folder_tree import FolderTree
from desktop_app.stop import Stop
from desktop_app.trails.store.places import StoredPlaces
from desktop_app.trails.store.store import open_store

Vanish = Callable[[Path], Path]


@pytest.fixture
def vanish(monkeypatch: pytest.MonkeyPatch) -> Vanish:
    """Makes a file that is removed once its state was looked at."""

    def make(file: Path) -> Path:
        file.write_bytes(b"content")
        real = Path.stat

        def stat(path: Path, *arguments: object, **named: object) -> object:
            found = real(path, *arguments, **named)  # type: ignore[arg-type]
            if path == file:
                file.unlink()
            return found

        monkeypatch.setattr(Path, "stat", stat)
        return file

    return make


def test_known_hosts(tmp_path: Path, vanish: Vanish) -> None:
    assert known_hosts.read_text(vanish(tmp_path / "known_hosts")) in ("content", "")


def test_the_instance_name(tmp_path: Path, vanish: Vanish) -> None:
    paths = Paths(tmp_path, tmp_path, tmp_path)
    vanish(paths.instance_file)
    keep_instance(paths, "ws")
    assert paths.instance_file.read_text(encoding="utf-8") == "ws\n"


def test_the_password_of_systemd(tmp_path: Path, vanish: Vanish) -> None:
    assert CredentialFile(vanish(tmp_path / "password.cred")).read("a@h:22") is None


def test_the_file_of_passwords(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keeper = SecretFile(tmp_path / "secrets.toml", tmp_path / "key")
    keeper.keep("a@h:22", "secret")

    def gone(*_: object, **__: object) -> None:
        raise FileNotFoundError

    monkeypatch.setattr(Path, "stat", gone)
    assert keeper.read("a@h:22") == "secret"


def test_an_archive_in_the_outbox(tmp_path: Path, vanish: Vanish) -> None:
    assert not has_sha256(vanish(tmp_path / "a.zip"), "0" * 64)


def test_the_ledger(tmp_path: Path, vanish: Vanish) -> None:
    with Ledger.open_to_read(vanish(tmp_path / "ledger.db")) as ledger:
        assert ledger.runs() == []


def test_a_file_of_a_source_that_was_renamed_since_it_was_listed(tmp_path: Path) -> None:
    file = tmp_path / "events.json"
    file.write_text("{}", encoding="utf-8")
    source = FolderSource(name="s", path=str(tmp_path), pattern="*.json")
    reader = FilesReader("s", FolderTree(source), "")
    with open_store(tmp_path / "trails.db") as store:
        places = StoredPlaces(store, "s")
        parts = list(reader.parts(places))
        file.unlink()
        assert parts
        assert [step for part in parts for step in reader.steps(part, places, Stop())] == []
