"""What is told of runs, in words."""

from desktop_app.errors import UserError
from desktop_app.export.ledger import Archive
from desktop_app.notify.message import Installation, Message, facts
from desktop_app.notify.witness import witness


def failed(here: Installation, text: str, error: UserError) -> Message:
    """A run failed; `text` says why, and what to do."""
    days = len(here.waiting or ())
    waiting = f", {days} {'day' if days == 1 else 'days'} waiting" if days else ""
    title = f"Audit trails export failed: {here.name}{waiting}"
    return Message(kind="failure", title=title, text=text, facts=facts(here, error.exit_code))


def set_aside(here: Installation, text: str) -> Message:
    """Of some sources, most of what was read was set aside; `text` says of which."""
    title = f"Most records of a source can't be exported: {here.name}"
    return Message(kind="warning", title=title, text=text, facts=facts(here))


def works_again(here: Installation, newest: Archive | None) -> Message:
    """A run went well after one that failed and was told; `newest` is the archive that was delivered last."""
    text = "The daily export works again. What had to wait is delivered."
    if here.waiting:
        text = "The daily export works again."
    title = f"Audit trails export works again: {here.name}"
    return Message(kind="success", title=title, text=with_witness(text, newest), facts=facts(here))


def all_well(here: Installation, newest: Archive | None) -> Message:
    """A run went well; `newest` is the archive that was delivered last."""
    text = "The daily export works." if here.waiting else "The daily export works, and no day waits."
    title = f"Audit trails export, all is well: {here.name}"
    return Message(kind="success", title=title, text=with_witness(text, newest), facts=facts(here))


def with_witness(text: str, newest: Archive | None) -> str:
    """A text, and what it should witness of the newest archive."""
    return f"{text}\n{witness(newest)}" if newest else text
