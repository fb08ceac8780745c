"""Asks whether the server of a source is to be trusted, and pins its host key."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QDialog, QWidget

from desktop_app.gui.worker import Worker
from desktop_app.settings.model import ServerSettings, Settings
from desktop_app.settings.paths import Paths

if TYPE_CHECKING:
    from desktop_app.actions.trust_host_key import SeenHostKey


class HostKeyFlow(QObject):
    """`trusted` follows an answer that accepts the key, `failed` (UserError) what went wrong meanwhile."""

    trusted = Signal()
    failed = Signal(Exception)

    def __init__(self, paths: Paths, window: QWidget) -> None:
        super().__init__(window)
        self._paths, self._window = paths, window
        self._worker = Worker(self)
        self._worker.failed.connect(self.failed)

    def ask(self, server: ServerSettings) -> None:
        """Look at the key that the server has now, and show it."""
        from desktop_app.actions.trust_host_key import look_at_host_key

        settings = Settings(server=server)
        self._worker.replace(lambda _stop, _tell: look_at_host_key(settings, self._paths.known_hosts), self._show)

    def end(self) -> None:
        """Hear no more of it, before the window closes."""
        self._worker.end()

    def _show(self, seen: "SeenHostKey") -> None:
        from desktop_app.actions.trust_host_key import trust_host_key
        from desktop_app.gui.export.host_key_dialog import ChangedHostKeyDialog, NewHostKeyDialog
        from desktop_app.sftp.host_keys import fingerprint, known_keys
        from desktop_app.sftp.probe import HostKey

        if seen.is_known:
            self.trusted.emit()
            return
        key = HostKey(seen.key.get_name(), seen.fingerprint, known=False)
        before = [
            HostKey(each.get_name(), fingerprint(each), known=True)
            for each in known_keys(self._paths.known_hosts, seen.address)
        ]
        server = str(seen.address)
        dialog: QDialog = (
            ChangedHostKeyDialog(server, before, key, self._window)
            if before
            else NewHostKeyDialog(server, key, self._window)
        )

        def answered(result: int) -> None:
            dialog.deleteLater()
            if result == QDialog.DialogCode.Accepted:
                self._worker.start(
                    lambda _stop, _tell: trust_host_key(seen, self._paths), lambda _: self.trusted.emit()
                )

        dialog.finished.connect(answered)
        dialog.open()
