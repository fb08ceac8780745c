"""Host keys are found in whatever else people have in their known_hosts."""

from pathlib import Path

import paramiko
import pytest

from desktop_app.settings.model import ServerAddress
from desktop_app.sftp.host_keys import known_keys, pin

ADDRESS = ServerAddress("sftp.example.com", 22)
KEY = paramiko.ECDSAKey.generate()


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
        f"@revoked * {KEY.get_name()} {KEY.get_base64()}",
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
    name = paramiko.HostKeys.hash_host("sftp.example.com")
    (tmp_path / "known_hosts").write_text(f"{name} {KEY.get_name()} {KEY.get_base64()}\n")
    assert known_keys(tmp_path / "known_hosts", ADDRESS) == [KEY]
