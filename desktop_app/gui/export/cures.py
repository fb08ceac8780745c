"""Buttons that cure what a test of the connection found wrong."""

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication

from desktop_app.errors import UserError
from desktop_app.gui.widgets.button_row import Choice


def cures_of(
    error: UserError, select: Callable[[str, tuple[str, ...]], object], test: Callable[[], object]
) -> list[Choice]:
    """What can be done about `error` at its field: `select` ticks algorithms of a list, `test` tests once more."""
    from desktop_app.sftp.errors import HostKeyChanged, HostKeyUnknown, NoCommonAlgorithm

    def tr(text: str) -> str:
        return QCoreApplication.translate("ExportPage", text)

    if isinstance(error, NoCommonAlgorithm) and error.matching and error.field:
        key, names = error.field, error.matching
        return [(tr("Select these"), lambda: select(key, names))]
    if isinstance(error, HostKeyUnknown | HostKeyChanged):
        return [(tr("Compare the fingerprint"), test)]
    return []
