"""Who of all that export to one place has fallen silent, or lacks a day."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

from desktop_app.actions.verify_server import names_on_server
from desktop_app.errors import LocalDiskError
from desktop_app.evidence.fleet import InstanceDays, fleet
from desktop_app.settings.model import Settings
from desktop_app.settings.paths import Paths
from desktop_app.settings.validation import check, require_configured
from desktop_app.sftp.connection import connect
from desktop_app.stop import Stop
from desktop_app.wording import Said


def fleet_in(folder: Path, until: date) -> list[InstanceDays]:
    """By the names in a folder. Raises LocalDiskError."""
    try:
        return fleet((file.name for file in folder.iterdir()), until)
    except OSError as error:
        raise LocalDiskError(
            Said("The folder {path} can't be read ({reason}).", path=folder, reason=error.strerror or error)
        ) from error


def fleet_on_server(
    settings: Settings, paths: Paths, password: Callable[[], str], until: date
) -> list[InstanceDays]:
    """By the names at the configured server path. Raises BadSetting and the errors of a connection."""
    require_configured(settings)
    check(settings)
    with connect(settings.server, password, paths.known_hosts, stop=Stop()) as connection:
        return fleet(names_on_server(connection), until)
