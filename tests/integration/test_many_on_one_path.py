"""Several installations with one instance name on one server path, and what each leaves there."""

import os
import shutil
import time
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest

from desktop_app.actions.probe_server import try_connection
from desktop_app.actions.run import RunResult
from desktop_app.export.ledger import Outcome
from desktop_app.secrets.keepers import account_name, save_password
from desktop_app.sftp import parallel_write, upload
from tests.integration.exporter import Exporter, ids_in, names
from tests.servers import Server, set_mode

DAY = 24 * 3600


@pytest.fixture
def other(sshd: Server, served: Path, tmp_path: Path) -> Exporter:
    return Exporter(tmp_path / "other", sshd, served.name)


def warnings_of_test(exporter: Exporter) -> list[str]:
    server = exporter.settings.server
    save_password(exporter.paths, account_name(server), exporter.password)
    report = try_connection(exporter.settings, exporter.paths, None, lambda step: None)
    assert report.ok
    return list(map(str, report.warnings))


def warnings_of(result: RunResult) -> list[str]:
    """Those of a run. What the program does itself is an event of today, which is the future of this story."""
    return [str(each) for each in result.warnings if not each.startswith("There are events of the future")]


def test_an_upload_is_not_taken_for_that_of_another(
    exporter: Exporter, other: Exporter, served: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other one is killed amid its upload just when this one has looked at what it has uploaded."""
    exporter.record("2026-11-20", ["a"])
    other.record("2026-11-20", ["b"])
    rename = upload.rename

    def rename_while_the_other_is_killed(*given: Any) -> None:
        monkeypatch.setattr(upload, "rename", rename)
        with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
            patch.setattr(parallel_write, "_write_stripes", Mock(side_effect=KeyboardInterrupt))
            other.run()
        rename(*given)

    monkeypatch.setattr(upload, "rename", rename_while_the_other_is_killed)
    (archive,) = exporter.run().archives
    assert ids_in(served / archive.name) == ["a"]
    (archive,) = other.run().archives
    assert ids_in(served / archive.name) == ["b"]
    assert names(served) == ["audit-trails-ws-2026-11-20-2.zip", "audit-trails-ws-2026-11-20.zip"]


def test_a_copy_of_an_installation_has_uploads_of_its_own(
    exporter: Exporter, served: Path, tmp_path: Path, sshd: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Cloned with an archive waiting: both upload the same bytes at the same time."""
    exporter.record("2026-11-20", ["a"])
    set_mode(served, 0o555)
    assert exporter.run().outcome is Outcome.FAILED
    set_mode(served, 0o755)
    shutil.copytree(exporter.paths.data, tmp_path / "clone")
    clone = Exporter(tmp_path / "clone", sshd, served.name)
    write, seen = upload.write_parallel, []

    def write_while_the_clone_runs(*given: Any) -> None:
        write(*given)
        monkeypatch.setattr(upload, "write_parallel", write)
        seen.append(clone.run().outcome)

    monkeypatch.setattr(upload, "write_parallel", write_while_the_clone_runs)
    assert exporter.run().outcome is Outcome.DELIVERED
    assert seen == [Outcome.DELIVERED]
    assert names(served) == ["audit-trails-ws-2026-11-20.zip"]
    assert ids_in(served / "audit-trails-ws-2026-11-20.zip") == ["a"]


@pytest.mark.parametrize("age", [0, 1, 3])
def test_uploads_of_others_are_removed_when_nobody_can_be_at_work_on_them(
    exporter: Exporter, served: Path, age: int
) -> None:
    """By the server's clock: that of this computer is years away here."""
    left = served / ".audit-trails-ws-2026-11-19.zip.0123456789ab.part"
    elsewhere = served / ".audit-trails-ws-b-2026-11-19.zip.0123456789ab.part"
    for file in (left, elsewhere):
        file.touch()
        os.utime(file, (time.time() - age * DAY,) * 2)
    exporter.record("2026-11-20", ["a"])
    exporter.run()
    assert left.exists() == (age < 2)
    assert elsewhere.exists()


def test_an_upload_that_was_killed_is_removed_by_the_next_run(
    exporter: Exporter, served: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    exporter.record("2026-11-20", ["a"])
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(upload, "require_arrived", Mock(side_effect=KeyboardInterrupt))
        exporter.run()
    assert len(names(served)) == 1
    (result, archives) = exporter.run(), names(served)
    assert archives == ["audit-trails-ws-2026-11-20.zip"]
    assert warnings_of(result) == []


def test_an_upload_that_was_given_up_leaves_nothing(
    exporter: Exporter, served: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    exporter.record("2026-11-20", ["a"])
    monkeypatch.setattr(upload, "has_sha256", lambda *given: False)
    assert exporter.run().outcome is Outcome.FAILED
    assert names(served) == []


def test_another_installation_of_the_same_name_is_told(exporter: Exporter, other: Exporter, served: Path) -> None:
    exporter.record("2026-11-20", ["a"])
    assert warnings_of_test(exporter) == []
    assert warnings_of(exporter.run()) == []
    exporter.record("2026-11-21", ["c"])
    assert warnings_of(exporter.run()) == []
    assert warnings_of_test(exporter) == []
    (warning,) = warnings_of_test(other)
    assert "instance name ws" in warning and "audit-trails-ws-2026-11-21.zip" in warning
    other.record("2026-11-20", ["b"])
    result = other.run()
    assert result.outcome is Outcome.DELIVERED
    assert len(warnings_of(result)) == 1
    exporter.record("2026-11-20", ["d"])
    assert "audit-trails-ws-2026-11-20-2.zip" in warnings_of(exporter.run())[0]


def test_a_run_does_not_tell_for_ever_of_a_name_that_was_used_long_ago(exporter: Exporter, served: Path) -> None:
    """As of the same computer before it was set up again."""
    old = served / "audit-trails-ws-2026-11-01.zip"
    old.touch()
    os.utime(old, (time.time() - 3 * DAY,) * 2)
    assert len(warnings_of_test(exporter)) == 1
    exporter.record("2026-11-20", ["a"])
    assert warnings_of(exporter.run()) == []


def test_one_that_lost_its_ledger_is_not_told_that_it_is_another(exporter: Exporter, served: Path) -> None:
    exporter.record("2026-11-20", ["a"])
    exporter.run()
    for file in exporter.paths.data.glob("ledger.db*"):
        file.unlink()
    assert warnings_of_test(exporter) == []
    exporter.record("2026-11-21", ["b"])
    assert warnings_of(exporter.run()) == []
