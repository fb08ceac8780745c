from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop_app.export.delivery import Delivery
from desktop_app.settings.model import ServerSettings
from tests.servers import Server, openssh


@pytest.fixture(scope="module")
def sshd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with openssh(tmp_path_factory.mktemp("sshd")) as server:
        yield server


@pytest.fixture(autouse=True)
def no_clock_but_the_tests(monkeypatch: pytest.MonkeyPatch) -> None:
    """Servers here have today's time, runs that of a story."""
    monkeypatch.setattr(Delivery, "server_ms", lambda _: None)


@pytest.fixture
def known_hosts(tmp_path: Path) -> Path:
    return tmp_path / "known_hosts"


def settings_for(server: Server, path: str = "", **changes: tuple[str, ...]) -> ServerSettings:
    """Settings that reach a test server; the path is the user's home folder unless given."""
    values = {"host": f"127.0.0.1:{server.port}", "user": server.user, "path": path or "."}
    return ServerSettings(**{**values, **changes})  # type: ignore[arg-type]
