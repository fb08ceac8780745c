"""The files in a folder on an SFTP server that match a pattern."""

import stat
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedReader
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Self, cast

from desktop_app.errors import UserError
from desktop_app.secrets.source_secrets import no_source_secret
from desktop_app.settings.model import ServerSettings, SftpSource
from desktop_app.sftp.errors import ConnectionLost, HostKeyChanged, HostKeyUnknown
from desktop_app.sftp.remote_path import join, remote_folder
from desktop_app.sources.file_tree import LeftOut, Listed, SeenFile, matches
from desktop_app.sources.kind import Secret
from desktop_app.wording import Said

if TYPE_CHECKING:
    from desktop_app.sftp.client import Entry
    from desktop_app.sftp.connection import Connection

_CONNECTIONS = 4  # in all, where one after the other is cut
_BUFFER = 1 << 16
_DEEPEST = 100  # folders in one another; a server may say that there is no end of them
_SECOND_NS = 10**9
_LISTED_WITHIN = 3600.0  # seconds, for one folder
_MAY_READ = Said("May the user read it? Ask the server's administrator.")
_LINK = Said("a link leads out of the folder, which the source does not follow")
_LINK_HINT = Said("Have the source follow links, or remove the link.")
_NOT_UTF_8 = Said("its name is not UTF-8")
_RENAME = Said("Give it another name.")


class SftpTree:
    """Those of a source. Connects when it is first asked for something, and again where the connection was cut.

    Nothing is written on the server.
    """

    def __init__(self, source: SftpSource, server: ServerSettings, secret: Secret, known_hosts: Path) -> None:
        self._source, self._server, self._secret, self._known_hosts = source, server, secret, known_hosts
        self._folder = remote_folder(source.path)
        self._connection: Connection | None = None
        self._connections_left = _CONNECTIONS
        self._failure: UserError | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._connection:
            self._connection.close()

    @property
    def asked(self) -> str:
        files = join(self._folder, self._source.pattern).lstrip("/")
        return f"sftp://{self._source.user}@{self._source.host}/{files}"

    def listed(self) -> Listed:
        """Raises the errors of a connection, NotPermitted and PathUnusable where the folder can't be read."""
        from desktop_app.sftp.telling import telling

        files: list[SeenFile] = []
        left_out: list[LeftOut] = []
        with self._telling():
            connection = self._connect()
            with telling(connection, "read"):
                self._root = connection.sftp.full_path(self._folder)
                entries = connection.sftp.entries(self._folder, _LISTED_WITHIN)
            self._walk("", entries, files, left_out)
        return Listed(sorted(files, key=lambda file: (file.modified_ns, file.path)), left_out)

    def look(self, file: SeenFile) -> SeenFile:
        return file

    @contextmanager
    def open(self, path: str) -> Iterator[BinaryIO]:
        from desktop_app.sftp.remote_file import RemoteFile

        with self._telling(), BufferedReader(RemoteFile(self._connect(), path), _BUFFER) as file:
            yield cast(BinaryIO, file)

    def is_same(self, path: str, other: str) -> bool:
        return path == other

    def _walk(self, below: str, entries: "list[Entry]", files: list[SeenFile], left_out: list[LeftOut]) -> None:
        """Add what is in a folder, by its path below the source's."""
        from desktop_app.sftp.remote_file import server_says

        pattern = self._source.pattern.replace("\\", "/").split("/")
        for entry in sorted(entries, key=lambda each: each.name):
            if entry.name in (".", "..") or "/" in entry.name:
                continue
            name = f"{below}/{entry.name}".lstrip("/")
            path = join(self._folder, name)
            mode, parts = entry.attributes.mode or 0, name.split("/")
            if stat.S_ISDIR(mode):
                if len(parts) >= (_DEEPEST if "**" in pattern else len(pattern)):
                    continue
                try:
                    with server_says(connection := self._connect()):
                        inside = connection.sftp.entries(path, _LISTED_WITHIN)
                except OSError as error:
                    left_out.append(
                        LeftOut(path, Said("it can't be read ({reason})", reason=error.strerror), _MAY_READ)
                    )
                else:
                    self._walk(name, inside, files, left_out)
            elif matches(parts, pattern):
                if "\ufffd" in entry.name:
                    left_out.append(LeftOut(path, _NOT_UTF_8, _RENAME))
                elif stat.S_ISLNK(mode):
                    self._add_link(path, name, files, left_out)
                elif stat.S_ISREG(mode) or not mode:
                    files.append(_seen(path, name, entry.attributes.size, entry.modified))

    def _add_link(self, path: str, name: str, files: list[SeenFile], left_out: list[LeftOut]) -> None:
        from desktop_app.sftp.remote_file import server_says

        connection = self._connect()
        try:
            with server_says(connection):
                state, leads_to = connection.sftp.stat(path), connection.sftp.full_path(path)
        except OSError:
            return  # it vanished, or points nowhere
        if not self._source.follow_links and not leads_to.startswith(join(self._root, "")):
            left_out.append(LeftOut(path, _LINK, _LINK_HINT))
        elif stat.S_ISREG(state.mode or stat.S_IFREG):
            files.append(_seen(path, name, state.size, state.modified))

    def _connect(self) -> "Connection":
        """The connection; a new one where it was cut. An attempt that failed is not repeated: wrong passwords lock
        accounts."""
        from desktop_app.sftp.connection import connect

        if self._connection and self._connection.transport.is_active():
            return self._connection
        if self._failure:
            raise self._failure
        try:
            if self._connections_left == 0:
                raise ConnectionLost(
                    Said("The connection to {host} is cut again and again.", host=self._source.host),
                    Said("What was not read is read by the next run."),
                    field="server.host",
                )
            self._connections_left -= 1
            self._connection = connect(self._server, self._password, self._known_hosts)
        except UserError as error:
            self._failure = error
            raise
        return self._connection

    def _password(self) -> str:
        secret = self._secret()
        if secret is None and self._source.auth == "password":
            raise no_source_secret(self._source.name)
        return secret or ""

    @contextmanager
    def _telling(self) -> Iterator[None]:
        """A context in which errors of the connection have the field and the command of this source."""
        try:
            yield
        except UserError as error:
            error.field = (error.field or "").removeprefix("server.") or None
            if error.field in ("password", "passphrase"):
                error.field, error.command = "secret", f"audit-trails-export source secret {self._source.name}"
            trust, of_source = "audit-trails-export trust", f"--source {self._source.name}"
            if isinstance(error, (HostKeyUnknown, HostKeyChanged)) and of_source not in error.command:
                error.command = error.command.replace(trust, f"{trust} {of_source}", 1)
            raise


def _seen(path: str, name: str, size: int | None, modified: int | None) -> SeenFile:
    return SeenFile(path, name, size or 0, (modified or 0) * _SECOND_NS)
