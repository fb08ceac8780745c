import os
import re
import stat
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from msgspec import structs

from desktop_app.errors import BadSetting, LocalDiskError
from desktop_app.settings.describe import as_plain
from desktop_app.settings.file import put_aside, read_settings, write_settings
from desktop_app.settings.model import FolderSource, ServerSettings, Settings
from desktop_app.settings.rest_source import RestAuth, RestLimits, RestSource
from desktop_app.settings.source_kinds import source_kinds
from tests.disk import full_disk
from tests.settings_strategies import valid_settings
from tests.windows_gaps import needs

# What people write by hand, or other programs add: comments, unknown keys, every way to lay out a table.
HANDWRITTEN = [
    "# mine\nenabled = true # on\n",
    "server.host = 'old' # dotted\nserver.extra = 1\nexport.format = 'cef'\n[tail]\nx = 1\n",
    "server = {host = 'old', extra = 1} # inline\n",
    "[server]\nhmac = [\n  'hmac-sha2-256', # strong\n  'hmac-sha1', # old\n]\n",
    "[server]\nhost = 'old' # name\n\n[other]\na = 1 # one\n",
    "[server.sub]\nx = 1\n[other]\n[server]\nhost = 'old'\n# end",
    "[schedule] # first\n[cef]\nversion = 1\n[store]\n",
    "[[sources]]\nname = 'aws' # cloud\npath = 'p'\nextra = 1\n[sources.fields]\n# time\ncreatedAt = 't'\n"
    "[[sources]]\nname = 'crm'\npath = 'q'\n[[sources.sub]]\na = 1\n[tail] # last\nz = 1\n",
    "sources = [{name = 'aws', path = 'p', extra = 1}]\n[tail]\nz = 1\n",
]


def unknown_part(document: dict[str, Any], known: dict[str, Any]) -> dict[str, Any]:
    """What a document has besides the settings, sources apart."""
    rest = {key: value for key, value in document.items() if key not in known}
    for key, value in known.items():
        if isinstance(value, dict) and (part := unknown_part(document.get(key, {}), value)):
            rest[key] = part
    return rest


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("settings")


def test_no_file_is_a_new_configuration(tmp_path: Path) -> None:
    assert read_settings(tmp_path / "config.toml") == Settings()
    assert list(tmp_path.iterdir()) == []


@hypothesis_settings(max_examples=60, deadline=None)
@given(start=st.sampled_from(["", *HANDWRITTEN]), first=valid_settings, second=valid_settings)
def test_what_is_saved_is_read_and_all_else_stays(
    folder: Path, start: str, first: Settings, second: Settings
) -> None:
    path = folder / "config.toml"
    path.write_text(start, encoding="utf-8")
    known = as_plain(Settings(sources=(FolderSource(name="any", path="any"),)))
    for settings in (first, second):
        write_settings(path, settings)
        assert read_settings(path) == settings
        document = tomllib.loads(path.read_text(encoding="utf-8"))
        assert unknown_part(document, known) == unknown_part(tomllib.loads(start), known)


@pytest.mark.parametrize("start", HANDWRITTEN)
def test_comments_and_the_order_of_tables_survive_a_save(tmp_path: Path, start: str) -> None:
    path = tmp_path / "config.toml"
    path.write_text(start, encoding="utf-8")
    settings = read_settings(path)
    write_settings(path, structs.replace(settings, server=structs.replace(settings.server, host="new")))
    text = path.read_text(encoding="utf-8")
    for line in start.splitlines():
        comment = line.partition("#")[2]
        assert not comment or "#" + comment in text
    tables = [line for line in start.splitlines() if line.startswith("[")]
    assert [line for line in text.splitlines() if line in tables] == tables


def test_a_source_of_the_same_name_keeps_its_unknown_keys(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text(HANDWRITTEN[7], encoding="utf-8")
    aws, _ = read_settings(path).sources
    moved, added = structs.replace(aws, path="moved"), FolderSource(name="vpn", path="r")
    write_settings(path, Settings(sources=(added, moved)))
    assert read_settings(path).sources == (added, moved)
    assert tomllib.loads(path.read_text(encoding="utf-8"))["sources"][1]["extra"] == 1


@needs("modes")
def test_the_file_is_for_its_owner_alone_and_nothing_is_left_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "made" / "config.toml"
    write_settings(path, Settings())
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert list(path.parent.iterdir()) == [path]


@needs("links")
def test_what_is_a_link_stays_one(tmp_path: Path) -> None:
    (tmp_path / "managed").mkdir()
    link, target = tmp_path / "config.toml", tmp_path / "managed" / "config.toml"
    link.symlink_to(target)
    write_settings(link, Settings(enabled=True))
    assert link.is_symlink() and read_settings(target).enabled


def test_a_full_disk_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    write_settings(path, Settings())
    before = path.read_bytes()
    with full_disk(), pytest.raises(LocalDiskError):
        write_settings(path, Settings(enabled=True))
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(LocalDiskError):
        write_settings(tmp_path / "file" / "config.toml", Settings())


@pytest.mark.parametrize(
    ("text", "field", "hint"),
    [
        ("[server]\nhost = 1", "server.host", "It must be a text."),
        ("[server]\nkey_exchange = 'curve25519-sha256'", "server.key_exchange", "It must be a list."),
        ("[server]\nhmac = ['hmac-sha1', 1]", "server.hmac[1]", "It must be a text."),
        ("server = 'sftp.example.com'", "server", "It must be a table."),
        ("enabled = 1", "enabled", "It must be true or false."),
        ("[export]\nformat = 'xml'", "export.format", "It must be one of json, cef."),
        ("[cef]\nversion = 2", "cef.version", "It must be one of 25, 0, 1."),
        ("[store]\nkeep_days = 1.5", "store.keep_days", "It must be a whole number."),
        ("[schedule]\nat = 02:00:00", "schedule.at", "It must be a text."),
        ("sources = 'aws'", "sources", "It must be a list."),
        ("[[sources]]\nname = 'aws'", "sources[0].path", "Write it there."),
        (
            "[[sources]]\nname = 'aws'\npath = 'p'\nkind = 'kafka'",
            "sources[0].kind",
            f"Known are: {', '.join(each.name for each in source_kinds())}. The file was not changed.",
        ),
        (
            "[[sources]]\nname = 'aws'\npath = 'p'\nfields.createdAt = 1",
            "sources[0].fields[...]",
            "It must be a text, a table or a list.",
        ),
        ("version = 3", "version", "Install that version again; the file was not changed."),
        ("version = '2'", "version", "This program writes 2."),
        ("version = 0", "version", "This program writes 2."),
    ],
)
def test_a_wrong_setting_is_named_and_the_file_is_not_overwritten(
    tmp_path: Path, text: str, field: str, hint: str
) -> None:
    path = tmp_path / "config.toml"
    path.write_text(text, encoding="utf-8")
    for attempt in (lambda: read_settings(path), lambda: write_settings(path, Settings())):
        with pytest.raises(BadSetting) as caught:
            attempt()
        assert (caught.value.field, caught.value.hint) == (field, hint)
        assert str(path) in caught.value.message
    assert path.read_text(encoding="utf-8") == text


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"enabled = true\n[server\nhost = 'x'", "line 2"),
        (b"enabled = true\nenabled = true\n", "line 2"),
        (b"a = " + b"[" * 5000, "not valid TOML"),
        (b"a = " + b"9" * 5000, "not valid TOML"),
        (b"[server]\nhost = '\xff'", "not UTF-8"),
        (b"\x00" * 100, "line 1"),
    ],
)
def test_a_file_that_is_no_toml_is_told_and_not_overwritten(tmp_path: Path, content: bytes, told: str) -> None:
    path = tmp_path / "config.toml"
    path.write_bytes(content)
    for attempt in (lambda: read_settings(path), lambda: write_settings(path, Settings())):
        with pytest.raises(BadSetting, match=told) as caught:
            attempt()
        assert str(path) in caught.value.message
    assert path.read_bytes() == content


def test_nesting_that_can_be_read_but_not_rewritten(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text("extra = " + "[" * 200 + "]" * 200, encoding="utf-8")
    before = path.read_bytes()
    assert read_settings(path).export == Settings().export
    with pytest.raises(BadSetting, match="can't be changed"):
        write_settings(path, Settings())
    assert path.read_bytes() == before


@needs("links")
def test_a_folder_or_a_loop_in_its_place(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    for name in ("folder", "loop"):
        for attempt in (read_settings, lambda path: write_settings(path, Settings())):
            with pytest.raises(LocalDiskError, match="can't be read"):
                attempt(tmp_path / name)
    assert (tmp_path / "folder").is_dir()
    assert (tmp_path / "loop").is_symlink()


def test_a_file_that_can_not_be_read_is_put_aside_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_bytes(b"[server\n")
    kept = put_aside(path)
    assert not path.exists() and kept.read_bytes() == b"[server\n"
    assert kept.parent == tmp_path and re.fullmatch(r"config\.toml\.\d{4}-\d\d-\d\d-\d{6}", kept.name)
    with pytest.raises(LocalDiskError, match=r"config\.toml could not be renamed"):
        put_aside(path)


def test_a_byte_order_mark_and_windows_line_ends(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_bytes(
        b"\xef\xbb\xbf# mine\r\nversion = 2\r\n[server]\r\nhost = 'sftp.example.com'\r\nuser = 'audit'\r\n"
    )
    settings = read_settings(path)
    assert isinstance(settings.server, ServerSettings)
    assert (settings.server.host, settings.server.user) == ("sftp.example.com", "audit")
    write_settings(path, settings)
    assert read_settings(path) == settings


def test_what_a_kill_left_is_removed_by_the_next_write(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    old = [".config.toml.abc_1234", ".config.toml.zzzzzzzz"]
    others = [".config.toml.mine", ".config.toml.abcd123Z", ".other.toml.abc_1234", "config.toml.abc_1234"]
    for name in (*old, *others, ".config.toml.being_wr"):
        (tmp_path / name).write_text("half")
    for name in (*old, *others):
        os.utime(tmp_path / name, (1, 1))
    write_settings(path, Settings(enabled=True))
    assert read_settings(path).enabled
    assert {each.name for each in tmp_path.iterdir()} == {"config.toml", ".config.toml.being_wr", *others}


@needs("signals")
def test_a_writer_that_is_killed_leaves_the_file_and_one_leftover(tmp_path: Path) -> None:
    """What is tidied above is what really is left."""
    path = tmp_path / "config.toml"
    write_settings(path, Settings())
    kill = "import os, signal; from pathlib import Path; from desktop_app import files;"
    kill += "os.fsync = lambda _: os.kill(os.getpid(), signal.SIGKILL);"
    kill += f"files.write_atomically(Path({str(path)!r}), b'new')"
    assert subprocess.run([sys.executable, "-c", kill], check=False).returncode == -9
    (left,) = (each for each in tmp_path.iterdir() if each != path)
    os.utime(left, (1, 1))
    write_settings(path, Settings(enabled=True))
    assert [each.name for each in tmp_path.iterdir()] == ["config.toml"]


def test_a_source_without_a_kind_is_a_folder_and_is_written_so(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text(
        "[[sources]]\nname = 'aws'\npath = 'p'\nextra = 1\n[sources.fields]\nid = 'i'\n", encoding="utf-8"
    )
    settings = read_settings(path)
    assert settings.sources == (FolderSource(name="aws", path="p", fields={"id": "i"}),)
    write_settings(path, structs.replace(settings, enabled=True))
    assert tomllib.loads(path.read_text(encoding="utf-8"))["sources"] == [
        {"name": "aws", "path": "p", "extra": 1, "kind": "folder", "fields": {"id": "i"}}
    ]


def test_of_the_tables_of_a_service_only_what_was_said_is_written(tmp_path: Path) -> None:
    """All else is its connector's to say, also that of a later version."""
    path = tmp_path / "config.toml"
    source = RestSource(name="okta", like="okta", limits=RestLimits(per_minute=10), auth=RestAuth())
    write_settings(path, Settings(sources=(source,)))
    (written,) = tomllib.loads(path.read_text(encoding="utf-8"))["sources"]
    tables = {key: value for key, value in written.items() if isinstance(value, dict)}
    assert tables == {"limits": {"per_minute": 10}}
    assert read_settings(path).sources == (source,)
