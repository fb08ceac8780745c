"""`policy.toml`: settings that the organisation has fixed for all users of this computer."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from desktop_app.errors import BadSetting, ExitCode, UserError
from desktop_app.files import read_text
from desktop_app.settings.administrators import require_administrators_file, why_it_may_be_a_users
from desktop_app.settings.file import parse_toml, wrong_kind
from desktop_app.settings.keys import SOURCES, replace_value, setting_keys, value_at
from desktop_app.settings.model import Settings
from desktop_app.settings.paths import Paths
from desktop_app.settings.source_kinds import to_settings
from desktop_app.settings.validation import naming_setting, problems
from desktop_app.wording import Said


class SetByPolicy(UserError):
    """A change of a setting that the policy has fixed; `field` names it."""

    exit_code = ExitCode.NO_PERMISSION


@dataclass(frozen=True)
class Policy:
    """The values that a policy fixes, by key (`server.host`, or `sources` as a whole), and its file."""

    file: Path
    values: Mapping[str, Any]

    @property
    def keys(self) -> frozenset[str]:
        """The keys that users can't change."""
        return frozenset(self.values)


def policy_keys(paths: Paths) -> frozenset[str]:
    """The keys that users of this computer can't change. Raises as `load_policy` does."""
    return load_policy(paths.policy_file).keys


def load_policy(file: Path) -> Policy:
    """The policy in `file`; one that fixes nothing where there is no such file, or a user may have made it.

    It is laid out as `config.toml`, but holds only what it fixes. Raises BadSetting for one that can't be right or
    that others than administrators may write, and LocalDiskError for one that can't be read: an organisation's is
    never left out.
    """
    if why_it_may_be_a_users(file) or (text := read_text(file)) is None:
        return Policy(file, {})
    require_administrators_file(file)
    document = parse_toml(text, str(file))
    keys = list(_keys(document, file))
    try:
        settings = to_settings(document, str(file))
    except msgspec.ValidationError as error:
        raise wrong_kind(str(error), str(file)) from error
    for problem in problems(settings):
        if (problem.field or "").partition("[")[0] in keys:
            message = Said("{path}: {problem}", path=file, problem=naming_setting(problem).message)
            raise BadSetting(message, problem.hint, field=problem.field) from problem
    return Policy(file, {key: value_at(settings, key) for key in keys})


def with_policy(settings: Settings, policy: Policy) -> Settings:
    """`settings` with the values that the policy fixes."""
    for key, value in policy.values.items():
        settings = replace_value(settings, key, value)
    return settings


def without_policy(settings: Settings, own: Settings, policy: Policy) -> Settings:
    """`settings` with the user's own values, from `own`, where the policy fixes others."""
    for key in policy.keys:
        settings = replace_value(settings, key, value_at(own, key))
    return settings


def require_policy_kept(policy: Policy, after: Settings) -> None:
    """Raises SetByPolicy where `after` has another value than the policy fixes."""
    changed = [key for key, value in policy.values.items() if value_at(after, key) != value]
    if changed:
        raise SetByPolicy(
            Said("Your organisation has set this: {keys}.", keys=tuple(changed)),
            Said("Only an administrator can change it, in {path}. Nothing was changed.", path=policy.file),
            field=changed[0],
        )


def given_keys(document: Mapping[str, Any]) -> frozenset[str]:
    """The keys of all settings that a document in the layout of `config.toml` has a value for."""
    return frozenset(_flat(document)) & {*setting_keys(), SOURCES}


def unknown_keys(document: Mapping[str, Any]) -> list[str]:
    """The keys of such a document that are no settings of this version."""
    return [key for key in _flat(document) if key not in (*setting_keys(), SOURCES, "version")]


def _flat(document: Mapping[str, Any]) -> Iterator[str]:
    for key, value in document.items():
        if isinstance(value, Mapping):
            yield from (f"{key}.{name}" for name in value)
        else:
            yield key


def _keys(document: Mapping[str, Any], file: Path) -> Iterator[str]:
    """The keys that a policy fixes. Raises BadSetting for one that is no setting: a slip would fix nothing."""
    from difflib import get_close_matches

    known = (*setting_keys(), SOURCES)
    for key in _flat(document):
        if key in known:
            yield key
        elif key != "version":
            close = get_close_matches(key, known, 1, 0.5)
            raise BadSetting(
                Said("{path} has a setting that this version does not know: {key}.", path=file, key=key),
                Said("Is {key} meant?", key=close[0]) if close else Said("Remove it there."),
                field=key,
            )
