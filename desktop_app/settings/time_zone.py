"""`export.timezone`: where a day begins and ends."""

from datetime import UTC, tzinfo
from zoneinfo import ZoneInfo

from desktop_app.errors import BadSetting
from desktop_app.wording import Said


def find_zone(name: str) -> tzinfo:
    """The time zone of `export.timezone`: "local", "UTC" or an IANA name. Raises BadSetting."""
    return _local_zone() if name == "local" else _named_zone(name)


def _local_zone() -> tzinfo:
    """Raises BadSetting where this computer's zone is not known here, or has no name (a TZ of rules)."""
    from tzlocal import reload_localzone

    try:
        return reload_localzone()  # the other function remembers the zone of before, in a form left open for days
    except (KeyError, ValueError, OSError) as error:
        raise BadSetting(
            Said(
                "The time zone {name} can't be used here ({reason}).",
                name="local",
                reason=_in_one_line(error),
            ),
            Said("Write UTC, or a name such as Europe/Berlin."),
            field="export.timezone",
        ) from error


def zone_called(name: str) -> tzinfo:
    """UTC, or the zone of an IANA name. Raises ValueError."""
    try:
        return UTC if name == "UTC" else ZoneInfo(name)
    except (KeyError, OSError) as error:
        raise ValueError(name) from error


def _named_zone(name: str) -> tzinfo:
    try:
        return zone_called(name)
    except ValueError as error:
        raise BadSetting(
            Said("There is no time zone {name!r}.", name=name),
            Said("Write local, UTC, or a name such as Europe/Berlin."),
            field="export.timezone",
        ) from error


def _in_one_line(error: Exception) -> str:
    said = error.strerror if isinstance(error, OSError) else error.args[0] if error.args else error
    return " ".join(str(said).split())
