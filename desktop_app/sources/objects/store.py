"""A bucket by obstore, and what it raises as errors for people."""

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from desktop_app.errors import BadSetting, ExitCode, UserError
from desktop_app.secrets.source_secrets import no_source_secret
from desktop_app.settings.model import ObjectsSource
from desktop_app.sources.objects.address import bucket_of, is_loopback
from desktop_app.wording import Said

if TYPE_CHECKING:
    from obstore.store import ObjectStore

_CONNECT_WITHIN, _ANSWER_WITHIN = "30s", "300s"
_TRIES_WITHIN = timedelta(seconds=60)
_WORDS_SHOWN = 300
_STATUS = re.compile(r"status code: (\d{3})")  # obstore has no class for each
_NO_BUCKET = re.compile(r"<Code>(NoSuchBucket|ContainerNotFound)</Code>")
_CONNECTION = re.compile(r"HttpError \{\s*kind: (\w+)")  # what follows in its text are details of Rust's errors
_SYSTEM_SAYS = re.compile(r'Os \{\s*code: \d+,\s*kind: \w+,\s*message: "([^"]*)"')
_PHRASES = {  # what there is without details: of an object's content
    "error sending request": Said("it does not answer"),
    "response body error": Said("a piece of it is missing"),
}
_MESSAGE = re.compile(r"<Message>(.*?)</Message>", re.DOTALL)


class BucketUnreachable(UserError):
    """The service does not answer, or not in a way that is understood."""

    exit_code = ExitCode.UNREACHABLE
    may_pass = True


class BucketRefuses(UserError):
    """The service does not let this key read there."""

    exit_code = ExitCode.NO_PERMISSION


def open_store(source: ObjectsSource, secret: str | None) -> "ObjectStore":
    """The bucket of a source. Without a key, that is what the system's own chain finds. Raises BadSetting."""
    from obstore.exceptions import BaseError
    from obstore.store import AzureStore, GCSStore, S3Store

    bucket = bucket_of(source.url)
    if bucket.service == "s3" and source.access_key and not secret:
        raise no_source_secret(source.name)
    stores: dict[str, Any] = {"s3": S3Store, "gs": GCSStore, "az": AzureStore}
    try:
        store: ObjectStore = stores[bucket.service](
            bucket.name,
            config=_config(source, bucket.service, secret),
            client_options={
                "connect_timeout": _CONNECT_WITHIN,
                "timeout": _ANSWER_WITHIN,
                "allow_http": bool(source.endpoint) and is_loopback(source.endpoint),
            },
            retry_config={"max_retries": 3, "retry_timeout": _TRIES_WITHIN},
        )
    except (BaseError, ValueError):  # what it says may have the key in it
        raise BadSetting(
            Said(
                "The key of source {name} is not as {service} has them.", name=source.name, service=bucket.service
            ),
            Said("Set it: for Google, the whole JSON of a service account."),
            command=f"audit-trails-export source secret {source.name}",
            field="secret",
        ) from None
    return store


def _config(source: ObjectsSource, service: str, secret: str | None) -> dict[str, Any]:
    if service == "s3":
        given = {
            "region": source.region or ("us-east-1" if source.endpoint else ""),
            "endpoint": source.endpoint,
            "access_key_id": source.access_key,
            "secret_access_key": secret if source.access_key else "",
        }
    elif service == "gs":
        given = {"service_account_key": secret}
        if source.endpoint:
            given["base_url"] = source.endpoint
    else:
        given = {"account_name": source.access_key, "account_key": secret, "endpoint": source.endpoint}
    return {key: value for key, value in given.items() if value}


@contextmanager
def telling(source: ObjectsSource) -> Iterator[None]:
    """A context in which what obstore raises becomes a UserError, with the service's words."""
    from obstore.exceptions import BaseError, NotFoundError, PermissionDeniedError, UnauthenticatedError

    try:
        yield
    except BaseError as error:
        bucket = bucket_of(source.url).name
        told = {"name": source.name, "url": source.url, "words": _words(error)}
        status = found[1] if (found := _STATUS.search(str(error))) else ""
        if _NO_BUCKET.search(str(error)):
            raise BadSetting(
                Said("Source {name}: there is no bucket {bucket}.", name=source.name, bucket=bucket),
                Said("Is the name right, and is the bucket of this account and region?"),
                field="url",
            ) from None
        if isinstance(error, NotFoundError) or status == "404":
            raise BadSetting(
                Said("Source {name}: there is no {url} ({words}).", **told),
                Said("Is the name right, and the region?"),
                field="url",
            ) from None
        if isinstance(error, (PermissionDeniedError, UnauthenticatedError)) or status in ("401", "403"):
            raise BucketRefuses(
                Said("Source {name}: {url} may not be read ({words}).", **told),
                Said("Are key and secret right, and may they list the bucket and get its objects?"),
                command=f"audit-trails-export source secret {source.name}",
                field="secret",
            ) from None
        raise BucketUnreachable(
            Said("Source {name}: {url} can't be read ({words}).", **told),
            Said("Is the address right, and may this computer reach it?"),
            field="endpoint" if source.endpoint else "url",
        ) from None


def _words(error: Exception) -> str | Said:
    """What the service says (in XML, all three of them), or what became of the connection; else the first line,
    behind which come details."""
    text = str(error).strip()
    if said := _MESSAGE.search(text):
        return said[1].strip()[:_WORDS_SHOWN]
    if kind := _CONNECTION.search(text):
        if kind[1] == "Timeout":
            return Said("it does not answer")
        if "dns error" in text:
            return Said("there is no such host")
        if told := _SYSTEM_SAYS.search(text):
            return told[1]
        if "IncompleteMessage" in text or "UnexpectedEof" in text:
            return Said("the connection was cut")
    for phrase, meant in _PHRASES.items():
        if phrase in text:
            return meant
    return (text.splitlines() or [type(error).__name__])[0][:_WORDS_SHOWN]


class ObjectFile(io.RawIOBase):
    """An object as a file that can be sought. What fails is an OSError."""

    def __init__(self, store: "ObjectStore", path: str, size: int) -> None:
        import obstore

        super().__init__()
        with _as_os_error():
            self._reader = obstore.open_reader(store, path, size=size)

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        with _as_os_error():
            some = bytes(self._reader.read(len(buffer)))
        buffer[: len(some)] = some
        return len(some)

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        with _as_os_error():
            return int(self._reader.seek(offset, whence))

    def tell(self) -> int:
        return int(self._reader.tell())


@contextmanager
def _as_os_error() -> Iterator[None]:
    from obstore.exceptions import BaseError, NotFoundError

    try:
        yield
    except (NotFoundError, FileNotFoundError) as error:
        raise FileNotFoundError(str(_words(error))) from None
    except (BaseError, OSError) as error:
        raise OSError(str(_words(error))) from None
