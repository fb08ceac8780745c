"""Have systemd run a command once as a passing service, closed off as the daily task is."""

import os
import sys
from pathlib import Path

from desktop_app.own_program import Command
from desktop_app.schedule.systemd import manager as systemd_manager
from desktop_app.schedule.systemd import unit_file
from desktop_app.schedule.systemd import units as systemd_units
from desktop_app.settings.model import Settings
from desktop_app.settings.paths import Paths

assert sys.platform != "win32"  # there is no systemd there, and mypy need not look

_LONGEST = 50  # seconds; `ask` waits a little longer
_APART = """
for name in DISPLAY WAYLAND_DISPLAY GNOME_KEYRING_CONTROL; do unset $name; done
XDG_RUNTIME_DIR=$(mktemp -d) || exit 1
DBUS_SESSION_BUS_ADDRESS=unix:path=/nonexistent
export XDG_RUNTIME_DIR DBUS_SESSION_BUS_ADDRESS
trap 'rm -rf "$XDG_RUNTIME_DIR"' EXIT
if command -v dbus-run-session >/dev/null; then dbus-run-session -- "$@"; else "$@"; fi
"""


def succeeds_at_night(command: Command, settings: Settings, paths: Paths) -> bool | None:
    """Whether a command ends well when this scheduler runs it closed off as the task is, and outside of any login.

    It gets a session bus and a runtime folder of its own, so that it meets no daemon that a login has unlocked.
    None where this user can't have it run.
    """
    units = systemd_units.find(paths)
    if os.geteuid() and (units.user or not systemd_manager.can_be_reached()):
        return None
    service = systemd_units.service(units, command, settings, paths, sandboxed=can_sandbox(units))
    return _run_once(
        units,
        unit_file.transient_properties(service),
        ("/bin/sh", "-c", _APART, "sh", *command.argv),
        command.folder,
    )


def can_sandbox(units: systemd_units.Units) -> bool:
    """Whether this manager can close off a process: a user's needs user namespaces, which some systems forbid."""
    private = ["ProtectSystem=strict", "PrivateTmp=yes"]
    return _run_once(units, private if units.user else ["PrivateUsers=yes", *private], ("/bin/true",))


def _run_once(
    units: systemd_units.Units, properties: list[str], argv: tuple[str, ...], folder: Path | None = None
) -> bool:
    """Whether a command ends well, and in time, as a passing service with these properties."""
    options = [f"--property={each}" for each in (*properties, f"RuntimeMaxSec={_LONGEST}")]
    if units.user:
        options.append(f"--uid={units.user}")
    if folder:
        options.append(f"--working-directory={folder}")
    return units.ask("systemd-run", "--quiet", "--wait", "--collect", *options, *argv).code == 0
