"""The kind `rest`: a service's audit API, as a connector or the source itself describes it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from desktop_app.errors import BadSetting
from desktop_app.settings.rest_source import RestSource
from desktop_app.sources.connectors import completed
from desktop_app.sources.kind import Reader, Secret
from desktop_app.sources.rest.checks import rest_problems


def problems(source: RestSource) -> Iterator[BadSetting]:
    """What of it can't be right, or is not said."""
    return rest_problems(source)


def local_folders(source: RestSource) -> tuple[Path, ...]:
    """None: nothing of it is on this computer."""
    return ()


@contextmanager
def open(source: RestSource, secret: Secret) -> Iterator[Reader]:
    """A reader of it. Nobody connects before it reads."""
    from desktop_app.sources.rest.client import open_client
    from desktop_app.sources.rest.reader import RestReader

    whole = completed(source)
    with open_client(whole, secret) as client:
        yield RestReader(whole, client)
