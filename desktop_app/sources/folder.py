"""The kind `folder`: files that others write."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PureWindowsPath

from desktop_app.errors import BadSetting
from desktop_app.settings.model import FolderSource
from desktop_app.sources.kind import Reader, Secret
from desktop_app.wording import Said


def problems(source: FolderSource) -> Iterator[BadSetting]:
    """What can't be right of its pattern."""
    yield from pattern_problems(source.name, source.pattern)


def pattern_problems(name: str, pattern: str) -> Iterator[BadSetting]:
    """What can't be right of the pattern of a source's files."""
    if pattern and not _is_inside(pattern):
        yield BadSetting(
            Said(
                "The pattern {pattern!r} of source {name!r} can't name files inside its folder.",
                pattern=pattern,
                name=name,
            ),
            Said("Write it relative to the folder, as in **/*.json*; ** stands alone between slashes."),
            field="pattern",
        )


def local_folders(source: FolderSource) -> tuple[Path, ...]:
    """The folder."""
    return (Path(source.path),)


@contextmanager
def open(source: FolderSource, secret: Secret) -> Iterator[Reader]:
    """A reader of its files. Nothing is opened before it reads."""
    from desktop_app.sources.files_reader import FilesReader
    from desktop_app.sources.folder_tree import FolderTree

    yield FilesReader(source.name, FolderTree(source), source.records)


def _is_inside(pattern: str) -> bool:
    """Whether a glob pattern names files inside of a folder, and on both systems."""
    parts = PureWindowsPath(pattern).parts
    return (
        bool(parts)
        and not PureWindowsPath(pattern).anchor
        and ".." not in parts
        and all(part == "**" or "**" not in part for part in parts)
    )
