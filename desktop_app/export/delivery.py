"""Bring archives to the server, over one connection, again after what may pass."""

import logging
import random
import secrets
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Self

from desktop_app.errors import UserError
from desktop_app.export.ledger import Archive
from desktop_app.export.progress import Connecting, Progress, Uploading, Waiting
from desktop_app.export.upload_journal import UploadJournal
from desktop_app.settings.model import Settings
from desktop_app.settings.paths import Paths
from desktop_app.sftp.errors import TAKES_NO_MORE
from desktop_app.stop import Stop, Stopped

if TYPE_CHECKING:
    from tenacity import RetryCallState, Retrying

    from desktop_app.sftp.client import Entry
    from desktop_app.sftp.connection import Connection

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class Backoff:
    """How often the same archive is tried, and the seconds before the second try; each later wait doubles.

    A server that takes no more connections gets `busy_attempts`, within some 12 minutes: many installations may
    come at once, and OpenSSH may refuse an address for 10. Each wait is drawn between half of it and all of it, so
    that those who were refused together do not come together again.
    """

    attempts: int = 5
    first_wait: float = 2.0
    longest_wait: float = 60.0
    busy_attempts: int = 20

    def wait_after(self, failures: int) -> float:
        """Seconds to wait after so many failures of a kind."""
        longest = min(self.first_wait * 2.0 ** (failures - 1), self.longest_wait)
        return random.uniform(longest / 2, longest)


class _Attempts:
    """Those at one archive that failed, by kind: the server took no more connections, or what else may pass."""

    def __init__(self, backoff: Backoff) -> None:
        self._backoff = backoff
        self._failures = {True: 0, False: 0}

    def count(self, error: BaseException) -> bool:
        """Whether a failure may pass; it is one more of its kind."""
        self._failures[isinstance(error, TAKES_NO_MORE)] += 1
        return isinstance(error, UserError) and error.may_pass

    def are_enough(self, _: "RetryCallState") -> bool:
        most = {True: self._backoff.busy_attempts, False: self._backoff.attempts}
        return any(self._failures[busy] >= most[busy] for busy in most)

    def wait(self, state: "RetryCallState") -> float:
        last = state.outcome.exception() if state.outcome else None
        return self._backoff.wait_after(self._failures[isinstance(last, TAKES_NO_MORE)])


class Delivery:
    """The way to the server. It connects when told to or when the first archive is put, and again after a cut."""

    def __init__(
        self,
        settings: Settings,
        password: Callable[[], str],
        paths: Paths,
        backoff: Backoff,
        on_progress: Callable[[Progress], None],
        stop: Stop,
    ) -> None:
        self._settings = settings
        self._password = password
        self._known_hosts = paths.known_hosts
        self._journal = UploadJournal(paths.uploads)
        self._own_uploads = set(self._journal.names)
        self._backoff = backoff
        self._on_progress = on_progress
        self._stop = stop
        self._connection: Connection | None = None
        self._connecting: Future[Connection] | None = None
        self._token = secrets.token_hex(6)
        self._listing: list[Entry] | None = None
        self._server_now: int | None = None
        self._open = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(UserError, Stopped):
            self._take_connection()
        self._open.close()
        with suppress(UserError):  # the next run looks for what is not there any more
            self._journal.save()

    def connect_ahead(self) -> None:
        """Begin to connect while the first archive is built. What fails is told when that archive is put."""
        if self._connection is None and self._connecting is None:
            connector = ThreadPoolExecutor(1, "connect")
            self._connecting = connector.submit(self._connect)
            connector.shutdown(wait=False)

    def put(self, archive: Archive, file: Path) -> None:
        """Put the archive on the server under its name, unless it is there already.

        Raises a UserError that won't pass, or the last one when none of the attempts succeeded;
        NameTaken where the name belongs to other content; Stopped.
        """
        self._retrying()(self._put_once, archive, file)

    def others(self, known: Collection[str]) -> list[str]:
        """The names at the server path that another installation of this instance name has put there lately; this
        one's own archives are among the `known`. None before anything was put there."""
        from desktop_app.export.other_installations import names_of_others

        if self._listing is None or self._server_now is None:
            return []
        own = {*known, *self._own_uploads}
        return names_of_others(self._listing, self._settings.export.instance, own, self._server_now)

    def has(self, archive: Archive) -> bool:
        """Whether the server has the archive whole under its name, by the SHA-256 of what is there.

        Raises a UserError that won't pass, or the last one when none of the attempts succeeded; Stopped.
        """
        return self._retrying()(self._look_for, archive)

    def get(self, name: str, to: Path) -> bool:
        """Write the server's file `name` to `to`, and say whether there was one. Raises as `has` does."""
        return self._retrying()(self._get_once, name, to)

    def server_ms(self) -> int | None:
        """The time by the server's clock, where it can be seen. Raises as `has` does."""
        return self._retrying()(self._look_at_clock)

    def _retrying(self) -> "Retrying":
        from tenacity import Retrying, retry_if_exception

        attempts = _Attempts(self._backoff)
        return Retrying(
            retry=retry_if_exception(attempts.count),
            stop=attempts.are_enough,
            wait=attempts.wait,
            before_sleep=self._tell_waiting,
            sleep=self._stop.sleep,
            reraise=True,
        )

    def _put_once(self, archive: Archive, file: Path) -> None:
        from desktop_app.sftp.part_names import part_names
        from desktop_app.sftp.upload import put_archive

        sent = 0

        def on_bytes(count: int) -> None:
            nonlocal sent
            sent += count
            self._on_progress(Uploading(archive.name, sent, archive.bytes))

        with self._giving_up_connection():
            connection = self._connected()
            names = part_names(archive.name, self._token)
            self._journal.add(names)
            written = put_archive(connection, file, archive.name, archive.sha256, self._token, on_bytes)
            self._journal.forget(names)
            if self._server_now is None and written is not None:
                self._server_now = written
                self._remove_old_uploads(connection)

    def _look_for(self, archive: Archive) -> bool:
        from desktop_app.sftp.upload import has_file

        with self._giving_up_connection():
            return has_file(self._connected(), archive.name, archive.bytes, archive.sha256)

    def _look_at_clock(self) -> int | None:
        from desktop_app.sftp.part_names import part_names
        from desktop_app.sftp.server_clock import server_seconds
        from desktop_app.sftp.telling import telling

        name, _ = part_names(f"audit-trails-{self._settings.export.instance}-1970-01-01.zip", self._token)
        with self._giving_up_connection(), telling(connection := self._connected(), "write"):
            seconds = server_seconds(connection, name)
        return None if seconds is None else seconds * 1000

    def _get_once(self, name: str, to: Path) -> bool:
        from desktop_app.sftp.download import get_file

        with self._giving_up_connection():
            return get_file(self._connected(), name, to)

    @contextmanager
    def _giving_up_connection(self) -> Iterator[None]:
        """After a failure that may pass, the next attempt gets a connection of its own."""
        try:
            yield
        except UserError as error:
            if error.may_pass:
                self._disconnect()
            raise

    def _connected(self) -> "Connection":
        if self._connection is None:
            self._on_progress(Connecting(self._settings.server.host))
            self.connect_ahead()
            self._take_connection()
            assert self._connection is not None
        if self._listing is None:
            self._listing = self._look_around(self._connection)
        return self._connection

    def _look_around(self, connection: "Connection") -> "list[Entry]":
        """Remove what interrupted runs of this installation left; returns what is at the server path, as far as
        that can be seen."""
        from desktop_app.sftp.folder_care import list_folder, remove_files
        from desktop_app.sftp.part_names import without_token
        from desktop_app.sftp.upload import check_folder

        check_folder(connection)
        left = self._journal.names
        staying = remove_files(connection, left)
        self._journal.forget(name for name in left if name not in staying)
        listing = list_folder(connection)
        if listing is None:
            _LOG.info("the server path can't be listed; what other runs left there stays")
            return []
        staying += remove_files(connection, without_token(listing, self._settings.export.instance))
        if staying:
            _LOG.info("the server lets nobody remove %s", ", ".join(staying))
        return listing

    def _remove_old_uploads(self, connection: "Connection") -> None:
        """Remove what runs of other installations of this instance name left, once nobody can be at work on it."""
        from desktop_app.sftp.folder_care import remove_files
        from desktop_app.sftp.part_names import is_old, with_token

        uploads = with_token(self._listing or [], self._settings.export.instance)
        remove_files(connection, [each.name for each in uploads if is_old(each, self._server_now)])

    def _connect(self) -> "Connection":
        from desktop_app.sftp.connection import connect

        return connect(self._settings.server, self._password, self._known_hosts, stop=self._stop)

    def _take_connection(self) -> None:
        """Wait for the connection that is being made. Raises what kept it from being made."""
        connecting, self._connecting = self._connecting, None
        if connecting is not None:
            self._connection = self._open.enter_context(connecting.result())

    def _disconnect(self) -> None:
        self._open.close()
        self._connection = None

    def _tell_waiting(self, state: "RetryCallState") -> None:
        error = state.outcome.exception() if state.outcome else None
        seconds = state.next_action.sleep if state.next_action else 0.0
        assert isinstance(error, UserError)  # nothing else is tried again
        self._on_progress(Waiting(error.message, seconds))
