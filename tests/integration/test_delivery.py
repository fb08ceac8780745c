"""Delivery to real servers that are cut, full, occupied or dishonest."""

import json
import os
import sqlite3
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import asyncssh
import pytest
from msgspec import structs

from desktop_app.errors import ExitCode
from desktop_app.evidence.verify import verify
from desktop_app.export import outgoing
from desktop_app.export.ledger import Ledger, Outcome, StartedBy
from desktop_app.export.progress import Building, Delivered, Uploading
from desktop_app.settings.model import CefSettings, ExportSettings
from desktop_app.sftp import parallel_write, upload
from desktop_app.trails.own_actions import is_delivery
from desktop_app.trails.store.store import open_store
from tests.integration.exporter import Exporter, ids_in, names
from tests.servers import Server, answers, asyncssh_server, free_port, openssh, rclone, set_mode, wait_until
from tests.stored import lines_in
from tests.windows_gaps import needs

SLOW_LINK = Path(__file__).parents[1] / "tools" / "slow-link"


def test_missed_days_are_caught_up_oldest_first(exporter: Exporter, served: Path) -> None:
    for day in ("2026-11-21", "2026-11-19", "2026-11-20"):
        exporter.record(day, [day])
    result = exporter.run()
    assert [archive.day for archive in result.archives] == ["2026-11-19", "2026-11-20", "2026-11-21"]
    assert verify([served]).ok
    assert exporter.run().outcome is Outcome.NOTHING_DUE


def test_progress_is_of_all_that_is_built_and_sent(exporter: Exporter) -> None:
    exporter.record("2026-11-20", [f"a{number}" for number in range(4000)], size=500)
    (archive,) = exporter.run().archives
    sent = [each.sent for each in exporter.told if isinstance(each, Uploading)]
    assert (sent, sent[-1]) == (sorted(sent), archive.bytes)
    assert len(sent) > 1
    built = [(each.events, each.total) for each in exporter.told if isinstance(each, Building)]
    assert (built, built[-1]) == (sorted(built), (4000, 4000))
    assert exporter.told[-1] == Delivered(archive.name, archive.events, archive.bytes)


def test_a_day_that_can_not_be_read_holds_no_other_up(exporter: Exporter, served: Path) -> None:
    for day in ("2026-11-19", "2026-11-20", "2026-11-21"):
        exporter.record(day, [f"{day}-{number}" for number in range(100)], size=500)
    with closing(sqlite3.connect(exporter.paths.store, isolation_level=None)) as store:
        number, block = store.execute("SELECT first_seq, deflated FROM blocks ORDER BY first_ms").fetchone()
        store.execute("UPDATE blocks SET deflated = zeroblob(9) WHERE first_seq = ?", (number,))
    result = exporter.run()
    assert [archive.day for archive in result.archives] == ["2026-11-20", "2026-11-21"]
    assert result.error is not None and result.error.exit_code == ExitCode.LOCAL_DISK
    assert "The events of 2026-11-19 can't be read" in result.error.message
    assert exporter.run().error is not None
    with closing(sqlite3.connect(exporter.paths.store, isolation_level=None)) as store:
        store.execute("UPDATE blocks SET deflated = ? WHERE first_seq = ?", (block, number))
    result = exporter.run()
    assert ([archive.events for archive in result.archives], result.error) == ([100], None)
    assert verify([served]).ok


def test_late_events_get_the_next_archive_of_their_day(exporter: Exporter, served: Path) -> None:
    exporter.record("2026-11-20", ["a"])
    exporter.run()
    exporter.record("2026-11-20", ["b"])
    exporter.run()
    assert names(served) == ["audit-trails-ws-2026-11-20-2.zip", "audit-trails-ws-2026-11-20.zip"]
    assert ids_in(served / "audit-trails-ws-2026-11-20-2.zip") == ["b"]
    assert verify([served]).ok


def test_another_time_zone_neither_loses_nor_repeats(exporter: Exporter, served: Path) -> None:
    exporter.record("2026-11-20", ["a"])
    exporter.run()
    exporter.record("2026-11-19", ["b"])
    zone = ExportSettings(instance="ws", timezone="Pacific/Kiritimati")
    exporter.settings = structs.replace(exporter.settings, export=zone)
    exporter.run()
    exporter.record("2026-11-20", ["c"])
    exporter.run()
    assert sorted(event for path in served.iterdir() for event in ids_in(path)) == ["a", "b", "c"]


def test_today_only_when_asked(exporter: Exporter, served: Path) -> None:
    exporter.record("2026-11-23", ["a"])
    assert exporter.run().outcome is Outcome.NOTHING_DUE
    assert [a.events for a in exporter.run(today_too=True).archives] == [1]
    exporter.record("2026-11-23", ["b"])
    exporter.now += timedelta(days=1)
    exporter.run()
    assert names(served) == ["audit-trails-ws-2026-11-23-2.zip", "audit-trails-ws-2026-11-23.zip"]
    assert ids_in(served / "audit-trails-ws-2026-11-23-2.zip") == ["b"]


def test_days_without_events_get_an_archive_while_on(exporter: Exporter, served: Path) -> None:
    exporter.settings = structs.replace(exporter.settings, enabled=True)
    assert exporter.run().outcome is Outcome.NOTHING_DUE
    exporter.now += timedelta(days=3)
    result = exporter.run()
    assert [(a.day, a.events) for a in result.archives] == [(f"2026-11-{day}", 0) for day in (23, 24, 25)]
    assert ids_in(served / "audit-trails-ws-2026-11-24.zip") == []
    assert verify([served]).ok


def test_a_scheduled_run_does_nothing_while_off(exporter: Exporter, served: Path) -> None:
    exporter.record("2026-11-20", ["a"])
    assert exporter.run(started_by=StartedBy.SCHEDULE).outcome is Outcome.NOTHING_DUE
    assert names(served) == []


def test_a_clock_set_back_loses_nothing(exporter: Exporter, served: Path) -> None:
    exporter.record("2026-11-20", ["a"])
    exporter.run()
    exporter.now -= timedelta(days=30)
    exporter.record("2026-10-01", ["b"])
    assert [a.day for a in exporter.run().archives] == ["2026-10-01"]
    exporter.now += timedelta(days=30)
    assert exporter.run().outcome is Outcome.NOTHING_DUE
    assert verify([served]).ok


def test_delivered_events_are_pruned_and_not_exported_again(exporter: Exporter, served: Path) -> None:
    exporter.record("2026-11-20", ["a"])
    exporter.run()
    exporter.now += timedelta(days=120)
    exporter.run()
    with open_store(exporter.paths.store) as store:
        lines = lines_in(store)
    assert not any(b'"id":"a"' in line for line in lines)
    assert [event for path in served.iterdir() for event in ids_in(path)].count("a") == 1


def test_a_taken_name_is_not_overwritten(exporter: Exporter, served: Path) -> None:
    taken = served / "audit-trails-ws-2026-11-20.zip"
    taken.write_bytes(b"somebody else's")
    taken.chmod(0o644)
    exporter.record("2026-11-20", ["a"])
    (archive,) = exporter.run().archives
    assert archive.name == "audit-trails-ws-2026-11-20-2.zip"
    assert taken.read_bytes() == b"somebody else's"
    assert ids_in(served / archive.name) == ["a"]
    with zipfile.ZipFile(served / archive.name) as file:
        assert json.loads(file.read("manifest.json"))["number"] == 2


def test_leftovers_of_this_instance_alone_are_removed(exporter: Exporter, served: Path) -> None:
    ours = served / ".audit-trails-ws-2026-11-01-2.zip.part"
    others = [served / ".audit-trails-ws-b-2026-11-01.zip.part", served / "notes.part"]
    for path in [ours, *others]:
        path.write_bytes(b"x")
    exporter.record("2026-11-20", ["a"])
    exporter.run()
    assert not ours.exists()
    assert all(path.exists() for path in others)


def test_a_leftover_that_can_not_be_removed_holds_nothing_up(exporter: Exporter, served: Path) -> None:
    (served / ".audit-trails-ws-2026-11-01.zip.part").mkdir()
    exporter.record("2026-11-20", ["a"])
    assert exporter.run().outcome is Outcome.DELIVERED


def test_two_installations_of_one_name_deliver_at_the_same_time(
    exporter: Exporter, sshd: Server, served: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = Exporter(tmp_path / "other", sshd, served.name)
    exporter.record("2026-11-20", ["a"])
    other.record("2026-11-20", ["b"])
    write = upload.write_parallel

    def write_while_the_other_runs(*given: Any) -> None:
        write(*given)
        monkeypatch.setattr(upload, "write_parallel", write)
        assert other.run().outcome is Outcome.DELIVERED

    monkeypatch.setattr(upload, "write_parallel", write_while_the_other_runs)
    (archive,) = exporter.run().archives
    assert ids_in(served / archive.name) == ["a"]
    assert names(served) == [archive.name, "audit-trails-ws-2026-11-20.zip"]


@pytest.mark.parametrize("before", ["require_arrived", "rename"])
def test_a_part_that_somebody_removes_is_named(
    exporter: Exporter, served: Path, monkeypatch: pytest.MonkeyPatch, before: str
) -> None:
    step = getattr(upload, before)

    def go_on_without_it(*given: Any) -> Any:
        (part,) = served.glob(".audit-trails-ws-2026-11-20.zip.*.part")
        part.unlink()
        return step(*given)

    monkeypatch.setattr(upload, before, go_on_without_it)
    exporter.record("2026-11-20", ["a"])
    error = exporter.run().error
    assert error is not None and "Somebody removed" in error.message and "instance name" in error.hint
    assert error.exit_code == ExitCode.TRY_LATER


@needs("names of bytes")
def test_a_name_on_the_server_that_is_no_text_holds_nothing_up(exporter: Exporter, served: Path) -> None:
    Path(os.fsdecode(os.fsencode(served) + b"/Pr\xfcfung.zip")).touch()
    exporter.record("2026-11-21", ["a"])
    assert exporter.run().outcome is Outcome.DELIVERED


@needs("names of bytes")
def test_a_folder_on_the_server_that_is_no_text_is_as_good_as_others(exporter: Exporter, served: Path) -> None:
    served.rename(os.fsdecode(os.fsencode(served) + b"\xfc"))
    served.symlink_to(os.fsdecode(os.fsencode(served.name) + b"\xfc"))
    exporter.record("2026-11-21", ["a"])
    assert exporter.run().outcome is Outcome.DELIVERED


def test_an_archive_that_was_lost_from_the_outbox_is_built_again(exporter: Exporter, served: Path) -> None:
    exporter.record("2026-11-20", ["a"])
    set_mode(served, 0o555)
    assert exporter.run().outcome is Outcome.FAILED
    (waiting,) = exporter.paths.outbox.iterdir()
    waiting.write_bytes(b"damaged")
    set_mode(served, 0o755)
    (archive,) = exporter.run().archives
    assert ids_in(served / archive.name) == ["a"]


def test_what_is_not_ours_in_the_outbox_is_left_alone(exporter: Exporter, served: Path) -> None:
    outbox = exporter.paths.outbox
    (outbox / "old").mkdir(parents=True)
    for name in ("audit-trails-ws-2026-11-21.zip", "audit-trails-other-2026-11-21.zip", "precious.txt"):
        (outbox / name).touch()
    exporter.record("2026-11-22", ["a"])
    assert exporter.run().outcome is Outcome.DELIVERED
    assert names(outbox) == ["audit-trails-other-2026-11-21.zip", "old", "precious.txt"]


def test_a_file_that_another_program_holds_is_taken_from_the_outbox_later(
    exporter: Exporter, served: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    exporter.paths.outbox.mkdir(parents=True)
    (exporter.paths.outbox / "audit-trails-ws-2026-11-21.zip").touch()
    exporter.record("2026-11-22", ["a"])
    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", Mock(side_effect=PermissionError("held")))
        assert exporter.run().outcome is Outcome.DELIVERED
    assert len(names(exporter.paths.outbox)) == 2
    assert exporter.run().outcome is Outcome.NOTHING_DUE
    assert names(exporter.paths.outbox) == []


def test_an_archive_that_another_program_holds_waits(
    exporter: Exporter, served: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    exporter.record("2026-11-22", ["a"])
    with monkeypatch.context() as patch:
        patch.setattr("desktop_app.sftp.parallel_write.FileIO", Mock(side_effect=PermissionError(13, "held")))
        error = exporter.run().error
    assert error is not None and error.exit_code == ExitCode.LOCAL_DISK and "held" in error.message
    assert exporter.run().outcome is Outcome.DELIVERED


@pytest.mark.parametrize("read_back_limit", [64 << 20, 0])
@pytest.mark.parametrize(
    "damage", [Path.unlink, lambda file: file.write_bytes(b"damaged")], ids=["lost", "damaged"]
)
def test_what_the_server_has_is_not_delivered_again_when_it_would_be_built_otherwise(
    exporter: Exporter, served: Path, monkeypatch: pytest.MonkeyPatch, damage: Any, read_back_limit: int
) -> None:
    monkeypatch.setattr("desktop_app.sftp.upload.READ_BACK_LIMIT", read_back_limit)
    exporter.settings = structs.replace(
        exporter.settings, export=structs.replace(exporter.settings.export, format="cef")
    )
    exporter.record("2026-11-20", ["a"])
    with monkeypatch.context() as killed, pytest.raises(KeyboardInterrupt):
        killed.setattr(Ledger, "mark_delivered", Mock(side_effect=KeyboardInterrupt))
        exporter.run()
    (waiting,) = exporter.paths.outbox.iterdir()
    there = (served / waiting.name).read_bytes()
    damage(waiting)
    exporter.settings = structs.replace(exporter.settings, cef=CefSettings(version=0))
    (archive,) = exporter.run().archives
    assert names(served) == [archive.name] == [waiting.name]
    assert (served / archive.name).read_bytes() == there
    assert names(exporter.paths.outbox) == []
    exporter.record("2026-11-20", ["b"])
    assert [a.events for a in exporter.run().archives] == [1]
    assert verify([served]).ok


@pytest.mark.parametrize(("owner", "step"), [(Ledger, "mark_delivered"), (outgoing, "archive_delivered")])
def test_a_delivery_is_recorded_as_an_event_before_it_counts(
    exporter: Exporter, monkeypatch: pytest.MonkeyPatch, served: Path, owner: Any, step: str
) -> None:
    def deliveries() -> list[bytes]:
        with open_store(exporter.paths.store) as store:
            return [line for line in lines_in(store) if is_delivery(line)]

    exporter.record("2026-11-20", ["a"])
    with monkeypatch.context() as killed, pytest.raises(KeyboardInterrupt):
        killed.setattr(owner, step, Mock(side_effect=KeyboardInterrupt))
        exporter.run()
    assert len(deliveries()) == (1 if owner is Ledger else 0)
    assert [archive.events for archive in exporter.run().archives] == [1]
    assert len(deliveries()) == 1
    assert len(names(served)) == 1


def test_a_wrong_password_is_sent_once_to_a_server_that_hangs_up_on_it(tmp_path: Path) -> None:
    with openssh(tmp_path / "server", "MaxAuthTries 1") as server:
        exporter = Exporter(tmp_path / "home", server, "")
        exporter.password = "not this one"
        exporter.record("2026-11-20", ["a"])
        result = exporter.run()
        assert result.error is not None and result.error.exit_code == ExitCode.NO_PERMISSION
        assert server.log.read_text().count("Failed password for") == 1


def test_a_password_is_sent_once_to_a_server_that_cuts_without_an_answer(tmp_path: Path) -> None:
    sent: list[str] = []

    class CutsOff(asyncssh.SSHServer):
        def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
            self._connection = conn

        def password_auth_supported(self) -> bool:
            return True

        def validate_password(self, username: str, password: str) -> bool:
            sent.append(password)
            self._connection.abort()
            return False

    with asyncssh_server(tmp_path / "server", login=CutsOff) as server:
        exporter = Exporter(tmp_path / "home", server, "/")
        exporter.record("2026-11-20", ["a"])
        result = exporter.run()
    assert result.error is not None and "cut the connection when it had got the password" in result.error.message
    assert (result.error.exit_code, result.error.field) == (ExitCode.NO_PERMISSION, "server.password")
    assert sent == [server.password]


def test_a_refusal_is_not_tried_again(exporter: Exporter, served: Path) -> None:
    exporter.record("2026-11-20", ["a"])
    set_mode(served, 0o555)
    result = exporter.run()
    assert result.error is not None and result.error.exit_code == ExitCode.NO_PERMISSION
    assert exporter.run().error is not None
    set_mode(served, 0o755)
    assert [archive.day for archive in exporter.run().archives] == ["2026-11-20"]


@contextmanager
def slow_link(port: int, *options: str) -> Iterator[int]:
    listen = free_port()
    process = subprocess.Popen([sys.executable, str(SLOW_LINK), str(listen), str(port), *options])
    try:
        yield listen
    finally:
        process.terminate()
        process.wait()


@pytest.mark.parametrize("cut", [0, 500, 3_000, 30_000, 400_000, 1_500_000])
def test_a_cut_connection_is_made_good(exporter: Exporter, sshd: Server, served: Path, cut: int) -> None:
    exporter.record("2026-11-20", [f"a{n}" for n in range(4000)], size=500)
    direct = exporter.settings
    with slow_link(sshd.port) as port:
        wait_until(lambda: answers(port), "slow-link")
        there = structs.replace(direct.server, host=f"127.0.0.1:{port}")
        exporter.settings = structs.replace(direct, server=there)
        exporter.trust()
    with slow_link(sshd.port, "--cut", str(cut)) as port:
        known = exporter.paths.known_hosts
        known.write_text(known.read_text() + known.read_text().replace(there.host.partition(":")[2], str(port)))
        host = f"127.0.0.1:{port}"
        exporter.settings = structs.replace(direct, server=structs.replace(direct.server, host=host))
        wait_until(lambda: not answers(port) if cut == 0 else answers(port), "slow-link")
        result = exporter.run()
    assert result.error is not None and result.error.exit_code == ExitCode.UNREACHABLE
    assert [name for name in names(served) if not name.startswith(".")] == []
    exporter.settings = direct
    assert [archive.events for archive in exporter.run().archives] == [4000]
    assert names(served) == ["audit-trails-ws-2026-11-20.zip"]
    assert verify([served]).ok


@needs("mount")
def test_a_full_disk_that_is_freed(exporter: Exporter, served: Path) -> None:
    exporter.record("2026-11-20", [f"a{n}" for n in range(4000)], size=500)
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m,mode=0777", "tmpfs", str(served)], check=True)
    try:
        result = exporter.run()
        assert result.error is not None and result.error.exit_code == ExitCode.TRY_LATER
        assert result.error.message == "The server's disk is full."
        subprocess.run(["mount", "-o", "remount,size=50m", str(served)], check=True)
        assert [archive.events for archive in exporter.run().archives] == [4000]
        assert names(served) == ["audit-trails-ws-2026-11-20.zip"]
        assert verify([served]).ok
    finally:
        subprocess.run(["umount", str(served)], check=True)


@pytest.mark.parametrize("serve", [rclone, asyncssh_server], ids=["go", "python"])
def test_large_archives_reach_other_servers(tmp_path: Path, serve: Any) -> None:
    with serve(tmp_path / "server") as server:
        exporter = Exporter(tmp_path / "client", server, "/")
        exporter.record("2026-11-20", [f"a{n}" for n in range(10_000)], size=500)
        (archive,) = exporter.run().archives
        assert archive.bytes > 5_000_000
        assert verify([server.folder]).ok


@pytest.mark.parametrize(("most", "channels"), [(10, 3), (1, 1)])
def test_a_long_line_gets_as_many_channels_as_the_server_allows(tmp_path: Path, most: int, channels: int) -> None:
    with (
        openssh(tmp_path / "sshd", f"MaxSessions {most}") as server,
        slow_link(server.port, "--delay", "25") as port,
    ):
        wait_until(lambda: answers(port), "slow-link")
        exporter = Exporter(tmp_path / "client", replace(server, port=port), ".")
        exporter.record("2026-11-20", [f"a{n}" for n in range(20_000)], size=1000)
        (archive,) = exporter.run().archives
        assert archive.bytes > 16 << 20
        assert verify([server.folder]).ok
        assert server.log.read_text().count("subsystem request for sftp") == channels


def test_a_channel_that_is_closed_at_once_leaves_the_file_to_the_others(
    exporter: Exporter, served: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parallel_write, "_how_many", lambda connection, size: 1)
    monkeypatch.setattr(parallel_write, "open_sftp", Mock(side_effect=OSError("Socket is closed")))
    exporter.record("2026-11-20", ["a"])
    assert [archive.events for archive in exporter.run().archives] == [1]


class _Flipping(asyncssh.SFTPServer):
    """Changes one byte of what it is given."""

    def write(self, file_obj: Any, offset: int, data: bytes) -> int:
        return super().write(file_obj, offset, data[:-1] + bytes([data[-1] ^ 1]))


class _PosixRenameOnly(asyncssh.SFTPServer):
    def rename(self, oldpath: bytes, newpath: bytes) -> None:
        raise asyncssh.SFTPOpUnsupported("no plain rename")


class _RenamesAndFails(asyncssh.SFTPServer):
    def rename(self, oldpath: bytes, newpath: bytes) -> None:
        super().rename(oldpath, newpath)
        raise asyncssh.SFTPFailure("what follows a rename here failed")


class _RemovesNothing(asyncssh.SFTPServer):
    def remove(self, path: bytes) -> None:
        raise asyncssh.SFTPPermissionDenied("nobody may delete here")


def test_a_leftover_that_nobody_may_delete_holds_nothing_up(tmp_path: Path) -> None:
    with asyncssh_server(tmp_path / "server", _RemovesNothing) as server:
        left = server.folder / ".audit-trails-ws-2026-11-20.zip.part"
        left.write_bytes(b"x" * 5000)
        exporter = Exporter(tmp_path / "client", server, "/")
        exporter.record("2026-11-20", ["a"])
        assert [archive.events for archive in exporter.run().archives] == [1]
        assert names(server.folder) == [left.name, "audit-trails-ws-2026-11-20.zip"]
        assert verify([server.folder]).ok


def test_a_changed_byte_is_found_by_reading_back(tmp_path: Path) -> None:
    with asyncssh_server(tmp_path / "server", _Flipping) as server:
        exporter = Exporter(tmp_path / "client", server, "/")
        exporter.record("2026-11-20", ["a"])
        result = exporter.run()
        assert result.error is not None and "not what was sent" in result.error.message
        assert [name for name in names(server.folder) if not name.startswith(".")] == []


@pytest.mark.parametrize("sftp", [_PosixRenameOnly, _RenamesAndFails])
def test_servers_that_rename_in_their_own_way(tmp_path: Path, sftp: type[asyncssh.SFTPServer]) -> None:
    with asyncssh_server(tmp_path / "server", sftp) as server:
        exporter = Exporter(tmp_path / "client", server, "/")
        exporter.record("2026-11-20", ["a"])
        assert [archive.events for archive in exporter.run().archives] == [1]
        assert names(server.folder) == ["audit-trails-ws-2026-11-20.zip"]
