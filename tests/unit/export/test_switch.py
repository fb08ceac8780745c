"""From which day on no day may be missing."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from desktop_app.export.ledger import Ledger, open_ledger
from desktop_app.export.switch import note_switch
from tests.unit.export.test_due import ms

BERLIN = ZoneInfo("Europe/Berlin")
NIGHT = ms("2026-11-20T23:30")  # the 21st there


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with open_ledger(tmp_path / "ledger.db") as ledger:
        yield ledger


def test_the_day_of_the_zone_counts_and_stays(ledger: Ledger) -> None:
    note_switch(ledger, True, BERLIN, NIGHT)
    assert (ledger.switched_on_since(), ledger.switched_on_ms()) == (date(2026, 11, 21), NIGHT)
    note_switch(ledger, True, BERLIN, NIGHT + 10 * 86_400_000)
    assert (ledger.switched_on_since(), ledger.switched_on_ms()) == (date(2026, 11, 21), NIGHT)


def test_off_and_on_begins_anew(ledger: Ledger) -> None:
    note_switch(ledger, False, BERLIN, NIGHT)
    assert ledger.switched_on_since() is None
    note_switch(ledger, True, BERLIN, NIGHT)
    note_switch(ledger, False, BERLIN, NIGHT + 1)
    assert ledger.switched_on_since() is None
    note_switch(ledger, True, BERLIN, NIGHT + 86_400_000)
    assert ledger.switched_on_since() == date(2026, 11, 22)
