"""The units of the daily task: where they are, whom they run as, and what they should say."""

import os
import pwd
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from desktop_app.own_program import Command
from desktop_app.schedule.command import program_command, task_command, task_name
from desktop_app.schedule.processes import Answer, ask
from desktop_app.schedule.spread import own_moment
from desktop_app.schedule.systemd import manager as systemd_manager
from desktop_app.schedule.systemd import skipped, unit_file
from desktop_app.schedule.systemd.unit_file import Service
from desktop_app.schedule.task_state import SchedulerError
from desktop_app.settings.key_path import key_files
from desktop_app.settings.model import Settings
from desktop_app.settings.paths import Paths
from desktop_app.settings.source_kinds import module_of
from desktop_app.wording import Said

assert sys.platform != "win32"  # there is no systemd there, and mypy need not look

_SYSTEM_UNITS = Path("/etc/systemd/system")


@dataclass(frozen=True)
class Units:
    """The units of one configuration; `user` is whom a system service runs as, None for the user's own manager."""

    name: str
    folder: Path
    stamps: Path
    user: str | None

    @property
    def timer(self) -> Path:
        return self.folder / f"{self.name}.timer"

    @property
    def service(self) -> Path:
        return self.folder / f"{self.name}.service"

    @property
    def start(self) -> Path:
        return self.folder / f"{self.name}-start.service"

    @property
    def failed(self) -> Path:
        return self.folder / f"{self.name}-failed.service"

    @property
    def drop_in(self) -> Path:
        """Where `systemctl edit` puts another time."""
        return self.folder / f"{self.timer.name}.d"

    @property
    def files(self) -> tuple[Path, ...]:
        return self.timer, self.start, self.service, self.failed

    @property
    def scope(self) -> tuple[str, ...]:
        return () if self.user else ("--user",)

    def ask(self, program: str, *arguments: str) -> Answer:
        """Ask a program of systemd about the manager of these units."""
        return ask((program, *self.scope, *arguments), environment=systemd_manager.environment())

    def count_anew(self) -> None:
        """Have the next start not refused, however many there were (StartLimitBurst)."""
        self.ask("systemctl", "reset-failed", self.service.name)

    def must(self, *arguments: str) -> None:
        """Have systemctl do something. Raises SchedulerError where it refuses."""
        answer = self.ask("systemctl", *arguments)
        if answer.code:
            raise SchedulerError(
                Said("systemd refused: {complaint}", complaint=answer.complaint),
                Said("The journal may say more: journalctl -e"),
            )


def find(paths: Paths) -> Units:
    """Those of this configuration: root's, and what root set up for a user, are of the system's manager."""
    user, name = user_name(paths), task_name(paths)
    system = Units(f"{name}-{user}", _SYSTEM_UNITS, Path("/var/lib/systemd/timers"), user)
    if os.geteuid() == 0 or system.timer.exists():
        return system
    home = Path.home()
    return Units(name, home / ".config/systemd/user", home / ".local/share/systemd/timers", None)


def user_name(paths: Paths) -> str:
    """Whom the task runs as: the owner of the configuration, where root sets it up for somebody."""
    owner = os.geteuid()
    if owner == 0:
        with suppress(FileNotFoundError):
            owner = paths.config.stat().st_uid
    try:
        return pwd.getpwuid(owner).pw_name
    except KeyError:  # as in a container that runs as any number
        return str(owner)


def texts(units: Units, settings: Settings, paths: Paths, sandboxed: bool) -> dict[Path, str]:
    """The texts that the units should have."""
    daily = service(units, task_command(paths), settings, paths, sandboxed)
    failed = service(units, program_command(paths, "schedule", "failed"), settings, paths, sandboxed)
    scope, name, at = "--system" if units.user else "--user", units.service.name, own_moment(settings)
    return {
        units.timer: unit_file.timer_text(at, units.start.name, skipped.skipping_days(at, skipped.systems_zone())),
        units.start: unit_file.start_text(scope, name),
        units.service: unit_file.service_text(daily, units.failed.name),
        units.failed: unit_file.failed_text(failed, scope, name),
    }


def service(units: Units, command: Command, settings: Settings, paths: Paths, sandboxed: bool) -> Service:
    """A service that runs `command` as the daily task is run."""
    return Service(
        command=command,
        writable=(paths.config,),
        made=made_folders(paths),
        user=units.user,
        credential=paths.credential_file if units.user and _is_roots(paths.credential_file) else None,
        private_tmp=not any(map(_is_temporary, (paths.config, *made_folders(paths), *_read(settings)))),
        sandboxed=sandboxed,
    )


def made_folders(paths: Paths) -> tuple[Path, ...]:
    """The folders that may be missing. Without the one of the settings, the export would take itself to be off."""
    return tuple(dict.fromkeys(folder for folder in (paths.data, paths.logs) if folder != paths.config))


def _is_roots(credential: Path) -> bool:
    """Whether root encrypted it: then only the system's manager decrypts it. What another user encrypted, that
    user's processes decrypt themselves: no manager of systemd 257 was seen to do that for them."""
    with suppress(OSError):
        return credential.stat().st_uid == 0
    return False


def _read(settings: Settings) -> list[Path]:
    """What the task reads besides its own folders."""
    folders = [folder for source in settings.sources for folder in module_of(source).local_folders(source)]
    return [*folders, *key_files(settings)]


def _is_temporary(folder: Path) -> bool:
    return any(folder.is_relative_to(place) for place in ("/tmp", "/var/tmp"))
