"""What fails beside a delivery makes no failure of the run."""

from collections.abc import Callable
from pathlib import Path
from unittest.mock import Mock

import pytest

from desktop_app.actions.run import Request, RunResult, run_once
from desktop_app.errors import LocalDiskError
from desktop_app.export import exporter
from desktop_app.export.delivery import Backoff
from desktop_app.export.ledger import Outcome
from desktop_app.trails.event import parse_event
from desktop_app.trails.store.store import open_store
from desktop_app.wording import Said
from tests.installation import Installation, ms

_EVENT = b'{"createdAt": "2026-03-02T08:00:00Z", "entityType": "T", "entityName": "N", "actionType": "A"}'
Run = Callable[[], RunResult]


@pytest.fixture
def installation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Installation:
    """One that has a day to deliver."""
    made = Installation(tmp_path / "home", tmp_path / "server")
    made.days(1, 1)
    monkeypatch.setattr(exporter, "Delivery", lambda *_: made.delivery)
    with open_store(made.paths.store) as store:
        store.append([parse_event(_EVENT)])
    return made


@pytest.fixture
def run(installation: Installation) -> Run:
    now = ms("2026-03-03T02:00:00") / 1000
    return lambda: run_once(
        installation.settings(), installation.paths, Request(), lambda: "", backoff=Backoff(1), clock=lambda: now
    )


def test_what_fails_beside_a_delivery_is_a_warning(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    full = LocalDiskError(Said("The disk is full."))
    with monkeypatch.context() as patched:
        patched.setattr(exporter, "prune_delivered", Mock(side_effect=full))
        patched.setattr("desktop_app.actions.run.future_events", Mock(side_effect=full))
        patched.setattr("desktop_app.export.ledger.Ledger.end_run", Mock(side_effect=full))
        result = run()
    assert (result.outcome, result.error, len(result.archives)) == (Outcome.DELIVERED, None, 1)
    assert result.warnings == [
        "Old events stay in the store: The disk is full. The next run tries again.",
        "The disk is full.",
        "The end of the run is not in the history: The disk is full.",
    ]
    assert run().outcome is Outcome.NOTHING_DUE  # the ledger has the archive


def test_a_store_that_is_damaged_where_it_is_pruned_is_told(
    run: Run, installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_store(installation.paths.store) as store:
        damage = store.damage("for the test")
    monkeypatch.setattr(exporter, "prune_delivered", Mock(side_effect=damage))
    result = run()
    assert (result.outcome, result.error, len(result.archives)) == (Outcome.FAILED, damage, 1)
