"""Whether a file on the server is what it should be. All raise as `SftpClient` does."""

import hashlib

from desktop_app.sftp.client import SftpClient
from desktop_app.sftp.errors import EndOfFile
from desktop_app.sftp.packets import Open
from desktop_app.sftp.read_ahead import read_ahead


def has_size(client: SftpClient, path: str, told: int | None, size: int) -> bool:
    """Whether a file is `size` bytes long, of which there is one at least.

    `told` is what STAT says. Where it doesn't (a server may leave that out: draft-ietf-secsh-filexfer-02,
    section 5), the file is read around that end.
    """
    if told is not None:
        return told == size
    handle = client.open_file(path, Open.READ)
    ends_there = bool(client.read(handle, size - 1, 1)) and not client.read(handle, size, 1)
    client.close_handle(handle)
    return ends_there


def has_sha256(client: SftpClient, path: str, size: int, sha256: str) -> bool:
    """Whether the first `size` bytes of a file have that SHA-256 (hexadecimal)."""
    digest = hashlib.sha256()
    try:
        for piece in read_ahead(client, path, 0, size):
            digest.update(piece)
    except EndOfFile:
        return False
    return digest.hexdigest() == sha256


def has_at(client: SftpClient, path: str, offset: int, content: bytes) -> bool:
    """Whether a file has `content` at `offset`."""
    try:
        return b"".join(read_ahead(client, path, offset, offset + len(content))) == content
    except EndOfFile:
        return False
