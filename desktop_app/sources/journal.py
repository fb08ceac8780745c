"""The kind `journal`: the journal of systemd, on Linux; that of this computer, or journals in a folder."""

import re
import shlex
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from desktop_app.errors import BadSetting
from desktop_app.settings.model import JournalSource
from desktop_app.sources.kind import Reader, Secret
from desktop_app.wording import Said

OWN_JOURNALS = (Path("/var/log/journal"), Path("/run/log/journal"))
_MATCH = re.compile(r"[A-Z0-9_]{1,64}=.*", re.DOTALL)
_UNIT = re.compile(r"[^\s,/-][^\s,/]*")


def problems(source: JournalSource) -> Iterator[BadSetting]:
    """What journalctl would not understand, or take for something else."""
    try:
        wrong = next((word for word in words(source.matches) if word != "+" and not _MATCH.fullmatch(word)), None)
    except ValueError:  # a quote without its end
        wrong = source.matches
    if wrong is not None:
        yield BadSetting(
            Said("The source {name!r} can't look for {match!r} in the journal.", name=source.name, match=wrong),
            Said("Write FIELD=VALUE, as in _TRANSPORT=audit, with spaces between several."),
            field="matches",
        )
    wrong = next((unit for unit in units(source) if not _UNIT.fullmatch(unit)), None)
    if wrong is not None:
        yield BadSetting(
            Said("The source {name!r} can't have a unit called {unit!r}.", name=source.name, unit=wrong),
            Said("Write names as in ssh.service, with commas between them."),
            field="units",
        )


def local_folders(source: JournalSource) -> tuple[Path, ...]:
    """Where the journals are."""
    return (Path(source.folder),) if source.folder else OWN_JOURNALS


@contextmanager
def open(source: JournalSource, secret: Secret) -> Iterator[Reader]:
    """A reader of it. Raises JournalUnreadable where there is no systemd."""
    from desktop_app.sources.journal_reader import JournalReader
    from desktop_app.sources.journalctl import require_journalctl

    require_journalctl()
    yield JournalReader(source)


def words(matches: str) -> list[str]:
    """Matches one by one; what has a space in it stands in quotes. Raises ValueError."""
    return shlex.split(matches)


def units(source: JournalSource) -> list[str]:
    """The units, one by one."""
    return [unit.strip() for unit in source.units.split(",") if unit.strip()]
