"""The kinds of sources, each in a module of its own, which is imported only where a source of it is there."""

from contextlib import AbstractContextManager
from typing import cast

from desktop_app.settings.model import SourceSettings
from desktop_app.settings.source_kinds import module_of
from desktop_app.sources.kind import Reader, SourceKind


def open_source(source: SourceSettings) -> AbstractContextManager[Reader]:
    """A reader of a source, whatever its kind is. Raises UserError."""
    return cast(SourceKind, module_of(source)).open(source, _no_secret)


def _no_secret() -> None:
    """No kind has a secret yet."""
