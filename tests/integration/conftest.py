from pathlib import Path

import pytest

from desktop_app.export.delivery import Delivery
from tests.integration.exporter import Exporter
from tests.integration.two_months import write_trails
from tests.servers import Server


@pytest.fixture(autouse=True)
def no_clock_but_the_tests(monkeypatch: pytest.MonkeyPatch) -> None:
    """Servers here have today's time, runs that of a story."""
    monkeypatch.setattr(Delivery, "server_ms", lambda _: None)


@pytest.fixture
def exporter(sshd: Server, served: Path, tmp_path: Path) -> Exporter:
    """An installation that exports to the folder of the test."""
    return Exporter(tmp_path / "client", sshd, served.name)


@pytest.fixture
def known_hosts(tmp_path: Path) -> Path:
    return tmp_path / "known_hosts"


@pytest.fixture
def trails(tmp_path: Path) -> Path:
    """A folder with two months of a trail."""
    folder = tmp_path / "trails"
    write_trails(folder)
    return folder


@pytest.fixture
def pieces(tmp_path: Path) -> Path:
    """The folder that a cluster shares."""
    folder = tmp_path / "pieces"
    folder.mkdir()
    return folder
