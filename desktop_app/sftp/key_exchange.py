"""Key exchanges that paramiko 5 dropped, and what it takes from a server unchecked."""

import hashlib
import math
import secrets

from paramiko import SSHException
from paramiko.kex_curve25519 import KexCurve25519
from paramiko.kex_gex import KexGexSHA256
from paramiko.kex_group14 import KexGroup14SHA256
from paramiko.message import Message

from desktop_app.sftp.public_key import require_well_formed

# The kinds of messages in which a server gives its numbers, as strings with their lengths.
_FROM_SERVER = (31, 33)
_LONGEST = 16 << 10  # bytes
_SHORTEST = 2048  # bits (RFC 8270)
# Rounds of Miller and Rabin by bits. A round costs as much as the key exchange itself, which grows with the cube;
# by chance a number that is no prime passes the first one at this size less often than 1 in 2^100, and one that
# was made to pass does so in a quarter of the rounds at most.
_ROUNDS = {3072: 10, 4096: 5, 8192: 2}
_SMALL_PRIMES = math.prod(n for n in range(3, 1000, 2) if all(n % d for d in range(3, math.isqrt(n) + 1, 2)))


class WeakGroup(SSHException):
    """The server chose a group that protects nothing; `bits` of its modulus."""

    def __init__(self, bits: int) -> None:
        super().__init__(f"a weak group of {bits} bits")
        self.bits = bits


class _WholeFields:
    """paramiko fills a number that ends too early up to a million bytes, and takes minutes for that."""

    def parse_next(self, kind: int, m: Message) -> None:
        if kind in _FROM_SERVER:
            require_well_formed(m.get_remainder(), _LONGEST)
        super().parse_next(kind, m)  # type: ignore[misc]


class Curve25519(_WholeFields, KexCurve25519):
    """RFC 8731."""


class Group14Sha1(_WholeFields, KexGroup14SHA256):
    """RFC 4253, section 8.1."""

    name = "diffie-hellman-group14-sha1"
    hash_algo = hashlib.sha1


class GroupExchangeSha256(_WholeFields, KexGexSHA256):
    """RFC 4419, section 4.2. The group that the server chose is looked at before it is used."""

    def _parse_kexdh_gex_group(self, m: Message) -> None:
        require_strong_group(m.get_mpint(), m.get_mpint())
        m.rewind()
        super()._parse_kexdh_gex_group(m)  # type: ignore[misc]


class GroupExchangeSha1(GroupExchangeSha256):
    """RFC 4419, section 4.1."""

    name = "diffie-hellman-group-exchange-sha1"
    hash_algo = hashlib.sha1


def require_strong_group(modulus: int, generator: int) -> None:
    """Raises WeakGroup unless the modulus is a prime of 2048 bits or more, as far as a few seconds can tell."""
    bits = modulus.bit_length()
    rounds = next((rounds for most, rounds in _ROUNDS.items() if bits <= most), 0)
    if modulus < 0 or bits < _SHORTEST or not rounds or not 1 < generator < modulus - 1:
        raise WeakGroup(bits)
    if not is_prime(modulus, rounds):
        raise WeakGroup(bits)


def is_prime(number: int, rounds: int) -> bool:
    """Whether a large number passes as many rounds of the test of Miller and Rabin, with bases drawn at random."""
    if number % 2 == 0 or math.gcd(number, _SMALL_PRIMES) != 1:
        return False
    twos = (number - 1 & 1 - number).bit_length() - 1
    odd = number - 1 >> twos
    return all(_passes(number, odd, twos, 2 + secrets.randbelow(number - 3)) for _ in range(rounds))


def _passes(number: int, odd: int, twos: int, base: int) -> bool:
    power = pow(base, odd, number)
    if power in (1, number - 1):
        return True
    for _ in range(twos - 1):
        power = power * power % number
        if power == number - 1:
            return True
    return False
