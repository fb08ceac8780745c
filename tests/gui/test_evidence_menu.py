"""What the page History offers an auditor, over what the real exporter delivered to a real server."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from desktop_app.files import file_sha256
from desktop_app.gui.history.history_page import HistoryPage
from desktop_app.secrets.keepers import account_name, save_password
from desktop_app.settings.paths import Paths
from tests.gui.form_user import WAIT
from tests.gui.real_home import RealHome, days_ago, record
from tests.servers import Server


@pytest.fixture
def page(qtbot: QtBot, paths: Paths, sshd: Server) -> HistoryPage:
    """Two days delivered, and the password kept."""
    home = RealHome(paths, sshd)
    record(paths, {}, day=days_ago(2))
    record(paths, {}, day=days_ago(1))
    home.export()
    save_password(paths, account_name(home.settings.server), sshd.password, "file")
    page = HistoryPage(paths)
    qtbot.addWidget(page)
    page.resize(820, 700)
    page.show()
    page.refresh()
    qtbot.waitUntil(lambda: page._model.rowCount() > 0, timeout=WAIT)
    page.runs.selectRow(page._filter.rowCount() - 1)
    return page


def told(qtbot: QtBot, page: HistoryPage) -> str:
    qtbot.waitUntil(lambda: not page.evidence_menu.worker.running and bool(page.found.text), timeout=WAIT)
    return page.found.text


def delivered(sshd: Server, page: HistoryPage) -> Path:
    archive = page._archive()
    assert archive
    return next(file for file in sshd.folder.rglob(archive.name) if file_sha256(file) == archive.sha256)


def test_a_report_is_written(qtbot: QtBot, page: HistoryPage, tmp_path: Path) -> None:
    page.evidence_menu.write_report(tmp_path / "report.html")
    assert "All archives on the server are whole, and none is missing." in told(qtbot, page)
    assert "<html lang=" in (tmp_path / "report.html").read_text("utf-8")


def test_what_is_missing_is_named(qtbot: QtBot, page: HistoryPage, sshd: Server) -> None:
    page.evidence_menu.compare()
    assert "The server has all archives: 2." in told(qtbot, page)
    path = delivered(sshd, page)
    path.unlink()
    page.evidence_menu.compare()
    qtbot.waitUntil(lambda: "Missing:" in page.found.text, timeout=WAIT)
    assert path.name in page.found.text
    page.evidence_menu.verify_chosen()
    qtbot.waitUntil(lambda: "is not on the server" in page.found.text, timeout=WAIT)


def test_the_chosen_archive_is_verified(qtbot: QtBot, page: HistoryPage, sshd: Server) -> None:
    page.evidence_menu.verify_chosen()
    qtbot.waitUntil(lambda: "is whole, as it was delivered." in page.found.text, timeout=WAIT)
    assert "Signed by SHA256:" in page.found.text
    path = delivered(sshd, page)
    path.write_bytes(path.read_bytes()[:-1])
    page.evidence_menu.verify_chosen()
    qtbot.waitUntil(lambda: "is not as it was delivered." in page.found.text, timeout=WAIT)


def test_the_chosen_archive_is_fetched(qtbot: QtBot, page: HistoryPage, sshd: Server, tmp_path: Path) -> None:
    to, path = tmp_path / "fetched.zip", delivered(sshd, page)
    page.evidence_menu.fetch_chosen(to)
    qtbot.waitUntil(lambda: "is here, as it was delivered." in page.found.text, timeout=WAIT)
    assert to.read_bytes() == path.read_bytes()
    texts = [button.text() for button in page.found.findChildren(QPushButton) if button.isVisible()]
    assert "Open" in texts
    assert not list(page.paths.data.glob("fetch-*"))

    path.write_bytes(path.read_bytes()[:-1])
    page.evidence_menu.fetch_chosen(tmp_path / "other.zip")
    qtbot.waitUntil(lambda: "was not saved" in page.found.text, timeout=WAIT)
    path.unlink()
    page.evidence_menu.fetch_chosen(tmp_path / "other.zip")
    qtbot.waitUntil(lambda: "is not on the server" in page.found.text, timeout=WAIT)
    assert not (tmp_path / "other.zip").exists()

    page.paths.outbox.mkdir(exist_ok=True)
    to.replace(page.paths.outbox / path.name)  # what waits is there without a server
    page.evidence_menu.fetch_chosen(tmp_path / "other.zip")
    qtbot.waitUntil(lambda: "is here, as it was delivered." in page.found.text, timeout=WAIT)
    page.evidence_menu.fetch_chosen(tmp_path / "no" / "such.zip")
    qtbot.waitUntil(lambda: "could not be written" in page.found.text, timeout=WAIT)


def test_the_lines_of_the_keys_are_copied(qtbot: QtBot, page: HistoryPage) -> None:
    page.evidence_menu.copy_signers()
    assert "Copied." in told(qtbot, page)
    assert "ssh-ed25519 AAAA" in QApplication.clipboard().text()
