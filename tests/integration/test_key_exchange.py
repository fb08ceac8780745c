"""Groups that a server chooses for the exchange of keys: weak ones are refused before anything is sent."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import paramiko
import pytest
from paramiko import SSHException
from paramiko.kex_group14 import KexGroup14SHA256

from desktop_app.errors import ExitCode
from desktop_app.settings.model import ServerAddress, ServerSettings
from desktop_app.sftp.connection import connect
from desktop_app.sftp.errors import LoginRefused, ProtocolError
from desktop_app.sftp.host_keys import pin
from desktop_app.sftp.key_exchange import is_prime
from tests.integration.test_refusals import KEY, Refuses
from tests.servers import listening

PRIME = KexGroup14SHA256.P
# RFC 2409, section 6.2.
PRIME_1024 = int(
    "FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22514A08798E3404DDEF9519B3CD3A431B"
    "302B0A6DF25F14374FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7EDEE386BFB5A899FA5AE9F24117C4B1FE6"
    "49286651ECE65381FFFFFFFFFFFFFFFF",
    16,
)
MERSENNE_1279 = 2**1279 - 1
SEED = 10**40 + 32_560  # makes a Carmichael number (Chernick)
GROUP_EXCHANGES = ["diffie-hellman-group-exchange-sha256", "diffie-hellman-group-exchange-sha1"]


class Groups:
    """Gives one group, whatever is asked for."""

    def __init__(self, modulus: int, generator: int) -> None:
        self._group = generator, modulus

    def get_modulus(self, *_: int) -> tuple[int, int]:
        return self._group


@contextmanager
def serving(modulus: int, generator: int = 2) -> Iterator[int]:
    from desktop_app.settings.algorithms import LIST_NAMES, all_names
    from desktop_app.sftp.transport import Algorithms, AuditTransport

    class Server(AuditTransport):
        _modulus_pack = Groups(modulus, generator)

    def serve(sock: socket.socket) -> None:
        transport = Server(sock)
        transport.offer(Algorithms(*(all_names(name) for name in LIST_NAMES)))
        transport.add_server_key(KEY)
        with suppress(SSHException, EOFError):
            transport.start_server(server=Refuses(paramiko.common.MSG_USERAUTH_FAILURE))

    with listening(serve) as port:
        yield port


def settings(port: int, kex: str) -> ServerSettings:
    return ServerSettings(host=f"127.0.0.1:{port}", user="u", path="/", key_exchange=(kex,))


@pytest.mark.parametrize("kex", GROUP_EXCHANGES)
def test_a_good_group_is_taken(known_hosts: Path, kex: str) -> None:
    with serving(PRIME) as port:
        pin(known_hosts, ServerAddress("127.0.0.1", port), KEY)
        with pytest.raises(LoginRefused):
            connect(settings(port, kex), lambda: "p", known_hosts)


@pytest.mark.parametrize("kex", GROUP_EXCHANGES)
@pytest.mark.parametrize(
    ("modulus", "generator"),
    [
        (PRIME_1024, 2),
        (MERSENNE_1279, 2),
        (PRIME + 2, 2),
        (MERSENNE_1279 * PRIME_1024, 2),
        (1 << 2047, 2),
        (1 << 9000, 2),
        (PRIME, 1),
        (PRIME, PRIME - 1),
        (PRIME, 0),
    ],
    ids=["1024", "1279", "composite", "two primes", "power", "long", "one", "minus one", "zero"],
)
def test_a_weak_group_is_refused(known_hosts: Path, kex: str, modulus: int, generator: int) -> None:
    with serving(modulus, generator) as port:
        pin(known_hosts, ServerAddress("127.0.0.1", port), KEY)
        with pytest.raises(ProtocolError) as caught:
            connect(settings(port, kex), lambda: "p", known_hosts)
    error = caught.value
    assert f"{modulus.bit_length()} bits" in error.message
    assert (error.exit_code, error.field) == (ExitCode.PROTOCOL, "server.key_exchange")


def test_primes_are_told_from_what_looks_like_one() -> None:
    assert is_prime(PRIME, 10) and is_prime(MERSENNE_1279, 10) and is_prime(2**521 - 1, 10)
    carmichael = (6 * SEED + 1) * (12 * SEED + 1) * (18 * SEED + 1)
    assert pow(2, carmichael - 1, carmichael) == 1
    assert not is_prime(carmichael, 10)
    assert not is_prime(MERSENNE_1279**2, 10) and not is_prime(PRIME * MERSENNE_1279, 10)
