"""The commands of docs/evidence.md are true: they accept what is whole, and refuse what is not."""

import re
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from desktop_app.actions.signing_keys import rotate_key, signing_keys
from tests.installation import Installation
from tests.servers import program
from tests.time_stamps import time_stamp_service

DOCUMENT = Path(__file__).parents[2] / "docs" / "evidence.md"
NAME = "audit-trails-ws-2026-03-02"


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    with time_stamp_service(tmp_path) as service:
        installation = Installation(tmp_path / "home", tmp_path / "archives", timestamp_url=service.url)
        installation.days(1, 2)
        rotate_key(installation.settings(), installation.paths)
        installation.days(3, 5)
        lines = signing_keys(installation.settings(), installation.paths).signers
        (tmp_path / "archives" / "allowed_signers").write_text("".join(f"{each.line}\n" for each in lines))
        (tmp_path / "archives" / "certificates.pem").write_bytes(service.certificates.read_bytes())
        yield tmp_path / "archives"


def run(folder: Path) -> "subprocess.CompletedProcess[str]":
    blocks = re.findall(r"```sh\n(.*?)```", DOCUMENT.read_text(encoding="utf-8"), re.DOTALL)
    assert len(blocks) == 7
    for each in ("unzip", "ssh-keygen", "openssl"):
        program(each)
    script = "set -eu -o pipefail\n" + "\n".join(blocks)
    return subprocess.run(["bash", "-c", script], cwd=folder, capture_output=True, text=True, check=False)


def test_they_accept_what_is_whole(folder: Path) -> None:
    done = run(folder)
    assert done.returncode == 0, done
    assert (
        'Good "audit-trails" signature for ws' in done.stdout and "Verification: OK" in done.stdout + done.stderr
    )


def replace(file: Path, old: bytes, new: bytes) -> None:
    file.write_bytes(file.read_bytes().replace(old, new))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda folder: (folder / "audit-trails-ws-2026-03-04.zip").unlink(), "the chain is broken at"),
        (lambda folder: replace(folder / f"{NAME}.zip", b'"events": 2', b'"events": 1'), ""),
        (lambda folder: replace(folder / "allowed_signers", b"ws ", b"other "), "Could not verify signature"),
        (lambda folder: (folder / "certificates.pem").write_text(""), ""),
    ],
    ids=["a missing archive", "another manifest", "another signer", "another time-stamp service"],
)
def test_they_refuse_what_is_not(folder: Path, change: Callable[[Path], object], said: str) -> None:
    change(folder)
    done = run(folder)
    assert done.returncode and said in done.stdout + done.stderr
