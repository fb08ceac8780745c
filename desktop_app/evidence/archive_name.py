"""What archives are called."""

import re

_ZIP = re.compile(r"audit-trails-(.+)-\d{4}-\d\d-\d\d(-\d+)?\.zip")


def archive_stem(instance: str, day: str, number: int) -> str:
    """The name of an archive without its ending; the first of a day bears no number. `day` is an ISO date."""
    return f"audit-trails-{instance}-{day}" + (f"-{number}" if number > 1 else "")


def instance_of(zip_name: str) -> str | None:
    """The instance whose archive bears that name, or None: no archive is called so."""
    found = _ZIP.fullmatch(zip_name)
    return found[1] if found else None
