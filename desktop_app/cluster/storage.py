"""Where pieces lie between those who make them and those who take them: a folder that all share, or a bucket.

A name is taken from what is in the piece, so that a piece which is written twice is the same.
"""

import os
import secrets
import shutil
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Protocol

from desktop_app.errors import BadSetting, ExitCode, UserError
from desktop_app.files import file_sha256, sync_folder
from desktop_app.held import reason
from desktop_app.wording import Said

if TYPE_CHECKING:
    from obstore.store import ObjectStore

_SERVICES = ("s3", "gs", "az")
_MODE = 0o660  # and less by the umask: workers may be other users of one group
_COPIED = 1 << 22


class PieceLost(Exception):
    """A piece is not there, or not as it was written."""


class PiecesUnreachable(UserError):
    """The folder or bucket of the pieces can't be read or written."""

    exit_code: ClassVar[ExitCode] = ExitCode.UNREACHABLE
    may_pass = True


class Pieces(Protocol):
    """All raise PiecesUnreachable."""

    @property
    def address(self) -> str:
        """As `open_pieces` takes it."""

    def put(self, name: str, file: Path) -> None:
        """Keep a file under a name, whole and durably, or not at all."""

    def get(self, name: str, sha256: str, file: Path) -> None:
        """Fetch what is kept into `file`. Raises PieceLost where it is not what it was."""

    def remove(self, names: Iterable[str]) -> None:
        """Delete some; those that can't be deleted stay."""

    def clear(self, folder: str) -> None:
        """Delete all whose names begin with that and `/`, and what was being written there."""


def open_pieces(address: str) -> Pieces:
    """The folder of an absolute path, or the bucket of an address as `s3://bucket/prefix` (`gs`, `az`), for which
    the system's own credentials are used. Raises BadSetting."""
    service, sign, rest = address.partition("://")
    if sign and service in _SERVICES and rest.strip("/"):
        return _Bucket(address)
    if sign or not Path(address).is_absolute():
        raise BadSetting(
            Said("{address!r} is no place for pieces.", address=address),
            Said(
                "Write the absolute path of a folder that this computer and all workers share, or"
                " s3://bucket/prefix, gs://bucket/prefix or az://container/prefix."
            ),
        )
    return _Folder(Path(address))


class _Folder:
    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @property
    def address(self) -> str:
        return str(self._folder)

    def put(self, name: str, file: Path) -> None:
        path = self._folder / name
        partial = path.with_name(f".{path.name}.{secrets.token_hex(6)}.part")
        try:
            if self._folder.is_dir():  # else it is another folder, without what should be mounted there
                path.parent.mkdir(exist_ok=True)
            handle = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), _MODE)
            with os.fdopen(handle, "wb") as written, file.open("rb") as read:
                while some := read.read(_COPIED):
                    written.write(some)
                written.flush()
                os.fsync(written.fileno())
            partial.replace(path)
            sync_folder(path.parent)
        except OSError as error:
            with suppress(OSError):
                partial.unlink(missing_ok=True)
            raise self._unreachable(error) from error

    def get(self, name: str, sha256: str, file: Path) -> None:
        try:
            with (self._folder / name).open("rb") as read, file.open("wb") as written:
                while some := read.read(_COPIED):
                    written.write(some)
        except FileNotFoundError as error:
            if self._folder.is_dir():
                raise PieceLost(name) from error
            raise self._unreachable(error) from error
        except OSError as error:
            raise self._unreachable(error) from error
        _require(name, sha256, file)

    def remove(self, names: Iterable[str]) -> None:
        for name in names:
            with suppress(OSError):
                (self._folder / name).unlink(missing_ok=True)

    def clear(self, folder: str) -> None:
        shutil.rmtree(self._folder / folder, ignore_errors=True)

    def _unreachable(self, error: OSError) -> PiecesUnreachable:
        return _unreachable(self.address, reason(error))


class _Bucket:
    def __init__(self, address: str) -> None:
        self.address = address.rstrip("/")
        self._opened: ObjectStore | None = None

    @property
    def _store(self) -> "ObjectStore":
        from obstore.store import from_url

        if self._opened is None:
            self._opened = from_url(self.address)
        return self._opened

    def put(self, name: str, file: Path) -> None:
        import obstore
        from obstore.exceptions import BaseError

        try:
            obstore.put(self._store, name, file)
        except (BaseError, OSError, ValueError) as error:
            raise self._unreachable(error) from None

    def get(self, name: str, sha256: str, file: Path) -> None:
        import obstore
        from obstore.exceptions import BaseError, NotFoundError

        try:
            with file.open("wb") as written:
                for some in obstore.get(self._store, name):
                    written.write(some)
        except (NotFoundError, FileNotFoundError):
            raise PieceLost(name) from None
        except (BaseError, OSError, ValueError) as error:
            raise self._unreachable(error) from None
        _require(name, sha256, file)

    def remove(self, names: Iterable[str]) -> None:
        import obstore
        from obstore.exceptions import BaseError

        for name in names:
            with suppress(BaseError, OSError, ValueError):
                obstore.delete(self._store, name)

    def clear(self, folder: str) -> None:
        import obstore
        from obstore.exceptions import BaseError

        with suppress(BaseError, OSError, ValueError):
            for some in obstore.list(self._store, folder):
                self.remove(each["path"] for each in some)

    def _unreachable(self, error: Exception) -> PiecesUnreachable:
        return _unreachable(self.address, (str(error).strip().splitlines() or [type(error).__name__])[0][:300])


def _unreachable(address: str, why: object) -> PiecesUnreachable:
    return PiecesUnreachable(
        Said("The pieces in {address} can't be read or written ({reason}).", address=address, reason=why),
        Said("May this user, and that of the workers, read and write there?"),
    )


def _require(name: str, sha256: str, file: Path) -> None:
    if file_sha256(file) != sha256:
        raise PieceLost(name)
