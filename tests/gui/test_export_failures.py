"""The page *Audit Trails* when something is wrong: real servers that really fail."""

import json
import shutil
import socket
import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from types import ModuleType
from typing import NoReturn

import asyncssh
import paramiko
import pytest
from msgspec import structs
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QLabel, QLineEdit
from pytestqt.qtbot import QtBot

from desktop_app.actions import keep_password as password
from desktop_app.actions import probe_and_save, run
from desktop_app.errors import LocalDiskError
from desktop_app.export.ledger import Outcome, StartedBy, open_ledger
from desktop_app.export.run_lock import run_lock
from desktop_app.gui.export.algorithm_list import AlgorithmList
from desktop_app.gui.export.host_key_dialog import ChangedHostKeyDialog, NewHostKeyDialog
from desktop_app.gui.export.keeper_dialog import KeeperDialog
from desktop_app.gui.export.task_care import TaskCare
from desktop_app.gui.widgets.theme import color
from desktop_app.schedule import daily_task
from desktop_app.schedule import password_at_night as night
from desktop_app.schedule.password_at_night import TriedKeeper
from desktop_app.schedule.task_state import TaskState
from desktop_app.secrets.keepers import read_password
from desktop_app.settings.address import parse_address
from desktop_app.settings.effective import load_settings, save_settings
from desktop_app.settings.model import Settings
from desktop_app.settings.paths import Paths
from desktop_app.sftp.host_keys import known_keys, pin
from desktop_app.trails.event import parse_event
from desktop_app.trails.store.store import open_store
from desktop_app.wording import Said
from tests.gui.conftest import BuildWindow
from tests.gui.form_user import WAIT, FormUser
from tests.servers import Server, answering, free_port, openssh, unanswering
from tests.windows_gaps import needs


def assert_nothing_saved(paths: Paths) -> None:
    assert not paths.config_file.exists() and not paths.secret_file.exists()


def red(form: FormUser, name: str) -> bool:
    """Whether the frame of a field is in the colour of what is wrong."""
    field = form.page.findChild(QLineEdit, name)
    assert field is not None
    picture = field.grab().toImage()
    column = [picture.pixelColor(picture.width() // 2, y).name() for y in range(6)]
    return color("bad").name() in column


def test_what_is_missing_is_said_at_each_field(form: FormUser, paths: Paths) -> None:
    form.enter("user", "audit")
    form.click("test_and_save")
    assert [bool(form.message(name)) for name in ("host", "user", "password", "path")] == [True, False, True, True]
    assert form.focus() == "host"
    assert not form.page.steps.isVisible()
    assert [red(form, name) for name in ("host", "user", "path")] == [True, False, True]
    form.enter("host", "sftp://sftp.example.com")
    assert not red(form, "host")
    form.click("test_and_save")
    assert "web address" in form.message("host")
    form.page.findChild(AlgorithmList, "hmac").tick(())
    form.click("test_and_save")
    assert "No HMAC is ticked." in form.message("hmac")
    assert_nothing_saved(paths)


def test_nobody_there(form: FormUser, paths: Paths) -> None:
    server = Server(free_port(), "u", "p", Path(), Path())
    form.fill(server, "x")
    form.click("enabled")
    form.click("test_and_save")
    form.wait_at("host", "refuses the connection")
    assert form.page.enabled.isChecked()
    assert form.focus() == "host"
    assert "✗ Connection" in form.page.steps.text
    assert form.page.findChild(QLineEdit, "password").text() == "p"
    assert_nothing_saved(paths)


def test_not_ssh(form: FormUser) -> None:
    with answering(b"220 FTP ready\r\n") as port:
        form.fill(Server(port, "u", "p", Path(), Path()), "x")
        form.click("test_and_save")
        form.wait_at("host", "220 FTP ready")


def test_a_wrong_password_is_tried_once_and_not_kept(
    form: FormUser, sshd: Server, served: Path, paths: Paths
) -> None:
    form.configure(sshd, served.name)
    start = sshd.log.stat().st_size
    form.click("edit")
    form.enter("password", "not it")
    form.click("test_and_save")
    form.wait_at("password", "did not accept")
    assert form.focus() == "password"
    assert sshd.log.read_bytes()[start:].decode().count("Failed password for") == 1
    assert read_password(paths, f"{sshd.user}@127.0.0.1:{sshd.port}") == sshd.password


def test_a_missing_path_is_said_at_the_path(form: FormUser, sshd: Server, paths: Paths) -> None:
    form.fill(sshd, "/no/such/folder")
    form.click("test_and_save")
    form.trust()
    form.wait_at("path", "There is no folder /no/such/folder")
    assert form.focus() == "path"
    assert_nothing_saved(paths)


def test_a_path_that_is_read_only(form: FormUser, sshd: Server) -> None:
    form.fill(sshd, "/etc")
    form.click("test_and_save")
    form.trust()
    form.wait_at("path", "but not write there")


def test_no_common_hmac_is_cured_by_a_button(form: FormUser, tmp_path: Path) -> None:
    with openssh(tmp_path / "server", "MACs hmac-sha2-256,hmac-sha2-512") as server:
        form.fill(server, ".")
        form.click("test_and_save")
        form.wait_at("hmac", "does not accept hmac-sha1")
        assert form.page.hmac_message.isVisible()
        assert form.focus() == "hmac"
        form.press(Qt.Key.Key_Tab)
        assert form.page.focusWidget().text() == "Select these"
        form.press(Qt.Key.Key_Return)
        hmac = form.page.findChild(AlgorithmList, "hmac")
        assert hmac.ticked() == ("hmac-sha2-512", "hmac-sha2-256")
        form.click("test_and_save")
        form.trust()
        form.wait_for("Tested and saved.")


def test_no_common_cipher_has_no_cure(form: FormUser, tmp_path: Path) -> None:
    with openssh(tmp_path / "server", "Ciphers aes128-gcm@openssh.com") as server:
        form.fill(server, ".")
        form.click("test_and_save")
        form.wait_at("ciphers", "aes128-gcm@openssh.com")
        assert "aes256-ctr" in form.message("ciphers")


def test_a_host_key_is_not_trusted_by_itself(form: FormUser, sshd: Server, served: Path, paths: Paths) -> None:
    form.fill(sshd, served.name)
    form.click("test_and_save")
    dialog = form.dialog(NewHostKeyDialog)
    shown = asyncssh.read_public_key(sshd.log.parent / "host_key.pub").get_fingerprint()
    texts = [each.text() for each in dialog.findChildren(type(dialog.heading))]
    assert shown in texts and "ssh-ed25519" in texts
    assert not dialog.trust.isDefault()
    dialog.reject()
    form.wait_at("host", shown)
    assert not paths.known_hosts.exists()
    assert_nothing_saved(paths)


def test_a_changed_host_key_has_no_one_click_way_through(
    form: FormUser, sshd: Server, served: Path, paths: Paths
) -> None:
    form.configure(sshd, served.name)
    address = parse_address(f"127.0.0.1:{sshd.port}")
    (now,) = known_keys(paths.known_hosts, address)
    old = paramiko.ECDSAKey.generate()
    pin(paths.known_hosts, address, old)
    form.click("edit")
    form.click("test_and_save")
    dialog = form.dialog(ChangedHostKeyDialog)
    texts = " ".join(each.text() for each in dialog.findChildren(type(dialog.heading)))
    assert old.fingerprint in texts and now.fingerprint in texts
    assert not dialog.trust.isEnabled()
    form.qtbot.keyClicks(dialog.told, old.fingerprint)
    assert "✗" in dialog.verdict.text()
    assert all(each.height() >= each.sizeHint().height() for each in dialog.findChildren(QLabel, "code"))
    assert not dialog.trust.isEnabled()
    dialog.reject()
    form.wait_at("host", "has changed")
    assert known_keys(paths.known_hosts, address) == [old]
    form.click_text("Compare the fingerprint")
    dialog = form.dialog(ChangedHostKeyDialog)
    form.qtbot.keyClicks(dialog.told, now.fingerprint)
    form.click("trust")
    form.wait_for("Tested and saved.")
    assert known_keys(paths.known_hosts, address) == [now]


def silent(answer: bytes | None) -> AbstractContextManager[int]:
    """A server that takes no connection, or takes it and says `answer`, and nothing more."""
    return unanswering() if answer is None else answering(answer)


@pytest.mark.parametrize("answer", [None, b"", b"SSH-2.0-Silent\r\n"], ids=["connect", "banner", "negotiate"])
def test_a_test_can_be_stopped(form: FormUser, paths: Paths, answer: bytes | None) -> None:
    with silent(answer) as port:
        form.fill(Server(port, "u", "p", Path(), Path()), "x")
        form.click("test_and_save")
        form.qtbot.waitUntil(lambda: "◌" in form.page.steps.text and "✓" in form.page.steps.text, timeout=WAIT)
        form.click("cancel")
        form.wait_for("The test was stopped.")
    assert form.page.findChild(QLineEdit, "password").text() == "p"
    assert form.page.test_and_save.isEnabled()
    assert_nothing_saved(paths)


def test_the_window_lives_while_a_server_is_silent(form: FormUser) -> None:
    """It would not turn at all while something waited on its thread; how smoothly is for the benchmark to say."""
    turns = 0

    def turn() -> None:
        nonlocal turns
        turns += 1

    timer = QTimer(interval=10, timeout=turn)  # type: ignore[call-overload]
    with silent(b"") as port:
        form.fill(Server(port, "u", "p", Path(), Path()), "x")
        form.click("test_and_save")
        timer.start()
        form.qtbot.waitUntil(lambda: turns > 50, timeout=WAIT)
        assert "◌" in form.page.steps.text
        form.click("cancel")
        form.wait_for("The test was stopped.")


def test_closing_in_the_middle_of_a_test_ends_it(form: FormUser, paths: Paths) -> None:
    with silent(b"") as port:
        form.fill(Server(port, "u", "p", Path(), Path()), "x")
        form.click("test_and_save")
        form.qtbot.waitUntil(lambda: "✓ Connected" in form.page.steps.text, timeout=WAIT)
        assert form.window.close()
    assert not [thread for thread in threading.enumerate() if thread.name == "worker"]
    assert_nothing_saved(paths)


def record(paths: Paths, count: int) -> None:
    events = (
        json.dumps(
            {"createdAt": "2026-11-20T08:00:00Z", "entityType": "T", "entityName": "N", "actionType": "A", "n": n}
        )
        for n in range(count)
    )
    with open_store(paths.store) as store:
        store.append(parse_event(event.encode()) for event in events)


def last_outcome(paths: Paths) -> Outcome | None:
    with open_ledger(paths.ledger) as ledger:
        return ledger.runs(1)[0].outcome


def test_an_export_can_be_stopped_and_goes_on(form: FormUser, sshd: Server, served: Path, paths: Paths) -> None:
    form.configure(sshd, served.name)
    record(paths, 60_000)
    form.export_now()
    form.click("stop_export")
    form.wait_for("The export was stopped.")
    assert last_outcome(paths) is Outcome.STOPPED
    form.export_now()
    form.wait_for("delivered")
    assert any(file.name.endswith("2026-11-20.zip") for file in served.iterdir())


def test_a_failed_export_leads_to_the_field(form: FormUser, sshd: Server, served: Path, paths: Paths) -> None:
    form.configure(sshd, served.name)
    record(paths, 1)
    shutil.rmtree(served)
    form.export_now()
    form.wait_for("There is no folder")
    form.qtbot.waitUntil(lambda: "failed" in form.page.last_export.text, timeout=WAIT)
    form.click_text("Fix it in the form")
    assert "There is no folder" in form.message("path") and form.focus() == "path"


def test_a_run_elsewhere_is_shown_and_respected(
    form: FormUser, sshd: Server, served: Path, paths: Paths, qtbot: QtBot
) -> None:
    form.configure(sshd, served.name)
    with open_ledger(paths.ledger) as ledger, run_lock(paths, ledger):
        ledger.begin_run(StartedBy.SCHEDULE, 1, int(time.time() * 1000))
        qtbot.waitUntil(lambda: "Running now" in form.page.last_export.text, timeout=WAIT)
        assert "by the daily task" in form.page.last_export.text
        assert not form.page.export_now.isEnabled()
    qtbot.waitUntil(form.page.export_now.isEnabled, timeout=WAIT)


def test_what_the_organisation_has_set_stays_locked(
    policy_file: Path, qtbot: QtBot, open_window: BuildWindow
) -> None:
    policy_file.write_text('[server]\nhost = "sftp.example.com"\nciphers = ["aes256-ctr"]\n')
    form = FormUser(qtbot, open_window())
    host = form.page.findChild(QLineEdit, "host")
    assert (host.text(), host.isReadOnly()) == ("sftp.example.com", True)
    notes = (form.message("host"), form.page.findChild(QLabel, "ciphers_note").text())
    assert notes == ("Set by your organisation.",) * 2
    assert form.page.findChild(AlgorithmList, "ciphers").locked
    assert not form.page.findChild(QLineEdit, "user").isReadOnly()


def test_saved_elsewhere_meanwhile_is_shown(form: FormUser, sshd: Server, served: Path, paths: Paths) -> None:
    form.configure(sshd, served.name)
    settings = load_settings(paths)
    save_settings(paths, structs.replace(settings, server=structs.replace(settings.server, path="/other")))
    path = form.page.findChild(QLineEdit, "path")
    form.qtbot.waitUntil(lambda: path.text() == "/other", timeout=WAIT)


def test_a_name_that_is_not_there(form: FormUser) -> None:
    with pytest.raises(OSError):
        socket.getaddrinfo("no-such-server.invalid", 22)
    form.fill(Server(22, "u", "p", Path(), Path()), "x")
    form.enter("host", "no-such-server.invalid")
    form.click("test_and_save")
    form.wait_at("host", "There is no server called")


@pytest.fixture
def configured(form: FormUser, paths: Paths) -> FormUser:
    """A form with settings that nobody has tested."""
    server = structs.replace(load_settings(paths).server, host="sftp.example.com", user="audit", path="x")
    save_settings(paths, structs.replace(load_settings(paths), server=server))
    form.qtbot.waitUntil(form.page.edit.isVisible, timeout=WAIT)
    return form


def break_down(*_: object, **__: object) -> NoReturn:
    raise RuntimeError("not foreseen")


def test_an_export_that_breaks_down_is_over(configured: FormUser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "run_once", break_down)
    with configured.qtbot.capture_exceptions() as raised:
        configured.export_now()
        configured.qtbot.waitUntil(lambda: bool(raised), timeout=WAIT)
    assert configured.page.run_progress.isHidden()
    assert configured.page.export_now.isEnabled()


def test_a_test_that_breaks_down_is_over(configured: FormUser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(probe_and_save, "probe_and_save", break_down)
    configured.click("edit")
    configured.enter("password", "p")
    with configured.qtbot.capture_exceptions() as raised:
        configured.click("test_and_save")
        configured.qtbot.waitUntil(lambda: bool(raised), timeout=WAIT)
    assert "◌" not in configured.page.steps.text
    assert configured.page.test_and_save.isVisible() and configured.page.test_and_save.isEnabled()
    configured.enter("path", "y")
    configured.click("cancel")
    assert configured.page.edit.isVisible()


@pytest.mark.parametrize(
    ("module", "name", "start"),
    [(daily_task, "run", TaskCare.test), (night, "keepers", TaskCare.choose_keeper)],
)
def test_what_breaks_down_is_said_to_be_under_way_no_more(
    configured: FormUser,
    monkeypatch: pytest.MonkeyPatch,
    module: ModuleType,
    name: str,
    start: Callable[[TaskCare], None],
) -> None:
    monkeypatch.setattr(module, name, break_down)
    with configured.qtbot.capture_exceptions() as raised:
        start(configured.page._task)
        assert configured.page.result.isVisible()
        configured.qtbot.waitUntil(lambda: bool(raised), timeout=WAIT)
    assert configured.page.result.isHidden()


def test_a_double_click_sets_the_task_up_once(configured: FormUser, monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[int] = []
    show = daily_task.show

    def mend(settings: Settings, paths: Paths) -> TaskState:
        begun.append(1)
        return show(settings, paths)

    monkeypatch.setattr(daily_task, "mend", mend)
    configured.page._task.mend()
    configured.page._task.mend()
    configured.page._task.test()
    configured.qtbot.waitUntil(lambda: not configured.page._task.running, timeout=WAIT)
    assert len(begun) == 1
    assert not configured.page.result.isVisible()


def test_a_double_click_asks_once_where_to_keep_the_password(
    configured: FormUser, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[int] = []

    def keepers(*_: object) -> list[TriedKeeper]:
        tried.append(1)
        return [TriedKeeper(name="file", title=Said("x"), explains=Said("y"), works_at_night=True, chosen=True)]

    monkeypatch.setattr(night, "keepers", keepers)
    configured.page._task.choose_keeper()
    configured.page._task.choose_keeper()
    dialog = configured.dialog(KeeperDialog)
    configured.page._task.choose_keeper()
    configured.qtbot.wait(50)
    assert len(tried) == 1
    dialog.reject()
    assert not configured.page._task._keepers.running


def test_nothing_is_saved_while_the_password_is_being_moved(
    configured: FormUser, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The old password would be put in place of the new one."""
    page, tried, kept = configured.page, threading.Event(), threading.Event()

    def keepers(*_: object) -> list[TriedKeeper]:
        tried.wait(WAIT)
        return [TriedKeeper(name="file", title=Said("x"), explains=Said("y"), works_at_night=True, chosen=True)]

    def keep(*_: object) -> NoReturn:
        kept.wait(WAIT)
        raise LocalDiskError(Said("The disk is full."))

    monkeypatch.setattr(night, "keepers", keepers)
    monkeypatch.setattr(password, "keep_password", keep)
    monkeypatch.setattr(password, "login_secret", lambda *_: "p")

    def may_save() -> list[bool]:
        return [page.test_and_save.isEnabled(), page.enabled.isEnabled()]

    configured.click("edit")
    configured.enter("path", "y")
    assert may_save() == [True, True]
    page._task.choose_keeper()
    assert may_save() == [False, False]
    tried.set()
    dialog = configured.dialog(KeeperDialog)
    assert may_save() == [False, False]
    dialog.accept()
    assert may_save() == [False, False]
    kept.set()
    configured.wait_for("The disk is full.")
    configured.qtbot.waitUntil(lambda: may_save() == [True, True], timeout=WAIT)
    assert page.findChild(QLineEdit, "path").text() == "y"
    page._task.choose_keeper()
    configured.dialog(KeeperDialog).reject()
    assert may_save() == [True, True]


@needs("modes")
def test_a_home_that_others_may_write_is_told_until_it_is_closed(configured: FormUser, paths: Paths) -> None:
    paths.config.chmod(0o777)
    configured.page.refresh()
    configured.wait_for(f"Others than this user may write to {paths.config}. Close it: chmod go-w {paths.config}")
    paths.config.chmod(0o700)
    configured.page.refresh()
    configured.qtbot.waitUntil(configured.page.problem.isHidden, timeout=WAIT)


@needs("modes")
def test_a_password_file_that_others_may_read_is_told(configured: FormUser, paths: Paths) -> None:
    paths.secret_file.write_text("", encoding="utf-8")
    paths.secret_file.chmod(0o644)
    configured.page.refresh()
    configured.wait_for(f"Close it: chmod 600 {paths.secret_file}")


def test_closing_amid_an_export_asks_and_can_wait_for_its_end(
    form: FormUser, sshd: Server, served: Path, paths: Paths
) -> None:
    form.configure(sshd, served.name)
    record(paths, 60_000)
    form.export_now()
    assert not form.window.close()
    form.click_text("Close when it is &done")
    assert form.window.isVisible()
    form.qtbot.waitUntil(lambda: not form.window.isVisible(), timeout=WAIT)
    assert last_outcome(paths) is Outcome.DELIVERED


def test_closing_amid_an_export_can_stop_it(form: FormUser, sshd: Server, served: Path, paths: Paths) -> None:
    form.configure(sshd, served.name)
    record(paths, 60_000)
    form.export_now()
    assert not form.window.close()
    form.click_text("Cancel")
    assert form.window.isVisible() and form.page._export.running
    assert not form.window.close()
    form.click_text("&Stop it and close")
    form.qtbot.waitUntil(lambda: not form.window.isVisible(), timeout=WAIT)
    assert last_outcome(paths) is Outcome.STOPPED
