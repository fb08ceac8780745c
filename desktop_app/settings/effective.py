"""The settings that count: the user's own, under the policy of this computer."""

from desktop_app.settings.file import read_settings, write_settings
from desktop_app.settings.model import Settings
from desktop_app.settings.paths import Paths
from desktop_app.settings.policy import load_policy, with_policy, without_policy


def load_settings(paths: Paths) -> Settings:
    """The user's settings with the values that the policy fixes.

    Raises BadSetting, which names the file and the field or the line, and LocalDiskError.
    """
    return with_policy(read_settings(paths.config_file), load_policy(paths.policy_file))


def save_settings(paths: Paths, settings: Settings) -> None:
    """Save `settings` as the user's. What the policy fixes stays in the user's file as it is there.

    Raises as `load_settings` and `write_settings` do.
    """
    own = read_settings(paths.config_file)
    write_settings(paths.config_file, without_policy(settings, own, load_policy(paths.policy_file)))
