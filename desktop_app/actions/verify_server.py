"""Check the archives that the server has: one at a time comes here, and goes again."""

from collections.abc import Callable
from pathlib import Path

from msgspec import structs

from desktop_app.evidence.archive_name import instance_of
from desktop_app.evidence.check_archive import CheckedArchive, check_archive
from desktop_app.evidence.timestamp import STAMP_SUFFIX
from desktop_app.evidence.verify import Asked, Verification, conclude
from desktop_app.export.ledger import open_ledger
from desktop_app.settings.model import Settings
from desktop_app.settings.paths import Paths
from desktop_app.settings.validation import check, require_configured
from desktop_app.sftp.connection import Connection, connect
from desktop_app.sftp.download import get_file
from desktop_app.sftp.errors import NotPermitted
from desktop_app.sftp.folder_care import list_folder
from desktop_app.stop import Stop
from desktop_app.wording import Said
from desktop_app.work_folder import work_folder


def verify_server(
    settings: Settings,
    paths: Paths,
    password: Callable[[], str],
    asked: Asked,
    on_checked: Callable[[int, int], None] = lambda *_: None,
    stop: Stop | None = None,
) -> Verification:
    """Check this installation's archives at the server path; `on_checked` is told how many of how many are done.

    Raises BadData where there is none, BadSetting, Stopped and the errors of a connection.
    """
    require_configured(settings)
    check(settings)
    stop = stop or Stop()
    with (
        connect(settings.server, password, paths.known_hosts, stop=stop) as connection,
        work_folder(paths.data, "verify") as folder,
    ):
        there = names_on_server(connection)
        own = own_instances(settings, paths)
        names = sorted(name for name in there if instance_of(name) in own)
        checked: list[CheckedArchive] = []
        for name in names:
            stop.check()
            checked.append(_check(connection, name, name + STAMP_SUFFIX in there, folder))
            on_checked(len(checked), len(names))
        return conclude(checked, asked)


def verify_on_server(
    settings: Settings, paths: Paths, password: Callable[[], str], name: str, stop: Stop
) -> CheckedArchive | None:
    """Check one archive at the server path by itself; None where it is not there.

    Raises BadSetting, Stopped and the errors of a connection.
    """
    require_configured(settings)
    check(settings)
    with (
        connect(settings.server, password, paths.known_hosts, stop=stop) as connection,
        work_folder(paths.data, "verify") as folder,
    ):
        file = folder / name
        return check_archive(file) if get_file(connection, name, file) else None


def names_on_server(connection: Connection) -> set[str]:
    """What is at the server path. Raises NotPermitted where this user may not list it, ConnectionLost."""
    listing = list_folder(connection)
    if listing is None:
        raise NotPermitted(
            Said("The server lets this user not list the server path."), Said("Ask its administrator for that.")
        )
    return {entry.name for entry in listing}


def own_instances(settings: Settings, paths: Paths) -> set[str]:
    """The names that this installation has and had."""
    with open_ledger(paths.ledger) as ledger:
        return {settings.export.instance, *(archive.instance for archive in ledger.delivered())}


def _check(connection: Connection, name: str, stamped: bool, folder: Path) -> CheckedArchive:
    file, stamp = folder / name, folder / (name + STAMP_SUFFIX)
    try:
        get_file(connection, name, file)
        if stamped:
            get_file(connection, stamp.name, stamp)
        return structs.replace(check_archive(file), path=Path(name))
    finally:
        file.unlink(missing_ok=True)
        stamp.unlink(missing_ok=True)
