"""The objects of a bucket that match a pattern, as files."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from functools import cached_property
from io import BufferedReader
from typing import TYPE_CHECKING, BinaryIO, cast

from desktop_app.settings.model import ObjectsSource
from desktop_app.sources.file_tree import Listed, SeenFile, matches
from desktop_app.sources.kind import Secret
from desktop_app.sources.objects.address import bucket_of
from desktop_app.sources.objects.days import patterns_since
from desktop_app.sources.objects.store import ObjectFile, open_store, telling

if TYPE_CHECKING:
    from obstore import ObjectMeta
    from obstore.store import ObjectStore

_BUFFER = 1 << 16
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MAGIC = "*?["


class ObjectTree:
    """Those of a source. Of objects that were written before `since_ns`, none is listed; None: all are."""

    def __init__(self, source: ObjectsSource, secret: Secret) -> None:
        self._source, self._secret = source, secret
        self._bucket = bucket_of(source.url)
        self._sizes: dict[str, int] = {}
        self.since_ns: int | None = None

    @property
    def asked(self) -> str:
        return f"{self._source.url.rstrip('/')}/{self._source.pattern}"

    def listed(self) -> Listed:
        """Raises UserError where the bucket can't be listed."""
        found: dict[str, SeenFile] = {}
        with telling(self._source):
            for pattern in patterns_since(self._source.pattern, self.since_ns, datetime.now(UTC).date()):
                for each in self._matching(self._bucket.prefix, pattern.replace("\\", "/").split("/")):
                    seen = self._seen(each)
                    if self.since_ns is None or seen.modified_ns >= self.since_ns:
                        found[seen.path] = seen
        self._sizes = {path: seen.size for path, seen in found.items()}
        return Listed(sorted(found.values(), key=lambda file: (file.modified_ns, file.path)), [])

    def look(self, file: SeenFile) -> SeenFile:
        return file

    @contextmanager
    def open(self, path: str) -> Iterator[BinaryIO]:
        import obstore

        size = self._sizes.get(path)
        if size is None:
            with telling(self._source):
                size = obstore.head(self._store, path)["size"]
        with BufferedReader(ObjectFile(self._store, path, size), _BUFFER) as file:
            yield cast(BinaryIO, file)

    def is_same(self, path: str, other: str) -> bool:
        return path == other

    @cached_property
    def _store(self) -> "ObjectStore":
        return open_store(self._source, self._secret())

    def _matching(self, prefix: str, pattern: list[str]) -> Iterator["ObjectMeta"]:
        """The objects below a prefix that match: it lists the folders that a pattern leads into, and no others."""
        import obstore

        step, *rest = pattern
        if step == "**" or not rest:
            for chunk in obstore.list(self._store, prefix or None):
                for each in chunk:
                    if matches(self._name(each["path"], prefix).split("/"), pattern):
                        yield each
        elif any(sign in step for sign in _MAGIC):
            for below in obstore.list_with_delimiter(self._store, prefix or None)["common_prefixes"]:
                if fnmatchcase(below.rpartition("/")[2], step):
                    yield from self._matching(below, rest)
        else:
            yield from self._matching(f"{prefix}/{step}".lstrip("/"), rest)

    def _seen(self, each: "ObjectMeta") -> SeenFile:
        since = each["last_modified"] - _EPOCH
        modified_ns = (since.days * 86_400 + since.seconds) * 10**9 + since.microseconds * 1000
        return SeenFile(each["path"], self._name(each["path"], self._bucket.prefix), each["size"], modified_ns)

    @staticmethod
    def _name(path: str, prefix: str) -> str:
        return path[len(prefix) :].lstrip("/")
