"""Days that were read apart from the store and promised: one that can't be built holds up no other."""

from datetime import date
from types import SimpleNamespace
from typing import Any
from unittest.mock import Mock

import pytest

from desktop_app.actions import promised_days
from desktop_app.actions.promised_days import PieceGone, deliver_promised
from desktop_app.wording import Said


def promised(day: int) -> Any:
    due = SimpleNamespace(day=SimpleNamespace(date=date(2026, 3, day)))
    wish = SimpleNamespace(file=SimpleNamespace(due=due, number=1, created_ms=day), parts=[], pieces="/pieces")
    return SimpleNamespace(wish=wish, packed=SimpleNamespace(name=f"{day}.begun"))


@pytest.mark.parametrize("failure", [PieceGone(Said("It is gone.")), None], ids=["gone", "damaged"])
def test_a_day_that_can_not_be_built_holds_up_no_other(
    monkeypatch: pytest.MonkeyPatch, failure: PieceGone | None
) -> None:
    """Its promise stays, and is kept once its pieces are there again."""
    kept, removed = Mock(), Mock()
    days = [(f"day:{day}", promised(day)) for day in (1, 2, 3)]
    monkeypatch.setattr(promised_days, "promised_days", lambda _: days)
    monkeypatch.setattr(promised_days, "set_promised_day", kept)
    monkeypatch.setattr(promised_days, "open_pieces", lambda _: removed)
    job = Mock(errors=[])
    job.ledger.delivered.return_value = job.ledger.held.return_value = []
    export = Mock()
    export.deliver.side_effect = [True, failure or False, True]
    deliver_promised(job, export)
    assert job.errors == ([failure] if failure else [])
    assert [call.args[1:] for call in kept.call_args_list] == [("day:1", None), ("day:3", None)]
    assert [call.args for call in removed.remove.call_args_list] == [({"1.begun"},), ({"3.begun"},)]
