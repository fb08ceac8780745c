"""Events of the future are told: nobody would see for years why they are not exported."""

import time
from pathlib import Path

from desktop_app.actions.future_events import future_events
from desktop_app.actions.status import overview
from desktop_app.settings.model import Settings
from desktop_app.settings.paths import Paths
from desktop_app.trails.record import record
from desktop_app.trails.store.store import open_store
from tests.stored import event

HOUR_MS = 3_600_000


def test_what_is_more_than_an_hour_ahead_is_told(tmp_path: Path) -> None:
    paths = Paths(tmp_path, tmp_path, tmp_path)
    now_ms = time.time_ns() // 1_000_000
    with open_store(paths.store) as store:
        record(store, [event(id="now", createdAt=now_ms)])
        assert future_events(store, now_ms) is None
        record(store, [event(id="ahead", createdAt=now_ms + 5 * HOUR_MS)])
        told = future_events(store, now_ms)
        assert told is not None
        assert "future: 1," in told
        assert future_events(store, now_ms + 6 * HOUR_MS) is None
    assert overview(Settings(), paths).future == told
