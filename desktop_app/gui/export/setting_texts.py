"""What each setting is called and means, in the reader's language."""

from functools import cache

from PySide6.QtCore import QCoreApplication

from desktop_app.resources import load_toml


def setting_label(key: str) -> str:
    """The label of a setting's field, with its letter for Alt."""
    return QCoreApplication.translate("Settings", _entries()[key]["label"])


def setting_help(key: str) -> str:
    """One sentence on what a setting means."""
    return QCoreApplication.translate("Settings", _entries()[key]["help"])


@cache
def _entries() -> dict[str, dict[str, str]]:
    return {entry["key"]: entry for entry in load_toml("settings")["setting"]}
