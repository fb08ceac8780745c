"""Time stamps of `openssl ts`: reached, down, and lying. No night is held up by any of it."""

import subprocess
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from desktop_app.evidence.timestamp import read_roots
from desktop_app.evidence.verify import Asked, Verification, verify
from tests.installation import Installation
from tests.servers import free_port, program
from tests.time_stamps import TimeStampService, time_stamp_service


@pytest.fixture
def service(tmp_path: Path) -> Iterator[TimeStampService]:
    with time_stamp_service(tmp_path) as service:
        yield service


@pytest.fixture
def installation(tmp_path: Path, service: TimeStampService) -> Installation:
    return Installation(tmp_path / "home", tmp_path / "server", timestamp_url=service.url)


def check(installation: Installation, service: TimeStampService, last: int) -> Verification:
    roots = read_roots(service.certificates)
    return verify([installation.server], Asked(last=date(2026, 3, last), roots=roots))


def stamps(installation: Installation) -> list[str]:
    return sorted(path.name for path in installation.server.glob("*.tsr"))


def test_the_newest_archive_of_each_run_is_stamped(installation: Installation, service: TimeStampService) -> None:
    installation.run("2026-03-03T02:00:00", [("2026-03-01T08:00:00", "a")])
    installation.days(3, 3)
    assert stamps(installation) == [f"audit-trails-ws-2026-03-0{day}.zip.tsr" for day in (2, 3)]
    assert list(installation.paths.outbox.iterdir()) == [] and installation.warnings == []
    result = check(installation, service, 3)
    assert result.ok
    assert [(each.stamp.by, each.stamp.trusted) for each in result.stamps] == [("CN=Time Stamps", True)] * 2


def test_openssl_says_the_same(installation: Installation, service: TimeStampService, tmp_path: Path) -> None:
    (path,) = installation.days(1, 1)
    with zipfile.ZipFile(path) as archive:
        (tmp_path / "sig").write_bytes(archive.read("manifest.json.sig"))
    verified = [program("openssl"), "ts", "-verify", "-data", str(tmp_path / "sig"), "-in", f"{path}.tsr"]
    verified += ["-CAfile", str(service.certificates)]
    said = subprocess.run(verified, capture_output=True, check=False)
    assert said.returncode == 0 and b"Verification: OK" in said.stdout + said.stderr
    (tmp_path / "sig").write_bytes(b"another")
    assert subprocess.run(verified, capture_output=True, check=False).returncode


def test_a_service_that_is_down_holds_no_night_up(installation: Installation, service: TimeStampService) -> None:
    reached, installation.timestamp_url = installation.timestamp_url, f"http://127.0.0.1:{free_port()}/"
    installation.days(1, 2)
    assert stamps(installation) == []
    assert ["gave no time stamp" in warning for warning in installation.warnings] == [True]
    installation.timestamp_url = reached
    installation.days(3, 3)
    assert stamps(installation) == ["audit-trails-ws-2026-03-03.zip.tsr"]
    (stamped,) = check(installation, service, 3).stamps  # which goes for those before it
    assert stamped.archive.manifest and stamped.archive.manifest.chain
    assert stamped.archive.manifest.chain.number == 3


@pytest.mark.parametrize("lie", ["of other content", "of an older answer", "no token", "nothing", "too much"])
def test_a_service_that_lies_is_not_believed(
    installation: Installation, service: TimeStampService, lie: str
) -> None:
    installation.days(1, 1)
    before = (installation.server / stamps(installation)[0]).read_bytes()
    service.answer = {
        "of other content": lambda _: service.stamp(service.query(b"other")),
        "of an older answer": lambda _: before,
        "no token": lambda _: b"<html>Welcome to the hotel</html>",
        "nothing": lambda _: b"",
        "too much": lambda _: b"x" * (1 << 20),
    }[lie]
    installation.days(2, 2)
    assert len(stamps(installation)) == 1
    assert len(installation.warnings) == 1


def test_another_certificate_is_found_by_whoever_knows_the_right_one(
    installation: Installation, service: TimeStampService, tmp_path: Path
) -> None:
    with time_stamp_service(tmp_path, "Somebody Else") as other:
        installation.timestamp_url = other.url
        installation.days(1, 1)
    result = check(installation, service, 1)
    assert "The time stamp of audit-trails-ws-2026-03-01.zip is not valid" in result.problems[0]
    assert verify([installation.server]).stamps[0].stamp.by == "CN=Somebody Else"
    assert any("was not checked" in each for each in verify([installation.server]).left_open)


def test_a_stamp_of_another_archive_is_found(installation: Installation, service: TimeStampService) -> None:
    first, second = installation.days(1, 2)
    stamp = Path(f"{second}.tsr")
    stamp.write_bytes(Path(f"{first}.tsr").read_bytes())
    assert "The time stamp of audit-trails-ws-2026-03-02.zip" in check(installation, service, 2).problems[0]
