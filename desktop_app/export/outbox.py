"""The outbox: what may be removed from it."""

import logging
import os
from collections.abc import Iterable
from pathlib import Path

from desktop_app.evidence.archive_name import instance_of
from desktop_app.evidence.timestamp import STAMP_SUFFIX
from desktop_app.export.archive import PARTIAL
from desktop_app.export.ledger import Archive
from desktop_app.files import file_sha256
from desktop_app.held import remove

_LOG = logging.getLogger(__name__)


def stale_files(outbox: Path, instance: str, delivered: Iterable[Archive], waiting: Archive | None) -> list[Path]:
    """The files that earlier runs of this installation left in its outbox and nobody needs any more.

    Those are archives, whole or begun, of the names that this installation has or had (`instance` is the present
    one). Whatever else lies there is somebody else's. An outbox that is a link to another folder may be the outbox
    of others as well: there, only what this installation has delivered is its own, by its content.
    """
    archives = {archive.name: archive for archive in delivered}
    instances = {instance, *(archive.instance for archive in archives.values())}
    files = [file for file in outbox.glob("*") if file.is_file() and not (waiting and file.name == waiting.name)]
    if _leads_elsewhere(outbox):
        return [file for file in files if file.name in archives and has_sha256(file, archives[file.name].sha256)]
    if waiting:
        instances.add(waiting.instance)
    return [
        file
        for file in files
        if instance_of(file.name.removesuffix(PARTIAL).removesuffix(STAMP_SUFFIX)) in instances
    ]


def _leads_elsewhere(folder: Path) -> bool:
    """Whether a folder is a link, or on Windows a junction."""
    return Path(os.path.realpath(folder)) != Path(os.path.realpath(folder.parent)) / folder.name


def has_sha256(file: Path, sha256: str) -> bool:
    """Whether a file is there, and has this content."""
    try:
        return file_sha256(file) == sha256
    except OSError:
        return False


def discard(file: Path) -> None:
    """Take a file from the outbox. Where another program holds it, as a virus scanner may, a later run does."""
    try:
        remove(file)
    except OSError as error:
        _LOG.warning("%s stays in the outbox for now: %s", file.name, error)
