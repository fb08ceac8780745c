"""The steps of a connection test as they happen, and what the last one found."""

from html import escape

from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop_app.gui.called_by_qt import called_by_qt
from desktop_app.gui.language import spoken
from desktop_app.gui.widgets.plain_label import PlainLabel
from desktop_app.gui.widgets.speak import announce
from desktop_app.gui.widgets.theme import INSIDE, color, set_role
from desktop_app.sftp.steps import Step
from desktop_app.wording import NOTHING

_DONE, _CURRENT, _FAILED = "✓", "◌", "✗"


def _step_words() -> dict[str, tuple[str, str, str]]:
    """By step, in their order: what is being done, that it is done, and what failed."""

    def tr(text: str) -> str:
        return QCoreApplication.translate("StepsStrip", text)

    return {
        "resolve": (tr("Looking up the name"), tr("Name found"), tr("Name")),
        "connect": (tr("Connecting"), tr("Connected"), tr("Connection")),
        "negotiate": (tr("Agreeing on algorithms"), tr("Algorithms agreed"), tr("Algorithms")),
        "host-key": (tr("Checking the host key"), tr("Host key known"), tr("Host key")),
        "authenticate": (tr("Signing in"), tr("Signed in"), tr("Sign-in")),
        "path": (tr("Looking for the path"), tr("Path found"), tr("Server path")),
        "write": (tr("Writing a file"), tr("Written"), tr("Writing")),
        "rename": (tr("Renaming it"), tr("Renamed"), tr("Renaming")),
        "delete": (tr("Deleting it"), tr("Deleted"), tr("Deleting")),
    }


class StepsStrip(QWidget):
    """Hidden until the first test begins."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = _step_words()
        self._done: list[Step] = []
        self._running = self._asks = False
        self._steps, self._detail = PlainLabel(self), PlainLabel(self)
        self._steps.setTextFormat(Qt.TextFormat.RichText)
        set_role(self._detail, "hint")
        for label in (self._steps, self._detail):
            label.setWordWrap(True)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(INSIDE)
        layout.addWidget(self._steps)
        layout.addWidget(self._detail)
        self.hide()

    @property
    def text(self) -> str:
        """The steps in words, without colours."""
        return " · ".join(f"{sign} {text}" for sign, _, text in self._parts())

    def begin(self) -> None:
        """A test begins."""
        self._done, self._running, self._asks = [], True, False
        self._detail.clear()
        self._draw()
        self.show()

    def add(self, step: Step) -> None:
        """A step has ended. A host key that is not known is a question, until the test has ended."""
        self._asks = step.name == "host-key" and not step.ok
        if self._asks:
            self._draw()
            return
        self._done.append(step)
        self._running = self._running and step.ok
        _, done, noun = self._words[step.name]
        self._detail.setText(f"{noun}: {spoken(step.detail)}" if step.ok else "")
        self._draw()
        announce(self, done if step.ok else self.tr("{step} failed").format(step=noun))

    def end(self) -> None:
        """The test has ended, or was stopped: what was agreed on is worth keeping."""
        self._running = False
        if self._asks:
            self._asks = False
            self._done.append(Step("host-key", False, NOTHING))
        details = {step.name: spoken(step.detail) for step in self._done}
        passed = len(self._done) == len(self._words) and all(step.ok for step in self._done)
        self._detail.setText(details["negotiate"] if passed else "")
        self._draw()

    @called_by_qt
    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.PaletteChange:
            self._draw()
        super().changeEvent(event)

    def _parts(self) -> list[tuple[str, str, str]]:
        """Sign, colour and text of each step that has ended, and of the one that lasts."""
        parts = [
            (_DONE, "ok", self._words[step.name][1]) if step.ok else (_FAILED, "bad", self._words[step.name][2])
            for step in self._done
        ]
        if self._running and len(self._done) < len(self._words):
            doing = (
                self.tr("Whose host key is it?") if self._asks else list(self._words.values())[len(self._done)][0]
            )
            parts.append((_CURRENT, "muted", doing if self._asks else f"{doing} …"))
        return parts

    def _draw(self) -> None:
        html = [
            f'<span style="color:{color(name).name()}">{sign}&nbsp;</span>' + escape(text).replace(" ", "&nbsp;")
            for sign, name, text in self._parts()
        ]
        # A line ends with a dot, and does not begin with one.
        self._steps.setText(f'<span style="color:{color("muted").name()}">&nbsp;· </span>'.join(html))
        self._steps.setAccessibleName(self.text)
        self._detail.setVisible(bool(self._detail.text()))
