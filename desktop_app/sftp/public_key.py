"""Public keys as they come, from a server or a file: looked at before anything is calculated with them."""

import struct

from paramiko import Message, PKey, SSHException

# RSA of 16,384 bits, which is the most that OpenSSH takes, has some 2,100 bytes. paramiko fills a number that ends
# too early up to a million bytes, and calculates with that for minutes.
_LONGEST = 4096


def require_well_formed(blob: bytes, longest: int = _LONGEST) -> None:
    """Raises SSHException unless the bytes are strings with their lengths (RFC 4251, section 5) to the end."""
    taken = 0
    while taken < len(blob) <= longest and taken + 4 <= len(blob):
        (length,) = struct.unpack_from(">I", blob, taken)
        taken += 4 + length
    if not blob or taken != len(blob):
        raise SSHException("wrong lengths of fields")


def require_well_formed_signature(blob: bytes) -> None:
    """Raises SSHException where a signature, or one of the numbers in it (RFC 5656), has a wrong length."""
    require_well_formed(blob)
    fields = Message(blob)
    if fields.get_binary().startswith(b"ecdsa-"):
        require_well_formed(fields.get_binary())


def public_key(kind: str, blob: bytes) -> PKey:
    """The key in these bytes, which name their kind themselves (RFC 4253, section 6.6).

    Raises SSHException for what is no key, and for a kind that is not known here.
    """
    require_well_formed(blob)
    if not blob[4:].startswith(kind.encode()):
        raise SSHException("a public key of another kind than it is said to be")
    try:
        key: PKey = PKey.from_type_string(kind, blob)
    except (ValueError, ArithmeticError, TypeError, IndexError) as error:
        raise SSHException("no public key") from error
    return key
