"""The window after installation, and its first steps."""

import os

from PySide6.QtWidgets import QPushButton, QWidget

from desktop_app.settings.paths import Paths
from tests.screenshots.camera import Camera
from tests.screenshots.past import FOLDER, HOST, USER


def take(camera: Camera, paths: Paths) -> None:
    """A home that is as after installation, and what comes first there."""
    for file in paths.config.iterdir():
        if file.is_file():
            file.unlink()
    camera.reopen()
    camera.page("export")
    camera.take("new-1-form")
    camera.enter("host", HOST)
    camera.enter("user", USER)
    camera.enter("password", os.environ["SCREENSHOT_PASSWORD"])
    camera.enter("path", FOLDER)
    camera.find(QWidget, "enabled").click()
    camera.take("new-1-switched-not-saved")
    camera.find(QWidget, "enabled").click()
    camera.find(QWidget, "test_and_save").click()
    camera.wait(lambda: camera.app.activeModalWidget() is not None)
    dialog = camera.app.activeModalWidget()
    assert dialog is not None
    camera.take("new-2-host-key", dialog)
    dialog.findChild(QPushButton, "trust").click()
    camera.wait(lambda: camera.find(QWidget, "edit").isVisible())
    camera.take("new-3-saved")
    for page in ("history", "trails", "sources"):
        camera.page(page)
        camera.take(f"new-4-{page}")
