"""The folders of the server, for whoever chooses the one that the archives go to."""

import stat
from collections.abc import Callable

from msgspec import Struct, structs

from desktop_app.secrets.login_secret import login_secret
from desktop_app.settings.model import ServerSettings
from desktop_app.settings.paths import Paths
from desktop_app.sftp.client import Entry, SftpClient
from desktop_app.sftp.connection import Connection, connect
from desktop_app.sftp.errors import NoSuchFile, PathUnusable, SftpFailure
from desktop_app.sftp.remote_path import join
from desktop_app.sftp.telling import telling
from desktop_app.sftp.upload import check_folder, full_path
from desktop_app.stop import Stop
from desktop_app.wording import Said

HOME = ""
_MOST_LINKS = 50  # each costs a round trip to say whether it leads to a folder


class ServerFolder(Struct, frozen=True):
    """A folder by its full `path`, that of the one `above` it (at the root, its own), and the names in it."""

    path: str
    above: str
    folders: tuple[str, ...]


def look_into(server: ServerSettings, paths: Paths, path: str, password: str | None, stop: Stop) -> ServerFolder:
    """Log in as a test does, with `password` where one was typed, and list a folder; HOME is the user's own.

    Raises what `sftp.connection.connect` raises (HostKeyUnknown and HostKeyChanged before anything secret is
    sent), PathUnusable, NotPermitted, BadSetting where there is no password, and Stopped.
    """
    return _there(server, paths, path, password, stop, lambda sftp, folder: folder)


def make_folder(
    server: ServerSettings, paths: Paths, path: str, name: str, password: str | None, stop: Stop
) -> ServerFolder:
    """Make a folder called `name` in the one at `path`, and list it. Raises the same, and ServerCannotWrite."""

    def make(sftp: SftpClient, folder: str) -> str:
        made = join(folder, name)
        if _is_there(sftp, made):  # servers refuse that without a reason
            raise PathUnusable(
                Said("There is something called {name} in {folder} already.", name=name, folder=folder),
                Said("Choose another name."),
                field="server.path",
            )
        sftp.make_folder(made)
        return made

    return _there(server, paths, path, password, stop, make)


def _there(
    server: ServerSettings,
    paths: Paths,
    path: str,
    password: str | None,
    stop: Stop,
    go_on: Callable[[SftpClient, str], str],
) -> ServerFolder:
    given = structs.replace(server, path=path or ".")
    secret = (lambda: login_secret(paths, server)) if password is None else (lambda: password)
    with connect(given, secret, paths.known_hosts, stop=stop) as connection:
        check_folder(connection)
        folder = full_path(connection)
        with telling(connection, "write"):
            folder = go_on(connection.sftp, folder)
        with telling(connection, "read"):
            names = sorted(_folders(connection, folder), key=str.casefold)
    return ServerFolder(folder, folder.rstrip("/").rpartition("/")[0] or "/", tuple(names))


def _folders(connection: Connection, folder: str) -> list[str]:
    links, found = 0, []
    for entry in connection.sftp.entries(folder):
        mode = entry.attributes.mode or 0
        if entry.name in (".", ".."):
            continue
        if stat.S_ISLNK(mode) and links < _MOST_LINKS:
            links += 1
            mode = _mode_behind(connection.sftp, folder, entry)
        if stat.S_ISDIR(mode):
            found.append(entry.name)
    return found


def _is_there(sftp: SftpClient, path: str) -> bool:
    try:
        sftp.stat(path)
    except NoSuchFile:
        return False
    return True


def _mode_behind(sftp: SftpClient, folder: str, link: Entry) -> int:
    try:
        return sftp.stat(join(folder, link.name)).mode or 0
    except SftpFailure:  # it leads nowhere
        return 0
