"""The state before and the state after an event, side by side, as a table."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QFont

from desktop_app.gui.called_by_qt import called_by_qt
from desktop_app.gui.widgets.table_model import ROLE, Index, TableModel
from desktop_app.gui.widgets.theme import color
from desktop_app.gui.widgets.tool_tip import tool_tip
from desktop_app.one_line import harmless
from desktop_app.trails.differences import Change, Difference

_SIGNS = {Change.SAME: "", Change.ADDED: "+", Change.REMOVED: "−", Change.CHANGED: "≠"}
_COLORS = {Change.SAME: "muted", Change.ADDED: "ok", Change.REMOVED: "bad", Change.CHANGED: "wait"}


class DifferenceModel(TableModel[Difference]):
    """Columns: sign, value (its key path), before, after. What is the same in both can be left out."""

    SIGN, PATH, BEFORE, AFTER = range(4)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent, ("", self.tr("Value"), self.tr("Before"), self.tr("After")))
        self._all: Sequence[Difference] = ()
        self._only_changes = False
        self._bold = QFont()
        self._bold.setBold(True)

    def show(self, rows: Sequence[Difference]) -> None:
        self._all = rows
        self._choose()

    def show_only_changes(self, only: bool) -> None:
        """Leave out what is the same in both, or don't."""
        self._only_changes = only
        self._choose()

    def counts(self) -> dict[Change, int]:
        """How many values there are of each kind, shown or not."""
        return {change: sum(each.change is change for each in self._all) for change in Change}

    @called_by_qt
    def headerData(self, section: int, orientation: Qt.Orientation, role: int = ROLE.DisplayRole) -> Any:
        if (orientation, role, section) == (Qt.Orientation.Horizontal, ROLE.AccessibleTextRole, self.SIGN):
            return self.tr("Difference")
        return super().headerData(section, orientation, role)

    @called_by_qt
    def data(self, index: Index, role: int = ROLE.DisplayRole) -> Any:
        if not index.isValid():
            return None
        each, column = self.at(index.row()), index.column()
        if role == ROLE.DisplayRole:
            return _harmless((_SIGNS[each.change], each.path, each.before, each.after)[column])
        if role == ROLE.ToolTipRole:
            return tool_tip((self._word(each.change), each.path, each.before, each.after)[column])
        if role == ROLE.AccessibleTextRole and column == self.SIGN:
            return self._word(each.change)
        if role == ROLE.FontRole and column == self.SIGN:
            return self._bold
        if role == ROLE.ForegroundRole:
            return self._color(each.change, column)
        if role == ROLE.TextAlignmentRole and column == self.SIGN:
            return Qt.AlignmentFlag.AlignCenter
        return super().data(index, role)

    def _color(self, change: Change, column: int) -> Any:
        if change is Change.SAME or column == self.SIGN:
            return color(_COLORS[change])
        if column == self.PATH:
            return color("text")
        return color("bad" if column == self.BEFORE else "ok")

    def _word(self, change: Change) -> str:
        return {
            Change.SAME: self.tr("the same"),
            Change.ADDED: self.tr("added"),
            Change.REMOVED: self.tr("removed"),
            Change.CHANGED: self.tr("changed"),
        }[change]

    def _choose(self) -> None:
        only = self._only_changes
        super().show([each for each in self._all if not only or each.change is not Change.SAME])


def _harmless(text: str | None) -> str | None:
    return text and harmless(text)
