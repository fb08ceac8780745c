"""Works with the form as somebody at its screen does, from an empty form to the daily task and back.

Run in a box by the program's own Python: `form_driver.py SERVER USER INSTANCE TAMPER`, the password on standard
input; TAMPER is the command line by which somebody takes the task away. It prints what was seen as JSON.
"""

import json
import subprocess
import sys
import time
from collections.abc import Callable

from PySide6.QtCore import QLocale, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton, QWidget

from desktop_app.gui import build_window
from desktop_app.gui.language import speak

SECONDS = 150  # cron starts nothing within a minute


class Driver:
    """The page *Audit Trails* of a window, waited for with patience."""

    def __init__(self) -> None:
        self.app = QApplication([])
        speak(self.app, QLocale("en"))
        self.window = build_window()
        self.window.show()
        page = self.window.page("ExportPage")  # type: ignore[attr-defined]
        self.page: QWidget = page

    def until(self, what: str, ready: Callable[[], bool]) -> None:
        end = time.monotonic() + SECONDS
        while not ready():
            if time.monotonic() > end:
                sys.exit(f"It did not come to this: {what}. {self.said()}")
            self.app.processEvents()
            time.sleep(0.01)

    def said(self) -> str:
        """How the export stands, what else is wrong, and how what was done last has ended."""
        page = self.page
        return f"{page.standing.text} {page.problem.text} {page.result.text}"  # type: ignore[attr-defined]

    def offers(self, text: str) -> bool:
        """Whether there is a button that says `text`."""
        return any(each.isVisible() and each.text() == text for each in self.page.findChildren(QPushButton))

    def wait_for(self, text: str) -> None:
        self.until(f"says {text!r}", lambda: text in self.said())

    def enter(self, name: str, text: str) -> None:
        field = self.page.findChild(QLineEdit, name)
        field.setFocus()
        field.selectAll()
        QTest.keyClicks(field, text)

    def click(self, name: str = "", text: str = "") -> None:
        def found() -> list[QWidget]:
            top = QApplication.activeModalWidget() or self.page
            each = [top.findChild(QWidget, name)] if name else top.findChildren(QPushButton)
            return [
                one for one in each if one and one.isVisible() and one.isEnabled() and text in ("", one.text())
            ]

        self.until(f"offers {name or text!r}", lambda: bool(found()))
        QTest.mouseClick(found()[0], Qt.MouseButton.LeftButton)


def main(server: str, user: str, instance: str, tamper: str) -> None:
    driver, seen = Driver(), {}
    page = driver.page
    for name, text in (("host", server), ("user", user), ("password", sys.stdin.read()), ("path", ".")):
        driver.enter(name, text)
    driver.click("more")
    driver.enter("instance", instance)
    driver.click("enabled")
    driver.click("test_and_save")
    driver.click("trust")
    driver.wait_for("Saved. Next export:")
    seen["saved"] = driver.said().strip()
    subprocess.run(tamper, shell=True, check=True)
    page.refresh()  # type: ignore[attr-defined]
    driver.until("notices", lambda: driver.offers("Fix it"))
    seen["tampered"] = driver.said().strip()
    driver.click(text="Fix it")
    driver.wait_for("is set up again")
    driver.until("is content", lambda: not driver.offers("Fix it"))
    seen["next"] = page.next_export.text  # type: ignore[attr-defined]
    driver.click(text="Test the daily task")
    driver.until("ends", lambda: "is running" not in driver.said())
    seen["tested"] = driver.said().strip()
    driver.until("shows it", lambda: "delivered" in page.last_export.text)  # type: ignore[attr-defined]
    driver.click("enabled")
    driver.wait_for("The settings are kept.")
    sys.stdout.write(json.dumps(seen) + "\n")
    driver.window.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
