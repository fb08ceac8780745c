"""Keys are renewed amid an upload, over one channel and over many, and nothing is lost."""

import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from desktop_app.sftp import parallel_write
from desktop_app.sftp.client import SftpClient
from desktop_app.sftp.connection import connect
from desktop_app.sftp.packetizer import AuditPacketizer
from desktop_app.sftp.parallel_write import other_channels, write_parallel
from desktop_app.sftp.probe import probe_connection
from tests.servers import Server, settings_for


@pytest.mark.parametrize("round_trip", [0.0, 1.0])
def test_new_keys_amid_an_upload(
    sshd: Server, known_hosts: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, round_trip: float
) -> None:
    monkeypatch.setattr(AuditPacketizer, "REKEY_BYTES", 3 << 20)
    monkeypatch.setattr(parallel_write, "_BYTES_PER_CHANNEL", 1 << 20)
    monkeypatch.setattr(SftpClient, "round_trip", round_trip)
    local, name = tmp_path / "archive", f"keys-{round_trip}"
    local.write_bytes(secrets.token_bytes(40 << 20))
    settings = settings_for(sshd)
    key = probe_connection(settings, lambda: "", known_hosts, None, lambda _: None).host_key
    assert key
    probe_connection(settings, lambda: "", known_hosts, key.fingerprint, lambda _: None)
    renewed: list[bytes] = []
    with connect(settings, lambda: sshd.password, known_hosts) as connection:
        monkeypatch.setattr(connection.transport, "_set_K_H", noted(connection.transport._set_K_H, renewed))
        with other_channels(connection, 40 << 20) as others:
            handle = connection.sftp.create_file(name)
            write_parallel(connection, others, local, name, handle, lambda _: None)
    assert (sshd.folder / name).read_bytes() == local.read_bytes()
    assert len(set(renewed)) >= 2  # how much goes before new keys are agreed upon is a matter of time


def noted(set_keys: Callable[[Any, bytes], object], hashes: list[bytes]) -> Callable[[Any, bytes], None]:
    def note(secret: Any, exchange_hash: bytes) -> None:
        hashes.append(exchange_hash)
        set_keys(secret, exchange_hash)

    return note
