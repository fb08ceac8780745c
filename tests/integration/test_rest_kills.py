"""Collecting from a service on the web, killed at random moments: each event is stored once."""

import time
from collections import Counter
from pathlib import Path

import pytest

from desktop_app.trails.store.store import open_store
from tests.http_service import serving
from tests.kills import collect_killed
from tests.lying_service import HOUR_MS, SECRET, LyingService, Style
from tests.stored import events_in

EVENTS = 1500
STYLES = {
    "window": Style("window", "link-header", 10),
    "window without ids": Style("window", "cursor", 10, newest_first=True, has_ids=False),
    "position": Style("position", "body-url", 10, last="empty-page"),
    "keyset": Style("keyset", "keyset", 10),
}


@pytest.mark.parametrize("style", STYLES.values(), ids=STYLES)
def test_killed_at_random_moments(style: Style, tmp_path: Path) -> None:
    service = LyingService(style, now_ms=time.time_ns() // 1_000_000)
    begins_ms = service.now_ms - 20 * HOUR_MS
    for number in range(EVENTS):
        at_ms = begins_ms + number * 40_000
        service.happens(at_ms, at_ms, at_ms, is_twin=not style.has_ids and number % 50 == 1)
    with serving(service) as url:
        assert collect_killed(style.source(url), tmp_path / "trails.db", SECRET) == "done"
    with open_store(tmp_path / "trails.db") as store:
        stored = Counter(each["entityName"] for each in events_in(store))
    assert stored == Counter(each.name for each in service.events)
