"""Buckets on loopback that speak what Google Cloud Storage and Azure Blob document of listing and getting objects.

What a request has to have is checked as the services do: the token that Google's key signs, the signature by the
key of Azure's account. `PAGE` objects are in an answer, however many there are.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import cache
from typing import ClassVar, NamedTuple
from urllib.parse import unquote
from xml.sax.saxutils import escape

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from tests.http_service import Asked, Reply

BUCKET = "trails"
PAGE = 2
ROBOT = "reader@acme.iam.example.com"
ACCOUNT = "acmetrails"
ACCOUNT_KEY = base64.b64encode(b"the key of a storage account, of 64 bytes as Azure has them, yes").decode()
_SIGNED = (
    "Content-Encoding", "Content-Language", "Content-Length", "Content-MD5", "Content-Type", "Date",
    "If-Modified-Since", "If-Match", "If-None-Match", "If-Unmodified-Since", "Range",
)  # fmt: skip


class _Object(NamedTuple):
    content: bytes
    written: datetime


class Objects:
    """What is in the bucket; `listed` are the prefixes that were asked for."""

    def __init__(self) -> None:
        self.by_key: dict[str, _Object] = {}
        self.listed: list[str] = []
        self._last = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=1)

    def put(self, key: str, content: bytes, written: datetime | None = None) -> None:
        """Have an object, written now or then; one after the other, where it is not said."""
        self._last += timedelta(seconds=1)
        self.by_key[key] = _Object(content, written or self._last)

    def page(self, prefix: str, delimiter: str, after: str) -> tuple[list[str], list[str], str]:
        """Keys, the folders in place of what is below them, and behind which of these the next page begins."""
        self.listed.append(prefix)
        found: dict[str, bool] = {}
        for key in sorted(self.by_key):
            if key.startswith(prefix):
                end = key.find(delimiter, len(prefix)) if delimiter else -1
                found[key if end < 0 else key[: end + 1]] = end >= 0
        rest = [name for name in found if name > after]
        some = rest[:PAGE]
        keys, folders = ([name for name in some if found[name] is is_folder] for is_folder in (False, True))
        return keys, folders, some[-1] if len(rest) > PAGE else ""

    def get(self, key: str, asked: Asked) -> Reply | None:
        """An object, or the bytes of it that are asked for; None where there is none."""
        found = self.by_key.get(key)
        if found is None:
            return None
        headers = {
            "Last-Modified": format_datetime(found.written, usegmt=True),
            "ETag": f'"{hashlib.sha256(found.content).hexdigest()[:16]}"',
            "x-ms-blob-type": "BlockBlob",
        }
        span = asked.headers.get("Range") or asked.headers.get("x-ms-range")
        if not span:
            return Reply(found.content, headers=headers)
        first, _, last = span.removeprefix("bytes=").partition("-")
        some = found.content[int(first) : int(last) + 1 if last else None]
        said = f"bytes {first}-{int(first) + len(some) - 1}/{len(found.content)}"
        return Reply(some, 206, {**headers, "Content-Range": said})


class GoogleStorage:
    """Google Cloud Storage by its XML API, for the service account ROBOT, and whether the bucket `is_there`."""

    scheme: ClassVar[str] = "gs"
    account: ClassVar[str] = ""

    def __init__(self) -> None:
        self.objects, self.is_there = Objects(), True

    def secret(self) -> str:
        """What lets in."""
        return _google_key(_key(0))

    def wrong_secret(self) -> str:
        """What looks like that, and does not let in."""
        return _google_key(_key(1))

    def __call__(self, asked: Asked) -> Reply:
        if not _has_token(asked.headers.get("Authorization", "")):
            return _xml(
                "<Error><Code>AuthenticationRequired</Code><Message>Authentication required.</Message></Error>",
                401,
            )
        bucket, _, key = unquote(asked.path).strip("/").partition("/")
        if bucket != BUCKET or not self.is_there:
            return _xml(
                "<Error><Code>NoSuchBucket</Code><Message>The specified bucket does not exist.</Message></Error>",
                404,
            )
        if key:
            return self.objects.get(key, asked) or _xml("<Error><Code>NoSuchKey</Code></Error>", 404)
        after = asked.params.get("continuation-token", "")
        keys, folders, more = self.objects.page(
            asked.params.get("prefix", ""), asked.params.get("delimiter", ""), after
        )
        listed = "".join(
            f"<Contents><Key>{escape(each)}</Key><Size>{len(self.objects.by_key[each].content)}</Size>"
            f"<LastModified>{self.objects.by_key[each].written:%Y-%m-%dT%H:%M:%S.000Z}</LastModified></Contents>"
            for each in keys
        )
        below = "".join(f"<CommonPrefixes><Prefix>{escape(each)}</Prefix></CommonPrefixes>" for each in folders)
        goes_on = f"<NextContinuationToken>{escape(more)}</NextContinuationToken>" if more else ""
        return _xml(f"<ListBucketResult>{listed}{below}{goes_on}</ListBucketResult>")


class AzureBlobs:
    """Azure Blob Storage, with the key of the account, and whether the container `is_there`."""

    scheme: ClassVar[str] = "az"
    account: ClassVar[str] = ACCOUNT

    def __init__(self) -> None:
        self.objects, self.is_there = Objects(), True

    def secret(self) -> str:
        """What lets in."""
        return ACCOUNT_KEY

    def wrong_secret(self) -> str:
        """What looks like that, and does not let in."""
        return base64.b64encode(b"another key").decode()

    def __call__(self, asked: Asked) -> Reply:
        if asked.headers.get("Authorization") != f"SharedKey {ACCOUNT}:{_signature(asked)}":
            said = (
                "Server failed to authenticate the request. Make sure the value of Authorization header is right."
            )
            return _xml(f"<Error><Code>AuthenticationFailed</Code><Message>{said}</Message></Error>", 403)
        container, _, key = unquote(asked.path).strip("/").partition("/")
        if container != BUCKET or not self.is_there:
            said = "The specified container does not exist."
            return _xml(f"<Error><Code>ContainerNotFound</Code><Message>{said}</Message></Error>", 404)
        if key:
            return self.objects.get(key, asked) or _xml("<Error><Code>BlobNotFound</Code></Error>", 404)
        prefix, delimiter = asked.params.get("prefix", ""), asked.params.get("delimiter", "")
        keys, folders, more = self.objects.page(prefix, delimiter, asked.params.get("marker", ""))
        listed = "".join(f"<Blob><Name>{escape(each)}</Name>{self._facts(each)}</Blob>" for each in keys)
        below = "".join(f"<BlobPrefix><Name>{escape(each)}</Name></BlobPrefix>" for each in folders)
        goes_on = f"<NextMarker>{escape(more)}</NextMarker>"
        return _xml(f"<EnumerationResults><Blobs>{listed}{below}</Blobs>{goes_on}</EnumerationResults>")

    def _facts(self, key: str) -> str:
        found = self.objects.by_key[key]
        return (
            f"<Properties><Last-Modified>{format_datetime(found.written, usegmt=True)}</Last-Modified>"
            f"<Content-Length>{len(found.content)}</Content-Length><Content-Type>text/plain</Content-Type>"
            "<Etag>0x1</Etag><BlobType>BlockBlob</BlobType></Properties>"
        )


SERVICES: dict[str, type[GoogleStorage] | type[AzureBlobs]] = {"gs": GoogleStorage, "az": AzureBlobs}


def _xml(text: str, status: int = 200) -> Reply:
    content = f'<?xml version="1.0" encoding="UTF-8"?>{text}'.encode()
    return Reply(content, status, {"Content-Type": "application/xml"})


@cache
def _key(number: int) -> rsa.RSAPrivateKey:
    """One of some, made when it is asked for."""
    return rsa.generate_private_key(65537, 2048)


def _google_key(key: rsa.RSAPrivateKey) -> str:
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return json.dumps(
        {
            "type": "service_account",
            "private_key_id": "k1",
            "private_key": pem.decode(),
            "client_email": ROBOT,
            "client_id": "1",
        }
    )


def _has_token(authorization: str) -> bool:
    """Whether there is a token that ROBOT's key signed (RFC 7515), and that is of ROBOT."""
    signed, _, signature = authorization.removeprefix("Bearer ").rpartition(".")
    try:
        _key(0).public_key().verify(_base64(signature), signed.encode(), padding.PKCS1v15(), hashes.SHA256())
        return bool(json.loads(_base64(signed.partition(".")[2]))["iss"] == ROBOT)
    except (InvalidSignature, ValueError, KeyError):
        return False


def _base64(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _signature(asked: Asked) -> str:
    """That of a request, by the account's key ("Authorize with Shared Key")."""
    headers = dict(asked.headers.items())
    by_name = {name.lower(): value for name, value in headers.items()}
    length = by_name.get("content-length", "")
    lines = [asked.method, *(by_name.get(name.lower(), "") for name in _SIGNED)]
    lines[3] = "" if length == "0" else length
    own = sorted((name, value.strip()) for name, value in by_name.items() if name.startswith("x-ms-"))
    params = sorted((name.lower(), value) for name, value in asked.params.items())
    text = "\n".join([*lines, *_pairs(own), f"/{ACCOUNT}{asked.path}", *_pairs(params)])
    digest = hmac.new(base64.b64decode(ACCOUNT_KEY), text.encode(), hashlib.sha256).digest()
    return base64.b64encode(digest).decode()


def _pairs(some: list[tuple[str, str]]) -> Iterator[str]:
    return (f"{name}:{value}" for name, value in some)
