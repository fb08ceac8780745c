"""What the server has is checked there, one archive at a time, and compared with what was delivered. The server is
a folder."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs

from desktop_app.actions import compare_server, verify_server
from desktop_app.errors import BadData, BadSetting
from desktop_app.evidence.verify import Asked
from desktop_app.export.ledger import open_ledger
from desktop_app.settings.model import ServerSettings, Settings
from desktop_app.settings.paths import Paths
from desktop_app.sftp.client import Entry
from desktop_app.sftp.errors import NotPermitted
from desktop_app.sftp.packets import Attributes
from desktop_app.stop import Stop, Stopped
from tests.installation import Installation

ASKED = Asked(last=date(2026, 3, 3))


class Server:
    """Lists and gives the files of a folder, and says what of the client's lay there meanwhile."""

    def __init__(self, folder: Path, client: Path) -> None:
        self.folder, self.client = folder, client
        self.may_list = True
        self.asked: list[tuple[Any, ...]] = []
        self.most_at_once = 0

    @contextmanager
    def connect(self, server: ServerSettings, password: Any, known_hosts: Path, stop: Stop) -> Iterator[str]:
        self.asked.append((server.host, password(), known_hosts))
        yield "connection"

    def list(self, _: str) -> list[Entry] | None:
        entries = [Entry(file.name, Attributes(None, None, None)) for file in self.folder.iterdir()]
        return entries if self.may_list else None

    def get(self, _: str, name: str, to: Path) -> bool:
        if not (self.folder / name).exists():
            return False
        shutil.copy(self.folder / name, to)
        archives = [each for each in self.client.rglob("*.zip") if "verify-" in str(each)]
        self.most_at_once = max(self.most_at_once, len(archives))
        return True


@pytest.fixture
def installation(tmp_path: Path) -> Installation:
    made = Installation(tmp_path / "home", tmp_path / "server")
    made.days(1, 3)
    other = Installation(tmp_path / "other", tmp_path / "server", instance="other")
    other.days(1, 1)
    return made


@pytest.fixture
def server(installation: Installation, monkeypatch: pytest.MonkeyPatch) -> Server:
    server = Server(installation.server, installation.paths.data)
    for action in (verify_server, compare_server):
        monkeypatch.setattr(action, "connect", server.connect)
    monkeypatch.setattr(verify_server, "list_folder", server.list)
    monkeypatch.setattr(verify_server, "get_file", server.get)
    return server


def leftovers(paths: Paths) -> list[str]:
    return [each.name for each in paths.data.iterdir() if each.name.startswith("verify-")]


def verify(installation: Installation, **options: Any) -> Any:
    return verify_server.verify_server(
        installation.settings(), installation.paths, lambda: "secret", ASKED, **options
    )


def test_all_archives_of_this_installation_are_checked_one_at_a_time(
    installation: Installation, server: Server
) -> None:
    told: list[tuple[int, int]] = []
    result = verify(installation, on_checked=lambda *counts: told.append(counts))
    assert result.ok and [str(each.path) for each in result.archives] == [
        f"audit-trails-ws-2026-03-0{day}.zip" for day in (1, 2, 3)
    ]
    assert told == [(1, 3), (2, 3), (3, 3)]
    assert server.asked == [("sftp.example.com", "secret", installation.paths.known_hosts)]
    assert server.most_at_once == 1 and leftovers(installation.paths) == []


def test_archives_of_an_earlier_name_are_its_own(installation: Installation, server: Server) -> None:
    installation.instance = "renamed"
    installation.run("2026-03-05T02:00:00", [("2026-03-04T08:00:00", "later")])
    with open_ledger(installation.paths.ledger) as ledger:
        assert len(ledger.delivered()) == 4
    assert len(verify(installation).archives) == 4


def test_the_time_stamp_beside_an_archive_is_checked_with_it(installation: Installation, server: Server) -> None:
    name = "audit-trails-ws-2026-03-02.zip"
    (installation.server / f"{name}.tsr").write_bytes(b"no stamp")
    result = verify(installation)
    said = [str(each) for each in (*result.problems, *(p for each in result.archives for p in each.problems))]
    assert len(said) == 1 and not result.ok


def test_a_server_that_lets_nobody_list_is_told(installation: Installation, server: Server) -> None:
    server.may_list = False
    with pytest.raises(NotPermitted, match="lets this user not list"):
        verify(installation)
    with pytest.raises(NotPermitted, match="lets this user not list"):
        compare_server.compare_server(installation.settings(), installation.paths, lambda: "secret", Stop())


def test_an_empty_server_has_nothing_to_check(installation: Installation, server: Server) -> None:
    for file in installation.server.glob("*-ws-*"):
        file.unlink()
    with pytest.raises(BadData, match="There are no archives here"):
        verify(installation)


def test_who_asks_for_the_end_waits_for_no_further_archive(installation: Installation, server: Server) -> None:
    stop, told = Stop(), list[tuple[int, int]]()

    def look(*counts: int) -> None:
        told.append(counts)  # type: ignore[arg-type]
        stop.ask()

    with pytest.raises(Stopped):
        verify(installation, on_checked=look, stop=stop)
    assert told == [(1, 3)] and leftovers(installation.paths) == []


def test_one_archive_is_checked_by_itself(installation: Installation, server: Server, tmp_path: Path) -> None:
    new = Paths(tmp_path / "new", tmp_path / "new", tmp_path / "new")

    def checked(name: str) -> Any:
        return verify_server.verify_on_server(installation.settings(), new, lambda: "secret", name, Stop())

    name = "audit-trails-ws-2026-03-02.zip"
    found = checked(name)
    assert found.problems == () and found.sha256 and checked("audit-trails-ws-2026-04-01.zip") is None
    (installation.server / name).write_bytes(b"damaged")
    assert checked(name).problems
    assert leftovers(new) == []


def test_what_was_delivered_and_is_there_no_more_is_named(installation: Installation, server: Server) -> None:
    def compared() -> compare_server.ServerCompared:
        return compare_server.compare_server(installation.settings(), installation.paths, lambda: "secret", Stop())

    assert compared() == compare_server.ServerCompared(3, ())
    (installation.server / "audit-trails-ws-2026-03-02.zip").unlink()
    assert compared() == compare_server.ServerCompared(3, ("audit-trails-ws-2026-03-02.zip",))


def test_what_is_not_configured_asks_no_server(installation: Installation, server: Server) -> None:
    for wrong in (
        Settings(),
        structs.replace(installation.settings(), server=ServerSettings(host="a b", user="u")),
    ):
        for ask in (
            lambda s: verify_server.verify_server(s, installation.paths, lambda: "", ASKED),
            lambda s: verify_server.verify_on_server(s, installation.paths, lambda: "", "a.zip", Stop()),
            lambda s: compare_server.compare_server(s, installation.paths, lambda: "", Stop()),
        ):
            with pytest.raises(BadSetting):
                ask(wrong)
    assert server.asked == []
