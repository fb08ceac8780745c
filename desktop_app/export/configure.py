"""Change the configuration, and leave a trace of it among the audit events."""

import time

from desktop_app.export.days import find_zone
from desktop_app.export.exporter import note_switch
from desktop_app.export.ledger import open_ledger
from desktop_app.settings.describe import as_plain
from desktop_app.settings.file import save_settings
from desktop_app.settings.model import Settings
from desktop_app.settings.paths import Paths
from desktop_app.settings.validation import check, require_configured
from desktop_app.trails.own_actions import settings_saved, switched
from desktop_app.trails.store import open_store


def change_settings(paths: Paths, before: Settings, after: Settings) -> None:
    """Save `after` in place of `before`, and record what changed. Saving what is saved changes nothing.

    Raises BadSetting, which names the field, and LocalDiskError; then nothing was saved.
    """
    check(after)
    if after.enabled:
        require_configured(after)
    with open_store(paths.store) as store, open_ledger(paths.ledger) as ledger:
        save_settings(paths.config_file, after)
        if after != before:
            store.append([settings_saved(as_plain(before), as_plain(after))])
        if after.enabled != before.enabled:
            store.append([switched(after.enabled)])
        note_switch(ledger, after.enabled, find_zone(after.export.timezone), int(time.time() * 1000))
