"""What an installation is called where nobody has chosen a name, and that it stays so."""

import os
import re
import sys
from pathlib import Path

import pytest
from msgspec import structs

from desktop_app.actions.save_settings import prepare
from desktop_app.errors import BadSetting
from desktop_app.export.ledger import open_ledger
from desktop_app.files import make_private_file
from desktop_app.settings.edits import imported, rolled_out
from desktop_app.settings.effective import load_settings, save_settings
from desktop_app.settings.file import upgrade_file
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


@pytest.mark.skipif(sys.platform == "win32", reason="there, it is one account in either case")
def test_two_accounts_that_differ_by_case_alone(name_of) -> None:  # type: ignore[no-untyped-def]
    assert name_of("app01", "alice") == "app01_alice"
    assert re.fullmatch(r"app01_alice-[0-9a-f]{8}", name_of("app01", "Alice"))


def test_a_name_is_cut_where_names_end(name_of) -> None:  # type: ignore[no-untyped-def]
    assert name_of("x" * 57, "alice") == f"{'x' * 57}_alice"
    longer = name_of("x" * 58, "alice")
    assert len(longer) == 63 and re.fullmatch(r"x{54}-[0-9a-f]{8}", longer)


def test_what_can_not_be_in_a_name_becomes_a_dash_and_a_hash_follows(name_of) -> None:  # type: ignore[no-untyped-def]
    assert re.fullmatch(r"b-ro_alice-[0-9a-f]{8}", name_of("büro", "alice"))
    assert re.fullmatch(r"app01-[0-9a-f]{8}", name_of("app01", ""))
    assert re.fullmatch(r"computer-[0-9a-f]{8}", name_of("", ""))
    assert re.fullmatch(r"computer-[0-9a-f]{8}", name_of("_", "-"))
    assert name_of("a", "b") == "a_b"


@pytest.mark.parametrize(
    ("host", "name"),
    [
        ("WS-0042", "ws-0042"),
        ("app01.berlin", "app01"),
        ("my_box", "my_box"),
        ("Büro 7", "b-ro-7"),
        ("-a-", "a"),
        ("x" * 70, "x" * 63),
        ("", "computer"),
        ("_", "computer"),
    ],
)
def test_names_as_an_earlier_version_made_them(monkeypatch: pytest.MonkeyPatch, host: str, name: str) -> None:
    monkeypatch.setattr("socket.gethostname", lambda: host)
    assert earlier_default_instance() == name


@pytest.mark.skipif(sys.platform == "win32", reason="there, it is what the session says")
def test_the_environment_can_not_change_who_the_user_is(monkeypatch: pytest.MonkeyPatch) -> None:
    import pwd

    for name in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.setenv(name, "somebody-else")
    monkeypatch.setattr("socket.gethostname", lambda: "app01")
    assert default_instance() == f"app01_{pwd.getpwuid(os.geteuid()).pw_name}"
    monkeypatch.setattr("os.geteuid", lambda: 54321)  # an account of a container, which has no name
    assert default_instance() == "app01_54321"


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


def test_an_upgrade_of_the_file_leaves_the_name_as_it_was(paths: Paths) -> None:
    paths.config_file.write_text(TEMPLATE)
    open_ledger(paths.ledger).close()
    paths.instance_file.unlink()
    upgrade_file(paths.config_file)
    assert "version = 2" in paths.config_file.read_text(encoding="utf-8")
    assert load_settings(paths).export.instance == earlier_default_instance()


def test_an_import_of_an_earlier_versions_file_leaves_the_kept_name(paths: Paths) -> None:
    keep_instance(paths, "kept")
    prepare(paths, imported(Path("template.toml"), TEMPLATE)).commit()
    assert load_settings(paths).export.instance == "kept"


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


def test_an_import_without_a_name_does_not_fix_one_that_nobody_chose(paths: Paths) -> None:
    """So that a file which goes from computer to computer takes no name along."""
    prepare(paths, imported(Path("template.toml"), TEMPLATE)).commit()
    assert load_settings(paths).export.instance == default_instance()
    assert "instance" not in paths.config_file.read_text(encoding="utf-8")


@pytest.mark.parametrize("text", ["", "# nothing\n", "version = 2\n", "[other]\nhost = 'a'\n"])
def test_a_file_without_settings_is_not_taken(paths: Paths, text: str) -> None:
    save_settings(paths, Settings(export=ExportSettings(instance="mine")))
    before = paths.config_file.read_bytes()
    with pytest.raises(BadSetting, match=r"empty\.toml has no settings in it"):
        prepare(paths, imported(Path("empty.toml"), text))
    assert paths.config_file.read_bytes() == before


def test_a_roll_out_begins_switched_off(paths: Paths) -> None:
    text = f"version = 2\nenabled = true\n{TEMPLATE}"
    prepare(paths, rolled_out(Path("ready.toml"), text)).commit()
    settings = load_settings(paths)
    assert (settings.enabled, settings.server.host) == (False, "sftp.example.com")


def test_an_import_with_a_name_takes_it(paths: Paths) -> None:
    save_settings(paths, Settings(export=ExportSettings(instance="mine")))
    prepare(paths, imported(Path("ready.toml"), "version = 2\n[export]\ninstance = 'theirs'\n")).commit()
    assert load_settings(paths).export.instance == "theirs"
