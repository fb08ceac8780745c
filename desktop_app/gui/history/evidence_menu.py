"""What the page History offers an auditor: the report, the server compared and verified, the lines of the keys."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

from PySide6.QtCore import QLocale, QObject, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication, QFileDialog, QMenu, QPushButton

from desktop_app.actions.compare_server import ServerCompared, compare_server
from desktop_app.actions.fetch_archive import fetch_archive
from desktop_app.actions.signing_keys import SigningKeys, signing_keys
from desktop_app.actions.verify_server import verify_on_server, verify_server
from desktop_app.actions.write_report import write_report
from desktop_app.errors import UserError
from desktop_app.evidence.check_archive import CheckedArchive
from desktop_app.evidence.report import report_of
from desktop_app.evidence.verify import Asked, Verification
from desktop_app.export.ledger import Archive
from desktop_app.gui import formats
from desktop_app.gui.language import spoken
from desktop_app.gui.widgets.notice import Notice
from desktop_app.gui.worker import Worker
from desktop_app.secrets.login_secret import login_secret
from desktop_app.settings.effective import load_settings
from desktop_app.settings.model import Settings
from desktop_app.settings.paths import Paths
from desktop_app.stop import Stop

_NAMED = 10
_Password = Callable[[], str]


class EvidenceMenu(QObject):
    """The menu of a button. `chosen` gives the archive that is chosen; `notice` tells what was found."""

    def __init__(
        self, paths: Paths, button: QPushButton, notice: Notice, chosen: Callable[[], Archive | None]
    ) -> None:
        super().__init__(button)
        self._paths, self._button, self._notice, self._chosen = paths, button, notice, chosen
        self.worker = Worker(self)
        self.worker.failed.connect(self._tell_error)
        menu = QMenu(button)
        menu.addAction(self.tr("Report for the auditor…"), self._ask_for_report)
        menu.addAction(self.tr("What is missing on the server?"), self.compare)
        self._verify_one = menu.addAction(self.tr("Verify the chosen archive on the server"), self.verify_chosen)
        self._fetch = menu.addAction(self.tr("Fetch the chosen archive…"), self._ask_where)
        menu.addAction(self.tr("Copy the lines for allowed_signers"), self.copy_signers)
        menu.aboutToShow.connect(self._enable)
        button.setMenu(menu)

    def end(self) -> None:
        """End what is under way, and tell nothing more."""
        self.worker.end()

    def _ask_for_report(self) -> None:
        suggested = self.tr("Audit trails {day}").format(day=date.today()) + ".html"
        chosen, _ = QFileDialog.getSaveFileName(
            self._button, self.tr("Report for the auditor"), suggested, self.tr("Report (*.html *.json)")
        )
        if chosen:
            self.write_report(Path(chosen))

    def write_report(self, file: Path) -> None:
        """Verify what is on the server, and write the report in the reader's language."""

        def work(stop: Stop) -> Verification:
            settings = load_settings(self._paths)
            signers = signing_keys(settings, self._paths).signers
            asked = Asked(last_promised=date.today() - timedelta(days=1), signers=signers)
            result = verify_server(settings, self._paths, self._password(settings), asked, stop=stop)
            write_report(report_of(result), file, spoken, QLocale().name().partition("_")[0])
            return result

        self._do(
            self.tr("Verifying what is on the server …"), work, lambda result: self._tell_report(result, file)
        )

    def _tell_report(self, result: Verification, file: Path) -> None:
        title = (
            self.tr("All archives on the server are whole, and none is missing.")
            if result.ok
            else self.tr("Problems were found: the report names them.")
        )
        self._notice.tell("ok" if result.ok else "bad", title, self.tr("The report is {path}").format(path=file))

    def compare(self) -> None:
        """Tell which of the delivered archives the server has no more."""

        def work(stop: Stop) -> ServerCompared:
            settings = load_settings(self._paths)
            return compare_server(settings, self._paths, self._password(settings), stop)

        self._do(self.tr("Looking at the server …"), work, self._tell_compared)

    def _tell_compared(self, compared: ServerCompared) -> None:
        if not compared.missing:
            number = formats.count(compared.delivered)
            self._notice.tell("ok", self.tr("The server has all archives: {number}.").format(number=number))
            return
        names = self.tr("Missing: {names}").format(names=self._named(compared.missing))
        self._notice.tell("bad", self.tr("The server does not have all that was delivered."), names)

    def _named(self, names: tuple[str, ...]) -> str:
        more = len(names) - _NAMED
        shown = ", ".join(names[:_NAMED])
        return self.tr("{names} and {more} more").format(names=shown, more=more) if more > 0 else shown

    def verify_chosen(self) -> None:
        """Check the chosen archive as it is on the server now."""
        archive = self._chosen()
        if archive is None:
            return

        def work(stop: Stop) -> CheckedArchive | None:
            settings = load_settings(self._paths)
            return verify_on_server(settings, self._paths, self._password(settings), archive.name, stop)

        self._do(
            self.tr("Reading {name} …").format(name=archive.name),
            work,
            lambda checked: self._tell_verified(checked, archive),
        )

    def _tell_verified(self, checked: CheckedArchive | None, archive: Archive) -> None:
        if checked is None:
            self._notice.tell("bad", self.tr("{name} is not on the server.").format(name=archive.name))
        elif checked.problems or checked.sha256 != archive.sha256:
            found = [spoken(problem) for problem in checked.problems] or [self.tr("it is another file")]
            title = self.tr("{name} is not as it was delivered.").format(name=archive.name)
            self._notice.tell("bad", title, "; ".join(found))
        else:
            signed = checked.signer.fingerprint if checked.signer else self.tr("not signed")
            title = self.tr("{name} is whole, as it was delivered.").format(name=archive.name)
            self._notice.tell("ok", title, self.tr("Signed by {key}").format(key=signed))

    def _ask_where(self) -> None:
        if archive := self._chosen():
            to, _ = QFileDialog.getSaveFileName(
                self._button, self.tr("Fetch {name}").format(name=archive.name), archive.name, "ZIP (*.zip)"
            )
            if to:
                self.fetch_chosen(Path(to))

    def fetch_chosen(self, to: Path) -> None:
        """Get the chosen archive from the outbox or the server, verified, and offer to open it."""
        archive = self._chosen()
        if archive is None:
            return

        def work(stop: Stop) -> None:
            settings = load_settings(self._paths)
            fetch_archive(settings, self._paths, self._password(settings), archive, to, stop)

        title = self.tr("{name} is here, as it was delivered.").format(name=archive.name)
        choices = [
            (self.tr("Open"), lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(str(to)))),
            (self.tr("Open the folder"), lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(str(to.parent)))),
        ]
        self._do(
            self.tr("Reading {name} …").format(name=archive.name),
            work,
            lambda _: self._notice.tell("ok", title, str(to), choices),
        )

    def copy_signers(self) -> None:
        """Copy what an auditor needs to know the right keys."""

        def work(_: Stop) -> SigningKeys:
            return signing_keys(load_settings(self._paths), self._paths)

        self._do("", work, self._copy)

    def _copy(self, keys: SigningKeys) -> None:
        QApplication.clipboard().setText("".join(f"{signer.line}\n" for signer in keys.signers))
        self._notice.tell(
            "ok",
            self.tr("Copied."),
            self.tr("Give these lines, the file allowed_signers, to the auditor by another way than the server."),
        )

    def _enable(self) -> None:
        for action in (self._verify_one, self._fetch):
            action.setEnabled(self._chosen() is not None)

    def _password(self, settings: Settings) -> _Password:
        return lambda: login_secret(self._paths, settings.server)

    def _do(self, doing: str, work: Callable[[Stop], object], done: Callable[..., None]) -> None:
        if self.worker.start(lambda stop, _tell: work(stop), done) and doing:
            self._notice.tell("muted", doing)

    def _tell_error(self, error: UserError) -> None:
        self._notice.tell("bad", spoken(error.message), spoken(error.hint))
