"""What this program signs, and says is signed, other programs say as well."""

import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from desktop_app.evidence.own_keys import make_key, own_keys
from desktop_app.evidence.signers import Signer
from tests.installation import Installation
from tests.servers import program


@pytest.fixture
def installation(tmp_path: Path) -> Installation:
    made = Installation(tmp_path / "home", tmp_path / "server")
    made.days(1, 2)
    make_key(made.paths, 1, None)
    made.days(3, 4)
    return made


def unpacked(server: Path, folder: Path) -> Iterator[Path]:
    for path in sorted(server.glob("*.zip")):
        subprocess.run([program("unzip"), "-q", str(path), "-d", str(folder / path.stem)], check=True)
        yield folder / path.stem


def ssh_keygen(signers: Path, folder: Path, at: str) -> "subprocess.CompletedProcess[bytes]":
    command = ["-Y", "verify", "-f", signers, "-I", "ws", "-n", "audit-trails", "-s", folder / "manifest.json.sig"]
    return subprocess.run(
        [program("ssh-keygen"), *map(str, command), "-O", f"verify-time={at}"],
        input=(folder / "manifest.json").read_bytes(),
        capture_output=True,
        check=False,
    )


def test_openssh_says_who_signed_and_when_that_was_valid(installation: Installation, tmp_path: Path) -> None:
    first, second = (key.public for key in own_keys(installation.paths))
    end = datetime(2026, 3, 4, 2, tzinfo=UTC)
    signers = tmp_path / "allowed_signers"
    signers.write_text(
        f"{Signer('ws', first, valid_before=end).line}\n{Signer('ws', second, valid_after=end).line}\n"
    )
    folders = list(unpacked(installation.server, tmp_path))
    for folder, day, key in zip(folders, (2, 3, 4, 5), (first, first, first, second), strict=True):
        said = ssh_keygen(signers, folder, f"2026030{day}020000Z")
        assert said.returncode == 0 and key.fingerprint in said.stdout.decode(), said
    assert ssh_keygen(signers, folders[0], "20260304020001Z").returncode  # the key's end
    manifest = folders[0] / "manifest.json"
    manifest.write_bytes(manifest.read_bytes() + b" ")
    assert ssh_keygen(signers, folders[0], "20260302020000Z").returncode
