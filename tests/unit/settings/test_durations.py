"""Spans of time as settings write them."""

import pytest

from desktop_app.settings.duration import duration_ms


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("0s", 0), ("30s", 30), ("2m", 120), ("24h", 86_400), ("7d", 604_800), ("999999s", 999_999)],
)
def test_a_number_and_its_unit(text: str, seconds: int) -> None:
    assert duration_ms(text) == seconds * 1000


@pytest.mark.parametrize("text", ["", "5", "m", "-5m", "5M", "5 m", "5m ", "1.5h", "1000000s", "5w", "1h30m"])
def test_what_is_no_span(text: str) -> None:
    with pytest.raises(ValueError):
        duration_ms(text)
