"""How a source may say that its times are written."""

import pytest

from desktop_app.settings.time_pattern import NoPattern, regular_expression


def groups(pattern: str, text: str) -> dict[str, str] | None:
    """What a text has for each directive; None where it is not written so."""
    match = regular_expression(pattern).fullmatch(text)
    return {name: value for name, value in match.groupdict().items() if value is not None} if match else None


@pytest.mark.parametrize(
    "pattern",
    [
        *("%Y-%m-%d %H", "%y-%m-%d %H", "%d %b %Y %I %p", "%e %B %Y %H", "%F %T", "%D %r", "%F %R"),
        *("%A, %d %B %Y %H:%M:%S.%f %z", "%a %d/%m/%Y %H%.%?", "100%% %F %H"),
    ],
)
def test_a_pattern_that_tells_a_moment(pattern: str) -> None:
    assert regular_expression(pattern).groupindex


@pytest.mark.parametrize(
    "pattern",
    [
        *("", "%m-%d %H:%M", "%Y %d %H:%M", "%Y-%m %H:%M", "%Y-%m-%d", "%F %M:%S", "%F %p"),
        *("%F %T %", "%F %T %Q", "%F %T %-d", "%F %d %T", "%F %T %H"),
    ],
)
def test_a_pattern_without_a_part_of_the_moment_or_with_one_twice_or_unknown(pattern: str) -> None:
    with pytest.raises(NoPattern):
        regular_expression(pattern)


def test_what_each_directive_stands_for() -> None:
    date = {"Y": "2026", "m": "3", "d": "07"}
    assert groups("%F %T", "2026-3-07 9:05:06") == {**date, "H": "9", "M": "05", "S": "06"}
    assert groups("%D %r", "3/07/26 09:05:06 p.m.") == {
        "y": "26", "m": "3", "d": "07", "I": "09", "M": "05", "S": "06", "p": "p",
    }  # fmt: skip
    assert groups("%A %e. %B %Y, %R %z", "Thursday 7. March 2026, 09:05 Europe/Berlin") == {
        "Y": "2026", "b": "March", "d": "7", "H": "09", "M": "05", "zone": "Europe/Berlin",
    }  # fmt: skip


@pytest.mark.parametrize("month", ["jan", "February", "MAR", "april", "May", "June", "jul", "Sept", "dec"])
def test_months_by_name_in_any_case_short_or_whole(month: str) -> None:
    found = groups("%d %b %Y %H", f"7 {month} 2026 9")
    assert found is not None and found["b"] == month


def test_a_fraction_and_a_zone_may_be_missing() -> None:
    for fraction in ("", ".5", ",123456"):
        for zone in ("", "Z", " UTC", "+02:00", " -0530", " Europe/Berlin", " +02:00 (CEST)"):
            found = groups("%F %T%.%?", f"2026-03-07 09:05:06{fraction}{zone}")
            assert found is not None, (fraction, zone)
            assert found.get("f", "") == fraction[1:]
            assert zone.strip().startswith(found.get("zone", ""))
            assert bool(found.get("zone")) == bool(zone)


def test_the_rest_of_a_pattern_stands_for_itself() -> None:
    assert groups("[%F] 100%% (%H)", "[2026-03-07] 100% (9)")
    assert not groups("[%F] 100%% (%H)", "x2026-03-07] 100% (9)")
    assert not groups("%F.%H", "2026-03-07x9")


def test_space_is_as_wide_as_it_is() -> None:
    assert groups("%F  %H", "2026-03-07 9") and groups("%F %H", "2026-03-07 \t 9")
    assert not groups("%F %H", "2026-03-079")


def test_no_more_than_the_pattern_says_may_follow() -> None:
    assert not groups("%F %H", "2026-03-07 9 ") and not groups("%F %H", "2026-03-07 9:05")
