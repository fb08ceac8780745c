"""Text of servers, events and records is shown as it is, never taken for HTML."""

import json
from pathlib import Path

import pytest
from msgspec import Raw
from PySide6.QtCore import QAbstractItemModel, Qt
from PySide6.QtWidgets import QLabel, QMessageBox, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from desktop_app.actions.history import PastRun
from desktop_app.errors import UserError
from desktop_app.export.ledger import Outcome, Run, StartedBy
from desktop_app.gui import formats
from desktop_app.gui.about import AboutDialog
from desktop_app.gui.export.closing import ask_to_discard
from desktop_app.gui.export.failure_address_dialog import FailureAddressDialog
from desktop_app.gui.export.host_key_dialog import ChangedHostKeyDialog, NewHostKeyDialog
from desktop_app.gui.export.steps_strip import StepsStrip
from desktop_app.gui.history.run_model import RunModel
from desktop_app.gui.language import spoken
from desktop_app.gui.sources.mapping_model import EXAMPLE, PLACES, MappingModel
from desktop_app.gui.sources.source_editor import SourceEditor
from desktop_app.gui.trails.difference_model import DifferenceModel
from desktop_app.gui.trails.event_model import EventModel
from desktop_app.gui.widgets.field_message import FieldMessage
from desktop_app.gui.widgets.notice import Notice
from desktop_app.gui.widgets.tool_tip import tool_tip
from desktop_app.settings.paths import Paths
from desktop_app.sftp.probe import HostKey
from desktop_app.sources.sample import FirstLook, Preview, Previewed
from desktop_app.trails.differences import differences
from desktop_app.trails.store.browse import sections
from desktop_app.trails.store.span import Span
from desktop_app.trails.store.store import open_store_to_read
from desktop_app.wording import Said
from tests.gui.conftest import BuildWindow
from tests.gui.real_home import record

PLAIN = Qt.TextFormat.PlainText
MARKUP = "a <b>b</b>"
SHOWN = "a &lt;b&gt;b&lt;/b&gt;"


def label_that_says(widget: QWidget, text: str) -> QLabel:
    return next(label for label in widget.findChildren(QLabel) if text in label.text())


def tip(model: QAbstractItemModel, row: int, column: int) -> str:
    return str(model.index(row, column).data(Qt.ItemDataRole.ToolTipRole))


def test_notices_and_messages_of_fields(qtbot: QtBot) -> None:
    message, notice = FieldMessage(), Notice()
    for widget in (message, notice):
        qtbot.addWidget(widget)
    message.show_error(UserError(Said("The server said {answer}", answer=MARKUP), Said("Ask its admin.")))
    notice.tell("bad", f"title {MARKUP}", f"text {MARKUP}")
    for widget, text in ((message, MARKUP), (notice, f"title {MARKUP}"), (notice, f"text {MARKUP}")):
        assert label_that_says(widget, text).textFormat() is Qt.TextFormat.PlainText


def test_tool_tips_of_events(qtbot: QtBot, paths: Paths) -> None:
    record(paths, {"actor": {"user": MARKUP}, "entityName": MARKUP})
    store = open_store_to_read(paths.store)
    model = EventModel()
    model.show_range(store, sections(store, [Span()]), [], formats.zone_of("UTC"))
    assert SHOWN in tip(model, 0, EventModel.ACTOR) and SHOWN in tip(model, 0, EventModel.ENTITY)
    assert model.index(0, EventModel.ACTOR).data() == MARKUP
    model.close()


def test_tool_tips_of_runs(qtbot: QtBot) -> None:
    run = Run(
        id=1, started_ms=0, finished_ms=1, started_by=StartedBy.HAND, pid=1, outcome=Outcome.FAILED, events=0,
        bytes=0, code=76, message=f"Port 22 answers {MARKUP}.", hint=None,
    )  # fmt: skip
    model = RunModel()
    model.show([PastRun(run, [])])
    assert SHOWN in tip(model, 0, RunModel.OUTCOME)


def test_tool_tips_of_differences(qtbot: QtBot) -> None:
    model = DifferenceModel()
    model.show(list(differences(b"{}", json.dumps({"text": MARKUP}).encode())))
    assert SHOWN in tip(model, 0, DifferenceModel.AFTER)
    assert model.index(0, DifferenceModel.BEFORE).data(Qt.ItemDataRole.ToolTipRole) is None


def test_what_a_source_has(qtbot: QtBot, tmp_path: Path) -> None:
    editor = SourceEditor()
    qtbot.addWidget(editor)
    assert editor.first_look.summary.textFormat() is editor.title.textFormat() is Qt.TextFormat.PlainText
    model = MappingModel(editor)
    model.set_fields({"createdAt": MARKUP})
    model.set_example({"createdAt": Raw(json.dumps(MARKUP).encode())})
    assert SHOWN in tip(model, 0, PLACES) and SHOWN in tip(model, 0, EXAMPLE)


@pytest.mark.parametrize("text", ["", None])
def test_nothing_to_tell_is_no_tool_tip(text: str | None) -> None:
    assert not tool_tip(text)


def test_a_tool_tip_keeps_its_lines() -> None:
    assert "one\n  two" in str(tool_tip("one\n  two")) and "pre-wrap" in str(tool_tip("one\n  two"))


@pytest.mark.parametrize("number", ["1e999", "1.10", "1" + "0" * 5000])
def test_numbers_are_shown_as_they_were_recorded(qtbot: QtBot, number: str) -> None:
    values = {"createdAt": "2026-11-22T08:15:30.000Z", "entityType": "T", "entityName": "N", "actionType": "A"}
    line = json.dumps(values)[:-1].encode() + f', "actor": {number}}}'.encode()
    editor = SourceEditor()
    qtbot.addWidget(editor)
    editor.mapping.set_fields({})
    editor._show(FirstLook(Preview([Previewed(line, Said("here"), (line,))], 1), {}, None))
    editor.first_look.records.setCurrentItem(editor.first_look.records.topLevelItem(0))
    assert f'"actor": {number}\n' in editor.first_look.mapped.toPlainText()
    actor = next(row for row in range(editor.mapping.rowCount()) if editor.mapping._keys[row] == "actor")
    assert str(editor.mapping.index(actor, EXAMPLE).data()) == number[:200]


def labels(widget: QWidget) -> list[QLabel]:
    """All that show a text, but for the one whose markup is our own."""
    found = [each for each in widget.findChildren(QLabel) if each.pixmap().isNull()]
    return [each for each in found if not is_steps(each)]


def is_steps(label: QLabel) -> bool:
    strip = label.parent()
    return isinstance(strip, StepsStrip) and label is strip._steps


def test_no_label_of_a_page_or_dialog_takes_text_for_html(
    qtbot: QtBot, open_window: BuildWindow, paths: Paths
) -> None:
    window = open_window()
    for place in ("sources", "trails", "history", "export"):
        window.findChild(QPushButton, f"show_{place}").click()
    keys = [HostKey("ssh-ed25519", MARKUP, True)]
    dialogs = [
        NewHostKeyDialog(MARKUP, keys[0], window),
        ChangedHostKeyDialog(MARKUP, keys, keys[0], window),
        FailureAddressDialog(paths, window),
        SourceEditor(window),
    ]
    shown = labels(window) + [label for dialog in dialogs for label in labels(dialog)]
    assert len(shown) > 80
    for label in shown:
        label.setText(MARKUP)
    rich = [label.objectName() or str(label.parent()) for label in shown if label.textFormat() is not PLAIN]
    assert rich == []


def test_message_boxes_take_no_text_for_html(
    qtbot: QtBot, open_window: BuildWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = open_window()
    window._tell_about()
    ask_to_discard(window, lambda: None)
    boxes = [*window.findChildren(QMessageBox), *window.findChildren(AboutDialog)]
    assert len(boxes) == 2
    for box in boxes:
        assert {label.textFormat() for label in labels(box)} == {PLAIN}
        box.close()


def test_what_acts_on_the_order_of_letters_is_shown_as_an_escape() -> None:
    said = Said("The server said {answer}.", answer="a\u202eb\x1b[2J")
    assert spoken(said) == r"The server said a\u202eb\x1b[2J."
    assert r"\u202e" in str(tool_tip("a\u202eb"))
