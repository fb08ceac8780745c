"""Settings of one computer as the configuration of others."""

from collections.abc import Set

from desktop_app.settings.describe import as_plain
from desktop_app.settings.file import parse_for_editing
from desktop_app.settings.instance_name import default_instance, earlier_default_instance
from desktop_app.settings.model import Settings


def template(settings: Settings) -> str:
    """`settings` as a config.toml for other computers.

    An instance name that is this computer's own is left out, so that each takes its own: two computers of one
    instance would take each other's archive names.
    """
    import tomlkit

    plain = as_plain(settings)
    if settings.export.instance in (default_instance(), earlier_default_instance()):
        del plain["export"]["instance"]
    if not plain["sources"]:
        del plain["sources"]
    return tomlkit.dumps(plain)


def for_roll_out(text: str, name: str, fixed: Set[str]) -> str:
    """A config.toml with the switch OFF, and without the keys `fixed` (`server.host`), by which the policy counts.

    `name` says in messages where it is from. Raises BadSetting.
    """
    import tomlkit

    document = parse_for_editing(text, name)
    for key in fixed:
        *tables, last = key.split(".")
        place = document
        for table in tables:
            place = place.get(table, {})
        place.pop(last, None)
    if document and "enabled" not in fixed:
        document["enabled"] = False
    return tomlkit.dumps(document)
