"""Where the program keeps its files: the system's proper folders, or all in `AUDIT_TRAILS_HOME`."""

import os
import sys
from dataclasses import dataclass, field
from pathlib import Path

from desktop_app.files import others_may_write
from desktop_app.settings.administrators import why_it_may_be_a_users
from desktop_app.wording import Said

HOME_VARIABLE = "AUDIT_TRAILS_HOME"
INSTANCE_FILE = "instance"
_APP = "audit-trails-exporter"


def site_policy_file() -> Path:
    """The policy of this computer. No environment variable moves it, or users could step out of it.

    (platformdirs, which says where the other files are, lets `XDG_CONFIG_DIRS` and the like move this one.)
    """
    if sys.platform == "win32":
        import winreg

        where = r"SOFTWARE\Microsoft\Windows\CurrentVersion\Explorer\Shell Folders"
        with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, where) as key:
            folder = Path(winreg.QueryValueEx(key, "Common AppData")[0])
    else:
        folder = Path("/etc/xdg")
    return folder / _APP / "policy.toml"


@dataclass(frozen=True)
class Paths:
    """The three folders that everything of this installation lies in, and the policy of this computer."""

    config: Path
    data: Path
    logs: Path
    policy_file: Path = field(default_factory=lambda: site_policy_file())

    @property
    def config_file(self) -> Path:
        return self.config / "config.toml"

    @property
    def known_hosts(self) -> Path:
        return self.config / "known_hosts"

    @property
    def secret_file(self) -> Path:
        return self.config / "secrets.toml"

    @property
    def credential_file(self) -> Path:
        return self.config / "password.cred"

    @property
    def night_try(self) -> Path:
        return self.data / "night-test.json"

    @property
    def secret_key(self) -> Path:
        return self.data / "secrets.key"

    @property
    def signing_keys(self) -> Path:
        return self.data / "signing-keys.json"

    @property
    def window_file(self) -> Path:
        return self.config / "window.ini"

    @property
    def store(self) -> Path:
        return self.data / "trails.db"

    @property
    def ledger(self) -> Path:
        return self.data / "ledger.db"

    @property
    def outbox(self) -> Path:
        return self.data / "outbox"

    @property
    def instance_file(self) -> Path:
        return self.data / INSTANCE_FILE

    @property
    def uploads(self) -> Path:
        return self.data / "uploads.json"

    @property
    def run_lock(self) -> Path:
        return self.data / "run.lock"

    @property
    def log_file(self) -> Path:
        return self.logs / "audit-trails-export.log"


def find_paths() -> Paths:
    """The folders of this user, or the one named by `AUDIT_TRAILS_HOME`. Creates nothing."""
    if home := os.environ.get(HOME_VARIABLE):
        folder = Path(home).absolute()
        return Paths(config=folder, data=folder, logs=folder)
    from platformdirs import PlatformDirs

    dirs = PlatformDirs(_APP, appauthor=False)
    return Paths(config=Path(dirs.user_config_dir), data=Path(dirs.user_data_dir), logs=Path(dirs.user_log_dir))


def keep_all_in(folder: Path) -> None:
    """Have `find_paths` of this process and of those that it starts put all files in one folder."""
    os.environ[HOME_VARIABLE] = str(folder.absolute())


def find_paths_of(user: str) -> Paths:
    """The folders of another user of a system with XDG base directories. Raises KeyError: no such user."""
    if sys.platform == "win32":
        raise KeyError(user)
    import pwd

    home = Path(pwd.getpwnam(user).pw_dir)
    return Paths(
        config=home / ".config" / _APP,
        data=home / ".local/share" / _APP,
        logs=home / ".local/state" / _APP / "log",
    )


def unsafe_places(paths: Paths) -> list[Said]:
    """What lets others change what this program keeps, or tried to change how it works, in sentences."""
    found = [
        Said("Others than this user may write to {path}. Close it: chmod go-w {path}", path=folder)
        for folder in dict.fromkeys((paths.config, paths.data, paths.logs))
        if others_may_write(folder)
    ]
    if paths.log_file.is_symlink():
        found.append(Said("{path} is a link, so nothing is logged.", path=paths.log_file))
    if reason := why_it_may_be_a_users(paths.policy_file):
        found.append(
            Said(
                "{path} does not count, for any user of this computer may have made it: {reason}. "
                "An administrator can delete it, or make file and folder the Administrators' own.",
                path=paths.policy_file,
                reason=reason,
            )
        )
    return found
