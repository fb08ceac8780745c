"""Where to keep the password: what there is on this computer, and what of it works at night."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QButtonGroup, QDialog, QDialogButtonBox, QRadioButton, QVBoxLayout, QWidget

from desktop_app.gui.language import spoken
from desktop_app.gui.widgets.dialog_size import grow_with_content
from desktop_app.gui.widgets.plain_label import PlainLabel
from desktop_app.gui.widgets.theme import BETWEEN, GROUPS, INSIDE, set_role

if TYPE_CHECKING:
    from desktop_app.schedule.password_at_night import TriedKeeper
    from desktop_app.secrets.keeper import KeeperName


class KeeperDialog(QDialog):
    """A choice of keepers; `chosen` is the one when the dialog was accepted."""

    def __init__(self, keepers: "Sequence[TriedKeeper]", parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("keeper_dialog")
        self.setWindowTitle(self.tr("Where to keep the password"))
        self._keepers = list(keepers)
        self._group = QButtonGroup(self)
        body = QVBoxLayout(self)
        body.setContentsMargins(GROUPS, GROUPS, GROUPS, GROUPS)
        body.setSpacing(BETWEEN)
        for place, keeper in enumerate(self._keepers):
            self._add(body, place, keeper)
        self._group.button(_suggested(self._keepers)).setChecked(True)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        keep = buttons.addButton(self.tr("&Keep it there"), QDialogButtonBox.ButtonRole.AcceptRole)
        keep.setObjectName("keep_there")
        set_role(keep, "primary")
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        body.addSpacing(BETWEEN)
        body.addWidget(buttons)
        grow_with_content(self, body, 84)

    @property
    def chosen(self) -> "KeeperName":
        """The keeper whose button is on."""
        return self._keepers[self._group.checkedId()].name

    def _add(self, body: QVBoxLayout, place: int, keeper: "TriedKeeper") -> None:
        title = spoken(keeper.title)
        button = QRadioButton(title[:1].upper() + title[1:])
        button.setObjectName(f"keep_in_{keeper.name}")
        at_night, role = {
            True: (self.tr("✓ The daily export can read it while you are logged out."), "ok"),
            False: (self.tr("✗ The daily export can't read it while you are logged out."), "wait"),
            None: (self.tr("Whether the daily export can read it at night could not be tried."), "muted"),
        }[keeper.works_at_night]
        button.setAccessibleDescription(f"{spoken(keeper.explains)} {at_night}")
        self._group.addButton(button, place)
        words = QVBoxLayout()
        words.setSpacing(INSIDE)
        words.addWidget(button)
        for text, look in ((spoken(keeper.explains), "muted"), (at_night, role)):
            label = PlainLabel(text[:1].upper() + text[1:])
            label.setWordWrap(True)
            label.setIndent(GROUPS)
            set_role(label, look)
            words.addWidget(label)
        body.addLayout(words)


def _suggested(keepers: "Sequence[TriedKeeper]") -> int:
    """The place of the present keeper; where that fails at night, of the first that does not."""
    chosen = next((place for place, keeper in enumerate(keepers) if keeper.chosen), 0)
    if keepers[chosen].works_at_night is not False:
        return chosen
    return next((place for place, keeper in enumerate(keepers) if keeper.works_at_night), chosen)
