"""The kind `objects`: files in a bucket of S3, Google Cloud Storage or Azure Blob, which are never changed."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from desktop_app.errors import BadSetting
from desktop_app.settings.duration import duration_ms
from desktop_app.settings.model import ObjectsSource
from desktop_app.sources.folder import pattern_problems
from desktop_app.sources.kind import Reader, Secret
from desktop_app.sources.objects.address import address_problems
from desktop_app.wording import Said


def problems(source: ObjectsSource) -> Iterator[BadSetting]:
    """What can't be right of the addresses, the pattern and the look-back."""
    yield from address_problems(source)
    yield from pattern_problems(source.name, source.pattern)
    try:
        duration_ms(source.again)
    except ValueError:
        yield BadSetting(
            Said("{text!r} is no span of time.", text=source.again),
            Said("Write a number and s, m, h or d, as in 2m or 24h."),
            field="again",
        )


def local_folders(source: ObjectsSource) -> tuple[Path, ...]:
    """None: nothing of it is on this computer."""
    return ()


@contextmanager
def open(source: ObjectsSource, secret: Secret) -> Iterator[Reader]:
    """A reader of its objects. Nobody connects before it reads."""
    from desktop_app.sources.objects.object_tree import ObjectTree
    from desktop_app.sources.objects.reader import ObjectsReader

    yield ObjectsReader(source, ObjectTree(source, secret))
