"""Lines of known_hosts mean to us what they mean to OpenSSH."""

import subprocess
from pathlib import Path

import pytest

from desktop_app.settings.model import ServerAddress
from desktop_app.sftp.host_keys import known_keys
from desktop_app.sftp.known_hosts import host_name
from tests.servers import program
from tests.unit.sftp.test_host_keys import ADDRESS, KEY, hashed, line_of


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A home folder without known_hosts."""
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("USERPROFILE", str(tmp_path / "home"))


ADDRESSES = [
    ADDRESS,
    ServerAddress("sftp.example.com", 2222),
    ServerAddress("other.example.com", 22),
    ServerAddress("192.0.2.7", 22),
    ServerAddress("2001:db8::1", 22),
    ServerAddress("2001:db8::1", 2222),
    ServerAddress("a", 22),
]
HOSTS = [
    "sftp.example.com",
    "SFTP.example.com",
    "sftp.example.com,192.0.2.7",
    "*.example.com",
    "*.EXAMPLE.com",
    "*.example.com,!sftp.example.com",
    "!sftp.example.com,*.example.com",
    "!other.example.com",
    "[sftp.example.com]:2222",
    "[*.example.com]:2222",
    "[sftp.example.com]:*",
    "[sftp.example.com]:22",
    "192.0.2.?",
    "192.0.2.[7]",
    "2001:db8::1",
    "[2001:db8::1]:2222",
    "?",
    "*",
    "**e**",
    "",
    ",",
    "!*",
    hashed("sftp.example.com"),
    hashed("[sftp.example.com]:2222"),
    hashed("sftp.example.com") + ",other.example.com",
    "|1|x|y",
]


@pytest.mark.parametrize("hosts", HOSTS)
def test_a_line_is_for_whom_openssh_says_it_is(tmp_path: Path, hosts: str) -> None:
    file = tmp_path / "known_hosts"
    file.write_text(line_of(KEY, hosts))
    for address in ADDRESSES:
        search = [program("ssh-keygen"), "-F", host_name(address), "-f", str(file)]
        found = subprocess.run(search, capture_output=True, check=False).returncode == 0
        assert (known_keys(file, address) == [KEY]) == found, address


@pytest.mark.parametrize(
    "line",
    [
        "   {hosts}\t {kind}   {key}  a comment",
        "{hosts} {kind} {key}\r",
        "@revoked\t{hosts} {kind} {key}",
        "@cert-authority {hosts} {kind} {key}",
        "@unknown {hosts} {kind} {key}",
        "# {hosts} {kind} {key}",
        "{hosts} {kind}",
    ],
)
def test_a_line_is_read_as_openssh_reads_it(tmp_path: Path, line: str) -> None:
    file = tmp_path / "known_hosts"
    text = line.format(hosts="sftp.example.com", kind=KEY.get_name(), key=KEY.get_base64())
    file.write_text(text + "\n")
    done = subprocess.run(
        [program("ssh-keygen"), "-F", "sftp.example.com", "-f", str(file)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (known_keys(file, ADDRESS) == [KEY]) == (done.returncode == 0 and "@" not in text)
