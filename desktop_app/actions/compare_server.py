"""What this installation has delivered, and what of that the server still has."""

from collections.abc import Callable

from msgspec import Struct

from desktop_app.actions.verify_server import names_on_server
from desktop_app.export.ledger import open_ledger
from desktop_app.settings.model import Settings
from desktop_app.settings.paths import Paths
from desktop_app.settings.validation import check, require_configured
from desktop_app.sftp.connection import connect
from desktop_app.stop import Stop


class ServerCompared(Struct, frozen=True):
    """How many archives were `delivered`, and the names of those that the server has no more."""

    delivered: int
    missing: tuple[str, ...]


def compare_server(settings: Settings, paths: Paths, password: Callable[[], str], stop: Stop) -> ServerCompared:
    """Only by names. Raises BadSetting, LocalDiskError, NotPermitted and the errors of a connection."""
    require_configured(settings)
    check(settings)
    with open_ledger(paths.ledger) as ledger:
        delivered = ledger.delivered()
    with connect(settings.server, password, paths.known_hosts, stop=stop) as connection:
        there = names_on_server(connection)
    missing = tuple(archive.name for archive in delivered if archive.name not in there)
    return ServerCompared(len(delivered), missing)
