"""What archives are called."""

import re
from datetime import date

from msgspec import Struct

_ZIP = re.compile(r"audit-trails-(.+)-(\d{4}-\d\d-\d\d)(?:-(\d+))?\.zip", re.ASCII)


class ArchiveName(Struct, frozen=True):
    """What the name of an archive says; `number` is 1 for the first of a day."""

    instance: str
    day: date
    number: int


def archive_stem(instance: str, day: str, number: int) -> str:
    """The name of an archive without its ending; the first of a day bears no number. `day` is an ISO date."""
    return f"audit-trails-{instance}-{day}" + (f"-{number}" if number > 1 else "")


def instance_of(zip_name: str) -> str | None:
    """The instance whose archive bears that name, or None: no archive is called so."""
    found = _ZIP.fullmatch(zip_name)
    return found[1] if found else None


def parts_of(zip_name: str) -> ArchiveName | None:
    """What a name says, or None: no archive is called so."""
    found = _ZIP.fullmatch(zip_name)
    try:
        return ArchiveName(found[1], date.fromisoformat(found[2]), int(found[3] or 1)) if found else None
    except ValueError:
        return None
