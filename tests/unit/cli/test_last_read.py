"""When a source was read last, in a line."""

import pytest

from desktop_app.cli.last_read import last_read_text, span
from desktop_app.kept_sentence import kept
from desktop_app.language import VARIABLE
from desktop_app.sources.last_read import LastRead
from desktop_app.wording import Said

_LAST = LastRead(
    at_ms=1_795_000_000_000,
    read=1200,
    stored=3,
    late_ms=7_200_000,
    oldest_ms=1_794_000_000_000,
    newest_ms=1_794_900_000_000,
    why=kept(Said("There is no server called {host}.", host="h")),
)


def test_it_is_in_the_language_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "en")
    told = last_read_text(_LAST)
    assert "Records: 1,200, new: 3." in told
    assert "They came up to 2 hours late. Not read: There is no server called h." in told
    monkeypatch.setenv(VARIABLE, "de")
    told = last_read_text(_LAST)
    assert "Datensätze: 1.200, neu: 3." in told
    assert "Sie kamen bis zu 2 Stunden verspätet." in told
    assert "Es gibt keinen Server namens h." in told


@pytest.mark.parametrize(
    ("milliseconds", "told"),
    [
        (1000, "1 second"),
        (59_999, "59 seconds"),
        (60_000, "1 minute"),
        (7_199_999, "1 hour"),
        (7_200_000, "2 hours"),
        (86_400_000, "1 day"),
        (172_800_000, "2 days"),
    ],
)
def test_a_span_is_in_its_largest_unit(milliseconds: int, told: str) -> None:
    assert span(milliseconds) == told
