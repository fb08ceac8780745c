"""When something happened, as JSON writes it: which texts and numbers are times, and what is not believed."""

import time
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.trails.times import (
    Moment,
    NotATime,
    created_ms,
    fraction_ms,
    iso_moment,
    normal_ms,
    number_moment,
    offset_seconds,
    unit_by_size,
)

SECOND = 1_793_696_366  # 2026-11-03T08:59:26Z


@pytest.mark.parametrize("text", [b'"2026-11-03T08:59:26.000Z"', b'"2026-11-03T08:59:26.123Z"'])
def test_the_form_in_which_times_are_kept(text: bytes) -> None:
    assert normal_ms(text) == created_ms(text) == SECOND * 1000 + int(text[21:24])


@pytest.mark.parametrize(
    "text",
    [
        '"2026-11-03T08:59:26Z"', '"2026-11-03T08:59:26.12Z"', '"2026-11-03T08:59:26.1234Z"',
        '"2026-11-03T08:59:26.123z"', '"2026-11-03t08:59:26.123Z"', '"2026-11-03 08:59:26.123Z"',
        '"2026-11-03T08:59:26.123+00:00"', '"2026-11-03T08:59:26,123Z"', "1793696366123", '"1793696366123"',
        '"2026-11-03T08:59:26.12xZ"', '"2026-11-03T08:59:26.123Z', '"2026-11-03T08:59x26.123Z"', "null",
        '"2026-11-03T08:59:60.123Z"', '"2026-11-03T24:00:00.000Z"', '"2026-02-30T08:59:26.123Z"',
        '"1989-12-31T23:59:59.999Z"', '"9999-12-31T23:59:59.999Z"',
    ],
)  # fmt: skip
def test_other_forms_are_brought_into_it(text: str) -> None:
    assert normal_ms(text.encode()) is None


@pytest.mark.parametrize(
    ("number", "unit"),
    [
        # From 1990 up to a day in the year 5138, each unit has numbers of its own.
        ("631152000", "epoch-s"), ("99999999999", "epoch-s"),
        ("631152000000", "epoch-ms"), ("99999999999999", "epoch-ms"),
        ("631152000000000", "epoch-us"), ("99999999999999999", "epoch-us"),
        ("631152000000000000", "epoch-ns"), ("1793696366123456789", "epoch-ns"),
        ("1793696366.5", "epoch-s"), ("1.793696366123e12", "epoch-ms"), ("-5", "epoch-s"),
    ],
)  # fmt: skip
def test_the_size_of_a_number_tells_its_unit(number: str, unit: str) -> None:
    assert unit_by_size(number) == unit
    assert number_moment(number) == number_moment(number, unit)


@pytest.mark.parametrize(
    ("text", "unit", "moment"),
    [
        ("1793696366", "", Moment(SECOND * 1000, exact=True)),
        ("1793696366123", "", Moment(SECOND * 1000 + 123, exact=True)),
        ("1793696366123456", "", Moment(SECOND * 1000 + 123, exact=False)),
        ("1793696366123000", "", Moment(SECOND * 1000 + 123, exact=True)),
        ("1793696366123456789", "", Moment(SECOND * 1000 + 123, exact=False)),
        ("1793696366123000000", "", Moment(SECOND * 1000 + 123, exact=True)),
        ("1793696366.1239", "", Moment(SECOND * 1000 + 123, exact=False)),
        ("1793696366.123", "", Moment(SECOND * 1000 + 123, exact=True)),
        ("1793696366", "epoch-ms", Moment(SECOND, exact=True)),
        ("-1.5", "epoch-ms", Moment(-2, exact=False)),
        ("00000000000000000001793696366", "", Moment(SECOND * 1000, exact=True)),
        ("1e99", "", None),
        ("1e40", "", None),
        ("-1e40", "", None),
        ("1e5000", "", None),
        ("9" * 41, "", None),
        (f"{'9' * 40}.{'9' * 40}e99", "epoch-s", None),
        (f"-0.{'9' * 40}e-99", "epoch-ns", Moment(-1, exact=False)),
        ("", "", None),
        ("1.", "", None),
        ("12 ", "", None),
    ],
)
def test_a_number_is_an_instant(text: str, unit: str, moment: Moment | None) -> None:
    assert number_moment(text, unit) == moment


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-11-03T08:59:26Z", Moment(SECOND * 1000, exact=True)),
        ("2026-11-03T08:59Z", Moment(SECOND * 1000 - 26_000, exact=True)),
        ("2026-11-03T08:59:26.1234Z", Moment(SECOND * 1000 + 123, exact=False)),
        ("2026-11-03T08:59:26.1230Z", Moment(SECOND * 1000 + 123, exact=True)),
        ("2026-11-03T08:59:26,5Z", Moment(SECOND * 1000 + 500, exact=True)),
        ("2026-11-03T10:29:26+01:30", Moment(SECOND * 1000, exact=False)),
        ("2026-11-03T07:29:26-0130", Moment(SECOND * 1000, exact=False)),
        ("2026-11-03T09:59:26+01", Moment(SECOND * 1000, exact=False)),
        ("2026-11-03T08:59:60Z", Moment(SECOND * 1000 + 34_000, exact=True)),
        ("2026-11-02T24:00:00Z", Moment(SECOND * 1000 - 32_366_000, exact=True)),
        ("2026-11-03T08:59:26", None),
        ("2026-11-03", None),
    ],
)
def test_an_iso_time_is_an_instant(text: str, moment: Moment | None) -> None:
    assert iso_moment(text) == moment


@pytest.mark.parametrize(
    "text",
    [
        "2026-02-29T00:00:00Z", "2026-13-01T00:00:00Z", "2026-11-03T24:00:01Z", "2026-11-03T24:01:00Z",
        "2026-11-03T25:00:00Z", "2026-11-03T08:60:00Z", "2026-11-03T08:59:61Z", "2026-11-03T08:59:26+24:00",
        "2026-11-03T08:59:26+01:60",
    ],
)  # fmt: skip
def test_a_time_that_there_is_not_says_so(text: str) -> None:
    with pytest.raises(NotATime, match="there is"):
        iso_moment(text)


@pytest.mark.parametrize(
    ("offset", "seconds"),
    [
        ("Z", 0),
        ("z", 0),
        ("+00:00", 0),
        ("-00:30", -1800),
        ("+23:59", 86_340),
        ("-2359", -86_340),
        ("+05", 18_000),
    ],
)
def test_an_offset_in_seconds(offset: str, seconds: int) -> None:
    assert offset_seconds(offset) == seconds


@pytest.mark.parametrize(
    ("digits", "found"),
    [("", (0, True)), ("1", (100, True)), ("123", (123, True)), ("1230", (123, True)), ("1239", (123, False))],
)
def test_a_fraction_in_milliseconds(digits: str, found: tuple[int, bool]) -> None:
    assert fraction_ms(digits) == found


def test_the_first_instant_that_is_believed() -> None:
    first = 631_152_000_000
    assert created_ms(b"%d" % first) == created_ms(b'"1990-01-01T00:00:00Z"') == first
    for before in (b"%d" % (first - 1), b'"1989-12-31T23:59:59.999Z"'):
        with pytest.raises(NotATime, match=r"before 1990: [1\"6]"):
            created_ms(before)


@given(st.datetimes(datetime(1990, 1, 1), datetime(2026, 11, 28)))
def test_times_as_they_are_kept_are_the_same_instants(moment: datetime) -> None:
    text = b'"%bZ"' % moment.isoformat(timespec="milliseconds").encode()
    assert normal_ms(text) == created_ms(text)


def test_the_minute_in_which_times_are_believed_no_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "time_ns", lambda: 2_000_000_000_000_000_000)  # 2033-05-18T03:33:20Z
    before, last, over = (b'"2033-05-19T03:%bZ"' % at for at in (b"32:59.999", b"33:20.000", b"33:20.001"))
    assert normal_ms(before) == created_ms(before)
    assert (normal_ms(last), created_ms(last)) == (None, 2_000_086_400_000)
    with pytest.raises(NotATime, match=r"day ahead: 2033-05-19T03:33:20\.001Z"):
        created_ms(over)


def test_the_last_instant_that_is_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    now_ms = 2_000_000_000_000
    monkeypatch.setattr(time, "time_ns", lambda: now_ms * 1_000_000)
    assert created_ms(b"%d" % (now_ms + 86_400_000)) == now_ms + 86_400_000
    with pytest.raises(NotATime, match="day ahead"):
        created_ms(b"%d" % (now_ms + 86_400_001))


def test_a_clock_that_was_never_set_takes_the_events_of_today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "time_ns", lambda: 0)
    assert created_ms(b"%d" % (SECOND * 1000)) == SECOND * 1000


@pytest.mark.parametrize("raw", [b'"yesterday"', b"null", b"[]", b"true", b'""', b'"' + b"x" * 70 + b'"'])
def test_what_is_no_time_is_told(raw: bytes) -> None:
    with pytest.raises(NotATime, match="neither") as caught:
        created_ms(raw)
    assert str(caught.value).endswith(raw.strip(b'"')[:60].decode())
