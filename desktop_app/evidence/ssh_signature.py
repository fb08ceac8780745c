"""Ed25519 keys and signatures as OpenSSH has them: `ssh-keygen -Y verify` accepts what is made here.

The format is SSHSIG of OpenSSH's PROTOCOL.sshsig; keys are those of RFC 8709, fingerprints as `ssh-keygen -l` has.
"""

import hashlib
import struct
from base64 import b64decode, b64encode
from binascii import Error as NoBase64
from textwrap import wrap

from msgspec import Struct

NAMESPACE = "audit-trails"
KEY_TYPE = "ssh-ed25519"
_MAGIC = b"SSHSIG"
_VERSION = 1
_HASH = "sha512"
_BEGIN, _END = "-----BEGIN SSH SIGNATURE-----", "-----END SSH SIGNATURE-----"
_WIDTH = 70
_KEY_BYTES = 32


class BadSignature(Exception):
    """No signature of this kind, or not one of the content."""


class PublicKey(Struct, frozen=True):
    """An Ed25519 public key, 32 bytes."""

    raw: bytes

    @property
    def blob(self) -> bytes:
        """The key as it stands in a signature."""
        return _string(KEY_TYPE) + _string(self.raw)

    @property
    def text(self) -> str:
        """The key as it stands in a line of `allowed_signers`: type and base64."""
        return f"{KEY_TYPE} {b64encode(self.blob).decode()}"

    @property
    def fingerprint(self) -> str:
        """`SHA256:…`, without padding."""
        return "SHA256:" + b64encode(hashlib.sha256(self.blob).digest()).decode().rstrip("=")


class SigningKey:
    """An Ed25519 private key. Only `secret` shows it."""

    def __init__(self, seed: bytes) -> None:
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        self._key = Ed25519PrivateKey.from_private_bytes(seed)

    @classmethod
    def generate(cls) -> "SigningKey":
        from secrets import token_bytes

        return cls(token_bytes(_KEY_BYTES))

    @classmethod
    def from_secret(cls, secret: str) -> "SigningKey":
        """Raises ValueError."""
        return cls(b64decode(secret, validate=True))

    @property
    def secret(self) -> str:
        """The key as text, for those who keep it."""
        return b64encode(self._key.private_bytes_raw()).decode()

    @property
    def public(self) -> PublicKey:
        return PublicKey(self._key.public_key().public_bytes_raw())

    def sign(self, content: bytes) -> bytes:
        """A signature of `content`, as a file holds it. The same content gives the same bytes."""
        signature = _string(KEY_TYPE) + _string(self._key.sign(_signed(content)))
        return _armoured(self.public, signature)


def public_key_of(text: str) -> PublicKey:
    """The key of a text as `PublicKey.text` gives it. Raises ValueError."""
    kind, _, encoded = text.partition(" ")
    key = PublicKey(b64decode(encoded, validate=True)[-_KEY_BYTES:])
    if kind != KEY_TYPE or key.text != text:
        raise ValueError("no Ed25519 key")
    return key


def signer_of(signature: bytes, content: bytes) -> PublicKey:
    """The key that signed `content`. Raises BadSignature.

    There is one way to write a signature: whatever else means the same is refused.
    """
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        begin, *lines, end = signature.decode("ascii").splitlines()
        blob = b64decode("".join(lines), validate=True)
    except (ValueError, NoBase64) as error:
        raise BadSignature("it is no SSH signature") from error
    own = len(blob) - 64 - 4  # the signature's own bytes stand at the end
    key_at = len(_MAGIC) + 4 + 4 + len(_string(KEY_TYPE)) + 4
    key = PublicKey(blob[key_at : key_at + _KEY_BYTES])
    raw = blob[own + 4 :]
    if (begin, end) != (_BEGIN, _END) or _armoured(key, _string(KEY_TYPE) + _string(raw)) != signature:
        raise BadSignature("it is no Ed25519 signature for audit trails, as OpenSSH writes it")
    try:
        Ed25519PublicKey.from_public_bytes(key.raw).verify(raw, _signed(content))
    except (InvalidSignature, ValueError) as error:
        raise BadSignature("it is not the signature of this content") from error
    return key


def _signed(content: bytes) -> bytes:
    """What is signed in place of `content`."""
    digest = hashlib.sha512(content).digest()
    return _MAGIC + _string(NAMESPACE) + _string("") + _string(_HASH) + _string(digest)


def _armoured(key: PublicKey, signature: bytes) -> bytes:
    blob = (
        _MAGIC + struct.pack(">I", _VERSION) + _string(key.blob)
        + _string(NAMESPACE) + _string("") + _string(_HASH) + _string(signature)
    )  # fmt: skip
    lines = wrap(b64encode(blob).decode(), _WIDTH)
    return "\n".join([_BEGIN, *lines, _END, ""]).encode()


def _string(value: str | bytes) -> bytes:
    """A string as SSH has it (RFC 4251, section 5)."""
    raw = value.encode() if isinstance(value, str) else value
    return struct.pack(">I", len(raw)) + raw
