"""The way from a new installation to the first export: three steps, in an order that can be changed."""

from collections.abc import Set
from enum import Enum, auto

from msgspec import Struct

from desktop_app.actions.standing import Act, Standing
from desktop_app.actions.status import Status
from desktop_app.wording import Said


class FirstStep(Enum):
    """A step, in their order."""

    SERVER = auto()
    EVENTS = auto()
    SWITCH = auto()


class FirstSteps(Struct, frozen=True):
    """What is `done`, the step that is `current`, and what to say and do about that."""

    done: frozenset[FirstStep]
    current: FirstStep
    standing: Standing


def first_steps(status: Status, later: Set[FirstStep]) -> FirstSteps | None:
    """Where a first configuration has come to; None once the export was on, or what is left is for `later`."""
    state = status.overview
    if state.enabled or state.running or state.last_run or state.last_archive:
        return None
    ways = ((FirstStep.SERVER, not state.not_configured), (FirstStep.EVENTS, state.is_fed))
    done = frozenset(step for step, is_done in ways if is_done)
    left = [step for step in FirstStep if step not in done and step not in later]
    current = next(iter(left), None)
    if current is FirstStep.SWITCH and FirstStep.SERVER not in done:
        return None  # there is nothing that could be switched on
    return FirstSteps(done, current, _standing(current)) if current else None


def _standing(step: FirstStep) -> Standing:
    match step:
        case FirstStep.SERVER:
            return Standing(
                kind="muted",
                sentence=Said("Where are the archives to go?"),
                detail=Said(
                    "Fill in server, user, password and path below. They are tested before they are saved."
                ),
            )
        case FirstStep.EVENTS:
            return Standing(
                kind="muted",
                sentence=Said("Where are your events?"),
                detail=Said("In a folder, a database, a service on the web: each is a source."),
                act=Act.CHOOSE_SOURCE,
            )
        case FirstStep.SWITCH:
            return Standing(
                kind="muted",
                sentence=Said("Switch the daily export on."),
                detail=Said("From then on, each day has its archive."),
                act=Act.SWITCH_ON,
            )
