"""Settings as plain data, for people, scripts and the audit trail."""

from typing import Any

import msgspec

from desktop_app.settings.model import Settings


def as_plain(settings: Settings) -> dict[str, Any]:
    """The settings as `config.toml` lays them out, in plain JSON types. The password is not among them."""
    plain: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(settings))  # lists, no tuples
    # For people: what it is called first, and the longest last.
    plain["sources"] = [
        {"name": each.pop("name"), **each, "fields": each.pop("fields")} for each in plain["sources"]
    ]
    return plain
