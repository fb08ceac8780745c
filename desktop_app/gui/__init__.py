"""The Qt program: the only part that imports Qt."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from desktop_app.gui.window import MainWindow


def build_window() -> "MainWindow":
    """The main window of this user's installation, ready to show. A QApplication must exist."""
    from desktop_app.gui.window import MainWindow
    from desktop_app.settings.paths import find_paths

    return MainWindow(find_paths())
