"""Time stamps of a third party (RFC 3161): asked for over a signature, and checked.

A token says that what it is over existed at its time. Through the chain, that goes for all archives before it.
"""

import hashlib
import time
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from desktop_app.errors import BadData, ExitCode, UserError
from desktop_app.evidence.der import with_certificates_in_order
from desktop_app.files import read_bytes
from desktop_app.wording import Said

if TYPE_CHECKING:
    from cryptography.x509 import Certificate
    from rfc3161_client import TimeStampResponse

STAMP_SUFFIX = ".tsr"  # behind the name of the archive
LARGEST_STAMP = 1 << 16  # bytes
_PIECE = 1 << 12
_PATIENCE = 20.0  # seconds for an answer, and for each wait in it


class NoStamp(UserError):
    """The time-stamp service gave no token that is one."""

    exit_code = ExitCode.TRY_LATER
    may_pass = True


class BadStamp(Exception):
    """No token, a changed one, or one of something else."""


class Stamp(Struct, frozen=True):
    """What a token says: when, and by whom, by the name in the certificate. It is `trusted` if that leads to one
    of the certificates that the reader gave."""

    at: datetime
    by: str
    trusted: bool


def request_stamp(url: str, content: bytes) -> bytes:
    """A token over `content`, as the service answers (TimeStampResp). Raises NoStamp."""
    from rfc3161_client import TimestampRequestBuilder

    asked = TimestampRequestBuilder().data(content).nonce(nonce=True).cert_request(cert_request=True).build()
    answer = _answer(url, asked.as_bytes())
    try:
        token = _decoded(answer)
        if token.tst_info.nonce != asked.nonce:
            raise BadStamp("it answers another request")
        _check(token, content, None)
    except BadStamp as error:
        raise NoStamp(
            Said("{url} gave no time stamp of what was asked ({reason}).", url=url, reason=error)
        ) from error
    return answer


def check_stamp(answer: bytes, content: bytes, roots: "list[Certificate] | None") -> Stamp:
    """What a token over `content` says. Raises BadStamp.

    `roots` are those whom the reader trusts; without, the token is held against the certificates in it.
    """
    token = _decoded(answer)
    signer = _check(token, content, roots)
    return Stamp(token.tst_info.gen_time, signer, roots is not None)


def read_roots(path: Path) -> "list[Certificate]":
    """The certificates of a PEM file. Raises BadData, LocalDiskError."""
    from cryptography.x509 import load_pem_x509_certificates

    try:
        return load_pem_x509_certificates(read_bytes(path) or b"")
    except ValueError as error:
        raise BadData(Said("{path} has no certificates in it (PEM).", path=path)) from error


def _decoded(answer: bytes) -> "TimeStampResponse":
    from rfc3161_client import decode_timestamp_response

    try:
        token = decode_timestamp_response(with_certificates_in_order(answer))
        if token.status != 0:
            raise BadStamp("it was refused: " + "; ".join(token.status_string))
        token.tst_info.gen_time  # noqa: B018 - there is none where the service refused
        return token
    except ValueError as error:
        raise BadStamp("it is no time stamp") from error


def _check(token: "TimeStampResponse", content: bytes, roots: "list[Certificate] | None") -> str:
    """The name of who signed. Raises BadStamp."""
    from cryptography.x509 import load_der_x509_certificate
    from rfc3161_client import VerifierBuilder

    try:
        (signer_info,) = token.signed_data.signer_infos
        inside = [load_der_x509_certificate(each) for each in token.signed_data.certificates]
        signer = next(
            each
            for each in inside
            if each.issuer == signer_info.issuer and each.serial_number == signer_info.serial_number
        )
        digest = _digest(token, content)
        # The library trusts intermediates as it does roots, and finds those in the token itself.
        VerifierBuilder(roots=inside if roots is None else roots).build().verify(token, digest)
        return signer.subject.rfc4514_string()
    except BadStamp:
        raise
    except Exception as error:  # two libraries, each with exceptions of its own for what anybody may write
        raise BadStamp(str(error) or "it does not say who made it") from error


def _digest(token: "TimeStampResponse", content: bytes) -> bytes:
    """Of what the token must be over. Raises BadStamp for a hash that is weaker than those here."""
    name = {32: "sha256", 48: "sha384", 64: "sha512"}.get(len(token.tst_info.message_imprint.message))
    if name is None:
        raise BadStamp("it is over another kind of hash")
    return hashlib.new(name, content).digest()


def _answer(url: str, query: bytes) -> bytes:
    """What the service answers, at once and not too much. Raises NoStamp."""
    from urllib.error import URLError
    from urllib.request import Request, urlopen

    request = Request(url, query, {"Content-Type": "application/timestamp-query"})
    until = time.monotonic() + _PATIENCE
    try:
        with urlopen(request, timeout=_PATIENCE) as response:
            answer = b""
            while piece := response.read1(_PIECE):
                answer += piece
                if len(answer) > LARGEST_STAMP or time.monotonic() > until:
                    raise NoStamp(Said("{url} gave too long an answer.", url=url))
            return answer
    except (OSError, ValueError) as error:  # urllib's errors are OSErrors; ValueError for what is no URL
        reason = error.reason if isinstance(error, URLError) else error
        raise NoStamp(Said("{url} gave no time stamp ({reason}).", url=url, reason=reason)) from error
