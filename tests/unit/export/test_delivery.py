"""How often the server is tried, over which connection, and what is noted of it; the server itself is made up."""

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Any

import pytest

from desktop_app.errors import UserError
from desktop_app.export.delivery import Backoff, Delivery
from desktop_app.export.progress import Connecting, Progress, Uploading, Waiting
from desktop_app.export.upload_journal import UploadJournal
from desktop_app.settings.model import ExportSettings, ServerSettings, Settings
from desktop_app.settings.paths import Paths
from desktop_app.sftp.client import Entry
from desktop_app.sftp.errors import ConnectionLost, HungUp, NotPermitted, ServerBusy, ServerUnreachable
from desktop_app.sftp.packets import Attributes
from desktop_app.stop import Stop, Stopped
from desktop_app.wording import Said
from tests.unit.export.test_due import DAY, archive

ARCHIVE = archive(DAY, 1)
AT_ONCE = Backoff(attempts=3, first_wait=0, busy_attempts=6)


def failure(kind: type[UserError]) -> UserError:
    return kind(Said("It failed."), Said("Try again."))


class Server:
    """Takes connections and archives, but for the failures that it is told, one for each time."""

    def __init__(self) -> None:
        self.failures: list[UserError] = []
        self.refusals: list[UserError] = []
        self.log: list[str] = []
        self.staying: list[str] = []
        self.listing: list[Any] | None = []
        self.connections = 0
        self.during: Callable[[], None] = lambda: None

    def connect(self, *_: Any, **__: Any) -> AbstractContextManager[str]:
        if self.refusals:
            self.log.append("refused")
            raise self.refusals.pop(0)
        self.connections += 1
        name = f"connection {self.connections}"
        self.log.append(f"{name} opened")
        return self._closing(name)

    @contextmanager
    def _closing(self, name: str) -> Iterator[str]:
        yield name
        self.log.append(f"{name} closed")

    def put(self, connection: str, file: Path, name: str, sha256: str, token: str, on_bytes: Any) -> int:
        self.log.append(f"put over {connection}")
        self.during()
        if self.failures:
            raise self.failures.pop(0)
        on_bytes(1)
        on_bytes(2)
        return 1_800_000_000

    def remove(self, connection: str, names: list[str]) -> list[str]:
        self.log += [f"removed {name}" for name in names if name not in self.staying]
        return [name for name in names if name in self.staying]


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Server:
    server = Server()
    monkeypatch.setattr("desktop_app.sftp.connection.connect", server.connect)
    monkeypatch.setattr("desktop_app.sftp.upload.put_archive", server.put)
    monkeypatch.setattr("desktop_app.sftp.upload.check_folder", lambda _: "/")
    monkeypatch.setattr("desktop_app.sftp.folder_care.list_folder", lambda _: server.listing)
    monkeypatch.setattr("desktop_app.sftp.folder_care.remove_files", server.remove)
    return server


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    return Paths(tmp_path, tmp_path, tmp_path)


def delivery(paths: Paths, told: list[Progress], backoff: Backoff = AT_ONCE, stop: Stop | None = None) -> Delivery:
    settings = Settings(
        export=ExportSettings(instance="ws"), server=ServerSettings(host="sftp.example.com", user="u", path="/")
    )
    return Delivery(settings, lambda: "secret", paths, backoff, told.append, stop or Stop())


def put(paths: Paths, backoff: Backoff = AT_ONCE) -> list[Progress]:
    told: list[Progress] = []
    with delivery(paths, told, backoff) as way:
        way.put(ARCHIVE, paths.data / "file")
    return told


def test_an_archive_is_put_over_one_connection_which_is_closed(server: Server, paths: Paths) -> None:
    told = put(paths)
    assert server.log == ["connection 1 opened", "put over connection 1", "connection 1 closed"]
    assert told == [
        Connecting("sftp.example.com"),
        Uploading(ARCHIVE.name, 1, ARCHIVE.bytes),
        Uploading(ARCHIVE.name, 3, ARCHIVE.bytes),
    ]


def test_after_a_cut_the_dead_connection_is_closed_before_another_is_made(server: Server, paths: Paths) -> None:
    server.failures = [failure(ConnectionLost)]
    told = put(paths)
    assert server.log == [
        *("connection 1 opened", "put over connection 1", "connection 1 closed"),
        *("connection 2 opened", "put over connection 2", "connection 2 closed"),
    ]
    assert [step.reason for step in told if isinstance(step, Waiting)] == ["It failed."]


@pytest.mark.parametrize("kind", [ConnectionLost, ServerUnreachable])
def test_what_may_pass_is_tried_so_often_and_no_more(server: Server, paths: Paths, kind: type[UserError]) -> None:
    server.failures = [failure(kind) for _ in range(2)]
    put(paths)
    assert server.connections == 3
    server.failures = [failure(kind) for _ in range(9)]
    with pytest.raises(kind):
        put(paths)
    assert server.connections == 6 and len(server.failures) == 6


@pytest.mark.parametrize("kind", [ServerBusy, HungUp])
def test_a_server_that_takes_no_more_is_tried_more_often(
    server: Server, paths: Paths, kind: type[UserError]
) -> None:
    server.refusals = [failure(kind) for _ in range(5)]
    put(paths)
    assert server.log.count("refused") == 5 and server.connections == 1
    server.refusals = [failure(kind) for _ in range(9)]
    with pytest.raises(kind):
        put(paths)
    assert len(server.refusals) == 3


def test_failures_of_the_two_kinds_are_counted_apart(server: Server, paths: Paths) -> None:
    server.refusals = [failure(ServerBusy) for _ in range(5)]
    server.failures = [failure(ConnectionLost) for _ in range(2)]
    put(paths)
    assert server.refusals == server.failures == []


def test_what_does_not_pass_is_told_at_once(server: Server, paths: Paths) -> None:
    server.failures = [failure(NotPermitted)]
    with pytest.raises(NotPermitted):
        put(paths)
    assert server.log == ["connection 1 opened", "put over connection 1", "connection 1 closed"]


def test_the_next_archive_goes_over_the_same_connection_also_after_what_does_not_pass(
    server: Server, paths: Paths
) -> None:
    server.failures = [failure(NotPermitted)]
    with delivery(paths, []) as way:
        with pytest.raises(NotPermitted):
            way.put(ARCHIVE, paths.data / "file")
        way.put(ARCHIVE, paths.data / "file")
    assert server.connections == 1


def test_what_fails_ahead_is_told_when_the_archive_is_put(server: Server, paths: Paths) -> None:
    server.refusals = [failure(NotPermitted)]
    with delivery(paths, []) as way:
        way.connect_ahead()
        way.connect_ahead()
        with pytest.raises(NotPermitted):
            way.put(ARCHIVE, paths.data / "file")
    assert server.log == ["refused"]


def test_an_archive_is_built_while_the_connection_is_made(server: Server, paths: Paths) -> None:
    built = threading.Event()
    connect = server.connect

    def waiting(*values: Any, **options: Any) -> AbstractContextManager[str]:
        assert built.wait(20)
        return connect(*values, **options)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("desktop_app.sftp.connection.connect", waiting)
        with delivery(paths, []) as way:
            way.connect_ahead()
            server.log.append("built")
            built.set()
            way.put(ARCHIVE, paths.data / "file")
    assert server.log[:3] == ["built", "connection 1 opened", "put over connection 1"]


def test_a_connection_that_nobody_needed_is_closed(server: Server, paths: Paths) -> None:
    with delivery(paths, []) as way:
        way.connect_ahead()
    assert server.log == ["connection 1 opened", "connection 1 closed"]


def test_who_asks_for_the_end_does_not_wait_for_the_next_try(server: Server, paths: Paths) -> None:
    stop = Stop()
    server.failures = [failure(ConnectionLost) for _ in range(9)]
    server.during = stop.ask
    with pytest.raises(Stopped), delivery(paths, [], Backoff(first_wait=3600), stop) as way:
        way.put(ARCHIVE, paths.data / "file")
    assert server.connections == 1 and server.log[-1] == "connection 1 closed"


@pytest.mark.parametrize(
    ("asked", "of", "answer"),
    [
        ("has", "desktop_app.sftp.upload.has_file", True),
        ("has", "desktop_app.sftp.upload.has_file", False),
        ("get", "desktop_app.sftp.download.get_file", True),
        ("get", "desktop_app.sftp.download.get_file", False),
    ],
)
def test_what_is_asked_of_the_server_is_asked_again_after_a_cut(
    server: Server, paths: Paths, monkeypatch: pytest.MonkeyPatch, asked: str, of: str, answer: bool
) -> None:
    seen: list[tuple[Any, ...]] = []
    failures = [failure(ConnectionLost)]

    def answering(*values: Any) -> bool:
        seen.append(values)
        if failures:
            raise failures.pop()
        return answer

    monkeypatch.setattr(of, answering)
    with delivery(paths, []) as way:
        if asked == "has":
            assert way.has(ARCHIVE) is answer
            about: tuple[Any, ...] = (ARCHIVE.name, ARCHIVE.bytes, ARCHIVE.sha256)
        else:
            assert way.get(ARCHIVE.name, paths.data / "copy") is answer
            about = (ARCHIVE.name, paths.data / "copy")
    assert seen == [("connection 1", *about), ("connection 2", *about)]


@pytest.mark.parametrize(("seconds", "ms"), [(1_800_000_000, 1_800_000_000_000), (None, None), (0, 0)])
def test_the_time_of_the_server_is_seen_by_a_file_of_our_own(
    server: Server, paths: Paths, monkeypatch: pytest.MonkeyPatch, seconds: int | None, ms: int | None
) -> None:
    names: list[str] = []
    monkeypatch.setattr("desktop_app.sftp.telling.telling", lambda *_: nullcontext())
    monkeypatch.setattr(
        "desktop_app.sftp.server_clock.server_seconds", lambda _, name: (names.append(name), seconds)[1]
    )
    with delivery(paths, []) as way:
        assert way.server_ms() == ms
    assert names[0].startswith(".audit-trails-ws-") and names[0].endswith(".part")


def entry(name: str, modified: int) -> Entry:
    return Entry(name, Attributes(None, None, modified))


def test_old_uploads_of_others_are_removed_once_the_time_of_the_server_is_known(
    server: Server, paths: Paths
) -> None:
    """And what they put there lately is told; what this installation put there is its own."""
    old, new = (f"audit-trails-ws-2026-11-2{n}.zip.0123456789ab.part" for n in (1, 2))
    theirs = "audit-trails-ws-2026-11-19.zip"
    day = 24 * 3600
    now = 1_800_000_000
    server.listing = [
        entry(old, now - 2 * day - 1),
        entry(new, now - 2 * day),
        entry(theirs, now),
        entry(ARCHIVE.name, now),
        entry("something else", now),
    ]
    with delivery(paths, []) as way:
        way.put(ARCHIVE, paths.data / "file")
        assert [line for line in server.log if line.startswith("removed")] == [f"removed {old}"]
        way.put(ARCHIVE, paths.data / "file")
        assert way.others([ARCHIVE.name]) == [new, theirs]
    assert [line for line in server.log if line.startswith("removed")] == [f"removed {old}"]


def noted(paths: Paths) -> list[str]:
    return UploadJournal(paths.uploads).names


def test_the_names_of_an_upload_are_noted_while_it_lasts(server: Server, paths: Paths) -> None:
    seen: list[str] = []
    server.during = lambda: seen.extend(noted(paths))
    put(paths)
    dotted, plain = seen
    assert dotted == f".{plain}" and plain.startswith(f"{ARCHIVE.name}.") and plain.endswith(".part")
    assert noted(paths) == []


def test_what_a_run_left_is_removed_by_the_next(server: Server, paths: Paths) -> None:
    server.failures = [failure(NotPermitted)]
    with pytest.raises(NotPermitted):
        put(paths)
    left = noted(paths)
    assert len(left) == 2
    server.log.clear()
    put(paths)
    assert server.log[1:3] == [f"removed {name}" for name in left]
    assert noted(paths) == []


def test_what_the_server_lets_nobody_remove_stays_known(
    server: Server, paths: Paths, caplog: pytest.LogCaptureFixture
) -> None:
    UploadJournal(paths.uploads).add(["a.part", "b.part"])
    server.staying = ["b.part"]
    with caplog.at_level("INFO"):
        put(paths)
    assert noted(paths) == ["b.part"]
    assert [record.getMessage() for record in caplog.records] == ["the server lets nobody remove b.part"]
    caplog.clear()
    server.staying = []
    with caplog.at_level("INFO"):
        put(paths)
    assert noted(paths) == [] and caplog.records == []


def test_a_path_that_can_not_be_listed_is_looked_at_once(
    server: Server, paths: Paths, caplog: pytest.LogCaptureFixture
) -> None:
    server.listing = None
    with caplog.at_level("INFO"), delivery(paths, []) as way:
        assert way.others([]) == []
        for _ in range(2):
            way.put(ARCHIVE, paths.data / "file")
        assert way.others([]) == []
    assert [record.getMessage() for record in caplog.records] == [
        "the server path can't be listed; what other runs left there stays"
    ]


def test_each_wait_is_twice_the_one_before_up_to_the_longest() -> None:
    for failures, longest in ((1, 2), (2, 4), (3, 8), (5, 32), (6, 60), (20, 60)):
        waits = [Backoff().wait_after(failures) for _ in range(200)]
        assert longest / 2 <= min(waits) < max(waits) <= longest


def test_a_server_that_refuses_an_address_for_ten_minutes_is_outlasted() -> None:
    """As OpenSSH does; and who meets another failure has given up long before."""
    usual = Backoff()
    assert usual == Backoff(attempts=5, first_wait=2, longest_wait=60, busy_attempts=20)
    mean = [usual.wait_after(n) for n in range(1, usual.busy_attempts) for _ in range(200)]
    assert 10 * 60 < sum(mean) / 200 < 13 * 60
    assert sum(usual.wait_after(n) for n in range(1, usual.attempts)) <= 30
