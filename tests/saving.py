"""Changes of the configuration, as tests make them."""

from pathlib import Path

from desktop_app.actions.save_settings import Saved, prepare
from desktop_app.settings.edits import edited, imported
from desktop_app.settings.model import Settings
from desktop_app.settings.paths import Paths


def save(paths: Paths, after: Settings) -> Saved:
    """Save `after`, and all that goes with it."""
    return prepare(paths, edited(lambda _: after)).commit()


def import_file(paths: Paths, file: Path) -> Saved:
    """Take a whole file."""
    return prepare(paths, imported(file, file.read_text(encoding="utf-8"))).commit()
