"""Settings files of earlier versions, brought to the present one."""

from typing import Any

from desktop_app.settings.algorithms import LIST_NAMES, all_names
from desktop_app.settings.model import SETTINGS_VERSION


def upgrade(document: dict[str, Any]) -> dict[str, Any]:
    """The content of a settings file as version 2; the same object where it is that already.

    Before version 2 there were no lists of algorithms: an upgrade ticks all choices of a list that is not
    there, as the admin page does, so that a server that was reached before still is.
    """
    server = document.get("server")
    if not isinstance(server, dict):
        server = None
    without_lists = server is not None and not any(name in server for name in LIST_NAMES)
    if document.get("version", 1) == SETTINGS_VERSION and not without_lists:
        return document
    upgraded = {**document, "version": SETTINGS_VERSION}
    if server is not None:
        upgraded["server"] = {**{name: list(all_names(name)) for name in LIST_NAMES}, **server}
    return upgraded
