"""*Test Connection*, with its trace among the audit events."""

from collections.abc import Callable
from functools import partial

from desktop_app.actions.trust_host_key import pin_recorded
from desktop_app.secrets.keepers import require_password
from desktop_app.settings.model import Settings
from desktop_app.settings.paths import Paths
from desktop_app.settings.validation import check, require_configured
from desktop_app.sftp.probe import TestReport, test_connection
from desktop_app.sftp.steps import Step
from desktop_app.stop import Stop, Stopped
from desktop_app.trails.own_actions import connection_tested
from desktop_app.trails.store.store import open_store


def try_connection(
    settings: Settings,
    paths: Paths,
    accept_fingerprint: str | None,
    on_step: Callable[[Step], None],
    password: str | None = None,
    stop: Stop | None = None,
) -> TestReport:
    """Test the connection of `settings`, and record that it was tested.

    `password` is one that is not stored yet; without it, the stored one is tested. Raises BadSetting where
    the settings can't be tested at all, and Stopped.
    """
    require_configured(settings)
    check(settings)
    with open_store(paths.store) as store:
        report = test_connection(
            settings.server,
            lambda: require_password(paths, settings.server) if password is None else password,
            paths.known_hosts,
            accept_fingerprint,
            on_step,
            stop=stop,
            pin_key=partial(pin_recorded, store),
        )
        if report.stopped:
            raise Stopped
        failure = report.error.message if report.error else ""
        store.append([connection_tested(settings.server.host, report.ok, failure)])
    return report
