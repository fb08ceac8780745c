"""The settings that count: the user's own, under the policy of this computer."""

from desktop_app.files import read_text
from desktop_app.settings.file import parse_settings, parse_toml, write_settings
from desktop_app.settings.kept_instance import unchosen_instance
from desktop_app.settings.keys import replace_value
from desktop_app.settings.model import Settings
from desktop_app.settings.paths import Paths
from desktop_app.settings.policy import given_keys, load_policy, with_policy, without_policy


def load_settings(paths: Paths) -> Settings:
    """The user's settings with the values that the policy fixes.

    Raises BadSetting, which names the file and the field or the line, and LocalDiskError.
    """
    return with_policy(_own_settings(paths), load_policy(paths.policy_file))


def save_settings(paths: Paths, settings: Settings) -> None:
    """Save `settings` as the user's. What the policy fixes stays in the user's file as it is there.

    Raises as `load_settings` and `write_settings` do.
    """
    own = _own_settings(paths)
    write_settings(paths.config_file, without_policy(settings, own, load_policy(paths.policy_file)))


def _own_settings(paths: Paths) -> Settings:
    """The user's settings; the instance name is the one that is kept where the file has none."""
    text = read_text(paths.config_file) or ""
    return with_kept_instance(parse_settings(text, str(paths.config_file)), text, unchosen_instance(paths))


def with_kept_instance(settings: Settings, text: str, kept: str) -> Settings:
    """`settings`, read from `text`, under the name `kept` where that has none."""
    if "export.instance" in given_keys(parse_toml(text, "")):
        return settings
    return replace_value(settings, "export.instance", kept)
