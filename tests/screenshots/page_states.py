"""The pages *History*, *Events* and *Sources*."""

from pathlib import Path

from PySide6.QtCore import QItemSelectionModel
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QWidget

from tests.gui.form_user import add_source
from tests.screenshots.camera import Camera
from tests.screenshots.past import NIGHTS

_ADD_ROW = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows


def take(camera: Camera, records: Path) -> None:
    """The other pages of an installation that works."""
    _history(camera)
    _trails(camera)
    _sources(camera, records)
    _catalogue(camera)


def _history(camera: Camera) -> None:
    page = camera.page("history")
    runs = page.runs  # type: ignore[attr-defined]
    model = runs.model()
    camera.wait(lambda: model.rowCount() >= NIGHTS)
    camera.take("history-1-runs")
    failed = next(row for row in range(1, model.rowCount()) if model.index(row, 2).data() in (None, "", "–", "0"))
    runs.selectRow(failed)
    camera.take("history-2-failed-run")
    runs.selectRow(failed + 1)
    camera.take("history-3-archives")
    menu = page.evidence.menu()
    menu.popup(page.mapToGlobal(page.rect().center()))
    camera.take("history-4-evidence", menu)
    menu.close()
    QTest.keyClicks(page.findChild(QLineEdit, "search"), "no run has this")
    camera.pause(0.5)
    camera.take("history-5-nothing-found")


def _trails(camera: Camera) -> None:
    page = camera.page("trails")
    camera.pause(1)
    camera.take("trails-1-events")
    events = page.findChild(QWidget, "events")
    events.selectRow(1)
    camera.pause(0.5)
    camera.take("trails-2-details")
    for row in (3, 5, 6):
        events.selectionModel().select(events.model().index(row, 0), _ADD_ROW)
    camera.take("trails-4-several-chosen", page)
    page._hand_over.menu.popup(page.hand_over.mapToGlobal(page.hand_over.rect().bottomLeft()))  # type: ignore[attr-defined]
    camera.take("trails-5-hand-over", page._hand_over.menu)  # type: ignore[attr-defined]
    page._hand_over.menu.close()  # type: ignore[attr-defined]
    page.filters.day.setCurrentIndex(4)  # type: ignore[attr-defined]
    camera.pause(0.5)
    camera.take("trails-6-from-to")
    page.filters.day.setCurrentIndex(0)  # type: ignore[attr-defined]
    QTest.keyClicks(page.findChild(QLineEdit, "search"), "wipe")
    camera.pause(1.5)
    events.selectRow(0)
    camera.pause(0.5)
    camera.take("trails-3-search")
    QTest.keyClicks(page.findChild(QLineEdit, "search"), " of no device")
    camera.pause(1.5)
    camera.take("trails-7-nothing-found")


def _sources(camera: Camera, records: Path) -> None:
    page = camera.page("sources")
    camera.take("sources-1-list")
    page.sources.selectRow(0)
    camera.pause(0.5)
    camera.take("sources-1-set-aside")
    camera.during(page.remove.click, "sources-1-remove")
    page.add.click()
    camera.take("sources-2-new")
    camera.reopen()
    page = camera.page("sources")
    page.edit.click()
    editor = page.source_editor
    for row, place in enumerate(("when", "area", "what.name", "verb")):
        editor.mapping.setData(editor.mapping.index(row, 1), place)
    camera.wait(lambda: editor.first_look.records.topLevelItemCount() == 3)
    camera.pause(1)
    camera.take("sources-3-mapping")
    editor.form_area.verticalScrollBar().setValue(10_000)
    camera.take("sources-4-preview")
    camera.reopen()


def _catalogue(camera: Camera) -> None:
    page = camera.page("sources")
    page.add.click()
    QTest.keyClicks(page.catalogue.search, "okt")
    camera.take("sources-5-catalogue-search")
    QTest.keyClicks(page.catalogue.search, "xx")
    camera.take("sources-5-catalogue-nothing")
    camera.reopen()
    for what in ("folder", "okta", "rest", "sftp", "sql", "objects", "journal"):
        page = camera.page("sources")
        add_source(page, what)
        camera.take(f"sources-6-{what}")
        page.source_editor.form_area.verticalScrollBar().setValue(10_000)
        camera.find(QWidget, "save").click()
        camera.pause(0.3)
        camera.take(f"sources-6-{what}-wrong")
        camera.reopen()
