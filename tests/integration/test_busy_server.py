"""A server that takes no more connections is told as that, and waited for; everybody gets in."""

import socket
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import pytest
from msgspec import structs

from desktop_app.actions.run import Request, RunResult, RunStep, run_once
from desktop_app.errors import ExitCode, UserError
from desktop_app.export.delivery import Backoff
from desktop_app.export.ledger import Outcome
from desktop_app.export.progress import Waiting
from desktop_app.settings.model import ServerSettings
from desktop_app.sftp.connection import connect
from desktop_app.sftp.errors import ConnectionLost, HungUp, ServerBusy
from tests.integration.exporter import Exporter, names
from tests.integration.test_connection import SHORT, packet
from tests.servers import Server, answering, listening, openssh, served_folder, settings_for, wait_until

MAX_STARTUPS = b"Exceeded MaxStartups\r\n"
PENALTY = b"Not allowed at this time\r\n"
SHORT_WAITS = Backoff(attempts=1, first_wait=0.05, longest_wait=0.5, busy_attempts=100)


def disconnecting(code: int) -> bytes:
    """A server's version, and that it hangs up for this reason (RFC 4253, section 11.1)."""
    text = b"come back later"
    fields = code.to_bytes(4, "big") + len(text).to_bytes(4, "big") + text + bytes(4)
    return b"SSH-2.0-Full\r\n" + packet(b"\x01" + fields)


def failure(port: int, known_hosts: Path) -> UserError:
    settings = ServerSettings(host=f"127.0.0.1:{port}", user="u", path="/")
    with pytest.raises(UserError) as caught:
        connect(settings, lambda: "p", known_hosts, limits=SHORT)
    return caught.value


@pytest.mark.parametrize(
    ("greeting", "told"),
    [
        (MAX_STARTUPS, "takes no more connections"),
        (MAX_STARTUPS.strip(), "takes no more connections"),
        (disconnecting(12), "takes no more connections"),
        (PENALTY, "refuses the address of this computer for a while"),
    ],
)
def test_a_busy_server_is_told_as_that(known_hosts: Path, greeting: bytes, told: str) -> None:
    def serve(sock: socket.socket) -> None:
        sock.sendall(greeting)
        sock.shutdown(socket.SHUT_WR)
        sock.recv(1000)

    with listening(serve) as port:
        error = failure(port, known_hosts)
    assert isinstance(error, ServerBusy)
    assert (error.exit_code, error.may_pass) == (ExitCode.TRY_LATER, True)
    assert told in error.message and "port" not in error.hint


def test_a_server_that_closes_without_a_word_is_not_one_that_is_silent(known_hosts: Path) -> None:
    with answering(None) as port:
        assert isinstance(failure(port, known_hosts), HungUp)
    with answering(b"") as port:
        silent = failure(port, known_hosts)
    assert isinstance(silent, ConnectionLost) and not isinstance(silent, HungUp)


def test_a_server_at_its_limit_is_busy(tmp_path: Path, known_hosts: Path) -> None:
    with openssh(tmp_path / "sshd", "MaxStartups 1:100:1") as server, ExitStack() as held:

        def gets_in() -> bool:
            other = held.enter_context(socket.create_connection(("127.0.0.1", server.port)))
            return other.recv(4) == b"SSH-"

        wait_until(gets_in, "the one connection")
        assert isinstance(failure(server.port, known_hosts), (ServerBusy, HungUp))


@contextmanager
def turning_away(server: Server, first: int, greeting: bytes) -> Iterator[int]:
    """A port before a server that says `greeting` to the first connections, and only later lets through."""
    turned = 0

    def serve(sock: socket.socket) -> None:
        nonlocal turned
        if turned < first:
            turned += 1
            sock.sendall(greeting)
            sock.close()
            return
        there = socket.create_connection(("127.0.0.1", server.port))
        for one, other in ((sock, there), (there, sock)):
            threading.Thread(target=pass_on, args=(one, other), daemon=True).start()

    with listening(serve) as port:
        yield port


def pass_on(one: socket.socket, other: socket.socket) -> None:
    with suppress(OSError):
        while piece := one.recv(1 << 16):
            other.sendall(piece)
    with suppress(OSError):
        other.shutdown(socket.SHUT_WR)


@pytest.mark.parametrize("greeting", [MAX_STARTUPS, PENALTY, b""], ids=["startups", "penalty", "silent"])
def test_a_busy_server_is_waited_for_longer_than_a_cut_is_repaired(
    sshd: Server, tmp_path: Path, greeting: bytes
) -> None:
    exporter = Exporter(tmp_path / "client", sshd, ".")
    folder = tmp_path.name
    exporter.settings = structs.replace(exporter.settings, server=settings_for(sshd, folder))
    served_folder(sshd, folder)
    exporter.record("2026-11-20", ["a"])
    waits: list[Waiting] = []
    with turning_away(sshd, 8, greeting) as port:
        known = exporter.paths.known_hosts
        known.write_text(known.read_text().replace(f":{sshd.port}", f":{port}"))
        server = structs.replace(exporter.settings.server, host=f"127.0.0.1:{port}")
        exporter.settings = structs.replace(exporter.settings, server=server)
        result = run(exporter, lambda progress: waits.append(progress) if isinstance(progress, Waiting) else None)
    assert result.error is None and result.outcome is Outcome.DELIVERED
    assert len(waits) == 8
    assert names(sshd.folder / folder) == ["audit-trails-ws-2026-11-20.zip"]


def run(exporter: Exporter, on_progress: Callable[[RunStep], object] = lambda _: None) -> RunResult:
    return run_once(
        exporter.settings,
        exporter.paths,
        Request(),
        lambda: exporter.password,
        on_progress,
        SHORT_WAITS,
        clock=lambda: exporter.now.timestamp(),
    )


def test_many_that_come_at_once_all_deliver(tmp_path: Path) -> None:
    with openssh(tmp_path / "sshd", "MaxStartups 2:50:3") as server, ExitStack() as stack:
        exporters = []
        for number in range(12):
            exporter = Exporter(tmp_path / f"client{number}", server, ".")
            exporter.settings = structs.replace(
                exporter.settings, export=structs.replace(exporter.settings.export, instance=f"ws{number}")
            )
            exporter.record("2026-11-20", ["a"])
            exporters.append(exporter)
        pool = stack.enter_context(ThreadPoolExecutor(len(exporters)))
        busy = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(3)]
        running = pool.map(run, exporters)
        wait_until(lambda: "drop connection" in server.log.read_text(), "a connection that is dropped")
        for each in busy:
            each.close()
        results = list(running)
        assert [result.error for result in results] == [None] * 12
        assert names(server.folder) == sorted(f"audit-trails-ws{number}-2026-11-20.zip" for number in range(12))


def test_the_waits_for_a_busy_server_reach_beyond_a_refusal_of_ten_minutes() -> None:
    backoff = Backoff()
    doubled = [backoff.first_wait * 2.0**number for number in range(backoff.busy_attempts - 1)]
    shortest = sum(min(wait, backoff.longest_wait) for wait in doubled) / 2
    longest = 2 * shortest
    assert shortest > 450 and (shortest + longest) / 2 > 600 and longest < 1200
    drawn = {backoff.wait_after(6) for _ in range(50)}
    assert len(drawn) == 50 and all(30 <= each <= 60 for each in drawn)
