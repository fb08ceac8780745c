"""What ledger and store kept is shown in the reader's language, and names in it stay what they are."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QTranslator
from pytestqt.qtbot import QtBot

from desktop_app.actions.history import DayHistory, DayState, PastRun
from desktop_app.errors import LocalDiskError
from desktop_app.export.ledger import Outcome, Run, StartedBy, open_ledger
from desktop_app.gui.history.day_chart import day_text
from desktop_app.gui.history.run_model import RunModel
from desktop_app.gui.language import spoken
from desktop_app.resources import resource_path
from desktop_app.settings.paths import Paths
from desktop_app.trails.store.known_sources import enter_source
from desktop_app.trails.store.set_aside import SetAside, set_aside, set_aside_records
from desktop_app.trails.store.store import open_store
from desktop_app.wording import Said

# Each value reads like a sentence of ours, or like a word of one.
FOLDER_GONE = Said(
    "The folder {folder} of source {name} can't be read ({reason}).",
    folder="all of it", name="one of ours", reason="createdAt is missing",
)  # fmt: skip
IN_GERMAN = "Der Ordner all of it der Quelle one of ours ist nicht lesbar (createdAt is missing)."


@pytest.fixture
def in_german(qtbot: QtBot) -> Iterator[None]:
    app = QCoreApplication.instance()
    german = QTranslator()
    assert app is not None and german.load(str(resource_path("translations/audit-trails_de.qm")))
    app.installTranslator(german)
    yield
    app.removeTranslator(german)


@pytest.fixture
def failed(paths: Paths) -> Run:
    """A run that failed, as the ledger has it."""
    with open_ledger(paths.ledger) as ledger:
        run = ledger.begin_run(StartedBy.HAND, 1, 5)
        error = LocalDiskError(FOLDER_GONE, Said("Is the disk full or read-only?"), command="df")
        ledger.end_run(run, Outcome.FAILED, 9, (74, error.message, error.advice))
        return ledger.runs()[0]


def test_why_a_run_failed(qtbot: QtBot, in_german: None, failed: Run) -> None:
    assert failed.message is not None and failed.hint is not None
    assert failed.message == FOLDER_GONE and spoken(failed.message) == IN_GERMAN
    assert spoken(failed.hint).endswith("? df") and "read-only" not in spoken(failed.hint)
    model = RunModel()
    model.show([PastRun(failed, [])])
    assert IN_GERMAN.casefold() in model.searched(0).text


def test_why_a_day_failed(in_german: None, failed: Run) -> None:
    day = DayHistory(
        day="2026-11-22", state=DayState.FAILED, delivered=0, waiting=1, archives=[], delivered_ms=None,
        message=failed.message,
    )  # fmt: skip
    assert day_text(day).endswith(IN_GERMAN)


def test_what_was_set_aside(in_german: None, tmp_path: Path) -> None:
    with open_store(tmp_path / "trails.db") as store:
        known = enter_source(store, "one of ours", "folder:/a", ())
        with store.transaction():
            set_aside(store, known.number, SetAside("/a", Said("all of it"), FOLDER_GONE))
        (record,) = set_aside_records(store, "one of ours", 9)
    assert (record.place, record.reason) == ("all of it", FOLDER_GONE)
    assert spoken(record.place) != record.place and spoken(record.reason) == IN_GERMAN
