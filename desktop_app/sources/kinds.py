"""The kinds of sources, each in a module of its own, which is imported only where a source of it is there."""

from contextlib import AbstractContextManager
from typing import cast

from desktop_app.settings.model import SourceSettings
from desktop_app.settings.source_kinds import module_of
from desktop_app.sources.kind import Reader, Secrets, SourceKind


def no_secrets(source: SourceSettings) -> None:
    """For sources that need none."""


def open_source(source: SourceSettings, secrets: Secrets = no_secrets) -> AbstractContextManager[Reader]:
    """A reader of a source, whatever its kind is. Raises UserError."""
    return cast(SourceKind, module_of(source)).open(source, lambda: secrets(source))
