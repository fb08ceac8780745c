"""Host keys are found in whatever else people have in their known_hosts."""

import base64
import os
import struct
from pathlib import Path
from unittest.mock import Mock

import paramiko
import pytest

from desktop_app.errors import LocalDiskError, UserError
from desktop_app.settings.model import ServerAddress
from desktop_app.sftp.errors import HostKeyChanged, HostKeyRevoked, HostKeyUnknown
from desktop_app.sftp.host_key_check import check_host_key
from desktop_app.sftp.host_keys import fingerprint, known_keys, pin
from desktop_app.sftp.known_hosts import lines_in, read_text
from desktop_app.sftp.steps import Step
from tests.windows_gaps import needs

ADDRESS = ServerAddress("sftp.example.com", 22)
KEY, OTHER = paramiko.ECDSAKey.generate(), paramiko.ECDSAKey.generate()


def hashed(name: str) -> str:
    """As OpenSSH writes it hashed; the same each time, for the names of tests."""
    return paramiko.HostKeys.hash_host(name, f"|1|{base64.b64encode(bytes(20)).decode()}|")


def line_of(key: paramiko.PKey, hosts: str = "sftp.example.com", marker: str = "") -> str:
    return f"{marker} {hosts} {key.get_name()} {key.get_base64()}\n".lstrip()


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home folder without known_hosts."""
    (tmp_path / "home" / ".ssh").mkdir(parents=True)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("USERPROFILE", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.mark.parametrize(
    "line",
    [
        "# a comment",
        "sftp.example.com",
        "sftp.example.com ssh-rsa AAAA",
        "other.example.com ssh-ed25519 AAAA",
        f"other.example.com {KEY.get_name()} {KEY.get_base64()[:-40]}",
        "other.example.com ssh-rsa AAAAB3NzaC1yc2EAAAAB/wAAAAEB",
        f"|1|x {KEY.get_name()} {KEY.get_base64()}",
        f"|1| {KEY.get_name()} {KEY.get_base64()}",
        f"@revoked * {OTHER.get_name()} {OTHER.get_base64()}",
        f"@cert-authority * {OTHER.get_name()} {OTHER.get_base64()}",
        f"@unknown * {OTHER.get_name()} {OTHER.get_base64()}",
        "\x00\xff\x0b",
    ],
)
def test_a_line_that_can_not_be_used_is_passed_over(tmp_path: Path, line: str) -> None:
    file = tmp_path / "known_hosts"
    pin(file, ADDRESS, KEY)
    file.write_text(f"{line}\n{file.read_text()}{line}\n")
    assert known_keys(file, ADDRESS) == [KEY]
    pin(file, ADDRESS, KEY)
    assert known_keys(file, ADDRESS) == [KEY]


def test_a_hashed_name_is_known(tmp_path: Path) -> None:
    name = hashed("sftp.example.com")
    (tmp_path / "known_hosts").write_text(f"{name} {KEY.get_name()} {KEY.get_base64()}\n")
    assert known_keys(tmp_path / "known_hosts", ADDRESS) == [KEY]


def failure(file: Path, key: paramiko.PKey = KEY) -> UserError:
    steps: list[Step] = []
    with pytest.raises(UserError) as caught:
        check_host_key(key, ADDRESS, file, steps.append)
    assert [(step.name, step.ok, step.detail) for step in steps] == [("host-key", False, caught.value.message)]
    return caught.value


def test_another_key_of_the_same_kind_is_not_the_known_one(tmp_path: Path) -> None:
    pin(tmp_path / "known_hosts", ADDRESS, KEY)
    assert OTHER.get_name() == KEY.get_name()
    assert isinstance(failure(tmp_path / "known_hosts", OTHER), HostKeyChanged)


def test_the_users_known_hosts_counts_where_ours_says_nothing(tmp_path: Path, home: Path) -> None:
    file = tmp_path / "known_hosts"
    (home / ".ssh" / "known_hosts").write_text(line_of(KEY))
    check_host_key(KEY, ADDRESS, file, lambda _: None)
    pin(file, ServerAddress("other.example.com", 22), OTHER)
    check_host_key(KEY, ADDRESS, file, lambda _: None)
    pin(file, ADDRESS, OTHER)
    assert known_keys(file, ADDRESS) == [OTHER]
    assert isinstance(failure(file, KEY), HostKeyChanged)


def test_the_users_known_hosts_does_not_count_where_ours_can_not_be_read(tmp_path: Path, home: Path) -> None:
    (tmp_path / "known_hosts").mkdir()
    (home / ".ssh" / "known_hosts").write_text(line_of(KEY))
    error = failure(tmp_path / "known_hosts")
    assert isinstance(error, LocalDiskError)
    assert str(tmp_path / "known_hosts") in error.message


@pytest.mark.parametrize("revoked_in", ["ours", "users"])
@pytest.mark.parametrize("hosts", ["sftp.example.com", "*", hashed("sftp.example.com")])
def test_a_revoked_key_is_refused(tmp_path: Path, home: Path, hosts: str, revoked_in: str) -> None:
    ours, users = tmp_path / "known_hosts", home / ".ssh" / "known_hosts"
    pin(ours, ADDRESS, KEY)
    file = ours if revoked_in == "ours" else users
    with file.open("a") as lines:
        lines.write(line_of(KEY, hosts, "@revoked"))
    error = failure(ours)
    assert isinstance(error, HostKeyRevoked)
    assert "revoked" in error.message and str(file) in error.message
    before = ours.read_bytes()
    with pytest.raises(HostKeyRevoked):
        pin(ours, ADDRESS, KEY)
    assert ours.read_bytes() == before
    pin(ours, ADDRESS, OTHER)
    check_host_key(OTHER, ADDRESS, ours, lambda _: None)
    assert isinstance(failure(ours), HostKeyRevoked)


def test_a_key_revoked_for_another_server_is_not_refused(tmp_path: Path) -> None:
    file = tmp_path / "known_hosts"
    pin(file, ADDRESS, KEY)
    with file.open("a") as lines:
        lines.write(line_of(KEY, "other.example.com", "@revoked"))
    check_host_key(KEY, ADDRESS, file, lambda _: None)


def make_folder(file: Path) -> None:
    file.mkdir()


def make_pipe(file: Path) -> None:
    os.mkfifo(file)


@pytest.mark.parametrize("whose", ["ours", "users"])
@pytest.mark.parametrize("make", [make_folder, pytest.param(make_pipe, marks=needs("named pipes"))])
def test_a_file_that_can_not_be_read_is_told(tmp_path: Path, home: Path, make: object, whose: str) -> None:
    ours = tmp_path / "known_hosts"
    file = ours if whose == "ours" else home / ".ssh" / "known_hosts"
    assert callable(make)
    make(file)
    error = failure(ours)
    assert isinstance(error, LocalDiskError)
    assert str(file) in error.message
    if whose == "ours":
        with pytest.raises(LocalDiskError):
            pin(ours, ADDRESS, KEY)
    else:
        pin(ours, ADDRESS, KEY)
        check_host_key(KEY, ADDRESS, ours, lambda _: None)


@needs("devices")
def test_a_link_to_nowhere_is_an_empty_file(tmp_path: Path, home: Path) -> None:
    (home / ".ssh" / "known_hosts").symlink_to("/dev/null")
    assert isinstance(failure(tmp_path / "known_hosts"), HostKeyUnknown)


@pytest.mark.parametrize(
    "damage",
    [lambda text: text[:60] + "\n", lambda text: text.replace("AAAA", "AA*A"), lambda _: "\x01\x02\x03\n"],
)
def test_a_damaged_line_is_told_and_not_taken_for_a_first_connection(tmp_path: Path, damage: object) -> None:
    file = tmp_path / "known_hosts"
    assert callable(damage)
    file.write_text("# ours\n" + damage(line_of(KEY)))
    error = failure(file)
    assert isinstance(error, HostKeyUnknown)
    assert "first connection" not in error.message
    assert f"line 2 of {file} is damaged" in error.message
    pin(file, ADDRESS, KEY)
    check_host_key(KEY, ADDRESS, file, lambda _: None)
    assert file.read_text().startswith("# ours\n")


def test_a_certificate_authority_is_told(tmp_path: Path, home: Path) -> None:
    (home / ".ssh" / "known_hosts").write_text(line_of(OTHER, "*.example.com", "@cert-authority"))
    error = failure(tmp_path / "known_hosts")
    assert isinstance(error, HostKeyUnknown)
    assert "certificate authority" in error.hint


def test_of_two_damaged_files_ours_is_named_and_no_authority_beside(tmp_path: Path, home: Path) -> None:
    """Whether the key was accepted is the question; what an authority would say is none."""
    file, theirs = tmp_path / "known_hosts", home / ".ssh" / "known_hosts"
    file.write_text(line_of(KEY)[:60] + "\n")
    theirs.write_text(line_of(OTHER, "*.example.com", "@cert-authority") + line_of(KEY)[:60] + "\n")
    error = failure(file)
    assert f"line 1 of {file} is damaged" in error.message
    assert "certificate authority" not in error.hint
    assert error.command.endswith(f"trust --fingerprint {fingerprint(KEY)}") and error.field == "server.host"


SHARED = "a,sftp.example.com,*.example.com"


def test_pinning_leaves_what_is_of_other_servers(tmp_path: Path) -> None:
    file = tmp_path / "known_hosts"
    kept = [
        "# a comment",
        line_of(OTHER, "*", "@revoked").strip(),
        "broken \xff line",
        line_of(OTHER, "a").strip(),
    ]
    dropped = [line_of(OTHER), line_of(OTHER, hashed("sftp.example.com"))]
    file.write_text("\n".join(kept) + "\n" + "".join(dropped) + line_of(OTHER, SHARED))
    pin(file, ADDRESS, KEY)
    shared = line_of(OTHER, "a,*.example.com,!sftp.example.com").strip()
    assert file.read_text().splitlines() == [*kept, shared, line_of(KEY).strip()]
    assert known_keys(file, ADDRESS) == [KEY]
    assert known_keys(file, ServerAddress("other.example.com", 22)) == [OTHER]


def test_nothing_is_calculated_with_a_key_of_wrong_lengths(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """paramiko takes minutes for it."""
    kind, exponent = struct.pack(">I", 7) + b"ssh-rsa", struct.pack(">I", 3) + b"\1\0\1"
    blob = kind + exponent + struct.pack(">I", 900_000) + b"\x7f" * 257
    file = tmp_path / "known_hosts"
    file.write_text(f"sftp.example.com ssh-rsa {base64.b64encode(blob).decode()}\n")
    monkeypatch.setattr(paramiko.PKey, "from_type_string", Mock(side_effect=AssertionError))
    assert known_keys(file, ADDRESS) == []


def test_a_large_file_is_not_read(tmp_path: Path) -> None:
    file = tmp_path / "known_hosts"
    with file.open("wb") as sparse:
        sparse.truncate(1 << 40)
    assert isinstance(failure(file), LocalDiskError)
    file.write_text(line_of(KEY))
    assert [line.number for line in lines_in(read_text(file))] == [1]
