"""Change the configuration, and leave a trace of it among the audit events."""

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from desktop_app.errors import BadSetting, ExitCode, LocalDiskError, UserError
from desktop_app.export.exporter import note_switch
from desktop_app.export.ledger import open_ledger
from desktop_app.files import undone_on_failure, write_atomically
from desktop_app.settings.describe import as_plain
from desktop_app.settings.effective import load_settings, save_settings, with_kept_instance
from desktop_app.settings.file import parse_settings, parse_toml, upgrade_file
from desktop_app.settings.model import Settings
from desktop_app.settings.paths import Paths
from desktop_app.settings.policy import Policy, given_keys, load_policy, require_policy_kept, with_policy
from desktop_app.settings.time_zone import find_zone
from desktop_app.settings.validation import check, require_configured
from desktop_app.stop import uninterrupted
from desktop_app.trails.own_actions import settings_saved, switched
from desktop_app.trails.store.store import open_store
from desktop_app.wording import Said


class ChangedMeanwhile(UserError):
    """Somebody else saved other settings since those were read that are being changed."""

    exit_code = ExitCode.TRY_LATER


def change_settings(paths: Paths, before: Settings, after: Settings) -> None:
    """Save `after` in place of `before`, and record what changed. Saving what is saved changes nothing.

    Raises BadSetting, which names the field, SetByPolicy, ChangedMeanwhile and LocalDiskError; then nothing was
    saved.
    """
    check_change(paths, after)
    with _recorded(paths, before, after):  # within, for the store lets in one change at a time
        require_unchanged(paths, before)
        save_settings(paths, after)


def require_unchanged(paths: Paths, before: Settings) -> None:
    """Raises ChangedMeanwhile unless the settings are still `before`."""
    if load_settings(paths) != before:
        raise ChangedMeanwhile(
            Said("The settings were changed elsewhere meanwhile."),
            Said("Nothing was saved. Save again to add your changes to those."),
        )


def check_change(paths: Paths, after: Settings) -> None:
    """Raises what `change_settings` would raise of `after` itself, and changes nothing."""
    policy = load_policy(paths.policy_file)
    require_policy_kept(policy, after)
    _require_usable(after, policy)


def _require_usable(after: Settings, policy: Policy) -> None:
    check(after)
    if after.enabled and "enabled" not in policy.keys:  # who can't switch it off must be able to fill in the rest
        require_configured(after)


def import_settings(paths: Paths, file: Path, text: str) -> None:
    """Take `text`, read from `file`, in place of the present config.toml, unknown keys included.

    What it leaves open counts as the policy fixes it; without an instance name, the present one stays. Raises
    BadSetting, SetByPolicy and LocalDiskError; then the present settings are as they were.
    """
    before, after = load_settings(paths), read_import(paths, file, text)
    with _recorded(paths, before, after):
        write_atomically(paths.config_file, text.encode())
        upgrade_file(paths.config_file)
        if load_settings(paths).export.instance != after.export.instance:
            save_settings(paths, after)


def read_import(paths: Paths, file: Path, text: str) -> Settings:
    """The settings that count once `text` is imported. Raises as `import_settings` does; changes nothing."""
    policy = load_policy(paths.policy_file)
    imported, given = parse_settings(text, str(file)), given_keys(parse_toml(text, str(file)))
    if not given:
        raise BadSetting(
            Said("{path} has no settings in it.", path=file), Said("Nothing was changed. Is it the right file?")
        )
    require_policy_kept(Policy(policy.file, {key: policy.values[key] for key in policy.keys & given}), imported)
    name = load_settings(paths).export.instance
    after = with_policy(with_kept_instance(imported, text, name), policy)
    _require_usable(after, policy)
    return after


@contextmanager
def _recorded(paths: Paths, before: Settings, after: Settings) -> Iterator[None]:
    """Record the change from `before` to `after` that is written inside: both, or neither.

    Raises BadSetting or LocalDiskError, or what the writing raises.
    """
    zone = find_zone(after.export.timezone)
    with uninterrupted(), open_store(paths.store) as store, open_ledger(paths.ledger) as ledger:
        with undone_on_failure(paths.config_file), store.transaction():
            if after != before:
                store.append([settings_saved(as_plain(before), as_plain(after))])
            if after.enabled != before.enabled:
                store.append([switched(after.enabled)])
            yield
        with suppress(LocalDiskError):  # the change is made; the next run notes the switch as well
            note_switch(ledger, after.enabled, zone, int(time.time() * 1000))
