"""*Test Connection*, with its trace among the audit events."""

from collections.abc import Callable

from desktop_app.errors import BadSetting
from desktop_app.settings.model import Settings
from desktop_app.settings.paths import Paths
from desktop_app.settings.secrets import account_name, read_password
from desktop_app.settings.validation import check, require_configured
from desktop_app.sftp.probe import TestReport, test_connection
from desktop_app.sftp.steps import Step
from desktop_app.trails.own_actions import connection_tested, host_key_accepted
from desktop_app.trails.store import open_store


def stored_password(settings: Settings, paths: Paths) -> str:
    """The password of the server's user. Raises BadSetting where there is none."""
    account = account_name(settings.server)
    password = read_password(paths, account)
    if password is None:
        raise BadSetting(
            f"There is no password for {account}.",
            "Set it with: audit-trails-export config password",
            field="server.password",
        )
    return password


def test_settings(
    settings: Settings,
    paths: Paths,
    accept_fingerprint: str | None,
    on_step: Callable[[Step], None],
) -> TestReport:
    """Test the connection of `settings` with the stored password, and record that it was tested.

    Raises BadSetting where the settings can't be tested at all.
    """
    require_configured(settings)
    check(settings)
    report = test_connection(
        settings.server,
        lambda: stored_password(settings, paths),
        paths.known_hosts,
        accept_fingerprint,
        on_step,
    )
    return report
