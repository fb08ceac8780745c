"""What can be done to the configuration: other settings, or a whole file. Each edit is a function of what is
configured now, and changes nothing by itself.
"""

from collections.abc import Callable
from pathlib import Path

from desktop_app.errors import BadSetting
from desktop_app.settings.effective import Configuration, settings_in, with_settings
from desktop_app.settings.file import changed_text, parse_settings, parse_toml, upgraded_text
from desktop_app.settings.model import Settings
from desktop_app.settings.policy import Policy, given_keys, require_policy_kept
from desktop_app.settings.template import for_roll_out
from desktop_app.wording import Said

Edit = Callable[[Configuration], Configuration]


def edited(change: Callable[[Settings], Settings]) -> Edit:
    """Other settings. The edit raises SetByPolicy where they are others than the policy fixes."""

    def edit(now: Configuration) -> Configuration:
        after = change(now.settings)
        require_policy_kept(now.policy, after)
        return with_settings(now, after)

    return edit


def imported(file: Path, text: str) -> Edit:
    """`text`, read from `file`, in place of the user's file, unknown keys included.

    What it leaves open counts as the policy fixes it; without an instance name, the present one stays. The edit
    raises BadSetting where it has no settings, or can't be right, and SetByPolicy.
    """

    def edit(now: Configuration) -> Configuration:
        given = given_keys(parse_toml(text, str(file)))
        if not given:
            raise BadSetting(
                Said("{path} has no settings in it.", path=file),
                Said("Nothing was changed. Is it the right file?"),
            )
        fixed = {key: value for key, value in now.policy.values.items() if key in given}
        require_policy_kept(Policy(now.policy.file, fixed), parse_settings(text, str(file)))
        after, own = upgraded_text(text, str(file)), settings_in(text, file, now.settings.export.instance)
        if "export.instance" not in given | now.policy.keys and own.export.instance != now.instance:
            after = changed_text(after, str(file), own)
        return Configuration(now.file, after, own, now.instance, now.policy)

    return edit


def rolled_out(file: Path, text: str) -> Edit:
    """The same with the switch OFF, and without what the policy fixes."""

    def edit(now: Configuration) -> Configuration:
        return imported(file, for_roll_out(text, str(file), now.policy.keys))(now)

    return edit
