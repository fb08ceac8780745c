"""Get an archive back, from the outbox or the server, and check that it is the one that was made."""

import shutil
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from desktop_app.errors import BadData, LocalDiskError
from desktop_app.evidence.check_archive import check_archive
from desktop_app.export.ledger import Archive
from desktop_app.export.outbox import has_sha256
from desktop_app.files import make_private_folder
from desktop_app.held import reason
from desktop_app.settings.model import Settings
from desktop_app.settings.paths import Paths
from desktop_app.settings.validation import check, require_configured
from desktop_app.sftp.connection import connect
from desktop_app.sftp.download import get_file
from desktop_app.stop import Stop
from desktop_app.wording import Said


def fetch_archive(
    settings: Settings, paths: Paths, password: Callable[[], str], archive: Archive, to: Path, stop: Stop
) -> None:
    """Write an archive of the ledger to `to`: whole, and byte for byte as it was made, or not at all.

    Raises BadData where the server has it no more, or has another, LocalDiskError, BadSetting, Stopped and the
    errors of a connection.
    """
    waiting = paths.outbox / archive.name
    if has_sha256(waiting, archive.sha256):
        _copy(waiting, to)
        return
    require_configured(settings)
    check(settings)
    make_private_folder(paths.data)
    with TemporaryDirectory(dir=paths.data, prefix="fetch-") as folder:
        file = Path(folder) / archive.name
        with connect(settings.server, password, paths.known_hosts, stop=stop) as connection:
            if not get_file(connection, archive.name, file):
                raise BadData(
                    Said("{name} is not on the server.", name=archive.name),
                    Said("Ask the server's administrator for a copy: SHA-256 {sha256}.", sha256=archive.sha256),
                )
        checked = check_archive(file)
        if checked.sha256 != archive.sha256:
            problems = checked.problems or (Said("it is another file"),)
            raise BadData(
                Said("{name} is not as it was delivered, and was not saved.", name=archive.name),
                Said("What was found: {problems}.", problems=problems),
            )
        stop.check()
        _copy(file, to)


def _copy(file: Path, to: Path) -> None:
    try:
        shutil.copyfile(file, to)
    except OSError as error:
        raise LocalDiskError(
            Said("{path} could not be written ({reason}).", path=to, reason=reason(error)),
            Said("Is there room on the disk, and may you write there?"),
        ) from error
