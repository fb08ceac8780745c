"""SSH packets: paramiko's, read with bounds and in few steps, and the data of a channel sealed many at a time."""

import hmac
import socket
import struct
from collections.abc import Callable
from typing import Any, NamedTuple

from paramiko import SSHException
from paramiko.common import MSG_CHANNEL_DATA
from paramiko.message import Message
from paramiko.packet import Packetizer

_LONGEST_GREETING, _LONGEST_PACKET = 64 << 10, 256 << 10  # OpenSSH takes packets as long as that
_READ_AT_ONCE = 16 << 10
_PADDING = bytes(32)
_AROUND = 128  # bytes: more than a packet has besides its data


class ChannelData(NamedTuple):
    """What goes over a channel (RFC 4254, section 5.2): its number on the other side, the data, and how many bytes
    of it the other side takes in one packet."""

    channel: int
    data: memoryview
    most: int


class AuditPacketizer(Packetizer):
    """Takes no more than SSH needs from whoever is there, and keeps what they greet with.

    `greeting` is what came before the packets: the server's version, or what is there instead of it (RFC 4253,
    section 4.2). Once it is `leaving`, what the socket says of that is no failure: Windows tells whoever reads
    that it was shut down (WSAESHUTDOWN), where Linux has come to the end.
    """

    # What paramiko knows of the packets to come, and shows nobody.
    _Packetizer__write_lock: Any
    _Packetizer__block_engine_out: Any
    _Packetizer__block_size_out: int
    _Packetizer__mac_engine_out: Callable[[], Any]
    _Packetizer__mac_key_out: bytes
    _Packetizer__mac_size_out: int
    _Packetizer__etm_out: bool
    _Packetizer__aead_out: bool
    _Packetizer__sequence_number_out: int
    _Packetizer__sent_bytes: int
    _Packetizer__sent_packets: int
    _Packetizer__need_rekey: bool
    _Packetizer__block_engine_in: Any
    _Packetizer__block_size_in: int
    _Packetizer__mac_engine_in: Callable[[], Any]
    _Packetizer__mac_key_in: bytes
    _Packetizer__mac_size_in: int
    _Packetizer__etm_in: bool
    _Packetizer__aead_in: bool
    _Packetizer__sequence_number_in: int
    _Packetizer__received_bytes: int
    _Packetizer__received_packets: int
    _Packetizer__received_bytes_overflow: int
    _Packetizer__received_packets_overflow: int

    def __init__(self, sock: socket.socket) -> None:
        self._incoming = _ReadAhead(sock)
        super().__init__(self._incoming)  # type: ignore[arg-type]
        self.greeting = b""
        self.leaving = False
        self._sealed = bytearray()

    def read_all(self, n: int, check_rekey: bool = False) -> bytes:
        if n > _LONGEST_PACKET:
            raise SSHException(f"a packet of {n} bytes")
        try:
            content: bytes = super().read_all(n, check_rekey)
        except OSError:
            if self.leaving:
                raise EOFError from None
            raise
        return content

    def read_message(self) -> tuple[int, Message]:
        """As paramiko's, in little more than half its time: an upload is answered by many small packets. That is
        left to read before there are keys, and when these are to be renewed."""
        if (
            self._Packetizer__block_engine_in is None
            or self._Packetizer__need_rekey
            or self._Packetizer__received_bytes >= self.REKEY_BYTES
            or self._Packetizer__received_packets >= self.REKEY_PACKETS
        ):
            return super().read_message()
        return self._open()

    def _open(self) -> tuple[int, Message]:
        """Read a packet, decrypt it and check its MAC: its kind, and what is in it."""
        assert not (self._Packetizer__etm_in or self._Packetizer__aead_in), "which nobody offers"
        engine, number = self._Packetizer__block_engine_in, self._Packetizer__sequence_number_in
        block, mac_size = self._Packetizer__block_size_in, self._Packetizer__mac_size_in
        packet: bytes = engine.update(self._incoming.ready(block) or self.read_all(block, check_rekey=True))
        length = int.from_bytes(packet[:4], "big")
        rest = length + 4 - block
        if rest < 0 or rest % block:
            raise SSHException("Invalid packet blocking")
        sealed = self._incoming.ready(rest + mac_size) or self.read_all(rest + mac_size)
        packet = struct.pack(">I", number) + packet + engine.update(sealed[:rest])
        mac = hmac.digest(self._Packetizer__mac_key_in, packet, self._Packetizer__mac_engine_in)
        if not hmac.compare_digest(mac[:mac_size], sealed[rest:]):
            raise SSHException("Mismatched MAC")
        payload = packet[9 : 8 + length - packet[8]]
        if not payload:
            raise SSHException("a packet without a message")
        self._Packetizer__sequence_number_in = (number + 1) & 0xFFFFFFFF
        self._Packetizer__received_bytes += length + 4 + mac_size
        self._Packetizer__received_packets += 1
        message = Message(payload[1:])
        message.seqno = number
        return payload[0], message

    def send_message(self, data: Any) -> None:
        if isinstance(data, ChannelData):
            with self._Packetizer__write_lock:
                self._send_data(data)
        else:
            super().send_message(data)

    def _send_data(self, content: ChannelData) -> None:
        """Seal and write all packets at once. paramiko does so one by one, and copies each several times.

        As the ciphers are stream ciphers (RFC 4344), the padding may be of any bytes.
        """
        assert not (self._Packetizer__etm_out or self._Packetizer__aead_out), "which nobody offers"
        channel, data, most = content
        count = -(-len(data) // most)
        if len(self._sealed) < len(data) + count * _AROUND:
            self._sealed = bytearray(len(data) + count * _AROUND)
        with memoryview(self._sealed) as sealed:
            size = 0
            for begin in range(0, len(data), most):
                size = self._seal(channel, data[begin : begin + most], sealed, size)
            self.write_all(sealed[:size])
        self._count_sent(count, size)

    def _seal(self, channel: int, data: memoryview, sealed: memoryview, begin: int) -> int:
        """Encrypt a packet and its MAC (RFC 4253, section 6) into `sealed`; returns where they end."""
        number, block = self._Packetizer__sequence_number_out, self._Packetizer__block_size_out
        padding = 3 + block - (len(data) + 17) % block  # 17: all that is encrypted besides
        head = struct.pack(
            ">IIBBII", number, len(data) + 10 + padding, padding, MSG_CHANNEL_DATA, channel, len(data)
        )
        packet = b"".join((head, data, _PADDING[:padding]))
        middle = begin + len(packet) - 4
        self._Packetizer__block_engine_out.update_into(memoryview(packet)[4:], sealed[begin:])
        end = middle + self._Packetizer__mac_size_out
        mac = hmac.digest(self._Packetizer__mac_key_out, packet, self._Packetizer__mac_engine_out)
        sealed[middle:end] = mac[: self._Packetizer__mac_size_out]
        self._Packetizer__sequence_number_out = (number + 1) & 0xFFFFFFFF
        return end

    def _count_sent(self, packets: int, size: int) -> None:
        """Ask for new keys where these have sealed enough, as paramiko does."""
        self._Packetizer__sent_packets += packets
        self._Packetizer__sent_bytes += size
        too_many = self._Packetizer__sent_packets >= self.REKEY_PACKETS
        if (too_many or self._Packetizer__sent_bytes >= self.REKEY_BYTES) and not self._Packetizer__need_rekey:
            self._Packetizer__received_bytes_overflow = self._Packetizer__received_packets_overflow = 0
            self._trigger_rekey()  # type: ignore[attr-defined]

    def _read_timeout(self, timeout: float) -> bytes:
        if len(self.greeting) > _LONGEST_GREETING:
            raise SSHException("a greeting without end")
        piece: bytes = super()._read_timeout(timeout)  # type: ignore[misc]
        self.greeting += piece
        return piece


class _ReadAhead:
    """A socket of which more is read than is asked for: a small packet would be two reads, of which most wait."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self._ahead = b""
        self.send, self.close = sock.send, sock.close

    def ready(self, count: int) -> bytes:
        """So many bytes, where they were read already; else none, and nothing is taken."""
        if len(self._ahead) < count:
            return b""
        piece, self._ahead = self._ahead[:count], self._ahead[count:]
        return piece

    def recv(self, count: int) -> bytes:
        if not self._ahead:
            if count >= _READ_AT_ONCE:
                return self._sock.recv(count)
            self._ahead = self._sock.recv(_READ_AT_ONCE)
        piece, self._ahead = self._ahead[:count], self._ahead[count:]
        return piece
