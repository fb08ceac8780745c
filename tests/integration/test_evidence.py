"""What this program signs, and says is signed, other programs say as well."""

import subprocess
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from desktop_app.actions.fleet_report import fleet_on_server
from desktop_app.actions.verify_server import verify_server
from desktop_app.evidence.own_keys import make_key, own_keys
from desktop_app.evidence.signers import Signer
from desktop_app.evidence.verify import Asked, Verification
from desktop_app.export.ledger import Outcome
from tests.installation import Installation
from tests.integration.exporter import Exporter
from tests.servers import Server, program


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


@pytest.fixture
def exporter(tmp_path: Path, sshd: Server, served: Path) -> Exporter:
    exporter = Exporter(tmp_path / "exporter", sshd, served.name)
    for day in (20, 21, 22):
        exporter.record(f"2026-11-{day}", [f"{day}"])
    assert exporter.run().outcome is Outcome.DELIVERED
    return exporter


def test_the_server_itself_is_checked(exporter: Exporter, served: Path, sshd: Server) -> None:
    def check() -> Verification:
        asked = Asked(last=date(2026, 11, 22))
        return verify_server(exporter.settings, exporter.paths, lambda: sshd.password, asked)

    (served / "audit-trails-another-2026-11-22.zip").write_bytes(b"of another installation")
    result = check()
    assert result.ok and [archive.path.name for archive in result.archives] == [
        f"audit-trails-ws-2026-11-{day}.zip" for day in (20, 21, 22)
    ]
    assert not list(exporter.paths.data.glob("verify-*"))
    whole = (served / "audit-trails-ws-2026-11-21.zip").read_bytes()
    (served / "audit-trails-ws-2026-11-21.zip").write_bytes(whole[:-1])
    assert not check().ok
    (served / "audit-trails-ws-2026-11-21.zip").unlink()
    assert "audit-trails-ws-2026-11-21.zip is missing, number 2 of the chain" in check().problems[0]


def test_the_fleet_on_the_server(exporter: Exporter, served: Path, sshd: Server) -> None:
    (served / "audit-trails-another-2026-11-20.zip").touch()
    found = fleet_on_server(exporter.settings, exporter.paths, lambda: sshd.password, date(2026, 11, 22))
    assert [(each.instance, each.silent, each.ok) for each in found] == [("another", 2, False), ("ws", 0, True)]
