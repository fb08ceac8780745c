"""What an installation is called where nobody has chosen a name, and that it stays so."""

from pathlib import Path

import pytest
from msgspec import structs

from desktop_app.actions.save_settings import prepare
from desktop_app.export.ledger import open_ledger
from desktop_app.files import make_private_file
from desktop_app.settings.edits import imported
from desktop_app.settings.effective import load_settings, save_settings
from desktop_app.settings.instance_name import default_instance, earlier_default_instance
from desktop_app.settings.kept_instance import keep_instance
from desktop_app.settings.model import ExportSettings, Settings
from desktop_app.settings.paths import Paths
from desktop_app.settings.validation import check

TEMPLATE = '[server]\nhost = "sftp.example.com"\n'


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    return Paths(tmp_path, tmp_path, tmp_path, tmp_path / "policy.toml")


@pytest.fixture
def name_of(monkeypatch: pytest.MonkeyPatch) -> object:
    def default(host: str, user: str) -> str:
        monkeypatch.setattr("socket.gethostname", lambda: host)
        monkeypatch.setattr("desktop_app.settings.instance_name._user", lambda: user)
        name = default_instance()
        check(Settings(export=ExportSettings(instance=name)))
        return name

    return default


def test_other_computers_and_other_accounts_have_other_names(name_of) -> None:  # type: ignore[no-untyped-def]
    assert name_of("WS-0042", "alice") == "ws-0042_alice"
    assert name_of("app01.berlin", "audit") == "app01.berlin_audit"
    pairs = [
        *(("app01.berlin", "audit"), ("app01.munich", "audit"), ("app01", "audit"), ("app01", "alice")),
        *(("büro", "alice"), ("böro", "alice"), ("b-ro", "alice"), ("", ""), ("_", "_"), ("-", "alice")),
        *((f"{'x' * 70}{last}", "alice") for last in "12"),
        *(("app01", name) for name in ("josé", "jos-", "jos", "jos.")),
    ]
    assert len({name_of(host, user) for host, user in pairs}) == len(pairs)


def test_a_first_run_keeps_the_name_of_that_day(paths: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    paths.config_file.write_text(TEMPLATE)
    open_ledger(paths.ledger).close()
    assert load_settings(paths).export.instance == default_instance()
    keep_instance(paths, first := default_instance())
    monkeypatch.setattr("socket.gethostname", lambda: "renamed")
    assert load_settings(paths).export.instance == first != default_instance()
    for file in paths.data.glob("ledger.db*"):
        file.unlink()
    assert load_settings(paths).export.instance == first


def test_who_looks_while_the_ledger_begins_sees_the_same_name(
    paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = [load_settings(paths).export.instance]

    def begun(path: Path, *beside: str) -> None:
        make_private_file(path, *beside)
        seen.append(load_settings(paths).export.instance)

    monkeypatch.setattr("desktop_app.database.make_private_file", begun)
    open_ledger(paths.ledger).__exit__()
    assert seen == [default_instance()] * 2


def test_an_installation_of_an_earlier_version_keeps_its_name(paths: Paths) -> None:
    paths.config_file.write_text(TEMPLATE)
    open_ledger(paths.ledger).close()
    paths.instance_file.unlink()  # as it was then
    assert load_settings(paths).export.instance == earlier_default_instance()


def test_a_saved_name_counts_whatever_is_kept(paths: Paths) -> None:
    keep_instance(paths, "kept")
    save_settings(paths, Settings(export=ExportSettings(instance="mine")))
    assert load_settings(paths).export.instance == "mine"


def test_what_is_saved_has_the_kept_name(paths: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    paths.config_file.write_text(TEMPLATE)
    keep_instance(paths, "kept")
    save_settings(paths, structs.replace(load_settings(paths), enabled=False))
    paths.instance_file.unlink()
    assert load_settings(paths).export.instance == "kept"


def test_an_import_without_a_name_leaves_the_present_one(paths: Paths) -> None:
    save_settings(paths, Settings(export=ExportSettings(instance="mine")))
    prepare(paths, imported(Path("template.toml"), TEMPLATE)).commit()
    settings = load_settings(paths)
    assert (settings.export.instance, settings.server.host) == ("mine", "sftp.example.com")
