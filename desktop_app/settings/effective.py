"""What is configured: the user's own settings, under the policy of this computer."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from desktop_app.files import read_text, write_atomically
from desktop_app.settings.file import changed_text, parse_settings, parse_toml
from desktop_app.settings.kept_instance import unchosen_instance
from desktop_app.settings.keys import replace_value
from desktop_app.settings.model import Settings
from desktop_app.settings.paths import Paths
from desktop_app.settings.policy import Policy, given_keys, load_policy, with_policy, without_policy


@dataclass(frozen=True)
class Configuration:
    """What the user's file and the policy say together.

    `text` is that of `file`, `own` are the settings in it, and `instance` is the name that counts where it has
    none.
    """

    file: Path
    text: str
    own: Settings
    instance: str
    policy: Policy

    @cached_property
    def settings(self) -> Settings:
        """The settings that count."""
        return with_policy(self.own, self.policy)


def read_configuration(paths: Paths, policy: Policy | None = None) -> Configuration:
    """Read it; not the policy, where that was read before.

    Raises BadSetting, which names the file and the field or the line, and LocalDiskError.
    """
    file, instance = paths.config_file, unchosen_instance(paths)
    text = read_text(file) or ""
    own = settings_in(text, file, instance)
    return Configuration(file, text, own, instance, policy or load_policy(paths.policy_file))


def load_settings(paths: Paths) -> Settings:
    """The settings that count. Raises as `read_configuration` does."""
    return read_configuration(paths).settings


def save_settings(paths: Paths, settings: Settings) -> None:
    """Save `settings` as the user's. What the policy fixes stays in the user's file as it is there.

    Raises as `read_configuration` does, and LocalDiskError.
    """
    after = with_settings(read_configuration(paths), settings)
    write_atomically(after.file, after.text.encode())


def with_settings(now: Configuration, settings: Settings) -> Configuration:
    """What is configured once `settings` are the user's. Raises BadSetting where the file can't be changed."""
    own = without_policy(settings, now.own, now.policy)
    return Configuration(now.file, changed_text(now.text, str(now.file), own), own, now.instance, now.policy)


def settings_in(text: str, file: Path, instance: str) -> Settings:
    """The settings in `text`, read from `file`, under the name `instance` where it has none. Raises BadSetting."""
    settings = parse_settings(text, str(file))
    if "export.instance" in given_keys(parse_toml(text, str(file))):
        return settings
    return replace_value(settings, "export.instance", instance)
