"""The three steps of a first configuration."""

from typing import Any

import pytest

from desktop_app.actions.first_steps import FirstStep, first_steps
from desktop_app.actions.standing import Act
from desktop_app.actions.status import Status
from desktop_app.export.ledger import Outcome
from desktop_app.wording import Said
from tests.unit.actions.test_troubles import FINE, run, state

SERVER, EVENTS, SWITCH = FirstStep
NEW: dict[str, Any] = {"enabled": False, "not_configured": Said("No server."), "is_fed": False}


def status(**changes: Any) -> Status:
    return Status(overview=state(**{**NEW, **changes}), task=FINE, password=None, night=None, unsafe=[])


@pytest.mark.parametrize(
    ("changes", "later", "done", "current", "act"),
    [
        ({}, set(), set(), SERVER, None),
        ({"is_fed": True}, set(), {EVENTS}, SERVER, None),
        ({}, {SERVER}, set(), EVENTS, Act.CHOOSE_SOURCE),
        ({"not_configured": None}, set(), {SERVER}, EVENTS, Act.CHOOSE_SOURCE),
        ({"not_configured": None}, {EVENTS}, {SERVER}, SWITCH, Act.SWITCH_ON),
        ({"not_configured": None, "is_fed": True}, set(), {SERVER, EVENTS}, SWITCH, Act.SWITCH_ON),
    ],
)
def test_the_first_step_that_is_left_is_the_current_one(
    changes: dict[str, Any],
    later: set[FirstStep],
    done: set[FirstStep],
    current: FirstStep,
    act: Act | None,
) -> None:
    found = first_steps(status(**changes), later)
    assert found
    assert (found.done, found.current, found.standing.act) == (done, current, act)


@pytest.mark.parametrize("changes", [{"enabled": True}, {"last_run": run(Outcome.DELIVERED)}, {"running": True}])
def test_they_are_over_once_the_export_was_on_or_ran(changes: dict[str, Any]) -> None:
    assert first_steps(status(**changes), set()) is None


def test_all_may_be_for_later() -> None:
    assert first_steps(status(), set(FirstStep)) is None
    assert first_steps(status(), {SERVER, EVENTS}) is None
