import os
import subprocess
import sys
import tomllib
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path

import pytest
from msgspec import structs

from desktop_app.errors import BadSetting, ExitCode, LocalDiskError
from desktop_app.settings import administrators
from desktop_app.settings.effective import load_settings
from desktop_app.settings.file import read_settings
from desktop_app.settings.keys import replace_value, setting_keys, value_at, with_value
from desktop_app.settings.model import FolderSource, Settings
from desktop_app.settings.paths import HOME_VARIABLE, Paths, find_paths, site_policy_file, unsafe_places
from desktop_app.settings.policy import SetByPolicy, given_keys, load_policy, policy_keys, unknown_keys
from desktop_app.settings.template import for_roll_out, template
from desktop_app.settings.validation import check, require_configured
from desktop_app.trails.store.store import open_store
from desktop_app.wording import Said
from tests.saving import import_file, save
from tests.stored import lines_in
from tests.windows_gaps import needs

POLICY = """
[export]
format = "cef"

[server]
host = "sftp.corp.example"
hmac = ["hmac-sha2-256"]

[schedule]
at = "03:15"
"""
as_root = pytest.mark.skipif(
    sys.platform == "win32" or os.geteuid() != 0, reason="only root can make a file that belongs to root"
)


@pytest.fixture
def paths(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Paths:
    """Folders of a user, and a policy file that any user may have written."""
    monkeypatch.setattr(administrators, "_who_else_may_write", lambda _: None)
    home = tmp_path / "home"
    return Paths(home, home, home, tmp_path / "site" / "policy.toml")


def fix(paths: Paths, text: str) -> None:
    paths.policy_file.parent.mkdir(exist_ok=True)
    paths.policy_file.write_text(text, encoding="utf-8")


def change(paths: Paths, **values: str) -> None:
    after = load_settings(paths)
    for key, text in values.items():
        after = with_value(after, key.replace("__", "."), text)
    save(paths, after)


def test_without_a_policy_all_is_the_users(paths: Paths) -> None:
    assert policy_keys(paths) == frozenset()
    change(paths, server__host="sftp.mine.example")
    assert load_settings(paths).server.host == "sftp.mine.example"


def test_what_the_policy_has_counts_and_the_rest_is_the_users(paths: Paths) -> None:
    change(paths, server__host="sftp.mine.example", server__user="me", schedule__at="01:00")
    fix(paths, POLICY)
    settings = load_settings(paths)
    assert policy_keys(paths) == {"export.format", "server.host", "server.hmac", "schedule.at"}
    assert (settings.server.host, settings.server.user) == ("sftp.corp.example", "me")
    assert (settings.export.format, settings.server.hmac, settings.schedule.at) == (
        "cef",
        ("hmac-sha2-256",),
        "03:15",
    )
    assert settings.server.ciphers == Settings().server.ciphers  # a table of the policy fixes only its own keys


def test_the_users_file_keeps_its_own_values(paths: Paths) -> None:
    change(paths, server__host="sftp.mine.example")
    fix(paths, POLICY)
    change(paths, server__user="me")
    own = read_settings(paths.config_file)
    assert (own.server.host, own.server.user, own.export.format) == ("sftp.mine.example", "me", "json")
    paths.policy_file.unlink()
    assert load_settings(paths) == own


def test_an_old_file_of_the_user_is_upgraded_under_a_policy(paths: Paths) -> None:
    paths.config.mkdir()
    paths.config_file.write_text("[server]\nhost = 'old'\n", encoding="utf-8")
    fix(paths, "[server]\nhmac = ['hmac-sha2-512']\n")
    assert load_settings(paths).server.hmac == ("hmac-sha2-512",)
    change(paths, server__user="me")
    assert len(read_settings(paths.config_file).server.hmac) == 3


@pytest.mark.parametrize("key", setting_keys())
def test_no_key_of_a_policy_can_be_changed(paths: Paths, key: str) -> None:
    other = {
        "enabled": "true",
        "export.format": "cef",
        "export.timezone": "UTC",
        "cef.version": "1",
        "schedule.at": "05:05",
        "schedule.spread": "2h",
        "store.keep_days": "1",
        "notify.weekly": "true",
        "notify.ping_url": "https://monitor.corp.example/ping/1",
        "evidence.timestamp_url": "https://time.corp.example/tsa",
        "server.key_exchange": "curve25519-sha256",
        "server.ciphers": "aes256-ctr",
        "server.hmac": "hmac-sha2-512",
        "server.auth": "agent",
        "server.key_file": str(Path.home() / "id_ed25519"),
    }
    fixed = with_value(Settings(), key, other.get(key, "corp"))
    table, _, name = key.rpartition(".")
    value = value_at(fixed, key)
    plain = "true" if value is True else list(value) if isinstance(value, tuple) else value
    fix(paths, (f"[{table}]\n" if table else "") + f"{name} = {plain!r}\n".replace("'true'", "true"))
    assert policy_keys(paths) == {key}
    before = load_settings(paths)
    with pytest.raises(SetByPolicy) as caught:
        save(paths, replace_value(before, key, value_at(Settings(), key)))
    assert caught.value.exit_code == ExitCode.NO_PERMISSION == 77
    assert caught.value.field == key
    assert key in caught.value.message
    assert str(paths.policy_file) in caught.value.hint
    assert not paths.config_file.exists()


def test_a_change_to_what_is_set_already_is_none(paths: Paths) -> None:
    fix(paths, POLICY)
    change(paths, server__host="sftp.corp.example", server__user="me")
    assert load_settings(paths).server.user == "me"


def test_sources_are_fixed_as_a_whole(paths: Paths) -> None:
    save(paths, Settings(sources=(FolderSource(name="mine", path="/mine"),)))
    fix(paths, "[[sources]]\nname = 'corp'\npath = '/corp'\n[sources.fields]\ncreatedAt = 'time'\n")
    settings = load_settings(paths)
    assert policy_keys(paths) == {"sources"}
    assert [source.name for source in settings.sources] == ["corp"]
    with pytest.raises(SetByPolicy, match="this: sources"):
        save(paths, structs.replace(settings, sources=()))
    fix(paths, "sources = []\n")
    assert load_settings(paths).sources == ()


def test_switched_on_by_policy_before_the_user_filled_in_the_rest(paths: Paths) -> None:
    fix(paths, "enabled = true\n")
    change(paths, server__host="sftp.mine.example")
    assert load_settings(paths).enabled
    with pytest.raises(SetByPolicy):
        change(paths, enabled="false")


def test_an_import_may_leave_out_what_the_policy_fixes_but_not_change_it(paths: Paths, tmp_path: Path) -> None:
    fix(paths, POLICY)
    file = tmp_path / "ready.toml"
    file.write_text("version = 2\n[server]\nuser = 'audit'\nhost = 'sftp.corp.example'\n", encoding="utf-8")
    import_file(paths, file)
    assert (load_settings(paths).server.user, load_settings(paths).export.format) == ("audit", "cef")
    before = paths.config_file.read_bytes()
    file.write_text("version = 2\n[server]\nhost = 'sftp.mine.example'\n", encoding="utf-8")
    with pytest.raises(SetByPolicy, match=r"this: server\.host\."):
        import_file(paths, file)
    assert paths.config_file.read_bytes() == before


def test_a_name_that_the_policy_fixes_does_not_get_into_the_users_file_by_an_import(
    paths: Paths, tmp_path: Path
) -> None:
    change(paths, export__instance="mine")
    fix(paths, "[export]\ninstance = 'corp-7'\n")
    file = tmp_path / "ready.toml"
    file.write_text("version = 2\n[server]\nuser = 'audit'\n", encoding="utf-8")
    import_file(paths, file)
    assert load_settings(paths).export.instance == "corp-7"
    assert "instance" not in paths.config_file.read_text(encoding="utf-8")


def test_what_a_document_says_and_what_of_it_no_version_knows() -> None:
    document = tomllib.loads(
        "version = 2\nnew = 1\n[server]\nhost = 'a'\nnew = 2\n[other]\nx = 1\n[[sources]]\nname = 'x'\n"
    )
    assert given_keys(document) == {"server.host", "sources"}
    assert unknown_keys(document) == ["new", "server.new", "other.x"]
    assert given_keys({}) == frozenset() and unknown_keys({}) == []


def test_the_audit_event_of_a_change_tells_what_counts(paths: Paths) -> None:
    fix(paths, POLICY)
    change(paths, server__user="me")
    with open_store(paths.store) as store:
        [event] = lines_in(store)
    assert b"sftp.corp.example" in event
    assert b"sftp.mine.example" not in event


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[server\nhost = 'x'", "line 1"),
        ("enabled = true\nenabled = true\n", "line 2"),
        ("[server]\nhots = 'x'", "server.hots"),
        ("server = 'x'", "server"),
        ("[server]\nhost = 1", "server.host"),
        ("[server]\nhost = 'https://x'", "web address"),
        ("[server]\nhmac = []", "No HMAC is ticked."),
        ("[server]\nhmac = ['md5']", "md5"),
        ("[schedule]\nat = '25:00'", "25:00"),
        ("[[sources]]\nname = 'a'", "path"),
        ("[[sources]]\nname = 'a'\npath = ''", "Folder (--path): This is needed."),
        ("[sources]\nname = 'a'", "sources.name"),
        ("version = 3", "newer"),
        ("password = 'x'", "password"),
        ("zone = 'x'", "zone"),  # after `version` in the alphabet
    ],
)
def test_a_policy_that_cannot_be_right_stops_everything_and_is_named(paths: Paths, text: str, told: str) -> None:
    fix(paths, text)
    attempts: list[Callable[[], object]] = [lambda: load_settings(paths), lambda: policy_keys(paths)]
    attempts.append(lambda: save(paths, Settings(enabled=False)))
    for attempt in attempts:
        with pytest.raises(BadSetting) as caught:
            attempt()
        assert told in caught.value.message
        assert str(paths.policy_file) in caught.value.message
    assert not paths.config_file.exists()


def test_a_policy_that_cannot_be_read_stops_everything(paths: Paths) -> None:
    paths.policy_file.mkdir(parents=True)
    with pytest.raises(LocalDiskError, match=r"policy\.toml can't be read"):
        load_settings(paths)


@as_root
@pytest.mark.parametrize("what", ["policy.toml", "."])
@pytest.mark.parametrize("change_", ["owner", "group", "world"])
def test_a_policy_that_users_may_write_is_refused(tmp_path: Path, what: str, change_: str) -> None:
    site = tmp_path / "site"
    site.mkdir(mode=0o755)
    file = site / "policy.toml"
    file.write_text(POLICY, encoding="utf-8")
    file.chmod(0o644)
    site.chmod(0o755)
    assert load_policy(file).keys
    path = site / what
    if change_ == "owner":
        os.chown(path, 65534, -1)
    else:
        path.chmod(path.stat().st_mode | (0o020 if change_ == "group" else 0o002))
    with pytest.raises(BadSetting, match="is not safe"):
        load_policy(file)


@as_root
def test_a_policy_of_root_counts_where_systemd_closes_the_service_off(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    nobody = 65534
    file, users = tmp_path / "policy.toml", tmp_path / "uid_map"
    file.write_text(POLICY, encoding="utf-8")
    monkeypatch.setattr(administrators, "_OWNERS", users)
    for owner in (nobody, 12345):
        for path in (tmp_path, file):
            os.chown(path, owner, -1)
        for known, taken in (("0 0 4294967295\n", False), ("1000 1000 1\n", owner == nobody)):
            users.write_text(known, encoding="ascii")
            with nullcontext() if taken else pytest.raises(BadSetting, match="does not belong to root"):
                load_policy(file)


def test_a_policy_that_can_not_be_looked_at_stops_everything(
    paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path) -> Said | None:
        raise PermissionError(13, "Access is denied")

    fix(paths, POLICY)
    monkeypatch.setattr(administrators, "_who_else_may_write", refuse)
    monkeypatch.setattr(administrators, "_USERS_MAY_MAKE_ONE", False)
    with pytest.raises(LocalDiskError, match=r"policy\.toml can't be looked at \(Access is denied"):
        load_settings(paths)


@pytest.mark.parametrize("what", ["folder", "file"])
@pytest.mark.parametrize("text", [POLICY, "[server\n", None])
def test_a_policy_that_any_user_may_have_made_stops_nobody_and_is_told(
    paths: Paths, monkeypatch: pytest.MonkeyPatch, what: str, text: str | None
) -> None:
    """As on Windows, where users may make folders and files in ProgramData: None is a folder of that name."""
    whose = paths.policy_file if what == "file" else paths.policy_file.parent
    theirs = Said("it belongs to S-1-5-21-7, not to the Administrators")
    monkeypatch.setattr(administrators, "_USERS_MAY_MAKE_ONE", True)
    monkeypatch.setattr(administrators, "_who_else_may_write", lambda path: theirs if path == whose else None)
    if text is None:
        paths.policy_file.mkdir(parents=True)
    else:
        fix(paths, text)
    change(paths, server__host="sftp.mine.example")
    assert load_settings(paths).server.host == "sftp.mine.example"
    (told,) = unsafe_places(paths)
    assert str(paths.policy_file) in told
    assert str(theirs) in told


@pytest.mark.parametrize(("failure", "told"), [(FileNotFoundError, 0), (PermissionError, 1)])
def test_a_folder_of_a_users_without_a_policy_is_none_of_anybodys_business(
    paths: Paths, monkeypatch: pytest.MonkeyPatch, failure: type[OSError], told: int
) -> None:
    """Unless it can't be seen whether there is one."""
    lstat = Path.lstat

    def look(path: Path) -> os.stat_result:
        if path == paths.policy_file:
            raise failure
        return lstat(path)

    theirs = Said("it belongs to S-1-5-21-7, not to the Administrators")
    monkeypatch.setattr(administrators, "_USERS_MAY_MAKE_ONE", True)
    monkeypatch.setattr(administrators, "_who_else_may_write", lambda _: theirs)
    monkeypatch.setattr(Path, "lstat", look)
    assert len(unsafe_places(paths)) == told


def test_a_policy_whose_owner_cannot_be_seen_may_be_a_users(paths: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path) -> Said | None:
        path.lstat()
        raise PermissionError(13, "Access is denied")

    monkeypatch.setattr(administrators, "_USERS_MAY_MAKE_ONE", True)
    monkeypatch.setattr(administrators, "_who_else_may_write", refuse)
    assert policy_keys(paths) == frozenset()
    assert unsafe_places(paths) == []  # there is none
    fix(paths, POLICY)
    assert policy_keys(paths) == frozenset()
    (told,) = unsafe_places(paths)
    assert "Access is denied" in told
    monkeypatch.setattr(administrators, "_who_else_may_write", lambda _: None)
    assert policy_keys(paths)


@pytest.mark.skipif(sys.platform != "win32", reason="owners as Windows has them")
@needs("owners")
def test_a_policy_of_another_owner_does_not_count_on_windows(tmp_path: Path) -> None:
    file = tmp_path / "policy.toml"
    file.write_text(POLICY, encoding="utf-8")
    for path in (tmp_path, file):
        subprocess.run(["icacls", str(path), "/setowner", "*S-1-5-32-544"], check=True)
    assert load_policy(file).keys
    subprocess.run(["icacls", str(file), "/setowner", "*S-1-5-32-546"], check=True)  # Guests
    assert not load_policy(file).keys
    assert "S-1-5-32-546" in str(administrators.why_it_may_be_a_users(file))


def test_no_environment_variable_moves_the_policy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    where = site_policy_file()
    assert where.is_absolute()
    assert where.parts[-2:] == ("audit-trails-exporter", "policy.toml")
    for variable in (
        *(HOME_VARIABLE, "HOME", "XDG_CONFIG_DIRS", "XDG_CONFIG_HOME"),
        *("ProgramData", "ALLUSERSPROFILE", "WIN_PD_OVERRIDE_COMMON_APPDATA"),
    ):
        monkeypatch.setenv(variable, str(tmp_path))
    assert find_paths().policy_file == where
    monkeypatch.delenv(HOME_VARIABLE)
    assert find_paths().policy_file == where


def test_a_template_is_read_as_the_same_settings_but_for_this_computers_name(tmp_path: Path) -> None:
    sources = (FolderSource(name="aws", path="/logs", fields={"createdAt": "t", "entityName": ("a", "b")}),)
    settings = with_value(Settings(sources=sources), "server.host", "sftp.example.com")
    file = tmp_path / "ready.toml"
    file.write_text(template(settings), encoding="utf-8")
    assert read_settings(file) == settings
    assert "instance" not in file.read_text(encoding="utf-8")
    named = with_value(settings, "export.instance", "all-of-berlin")
    file.write_text(template(named), encoding="utf-8")
    assert read_settings(file) == named


def test_the_examples_of_the_documentation_fit_together(paths: Paths) -> None:
    examples = Path(__file__).resolve().parents[3] / "docs" / "fleet"
    fix(paths, (examples / "policy.toml").read_text(encoding="utf-8"))
    ready = examples / "config.toml"
    import_file(paths, ready)
    settings = load_settings(paths)
    check(settings)
    require_configured(settings)
    assert settings.enabled
    assert settings.export.instance == Settings().export.instance


def test_a_roll_out_is_off_and_leaves_out_what_the_policy_fixes() -> None:
    text = "# ours\n[server]\nhost = 'a'\nuser = 'u'\n[schedule]\nat = '02:00'\nnew = 1\n[[sources]]\nname = 'x'\n"
    document = tomllib.loads(for_roll_out(text, "file", {"schedule.at", "server.host", "sources", "cef.version"}))
    assert document == {"enabled": False, "server": {"user": "u"}, "schedule": {"new": 1}}
    assert tomllib.loads(for_roll_out("enabled = true\n[server]\nuser = 'u'\n", "file", set()))["enabled"] is False
    assert "enabled" not in tomllib.loads(for_roll_out("enabled = false\nversion = 2\n", "file", {"enabled"}))
    with pytest.raises(BadSetting):
        for_roll_out("[server\n", "file", set())
