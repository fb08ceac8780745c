"""A private key read from its file, in the formats of OpenSSH and PEM (RFC 4716 has only public ones)."""

import os
import sys
from io import StringIO
from pathlib import Path
from typing import ClassVar

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
    load_ssh_private_key,
)
from paramiko import ECDSAKey, Ed25519Key, PKey, RSAKey, SSHException

from desktop_app.errors import BadSetting, ExitCode, UserError
from desktop_app.held import reason
from desktop_app.wording import Said

FIELD = "server.key_file"
_LONGEST = 64 << 10  # bytes; an RSA key of 16,384 bits has 13 KB
_PUTTY = b"PuTTY-User-Key-File-"
_PUBLIC = (b"ssh-", b"ecdsa-", b"sk-", b"---- BEGIN SSH2 PUBLIC KEY", b"-----BEGIN PUBLIC KEY")
_OPENSSH, _PEM = b"-----BEGIN OPENSSH PRIVATE KEY-----", b"-----BEGIN "
_KINDS: dict[type[object], type[PKey]] = {
    Ed25519PrivateKey: Ed25519Key,
    EllipticCurvePrivateKey: ECDSAKey,
    RSAPrivateKey: RSAKey,
}


class WrongPassphrase(UserError):
    """The key can't be decrypted with this passphrase, or it is needed and there is none."""

    exit_code: ClassVar[ExitCode] = ExitCode.NO_PERMISSION


def read_private_key(file: Path, passphrase: str) -> PKey:
    """The key in `file`; where that is not encrypted, `passphrase` does not count.

    Raises BadSetting (`server.key_file`) for a file that can't be read, that others may read, or that has no
    private key which SSH takes today; and WrongPassphrase (`server.passphrase`).
    """
    content, others_may_read = _read(file)
    _refuse_other_files(file, content)
    if others_may_read:
        raise BadSetting(
            Said("The key in {file} can be read by other users.", file=file),
            Said("Close it: chmod 600 {path}", path=file),
            field=FIELD,
        )
    load = load_ssh_private_key if content.startswith(_OPENSSH) else load_pem_private_key
    try:
        return _as_paramiko_has_it(file, load(content, None))
    except TypeError:  # it is encrypted
        pass
    except (ValueError, UnsupportedAlgorithm):
        raise _no_key(file) from None
    if not passphrase:
        raise WrongPassphrase(
            Said("The key in {file} has a passphrase, and none is kept for it that can be read now.", file=file),
            Said("Set it. One in a desktop's keyring can be read only while its user is signed in."),
            command="audit-trails-export config passphrase",
            field="server.passphrase",
        )
    try:
        return _as_paramiko_has_it(file, load(content, passphrase.encode(errors="surrogatepass")))
    except (ValueError, UnsupportedAlgorithm):  # no context: it might show what was decrypted
        raise WrongPassphrase(
            Said("The passphrase does not fit the key in {file}.", file=file),
            Said("Set it again."),
            command="audit-trails-export config passphrase",
            field="server.passphrase",
        ) from None


def has_passphrase(file: Path) -> bool:
    """Whether the key in `file` is encrypted. Raises BadSetting as `read_private_key` does."""
    try:
        read_private_key(file, "")
    except WrongPassphrase:
        return True
    return False


def _read(file: Path) -> tuple[bytes, bool]:
    """Its content, and whether it is too open, as OpenSSH has it: what root gives to a group is root's affair."""
    try:
        with file.open("rb") as stream:
            status = os.fstat(stream.fileno())
            own = sys.platform != "win32" and status.st_uid == os.getuid()
            return stream.read(_LONGEST), own and status.st_mode & 0o077 != 0
    except OSError as error:
        raise BadSetting(
            Said("The key file {file} can't be read ({reason}).", file=file, reason=reason(error)),
            Said("Is it there, and may this user read it?"),
            field=FIELD,
        ) from error


def _refuse_other_files(file: Path, content: bytes) -> None:
    """Raises BadSetting for what people take for a private key."""
    if content.startswith(_PUTTY):
        raise BadSetting(
            Said("{file} is a key of PuTTY, which this program does not read.", file=file),
            Said("Convert it: in PuTTYgen, Conversions > Export OpenSSH key; or on Linux:"),
            command=f"puttygen {file} -O private-openssh -o {file.with_suffix('')}",
            field=FIELD,
        )
    if content.startswith(_PUBLIC):
        raise BadSetting(
            Said("{file} is a public key.", file=file),
            Said("Name the private key: usually the file of the same name without .pub."),
            field=FIELD,
        )
    if not content.startswith(_PEM):
        raise _no_key(file)


def _as_paramiko_has_it(file: Path, key: object) -> PKey:
    """Raises BadSetting for a kind of key that SSH no longer takes, such as DSA."""
    for kind, wanted in _KINDS.items():
        if isinstance(key, kind):
            text = key.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption())  # type: ignore[attr-defined]
            try:
                return wanted(file_obj=StringIO(text.decode()))  # type: ignore[call-arg]
            except SSHException:
                break
    raise _no_key(file)


def _no_key(file: Path) -> BadSetting:
    return BadSetting(
        Said("There is no private key in {file} that can be used.", file=file),
        Said("Ed25519, ECDSA and RSA keys can be, as ssh-keygen makes them. Is it the right file, and whole?"),
        field=FIELD,
    )
