"""Settings files of earlier versions, brought to the present one."""

from typing import Any

from desktop_app.settings.algorithms import LIST_NAMES, all_names
from desktop_app.settings.model import NO_SPREAD, SETTINGS_VERSION


def upgrade(document: dict[str, Any]) -> dict[str, Any]:
    """The content of a settings file as version 2; the same object where it is that already.

    Before version 2 there were no lists of algorithms. All choices of a list that is not there are ticked, as
    the admin page does, so that a server that was reached before still is; a list that is there stays as it is.
    A time of day that was written before there was a spread, is the moment itself: tasks stay as they are.
    """
    schedule = document.get("schedule")
    if isinstance(schedule, dict) and "at" in schedule and "spread" not in schedule:
        document = {**document, "schedule": {**schedule, "spread": NO_SPREAD}}
    is_current = document.get("version", 1) == SETTINGS_VERSION
    if not document or (is_current and "server" not in document):
        return document
    server = document.get("server", {})
    if not isinstance(server, dict):
        return document  # whoever converts it says what is wrong
    missing = {name: list(all_names(name)) for name in LIST_NAMES if name not in server}
    if is_current and not missing:
        return document
    return {**document, "version": SETTINGS_VERSION, "server": {**server, **missing}}
