"""*Test Connection*, with its trace among the audit events."""

from collections.abc import Callable
from functools import partial

from desktop_app.actions.trust_host_key import pin_recorded
from desktop_app.export.ledger import open_ledger
from desktop_app.export.other_installations import names_of_others, warning_of_others
from desktop_app.export.upload_journal import UploadJournal
from desktop_app.secrets.login_secret import login_secret
from desktop_app.settings.model import Settings
from desktop_app.settings.paths import Paths
from desktop_app.settings.validation import check, require_configured
from desktop_app.sftp.client import Entry
from desktop_app.sftp.probe import ProbeReport, probe_connection
from desktop_app.sftp.steps import Step
from desktop_app.stop import Stop, Stopped
from desktop_app.trails.own_actions import connection_tested
from desktop_app.trails.store.store import Store, open_store
from desktop_app.wording import Said


def try_connection(
    settings: Settings,
    paths: Paths,
    accept_fingerprint: str | None,
    on_step: Callable[[Step], None],
    password: str | None = None,
    stop: Stop | None = None,
) -> ProbeReport:
    """Test the connection of `settings`, and record that it was tested.

    `password` is one that is not stored yet; without it, the stored one is tested. Raises BadSetting where
    the settings can't be tested at all, and Stopped.
    """
    require_configured(settings)
    check(settings)
    with open_store(paths.store) as store:
        report = probe_connection(
            settings.server,
            lambda: login_secret(paths, settings.server) if password is None else password,
            paths.known_hosts,
            accept_fingerprint,
            on_step,
            stop=stop,
            pin_key=partial(pin_recorded, store),
        )
        if report.stopped:
            raise Stopped
        if report.found and (warning := _others(report.found.entries, settings.export.instance, paths, store)):
            report.warnings.append(warning)
        failure = report.error.message if report.error else ""
        store.append([connection_tested(settings.server.host, report.ok, failure)])
    return report


def _others(entries: list[Entry], instance: str, paths: Paths, store: Store) -> Said | None:
    with open_ledger(paths.ledger) as ledger:
        waiting = ledger.built()
        known = {archive.name for archive in (*ledger.delivered(), *([waiting] if waiting else []))}
    known.update(UploadJournal(paths.uploads).names)
    return warning_of_others(lambda names: names_of_others(entries, instance, names, None), instance, known, store)
