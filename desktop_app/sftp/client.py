"""An SFTP channel: paramiko's client, with an end to every wait, and requests that it does not have."""

import errno
import struct
import threading

from paramiko import Channel, SFTPAttributes, SFTPClient, SSHException, Transport
from paramiko.message import Message

# draft-ietf-secsh-filexfer-02: packet types, flags of OPEN, status codes
_INIT, _VERSION, _OPEN, _CLOSE, _READ, _WRITE = 1, 2, 3, 4, 5, 6
_OPENDIR, _READDIR = 11, 12
_STATUS, _HANDLE, _DATA, _NAME, _EXTENDED, _EXTENDED_REPLY = 101, 102, 103, 104, 200, 201
OPEN_READ, OPEN_WRITE, OPEN_CREATE, OPEN_TRUNCATE = 1, 2, 8, 16
_ERRNO = {2: errno.ENOENT, 3: errno.EACCES}
_END_OF_FILE = 1
_FIRST_ID = 1 << 31  # paramiko, on the same channel, counts from 1

_SMALL_PIECE = 32 << 10  # every server takes and gives this much in one WRITE or READ
_LARGE_PIECE = 255 << 10  # OpenSSH says in limits@openssh.com that it takes and gives this much


class SftpFailure(OSError):
    """The server answered a request with a failure."""


class SftpClient(SFTPClient):
    """paramiko's client, which knows how many bytes the server takes in one WRITE, and gives in one READ."""

    piece_size = _SMALL_PIECE

    def _send_version(self) -> int:
        request = Message()
        request.add_int(3)
        self._send_packet(_INIT, request)  # type: ignore[attr-defined]
        kind, body = self._read_packet()  # type: ignore[attr-defined]
        if kind != _VERSION:
            raise SSHException("no SFTP version in answer to INIT")
        if b"limits@openssh.com" in body:
            self.piece_size = _LARGE_PIECE
        return int.from_bytes(body[:4], "big")

    def _convert_status(self, msg: Message) -> None:
        """paramiko's own takes only UTF-8 from the server."""
        code, text = msg.get_int(), msg.get_string().decode(errors="replace")
        if code == _END_OF_FILE:
            raise EOFError(text)
        if code:
            raise OSError(_ERRNO[code], text) if code in _ERRNO else OSError(text)

    def names(self, folder: str) -> list[str]:
        """The names in a folder; what is not UTF-8 in them is replaced. Raises OSError or SSHException."""
        kind, opened = self._request(_OPENDIR, folder.encode())  # type: ignore[attr-defined]
        if kind != _HANDLE:
            raise SSHException("no handle in answer to OPENDIR")
        handle, names = opened.get_binary(), []
        try:
            while True:
                kind, answer = self._request(_READDIR, handle)  # type: ignore[attr-defined]
                if kind != _NAME:
                    raise SSHException("no names in answer to READDIR")
                for _ in range(answer.get_int()):
                    names.append(answer.get_string().decode(errors="replace"))
                    answer.get_string()
                    SFTPAttributes._from_msg(answer)  # type: ignore[attr-defined]
        except EOFError:
            return names
        finally:
            self._request(_CLOSE, handle)  # type: ignore[attr-defined]


def open_sftp(transport: Transport, seconds: float) -> SftpClient:
    """Open an SFTP channel; the connection is closed when that, or any later wait on it, takes longer.

    Raises ChannelException where the server allows no more channels, else SSHException, EOFError or OSError.
    """
    # paramiko itself would wait for some of the answers for ever.
    too_long = threading.Timer(seconds, transport.close)
    too_long.daemon = True
    too_long.start()
    try:
        channel = transport.open_session(timeout=seconds)
        channel.settimeout(seconds)
        channel.invoke_subsystem("sftp")
        return SftpClient(channel)
    finally:
        too_long.cancel()


class SftpRequests:
    """The requests of an SFTP channel, one by one: paramiko does not check writes that are under way.

    Between two calls of paramiko's client, on the same channel; every answer must be taken before the second.
    """

    def __init__(self, client: SftpClient) -> None:
        channel = client.get_channel()
        assert channel is not None
        self._channel: Channel = channel
        self._next_id = _FIRST_ID
        self._answers_due: set[int] = set()
        self._reads: dict[int, tuple[int, int]] = {}
        self.piece_size = client.piece_size

    def open_file(self, path: str, flags: int) -> bytes:
        """The handle of a file. Raises SftpFailure."""
        kind, body = self._ask(_OPEN, _text(path.encode()) + struct.pack(">II", flags, 0))
        if kind != _HANDLE:
            _raise_unless_ok(kind, body)
            raise SSHException("no handle in answer to OPEN")
        return body[4:]

    def start_write(self, handle: bytes, offset: int, data: bytes) -> None:
        """Send a WRITE without waiting for its status."""
        self._send(_WRITE, _text(handle) + struct.pack(">QI", offset, len(data)), data)

    def finish_write(self) -> None:
        """Take the status of one WRITE. Raises SftpFailure."""
        _raise_unless_ok(*self._receive())

    def start_read(self, handle: bytes, offset: int, length: int) -> None:
        """Ask for a piece of a file without waiting for it."""
        self._reads[self._next_id] = offset, length
        self._send(_READ, _text(handle) + struct.pack(">QI", offset, length))

    def finish_read(self) -> tuple[int, int, bytes]:
        """A piece that was asked for, in any order: its offset, the length that was asked for, and what came,
        which may be less. Raises SftpFailure, and EOFError where the file ends before it."""
        number, kind, body = self._receive_numbered()
        if kind != _DATA:
            if kind == _STATUS and int.from_bytes(body[:4], "big") == _END_OF_FILE:
                raise EOFError("the file ended early")
            _raise_unless_ok(kind, body)
            raise SSHException("no data in answer to READ")
        offset, length = self._reads.pop(number)
        if not 0 < len(body) - 4 <= length:
            raise SSHException(f"{len(body) - 4} bytes in answer to a READ of {length}")
        return offset, length, body[4:]

    def answers_wait(self) -> bool:
        """Whether a status can be taken without waiting."""
        return self._channel.recv_ready()

    def close_handle(self, handle: bytes) -> None:
        """Close a file; servers may report a failed write only here. Raises SftpFailure."""
        _raise_unless_ok(*self._ask(_CLOSE, _text(handle)))

    def free_blocks(self, folder: str) -> int:
        """Blocks that an ordinary user may still fill (statvfs@openssh.com). Raises SftpFailure."""
        kind, body = self._ask(_EXTENDED, _text(b"statvfs@openssh.com") + _text(folder.encode()))
        if kind != _EXTENDED_REPLY:
            raise SftpFailure(errno.ENOSYS, "no statvfs")
        return int(struct.unpack(">11Q", body[:88])[4])

    def _ask(self, kind: int, body: bytes) -> tuple[int, bytes]:
        self._send(kind, body)
        return self._receive()

    def _send(self, kind: int, body: bytes, data: bytes = b"") -> None:
        self._answers_due.add(self._next_id)
        head = struct.pack(">IBI", 5 + len(body) + len(data), kind, self._next_id)
        self._next_id = (self._next_id + 1) % (1 << 32) or _FIRST_ID
        self._channel.sendall(head + body + data)

    def _receive(self) -> tuple[int, bytes]:
        """Kind and content of the next answer."""
        _, kind, body = self._receive_numbered()
        return kind, body

    def _receive_numbered(self) -> tuple[int, int, bytes]:
        """Request number, kind and content of the next answer."""
        length, kind, answered = struct.unpack(">IBI", self._exactly(9))
        if answered not in self._answers_due:
            raise SSHException(f"an answer to request {answered}, which was not made")
        self._answers_due.remove(answered)
        return answered, kind, self._exactly(length - 5)

    def _exactly(self, count: int) -> bytes:
        parts = []
        while count:
            part = self._channel.recv(count)
            if not part:
                raise EOFError("the channel was closed")
            parts.append(part)
            count -= len(part)
        return b"".join(parts)


def _text(value: bytes) -> bytes:
    return struct.pack(">I", len(value)) + value


def _raise_unless_ok(kind: int, body: bytes) -> None:
    if kind != _STATUS:
        raise SSHException(f"packet {kind} where a status should be")
    (code,) = struct.unpack(">I", body[:4])
    if code:
        length = int.from_bytes(body[4:8], "big")
        raise SftpFailure(_ERRNO.get(code, 0), body[8 : 8 + length].decode(errors="replace"))
