"""Keys to log in with, as ssh-keygen, OpenSSL and PuTTY write them, and what people take for one."""

import traceback
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from desktop_app.errors import BadSetting, ExitCode
from desktop_app.sftp.private_key import WrongPassphrase, has_passphrase, read_private_key
from tests.windows_gaps import needs

PASSPHRASE = "körrekt horse"
ED25519 = ed25519.Ed25519PrivateKey.generate()
RSA = rsa.generate_private_key(65537, 2048)
ECDSA = {
    bits: ec.generate_private_key(curve())
    for bits, curve in ((256, ec.SECP256R1), (384, ec.SECP384R1), (521, ec.SECP521R1))
}
KEYS = {
    "ssh-ed25519": ED25519,
    "ssh-rsa": RSA,
    **{f"ecdsa-sha2-nistp{bits}": key for bits, key in ECDSA.items()},
}
FORMATS = {
    "openssh": PrivateFormat.OpenSSH,
    "pkcs8": PrivateFormat.PKCS8,
    "traditional": PrivateFormat.TraditionalOpenSSL,
}


def write(folder: Path, content: bytes, name: str = "id") -> Path:
    file = folder / name
    file.write_bytes(content)
    file.chmod(0o600)
    return file


def written(key: object, form: PrivateFormat, passphrase: str = "") -> bytes:
    protection: KeySerializationEncryption = (
        BestAvailableEncryption(passphrase.encode()) if passphrase else NoEncryption()
    )
    content: bytes = key.private_bytes(Encoding.PEM, form, protection)  # type: ignore[attr-defined]
    return content


@pytest.mark.parametrize("passphrase", ["", PASSPHRASE], ids=["open", "encrypted"])
@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("kind", KEYS)
def test_a_key_is_read(tmp_path: Path, kind: str, form: str, passphrase: str) -> None:
    if kind == "ssh-ed25519" and form == "traditional":
        pytest.skip("there is no such format")
    file = write(tmp_path, written(KEYS[kind], FORMATS[form], passphrase))
    key = read_private_key(file, PASSPHRASE)
    public = KEYS[kind].public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH)
    assert f"{key.get_name()} {key.get_base64()}".encode() == public
    assert has_passphrase(file) is bool(passphrase)


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("given", ["", "wrong"])
def test_a_wrong_passphrase_is_told_and_not_shown(tmp_path: Path, form: str, given: str) -> None:
    file = write(tmp_path, written(RSA, FORMATS[form], PASSPHRASE))
    with pytest.raises(WrongPassphrase) as caught:
        read_private_key(file, given)
    assert (caught.value.field, caught.value.exit_code) == ("server.passphrase", ExitCode.NO_PERMISSION)
    assert caught.value.command == "audit-trails-export config passphrase"
    shown = "".join(traceback.format_exception(caught.value))
    assert PASSPHRASE not in shown
    assert not given or f" {given}" not in shown.replace("wrong_kind", "")


def test_a_key_of_putty_is_told_with_how_to_convert_it(tmp_path: Path) -> None:
    file = write(tmp_path, b"PuTTY-User-Key-File-3: ssh-ed25519\r\nEncryption: none\r\n", "my.ppk")
    with pytest.raises(BadSetting, match="a key of PuTTY") as caught:
        read_private_key(file, "")
    assert "Export OpenSSH key" in caught.value.hint
    assert caught.value.command == f"puttygen {file} -O private-openssh -o {tmp_path / 'my'}"


@pytest.mark.parametrize(
    "content",
    [
        ED25519.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH),
        RSA.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH),
        RSA.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
        b"---- BEGIN SSH2 PUBLIC KEY ----\nAAAA\n",
    ],
    ids=["Ed25519", "RSA", "PEM", "SSH2"],
)
def test_a_public_key_is_told(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(BadSetting, match="is a public key") as caught:
        read_private_key(write(tmp_path, content, "id.pub"), "")
    assert "without .pub" in caught.value.hint


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\0\xff" * 40,
        b"host = sftp.example.com\n",
        written(ED25519, PrivateFormat.OpenSSH)[:200],
        written(RSA, PrivateFormat.PKCS8)[:300],
        dsa.generate_private_key(1024).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()),
        ec.generate_private_key(ec.SECP256K1()).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()),
    ],
    ids=["empty", "bytes", "settings", "cut", "cut-pem", "dsa", "another-curve"],
)
def test_what_is_no_key_is_told(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(BadSetting, match="no private key") as caught:
        read_private_key(write(tmp_path, content), "")
    assert caught.value.field == "server.key_file"


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(BadSetting, match="can't be read") as caught:
        read_private_key(tmp_path / "none", "")
    assert caught.value.field == "server.key_file"
    with pytest.raises(BadSetting, match="can't be read"):
        read_private_key(tmp_path, "")


@needs("modes")
def test_a_key_that_others_may_read_is_refused(tmp_path: Path) -> None:
    file = write(tmp_path, written(ED25519, PrivateFormat.OpenSSH))
    file.chmod(0o640)
    with pytest.raises(BadSetting, match="other users") as caught:
        read_private_key(file, "")
    assert f"chmod 600 {file}" in caught.value.hint
    assert file.stat().st_mode & 0o777 == 0o640
