"""Where objects are: `s3://bucket/prefix`, `gs://bucket/prefix`, `az://container/prefix`; and the service."""

import re
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import urlsplit

from desktop_app.errors import BadSetting
from desktop_app.settings.model import ObjectsSource
from desktop_app.wording import Said

_ADDRESS = re.compile(r"(s3|gs|az)://([A-Za-z0-9][A-Za-z0-9._-]{1,221})(?:/(.*))?", re.DOTALL)
_LOOPBACK = ("localhost", "127.0.0.1", "::1")


class Bucket(NamedTuple):
    """The service (`s3`, `gs` or `az`), a bucket or container of it, and the prefix of keys, no slash behind."""

    service: str
    name: str
    prefix: str


def bucket_of(url: str) -> Bucket:
    """Raises ValueError for an address that is none of objects."""
    match = _ADDRESS.fullmatch(url)
    if not match:
        raise ValueError(url)
    return Bucket(match[1], match[2], (match[3] or "").strip("/"))


def is_loopback(endpoint: str) -> bool:
    """Whether an endpoint is on this computer: what goes there, nobody else sees."""
    return urlsplit(endpoint).hostname in _LOOPBACK


def address_problems(source: ObjectsSource) -> Iterator[BadSetting]:
    """What can't be right of the addresses; a missing one is no problem here."""
    try:
        bucket = bucket_of(source.url) if source.url else None
    except ValueError:
        yield BadSetting(
            Said("{url!r} is no address of objects.", url=source.url),
            Said("Write s3://bucket/prefix, gs://bucket/prefix or az://container/prefix."),
            field="url",
        )
        return
    if bucket and bucket.service == "az" and not source.access_key:
        yield BadSetting(
            Said("The source {name!r} does not say which storage account it is.", name=source.name),
            Said("Fill in its name."),
            field="access_key",
        )
    if source.endpoint and not _is_endpoint(source.endpoint):
        yield BadSetting(
            Said("{url!r} is no address of a service.", url=source.endpoint),
            Said(
                "Write it as in {example}; without TLS, only on this computer.",
                example="https://minio.example.com",
            ),
            field="endpoint",
        )


def _is_endpoint(endpoint: str) -> bool:
    try:
        parts = urlsplit(endpoint)
        named = bool(parts.hostname) and not (parts.username or parts.password or parts.query or parts.fragment)
        _ = parts.port
    except ValueError:
        return False
    return named and (parts.scheme == "https" or (parts.scheme == "http" and is_loopback(endpoint)))
