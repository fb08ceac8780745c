"""Check that no day is without an archive, up to the last that must be there."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta

from desktop_app.errors import BadSetting
from desktop_app.evidence.check_archive import CheckedArchive
from desktop_app.evidence.check_chain import Findings, manifest_of
from desktop_app.settings.time_zone import find_zone
from desktop_app.wording import Said

_DAY = timedelta(days=1)


def check_days(
    archives: Sequence[CheckedArchive], first: date | None, last: date | None, last_promised: date | None
) -> Findings:
    """Check the days of one installation's archives, given in the order in which they were made: from `first` to
    `last`, where these are asked for, and those of which a manifest says that each has an archive.

    Without `last`, the days up to `last_promised` are due as far as the last manifest promises them. A day of
    before that has none, is a note: it had no events, or the export was off.
    """
    days = {date.fromisoformat(manifest_of(archive).day) for archive in archives}
    newest = max(days)
    days |= {day for day in set(_between(min(days), newest)) - days if not _lasted(day, archives)}
    due = {day for archive in archives for day in _promised(archive) if not first or day >= first}
    if first:
        due |= set(_between(first, newest))
    found = Findings()
    for one, other in _stretches(due - days):
        found.problems.append(_without(one, other))
    for one, other in _stretches(set(_between(min(days), newest)) - days - due):
        if not first or other >= first:
            found.notes.append(_without(one, other))
    end, start = last or last_promised or newest, newest + _DAY
    if not last and not first:
        start = max(start, _promised_since(archives[-1]))
    for one, other in _stretches(_between(newest + _DAY, min(end, start - _DAY))):
        found.notes.append(_without(one, other))
    if start <= end:
        found.problems.append(
            Said(
                "The newest archive of {instance} is of {newest}; missing: {days}.",
                instance=manifest_of(max(archives, key=lambda each: manifest_of(each).day)).instance,
                newest=newest,
                days=_as_text(start, end),
            )
        )
    return found


def _lasted(day: date, archives: Sequence[CheckedArchive]) -> bool:
    """Whether a day lasted any time where the archives are from: a zone that crossed the date line skips one."""
    zones = {manifest_of(archive).timezone for archive in archives} - {"local"}
    for name in zones:
        with suppress(BadSetting):  # one that is not known here
            noon = datetime(day.year, day.month, day.day, 12, tzinfo=find_zone(name))
            if noon.astimezone(UTC).astimezone(noon.tzinfo).date() != day:
                return False
    return True


def _promised(archive: CheckedArchive) -> Iterator[date]:
    """The days that each have an archive by the manifest of this one: the export was on, and goes day by day."""
    if manifest_of(archive).every_day_since:
        yield from _between(_promised_since(archive), date.fromisoformat(manifest_of(archive).day))


def _promised_since(archive: CheckedArchive) -> date:
    """The day from which on each has an archive; the first of all where a manifest does not say, since an older
    version made it, or a run while the export was off."""
    since = manifest_of(archive).every_day_since
    return date.fromisoformat(since) if since else date.min


def _between(first: date, last: date) -> Iterator[date]:
    return (first + _DAY * count for count in range((last - first).days + 1))


def _stretches(days: Iterable[date]) -> list[tuple[date, date]]:
    """Days in a row, as the first and the last of each row."""
    found: list[tuple[date, date]] = []
    for day in sorted(days):
        if found and found[-1][1] + _DAY == day:
            found[-1] = (found[-1][0], day)
        else:
            found.append((day, day))
    return found


def _without(first: date, last: date) -> Said:
    return Said("There is no archive of {days}.", days=_as_text(first, last))


def _as_text(first: date, last: date) -> Said | str:
    return str(first) if first == last else Said("{first} to {last}", first=first, last=last)
