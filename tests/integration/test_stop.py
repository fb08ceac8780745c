"""A test and an export that somebody stops: soon, wherever they are, and without leaving anything half done."""

import asyncio
import socket
import sqlite3
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager, closing
from pathlib import Path
from typing import Any

import asyncssh
import pytest
from msgspec import structs

from desktop_app.actions.run import Request, RunStep, run_once
from desktop_app.export.ledger import Outcome, StartedBy, open_ledger
from desktop_app.export.progress import Building, Connecting, Uploading, Waiting
from desktop_app.settings.model import ServerSettings
from desktop_app.sftp.host_keys import pin
from desktop_app.sftp.probe import ProbeReport, parse_address, probe_connection
from desktop_app.sftp.steps import Step
from desktop_app.stop import Stop
from tests.integration.exporter import Exporter, ids_in, names
from tests.servers import Server, answering, asyncssh_server, free_port, settings_for, unanswering, wait_until
from tests.stored import lines_in


class StopsOn:
    """Runs a connection test on a thread, with the limits of real use."""

    def __init__(self, server: ServerSettings, known_hosts: Path, accept: str | None = None) -> None:
        self.steps: list[Step] = []
        self._stop = Stop()
        self._report: list[ProbeReport] = []

        def work() -> None:
            self._report.append(
                probe_connection(server, lambda: "secret", known_hosts, accept, self.steps.append, stop=self._stop)
            )

        self._thread = threading.Thread(target=work, daemon=True)
        self._thread.start()

    def reach(self, last_step: str | None) -> None:
        wait_until(lambda: (self.steps[-1].name if self.steps else None) == last_step, f"step {last_step}")

    def stop(self) -> ProbeReport:
        self._stop.ask()
        self._thread.join(10)  # each limit is at least 20 s
        assert not self._thread.is_alive()
        return self._report[0]


def test_stop_while_the_name_is_looked_up(known_hosts: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No name server can be had here that never answers."""
    asked, answer = threading.Event(), threading.Event()

    def never(*_: Any, **__: Any) -> list[Any]:
        asked.set()
        answer.wait(60)
        return []

    monkeypatch.setattr(socket, "getaddrinfo", never)
    test = StopsOn(ServerSettings(host="example.com", user="u", path="."), known_hosts)
    assert asked.wait(10)
    report = test.stop()
    answer.set()
    assert report.stopped and not report.ok and report.steps == []


def hanging_before_login(answer: bytes | None) -> AbstractContextManager[int]:
    return unanswering() if answer is None else answering(answer)


@pytest.mark.parametrize(
    ("answer", "last_step"),
    [(None, "resolve"), (b"", "connect"), (b"SSH-2.0-Silent\r\n", "connect")],
    ids=["connect", "banner", "negotiate"],
)
def test_stop_before_login(known_hosts: Path, answer: bytes | None, last_step: str) -> None:
    with hanging_before_login(answer) as port:
        test = StopsOn(ServerSettings(host=f"127.0.0.1:{port}", user="u", path="."), known_hosts)
        test.reach(last_step)
        report = test.stop()
    assert report.stopped and report.error is None


def hanging_at(operation: str) -> type[asyncssh.SFTPServer]:
    async def never(*_: Any) -> None:
        await asyncio.sleep(600)

    return type("Hanging", (asyncssh.SFTPServer,), {operation: never})


@pytest.mark.parametrize(
    ("operation", "last_step"),
    [("stat", "authenticate"), ("open", "path"), ("rename", "write"), ("remove", "path")],
)
def test_stop_in_the_folder(tmp_path: Path, known_hosts: Path, operation: str, last_step: str) -> None:
    with asyncssh_server(tmp_path / "server", hanging_at(operation)) as server:
        settings = settings_for(server, "/")
        fresh = probe_connection(settings, lambda: "", known_hosts, None, lambda _: None)
        assert fresh.host_key is not None
        test = StopsOn(settings, known_hosts, fresh.host_key.fingerprint)
        test.reach(last_step)
        assert test.stop().stopped


def test_a_stopped_test_tidies_up(sshd: Server, known_hosts: Path) -> None:
    """Asked between two steps, it removes its file first."""
    settings, stop = settings_for(sshd), Stop()
    fresh = probe_connection(settings, lambda: "", known_hosts, None, lambda _: None)
    assert fresh.host_key is not None
    written = []

    def on_step(step: Step) -> None:
        if step.name == "write":
            written.extend(sshd.folder.iterdir())
            stop.ask()

    report = probe_connection(
        settings, lambda: sshd.password, known_hosts, fresh.host_key.fingerprint, on_step, stop=stop
    )
    assert report.stopped
    assert len(written) == 1
    assert list(sshd.folder.iterdir()) == []


def run_until(exporter: Exporter, when: Callable[[RunStep], bool]) -> Outcome:
    """A run that is stopped at the first progress that `when` picks."""
    stop = Stop()

    def on_progress(progress: RunStep) -> None:
        if when(progress):
            stop.ask()

    result = run_once(
        exporter.settings,
        exporter.paths,
        Request(StartedBy.FORM),
        lambda: exporter.password,
        on_progress,
        clock=lambda: exporter.now.timestamp(),
        stop=stop,
    )
    assert stop.asked
    with open_ledger(exporter.paths.ledger) as ledger:
        run = ledger.runs(1)[0]
    assert (run.outcome, run.message) == (result.outcome, None)
    return result.outcome


@pytest.mark.parametrize("kind", [Building, Connecting, Uploading])
def test_a_stopped_export_goes_on_with_the_next(exporter: Exporter, served: Path, kind: type[RunStep]) -> None:
    exporter.record("2026-11-21", ["a", "b"], size=2_000_000)
    assert run_until(exporter, lambda progress: isinstance(progress, kind)) is Outcome.STOPPED
    assert not any(name.endswith(".zip") and not name.startswith(".") for name in names(served))
    assert exporter.run().outcome is Outcome.DELIVERED
    assert names(served) == ["audit-trails-ws-2026-11-21.zip"]
    assert ids_in(served / "audit-trails-ws-2026-11-21.zip") == ["a", "b"]


def test_ctrl_c_ends_a_run_as_a_stop(exporter: Exporter) -> None:
    def interrupt(_: RunStep) -> None:
        raise KeyboardInterrupt

    exporter.record("2026-11-21", ["a"])
    with pytest.raises(KeyboardInterrupt):
        run_once(exporter.settings, exporter.paths, Request(), lambda: exporter.password, interrupt)
    with open_ledger(exporter.paths.ledger) as ledger:
        assert ledger.runs(1)[0].outcome is Outcome.STOPPED


def test_stop_between_two_attempts(exporter: Exporter, served: Path) -> None:
    exporter.record("2026-11-21", ["a"])
    reachable = exporter.settings
    down = f"127.0.0.1:{free_port()}"
    exporter.settings = structs.replace(reachable, server=structs.replace(reachable.server, host=down))
    assert run_until(exporter, lambda progress: isinstance(progress, Waiting)) is Outcome.STOPPED
    exporter.settings = reachable
    assert exporter.run().outcome is Outcome.DELIVERED


def test_the_host_key_accepted_before_a_stop_is_recorded(sshd: Server, tmp_path: Path) -> None:
    from desktop_app.actions.probe_server import try_connection
    from desktop_app.settings.model import Settings
    from desktop_app.settings.paths import Paths
    from desktop_app.stop import Stopped
    from desktop_app.trails.store.store import open_store

    paths, stop = Paths(tmp_path, tmp_path, tmp_path), Stop()
    settings = Settings(server=settings_for(sshd))
    fresh = try_connection(settings, paths, None, lambda _: None, "not asked for")
    assert fresh.host_key is not None

    def on_step(step: Step) -> None:
        if step.name == "host-key":
            stop.ask()

    with pytest.raises(Stopped):
        try_connection(settings, paths, fresh.host_key.fingerprint, on_step, sshd.password, stop)
    with open_store(paths.store) as store:
        lines = b"".join(lines_in(store))
    assert lines.count(b'"Host key"') == 1


@pytest.mark.parametrize("harm", ["BEGIN IMMEDIATE", "DROP TABLE events"])
def test_a_host_key_that_can_not_be_recorded_is_not_pinned(
    sshd: Server, tmp_path: Path, harm: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from desktop_app.actions.probe_server import try_connection
    from desktop_app.errors import LocalDiskError
    from desktop_app.settings.model import Settings
    from desktop_app.settings.paths import Paths

    paths = Paths(tmp_path, tmp_path, tmp_path)
    settings = Settings(server=settings_for(sshd))
    fresh = try_connection(settings, paths, None, lambda _: None, "not asked for")
    assert fresh.host_key is not None
    patient = sqlite3.connect
    monkeypatch.setattr(sqlite3, "connect", lambda *given, **options: patient(*given, **{**options, "timeout": 0}))
    with closing(sqlite3.connect(paths.store, isolation_level=None)) as other:
        other.execute(harm)
        with pytest.raises(LocalDiskError):
            try_connection(settings, paths, fresh.host_key.fingerprint, lambda _: None, sshd.password)
    assert not paths.known_hosts.exists()


def test_pinning_over_a_changed_key_records_both(sshd: Server, tmp_path: Path) -> None:
    import paramiko

    from desktop_app.actions.probe_server import try_connection
    from desktop_app.settings.model import Settings
    from desktop_app.settings.paths import Paths
    from desktop_app.trails.store.store import open_store

    paths = Paths(tmp_path, tmp_path, tmp_path)
    settings = Settings(server=settings_for(sshd))
    old = paramiko.ECDSAKey.generate()
    pin(paths.known_hosts, parse_address(settings.server.host), old)
    changed = try_connection(settings, paths, None, lambda _: None, sshd.password)
    assert changed.host_key is not None and not changed.ok
    assert [key.fingerprint for key in changed.known_before] == [old.fingerprint]
    assert try_connection(settings, paths, changed.host_key.fingerprint, lambda _: None, sshd.password).ok
    with open_store(paths.store) as store:
        lines = b"".join(lines_in(store))
    assert old.fingerprint.encode() in lines
