"""What is told: a title that says which computer, what happened and what to do, and which installation."""

import getpass
import socket
import time
from datetime import datetime
from typing import Literal

from msgspec import Struct

from desktop_app.errors import UserError
from desktop_app.export.ledger import open_ledger
from desktop_app.export.waiting_days import waiting_days
from desktop_app.settings.effective import load_settings
from desktop_app.settings.model import Settings
from desktop_app.settings.paths import Paths
from desktop_app.settings.time_zone import find_zone
from desktop_app.trails.store.store import open_store

Kind = Literal["failure", "warning", "success", "info"]
"""What a message is about, in apprise's words."""

_NAMED_DAYS = 5


class Message(Struct, frozen=True, kw_only=True):
    """One message: `text` for somebody at this computer, `facts` (lines of `name: value`) for who is elsewhere."""

    kind: Kind
    title: str
    text: str
    facts: str = ""

    @property
    def whole(self) -> str:
        """All of it but the title."""
        return f"{self.text}\n\n{self.facts}".strip()


class Installation(Struct, frozen=True, kw_only=True):
    """Which installation it is, as far as its files tell.

    `server` is `user@host:path`; `waiting` are the days that ended and are not on the server, or None where that
    can't be seen; `last_success_ms` is when a run went well last (epoch milliseconds), 0 if never.
    """

    instance: str
    computer: str
    user: str
    server: str = ""
    waiting: list[str] | None = None
    last_success_ms: int = 0

    @property
    def name(self) -> str:
        """The instance, and the computer where its name is another."""
        same = self.instance.casefold() == self.computer.partition(".")[0].casefold()
        return self.instance if same else f"{self.instance} on {self.computer}"


def this_installation(paths: Paths) -> Installation:
    """What is known of this installation, whatever of it can't be read. Never raises a UserError."""
    computer = socket.gethostname() or "?"
    try:
        settings = load_settings(paths)
    except UserError:
        return Installation(instance=computer, computer=computer, user=_user())
    server = settings.server
    waiting, success_ms = _waiting_and_success(settings, paths)
    return Installation(
        instance=settings.export.instance,
        computer=computer,
        user=_user(),
        server=f"{server.user}@{server.host}:{server.path}" if server.host else "",
        waiting=waiting,
        last_success_ms=success_ms,
    )


def trial_message(here: Installation) -> Message:
    """What is sent to try an address."""
    text = "This is a test. When a daily export fails, a message like this says why, and what to do."
    return Message(kind="info", title=f"Audit Trails Export: test from {here.name}", text=text, facts=facts(here))


def facts(here: Installation, code: int | None = None) -> str:
    """What somebody wants to know who is not at the computer; `code` is the exit code of what failed."""
    lines = {
        "Instance": here.instance,
        "Computer": here.computer,
        "User": here.user,
        "Server": here.server,
        "Time": _instant(time.time()),
        "Last success": _instant(here.last_success_ms / 1000) if here.last_success_ms else "",
        "Days waiting": "" if here.waiting is None else _days(here.waiting),
        "Exit code": "" if code is None else str(int(code)),
    }
    return "\n".join(f"{name}: {value}" for name, value in lines.items() if value)


def _days(days: list[str]) -> str:
    named = ", ".join(days[:_NAMED_DAYS])
    more = f" and {len(days) - _NAMED_DAYS} more" if len(days) > _NAMED_DAYS else ""
    return f"{len(days)} ({named}{more})" if days else "0"


def _instant(seconds: float) -> str:
    return datetime.fromtimestamp(seconds).astimezone().isoformat(" ", "seconds")


def _waiting_and_success(settings: Settings, paths: Paths) -> tuple[list[str] | None, int]:
    try:
        zone = find_zone(settings.export.timezone)
        with open_ledger(paths.ledger) as ledger, open_store(paths.store) as store:
            waiting = [each.day for each in waiting_days(ledger, store, zone, int(time.time() * 1000))]
            success = ledger.last_success()
    except (UserError, OSError):
        return None, 0
    return waiting, (success.finished_ms or success.started_ms) if success else 0


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):  # an account that has no name
        return ""
