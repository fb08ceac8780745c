"""What is sealed many packets at a time is what paramiko reads one by one, and the other way round."""

import hashlib
import os
import socket
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from paramiko import Message, SSHException
from paramiko.common import MSG_CHANNEL_DATA
from paramiko.packet import Packetizer

from desktop_app.sftp.packetizer import AuditPacketizer, ChannelData

CHANNEL, MOST = 7, 32704
SIZES = [1, 2, 15, 16, 17, MOST - 1, MOST, MOST + 1, 255 << 10, (255 << 10) + 29]


@pytest.fixture
def sockets() -> Iterator[tuple[socket.socket, socket.socket]]:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4 << 20)
        yield ours, theirs


def begin(ours: Any, theirs: Any, key_size: int, digest: Callable[[], Any]) -> None:
    """The same new keys for one that writes and one that reads."""
    key, counter, mac_key = os.urandom(key_size), os.urandom(16), os.urandom(digest().digest_size)
    cipher = Cipher(algorithms.AES(key), modes.CTR(counter))
    ours.set_outbound_cipher(cipher.encryptor(), 16, digest, digest().digest_size, mac_key, sdctr=True)
    theirs.set_inbound_cipher(cipher.decryptor(), 16, digest, digest().digest_size, mac_key)


def read(theirs: Any, size: int) -> bytes:
    """What comes over the channel until it has so many bytes; no packet has more than it may."""
    came = b""
    while len(came) < size:
        kind, message = theirs.read_message()
        assert (kind, message.get_int()) == (MSG_CHANNEL_DATA, CHANNEL)
        piece = message.get_string()
        assert 0 < len(piece) <= MOST
        came += piece
    return came


@pytest.mark.parametrize("key_size", [16, 24, 32])
@pytest.mark.parametrize("digest", [hashlib.sha1, hashlib.sha256, hashlib.sha512])
def test_all_ciphers_and_macs(
    sockets: tuple[socket.socket, socket.socket], key_size: int, digest: Callable[[], Any]
) -> None:
    ours, theirs = AuditPacketizer(sockets[0]), Packetizer(sockets[1])
    begin(ours, theirs, key_size, digest)
    for size in SIZES:
        data = os.urandom(size)
        ours.send_message(ChannelData(CHANNEL, memoryview(data), MOST))
        assert read(theirs, size) == data
        # paramiko goes on with the same numbers and the same stream
        ours.send_message(message(b"\x5d" + data[:9]))
        assert theirs.read_message()[0] == 0x5D
        begin(ours, theirs, key_size, digest)


@pytest.mark.parametrize("key_size", [16, 24, 32])
@pytest.mark.parametrize("digest", [hashlib.sha1, hashlib.sha256, hashlib.sha512])
def test_what_paramiko_sealed_is_opened(
    sockets: tuple[socket.socket, socket.socket], key_size: int, digest: Callable[[], Any]
) -> None:
    theirs: Any
    theirs, ours = Packetizer(sockets[0]), AuditPacketizer(sockets[1])
    plain = [os.urandom(size) for size in (1, 2, 11, 12, 27, 28, 5000, 40_000, 9)]
    begin(theirs, ours, key_size, digest)
    for number, content in enumerate(plain):
        theirs.send_message(message(content))
        kind, came = ours.read_message()
        assert (bytes([kind]) + came.asbytes(), came.seqno) == (content, number)


@pytest.mark.parametrize("at", [0, 3, 4, 5, 20, 31, 32, 51])
def test_a_packet_that_was_changed_on_the_way_is_no_message(
    sockets: tuple[socket.socket, socket.socket], at: int
) -> None:
    sealed: list[bytes] = []
    theirs: Any
    theirs, ours = Packetizer(sockets[0]), AuditPacketizer(sockets[1])
    begin(theirs, ours, 32, hashlib.sha1)
    theirs.write_all = sealed.append
    theirs.send_message(message(b"\x5d" + bytes(8)))
    theirs.send_message(message(bytes(20)))
    changed = bytearray(b"".join(sealed))
    changed[at] ^= 1
    sockets[0].sendall(changed)
    sockets[0].close()
    with pytest.raises((SSHException, EOFError)):
        ours.read_message()


@pytest.mark.parametrize(
    ("length", "padding"), [(0, 0), (11, 4), (12, 11), (12, 12), (12, 255), ((1 << 31) + 12, 4)]
)
def test_lengths_that_make_no_sense(
    sockets: tuple[socket.socket, socket.socket], length: int, padding: int
) -> None:
    """Sealed with the right keys: a peer that lies is no other than one that errs."""
    theirs: Any
    theirs, ours = Packetizer(sockets[0]), AuditPacketizer(sockets[1])
    begin(theirs, ours, 32, hashlib.sha1)
    theirs._build_packet = lambda _: length.to_bytes(4, "big") + bytes([padding]) + bytes(11)
    theirs.send_message(message(b"\x5d"))
    with pytest.raises(SSHException):
        ours.read_message()


def test_keys_that_opened_enough_are_to_be_renewed(sockets: tuple[socket.socket, socket.socket]) -> None:
    theirs: Any
    theirs, ours = Packetizer(sockets[0]), AuditPacketizer(sockets[1])
    ours.REKEY_PACKETS = 3
    begin(theirs, ours, 32, hashlib.sha1)
    for expected in (False, False, False, True, True):
        theirs.send_message(message(b"\x5d" + bytes(8)))
        assert ours.read_message()[0] == 0x5D
        assert ours.need_rekey() is expected


def message(content: bytes) -> Message:
    made = Message()
    made.add_bytes(content)
    return made


def test_keys_that_sealed_enough_are_to_be_renewed(sockets: tuple[socket.socket, socket.socket]) -> None:
    ours, theirs = AuditPacketizer(sockets[0]), Packetizer(sockets[1])
    ours.REKEY_BYTES = 100_000
    begin(ours, theirs, 32, hashlib.sha1)
    for expected in (False, False, True, True):
        ours.send_message(ChannelData(CHANNEL, memoryview(bytes(40_000)), MOST))
        assert ours.need_rekey() is expected


def test_packets_count_as_well(sockets: tuple[socket.socket, socket.socket]) -> None:
    ours, theirs = AuditPacketizer(sockets[0]), Packetizer(sockets[1])
    ours.REKEY_PACKETS = 3
    begin(ours, theirs, 32, hashlib.sha1)
    for expected in (False, True):
        ours.send_message(ChannelData(CHANNEL, memoryview(bytes(MOST + 1)), MOST))
        assert ours.need_rekey() is expected


def test_small_reads_take_what_has_come() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        reader = AuditPacketizer(ours)
        theirs.sendall(bytes(range(200)) * 200)
        pieces = [reader.read_all(size) for size in (1, 15, 4, 20_000, 0, 3)]
    assert b"".join(pieces) == (bytes(range(200)) * 200)[:20_023]
