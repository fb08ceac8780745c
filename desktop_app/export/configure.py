"""Change the configuration, and leave a trace of it among the audit events."""

import time
from pathlib import Path

from desktop_app.export.days import find_zone
from desktop_app.export.exporter import note_switch
from desktop_app.export.ledger import open_ledger
from desktop_app.settings.describe import as_plain
from desktop_app.settings.file import load_settings, save_settings, upgrade_file, write_atomically
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
    save_settings(paths.config_file, after)
    _record_change(paths, before, after)


def import_settings(paths: Paths, file: Path) -> None:
    """Take `file`, a whole config.toml, in place of the present one, unknown keys included.

    Raises BadSetting and LocalDiskError; then the present settings are as they were.
    """
    before, after = load_settings(paths.config_file), load_settings(file)
    check(after)
    write_atomically(paths.config_file, file.read_bytes())
    upgrade_file(paths.config_file)
    _record_change(paths, before, after)


def _record_change(paths: Paths, before: Settings, after: Settings) -> None:
    with open_store(paths.store) as store, open_ledger(paths.ledger) as ledger:
        if after != before:
            store.append([settings_saved(as_plain(before), as_plain(after))])
        if after.enabled != before.enabled:
            store.append([switched(after.enabled)])
        note_switch(ledger, after.enabled, find_zone(after.export.timezone), int(time.time() * 1000))
