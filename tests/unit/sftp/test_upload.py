"""An archive is on the server whole, under its name, once; whatever a server does with what it is asked for."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from desktop_app.errors import UserError
from desktop_app.settings.model import ServerSettings
from desktop_app.sftp import upload
from desktop_app.sftp.connection import Connection
from desktop_app.sftp.errors import (
    ConnectionLost,
    DamagedOnServer,
    EndOfFile,
    NameTaken,
    NoSuchFile,
    NotPermitted,
    NotRenamed,
    PathUnusable,
    SftpFailure,
)
from desktop_app.sftp.limits import DEFAULT_LIMITS
from desktop_app.sftp.packets import Attributes, Code, Open
from desktop_app.sftp.upload import has_file, put_archive

NAME, TOKEN = "audit-trails-ws-2026-11-20.zip", "0123456789ab"
PART = f".{NAME}.{TOKEN}.part"
CONTENT = bytes(range(256)) * 40
FAILURE = 4
FOLDER, FILE = 0o040755, 0o100644
NOW = 1_800_000_000


class Sftp:
    """A server with one folder, `/in`, in memory. `says` has what it does instead of what is asked for."""

    piece_size = 4096
    round_trip = 0.0

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.says: dict[str, Callable[..., Any]] = {}
        self.done: list[str] = []
        self._asked: list[tuple[str, int, int]] = []

    def __getattribute__(self, name: str) -> Any:
        says = object.__getattribute__(self, "__dict__").get("says", {})
        return says.get(name) or object.__getattribute__(self, name)

    def stat(self, path: str) -> Attributes:
        if path == "/in":
            return Attributes(None, FOLDER, None)
        self._require(path)
        return Attributes(len(self.files[path]), FILE, NOW)

    lstat = stat

    def full_path(self, path: str) -> str:
        return {".": "/home/audit"}.get(path, path)

    def create_file(self, path: str) -> bytes:
        self.files[path] = b""
        return path.encode()

    def start_write(self, handle: bytes, offset: int, data: bytes) -> None:
        path = handle.decode()
        self.files[path] = self.files[path][:offset] + bytes(data)

    def finish_write(self) -> None: ...

    def answers_wait(self) -> bool:
        return True

    def open_file(self, path: str, how: Open) -> bytes:
        self._require(path)
        return path.encode()

    def close_handle(self, handle: bytes) -> None: ...

    def start_read(self, handle: bytes, offset: int, length: int) -> None:
        self._asked.append((handle.decode(), offset, length))

    def finish_read(self) -> tuple[int, int, bytes]:
        path, offset, length = self._asked.pop(0)
        piece = self.files[path][offset : offset + length]
        if not piece:
            raise EndOfFile
        return offset, length, piece

    def read(self, handle: bytes, offset: int, length: int) -> bytes:
        return self.files[handle.decode()][offset : offset + length]

    def rename(self, old: str, new: str) -> None:
        self._require(old)
        if new in self.files:
            raise SftpFailure(FAILURE, "exists")
        self.posix_rename(old, new)

    def posix_rename(self, old: str, new: str) -> None:
        self.files[new] = self.files.pop(old)

    def remove(self, path: str) -> None:
        self._require(path)
        self.done.append(f"remove {path}")
        del self.files[path]

    def free_blocks(self, _: str) -> int:
        return 1

    def _require(self, path: str) -> None:
        if path not in self.files:
            raise NoSuchFile(Code.NO_SUCH_FILE, "no such file")


@pytest.fixture
def sftp() -> Sftp:
    return Sftp()


@pytest.fixture
def local(tmp_path: Path) -> Path:
    (tmp_path / "archive").write_bytes(CONTENT)
    return tmp_path / "archive"


def connection(sftp: Sftp) -> Connection:
    return cast(
        Connection,
        SimpleNamespace(
            sftp=sftp,
            folder="/in",
            server=ServerSettings(host="sftp.example.com", user="audit", path="/in"),
            limits=DEFAULT_LIMITS,
            transport=SimpleNamespace(moved=0, is_openssh=False),
            close=lambda: sftp.done.append("close"),
        ),
    )


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def put(sftp: Sftp, local: Path) -> int | None:
    arrived: list[int] = []
    content = local.read_bytes()
    written = put_archive(connection(sftp), local, NAME, sha256(content), TOKEN, arrived.append)
    assert sum(arrived) in (0, len(content))
    return written


def refuse(code: int = FAILURE, reason: str = "no") -> Callable[..., Any]:
    def refusing(*_: Any) -> None:
        raise SftpFailure(code, reason)

    return refusing


def test_an_archive_gets_its_name_when_it_is_whole(sftp: Sftp, local: Path) -> None:
    seen: list[set[str]] = []
    rename = sftp.rename

    def renaming(old: str, new: str) -> None:
        seen.append({f"{path} {len(content)}" for path, content in sftp.files.items()})
        rename(old, new)

    sftp.says["rename"] = renaming
    assert put(sftp, local) == NOW
    assert seen == [{f"/in/{PART} {len(CONTENT)}"}]
    assert sftp.files == {f"/in/{NAME}": CONTENT} and sftp.done == []


def test_one_that_is_there_already_is_not_sent_again(sftp: Sftp, local: Path) -> None:
    sftp.files[f"/in/{NAME}"] = CONTENT
    sftp.says["create_file"] = refuse()
    assert put(sftp, local) is None
    assert sftp.files == {f"/in/{NAME}": CONTENT}


@pytest.mark.parametrize("there", [b"", CONTENT[:-1], CONTENT + b"x", b"x" + CONTENT[1:], CONTENT[:-1] + b"x"])
def test_a_name_with_other_content_is_taken_and_stays(sftp: Sftp, local: Path, there: bytes) -> None:
    sftp.files[f"/in/{NAME}"] = there
    with pytest.raises(NameTaken):
        put(sftp, local)
    assert sftp.files == {f"/in/{NAME}": there}


@pytest.mark.parametrize(
    ("there", "same"),
    [
        (CONTENT, True),
        (CONTENT[:1024] + b"x" + CONTENT[1025:], True),  # which only reading all of it would show
        (CONTENT[:-1] + b"x", False),
        (CONTENT[:-1024] + b"x" + CONTENT[-1023:], False),
        (CONTENT[:-1], False),
    ],
)
def test_of_a_large_one_the_end_is_compared(
    sftp: Sftp, local: Path, monkeypatch: pytest.MonkeyPatch, there: bytes, same: bool
) -> None:
    monkeypatch.setattr(upload, "READ_BACK_LIMIT", len(CONTENT) - 1)
    monkeypatch.setattr(upload, "_TAIL", 1024)
    sftp.files[f"/in/{NAME}"] = there
    if same:
        assert put(sftp, local) is None
    else:
        with pytest.raises(NameTaken):
            put(sftp, local)
    assert sftp.files == {f"/in/{NAME}": there}


def test_up_to_the_limit_all_of_it_is_read(sftp: Sftp, local: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upload, "READ_BACK_LIMIT", len(CONTENT))
    monkeypatch.setattr(upload, "_TAIL", 1024)
    sftp.files[f"/in/{NAME}"] = b"x" + CONTENT[1:]
    with pytest.raises(NameTaken):
        put(sftp, local)
    assert len(CONTENT) == upload.READ_BACK_LIMIT


@pytest.mark.parametrize("change", [lambda c: c[:-1], lambda c: c + b"x", lambda c: b"x" + c[1:]])
def test_what_arrived_otherwise_is_told_and_removed(
    sftp: Sftp, local: Path, change: Callable[[bytes], bytes]
) -> None:
    def close(handle: bytes) -> None:
        if sftp.files[handle.decode()] == CONTENT:
            sftp.files[handle.decode()] = change(CONTENT)

    sftp.says["close_handle"] = close
    with pytest.raises(DamagedOnServer, match=rf"\({len(CONTENT)} bytes\)"):
        put(sftp, local)
    assert sftp.files == {}


def test_up_to_a_size_what_arrived_is_read_back(sftp: Sftp, local: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def close(handle: bytes) -> None:
        sftp.files[handle.decode()] = b"x" + CONTENT[1:]

    assert upload.READ_BACK_LIMIT == 64 << 20
    monkeypatch.setattr(upload, "READ_BACK_LIMIT", len(CONTENT))
    sftp.says["close_handle"] = close
    with pytest.raises(DamagedOnServer):
        put(sftp, local)


def test_what_is_too_large_to_be_read_back_counts_by_its_size(
    sftp: Sftp, local: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upload, "READ_BACK_LIMIT", len(CONTENT) - 1)
    sftp.says["start_read"] = refuse()
    assert put(sftp, local) == NOW


def test_a_server_that_takes_no_dot_in_front_gets_the_other_name(sftp: Sftp, local: Path) -> None:
    tried: list[str] = []
    create = sftp.create_file

    def creating(path: str) -> bytes:
        tried.append(path)
        if "/." in path:
            raise SftpFailure(FAILURE, "no dots")
        return create(path)

    sftp.says["create_file"] = creating
    assert put(sftp, local) == NOW
    assert tried == [f"/in/{PART}", f"/in/{PART[1:]}"] and sftp.files == {f"/in/{NAME}": CONTENT}


def test_where_nothing_can_be_made_the_first_refusal_is_told(sftp: Sftp, local: Path) -> None:
    sftp.says["create_file"] = lambda path: refuse(
        Code.PERMISSION_DENIED if "/." in path else FAILURE, "first" if "/." in path else "second"
    )()
    with pytest.raises(NotPermitted):
        put(sftp, local)


@pytest.mark.parametrize("act", [put, lambda sftp, local: has_file(connection(sftp), NAME, 1, "ab")])
@pytest.mark.parametrize(
    ("stat", "kind", "said"),
    [
        (refuse(Code.PERMISSION_DENIED), NotPermitted, "User audit may not read /in on the server."),
        (lambda _: Attributes(1, FILE, NOW), PathUnusable, "/in on the server is no folder."),
    ],
)
def test_the_path_is_looked_at_before_anything_else(
    sftp: Sftp, local: Path, act: Callable[[Sftp, Path], Any], stat: Any, kind: type[UserError], said: str
) -> None:
    sftp.says["stat"] = stat
    with pytest.raises(kind) as caught:
        act(sftp, local)
    assert caught.value.message == said and caught.value.field == "server.path"
    assert sftp.files == {}


def test_a_path_that_is_not_there_is_told_with_the_home_folder(sftp: Sftp, local: Path) -> None:
    def gone(_: str) -> Attributes:
        raise NoSuchFile(Code.NO_SUCH_FILE, "")

    sftp.says["stat"] = gone
    for act in (put, lambda sftp, _: has_file(connection(sftp), NAME, 1, "ab")):
        with pytest.raises(PathUnusable) as caught:
            act(sftp, local)
        assert caught.value.message == "There is no folder /in on the server for user audit."
        assert "The home folder of this user is /home/audit." in caught.value.hint


def test_a_server_that_says_nothing_of_kinds_is_believed(sftp: Sftp, local: Path) -> None:
    stat = sftp.stat
    sftp.says["stat"] = lambda path: Attributes(None, None, None) if path == "/in" else stat(path)
    assert put(sftp, local) == NOW


def test_a_server_that_only_renames_as_posix_does(sftp: Sftp, local: Path) -> None:
    sftp.says["rename"] = refuse(Code.UNSUPPORTED)
    assert put(sftp, local) == NOW
    assert sftp.files == {f"/in/{NAME}": CONTENT}


def test_which_would_overwrite_what_somebody_put_there_meanwhile(sftp: Sftp, local: Path) -> None:
    def rename(_: str, new: str) -> None:
        sftp.files[new] = b"of somebody else"
        raise SftpFailure(FAILURE, "exists")

    sftp.says["rename"] = rename
    with pytest.raises(NameTaken):
        put(sftp, local)
    assert sftp.files == {f"/in/{NAME}": b"of somebody else"}


def test_who_put_the_same_there_meanwhile_did_the_work(sftp: Sftp, local: Path) -> None:
    def rename(_: str, new: str) -> None:
        sftp.files[new] = CONTENT
        raise SftpFailure(FAILURE, "exists")

    sftp.says["rename"] = rename
    assert put(sftp, local) is None
    assert sftp.files == {f"/in/{NAME}": CONTENT}


@pytest.mark.parametrize(
    ("posix", "reason"), [(refuse(Code.UNSUPPORTED, "what?"), "plain"), (refuse(FAILURE, "posix"), "posix")]
)
def test_a_server_that_renames_in_no_way_is_told_with_its_own_reason(
    sftp: Sftp, local: Path, posix: Any, reason: str
) -> None:
    sftp.says |= {"rename": refuse(FAILURE, "plain"), "posix_rename": posix}
    with pytest.raises(NotPermitted, match=rf"refused to rename a file in /in \({reason}\)"):
        put(sftp, local)
    assert sftp.files == {}


def test_a_rename_that_was_not_done_is_no_delivery(sftp: Sftp, local: Path) -> None:
    sftp.says["rename"] = lambda *_: None
    with pytest.raises(NotRenamed):
        put(sftp, local)
    assert sftp.files == {}


def test_a_server_that_copies_instead_has_the_archive(sftp: Sftp, local: Path) -> None:
    def copy(old: str, new: str) -> None:
        sftp.files[new] = sftp.files[old]

    sftp.says["rename"] = copy
    assert put(sftp, local) is None
    assert sftp.files == {f"/in/{NAME}": CONTENT}


def test_a_server_whose_users_take_away_what_arrives_has_had_it(sftp: Sftp, local: Path) -> None:
    sftp.says["rename"] = lambda old, new: sftp.files.pop(old)
    assert put(sftp, local) == NOW


def test_nothing_is_asked_of_a_connection_that_is_gone(sftp: Sftp, local: Path) -> None:
    def cut(*_: Any) -> None:
        raise EOFError

    sftp.says["rename"] = cut
    with pytest.raises(ConnectionLost):
        put(sftp, local)
    assert sftp.done == ["close"] and set(sftp.files) == {f"/in/{PART}"}


def test_what_can_not_be_removed_changes_nothing_of_what_is_told(sftp: Sftp, local: Path) -> None:
    sftp.says |= {"rename": lambda *_: None, "remove": refuse(Code.PERMISSION_DENIED)}
    with pytest.raises(NotRenamed):
        put(sftp, local)


@pytest.mark.parametrize(
    ("there", "expected"),
    [(None, False), (CONTENT, True), (CONTENT[:-1], False), (b"x" + CONTENT[1:], False), (CONTENT + b"x", False)],
)
@pytest.mark.parametrize("limit", [1, 1 << 26])
@pytest.mark.parametrize("tells_sizes", [True, False])
def test_whether_the_server_has_a_file_is_found_by_reading_all_of_it(
    sftp: Sftp,
    monkeypatch: pytest.MonkeyPatch,
    there: bytes | None,
    expected: bool,
    limit: int,
    tells_sizes: bool,
) -> None:
    monkeypatch.setattr(upload, "READ_BACK_LIMIT", limit)
    if there is not None:
        sftp.files[f"/in/{NAME}"] = there
    if not tells_sizes:
        stat = sftp.stat
        sftp.says["stat"] = lambda path: Attributes(None, stat(path).mode, None)
    assert has_file(connection(sftp), NAME, len(CONTENT), sha256(CONTENT)) is expected
