"""How many channels a file gets."""

import math
from types import SimpleNamespace
from typing import Any

import pytest

from desktop_app.sftp.parallel_write import _how_many
from desktop_app.sftp.transport import AuditTransport

MB = 1 << 20
is_openssh: Any = AuditTransport.is_openssh.fget


@pytest.mark.parametrize(
    ("server", "round_trip", "size", "others"),
    [
        ("SSH-2.0-OpenSSH_9.2p1", 0.0004, 500 * MB, 0),
        ("SSH-2.0-OpenSSH_9.2p1", 0.02, 500 * MB, 4),
        ("SSH-2.0-OpenSSH_9.2p1", 0.1, 500 * MB, 9),
        ("SSH-2.0-OpenSSH_9.2p1", 0.1, 20 * MB, 2),
        ("SSH-2.0-OpenSSH_9.2p1", 0.1, 7 * MB, 0),
        ("SSH-2.0-OpenSSH_for_Windows_9.5", math.inf, 500 * MB, 9),
        ("SSH-2.0-rclone/v1.60.1", 0.1, 500 * MB, 0),
    ],
)
def test_a_large_file_on_a_long_line_gets_several_channels(
    server: str, round_trip: float, size: int, others: int
) -> None:
    connection: Any = SimpleNamespace(
        sftp=SimpleNamespace(round_trip=round_trip),
        transport=SimpleNamespace(is_openssh=is_openssh(SimpleNamespace(remote_version=server))),
    )
    assert _how_many(connection, size) == others
