"""Get an archive back, from the outbox or the server, and check that it is the one that was made."""

import shutil
from collections.abc import Callable
from pathlib import Path

from desktop_app.errors import BadData, BadSetting, LocalDiskError
from desktop_app.evidence.check_archive import check_archive
from desktop_app.export.ledger import Archive, open_ledger
from desktop_app.export.outbox import has_sha256
from desktop_app.files import file_sha256, open_regular, replacing_file
from desktop_app.held import reason
from desktop_app.settings.model import Settings
from desktop_app.settings.paths import Paths
from desktop_app.settings.validation import check, require_configured
from desktop_app.sftp.connection import connect
from desktop_app.sftp.download import get_file
from desktop_app.stop import Stop
from desktop_app.wording import Said
from desktop_app.work_folder import work_folder


def archives_called(paths: Paths, name: str) -> list[Archive]:
    """The archive of this name, or all of a day (such as 2026-11-28), in the order of their delivery; one that
    waits in the outbox is the last. Raises BadSetting where there is none, and LocalDiskError.
    """
    with open_ledger(paths.ledger) as ledger:
        waiting = ledger.built()
        known = [*ledger.delivered(), *([waiting] if waiting else [])]
    found = [each for each in known if name in (each.name, each.day)]
    if not found:
        raise BadSetting(
            Said("This installation has made no archive {name}.", name=name),
            Said("`audit-trails-export history --days` shows the days that have one."),
        )
    return found


def is_here(archive: Archive, file: Path) -> bool:
    """Whether an archive is at `file`. Raises BadData where something else is, and LocalDiskError."""
    try:
        if not file.exists():
            return False
        same = file_sha256(file) == archive.sha256
    except OSError as error:
        raise LocalDiskError(
            Said("{path} can't be read ({reason}).", path=file, reason=reason(error)),
            Said("May you read that file?"),
        ) from error
    if not same:
        raise BadData(
            Said("{path} is there already, and is another file.", path=file),
            Said("Nothing was overwritten. Choose another folder, or move that file away."),
        )
    return True


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
    with work_folder(paths.data, "fetch") as folder:
        file = folder / archive.name
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
    with replacing_file(to) as copy, open_regular(file) as original:
        shutil.copyfileobj(original, copy)
