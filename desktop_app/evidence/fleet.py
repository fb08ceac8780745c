"""Which instance lacks which day, by nothing but the names of archives: thousands of instances in seconds."""

from collections.abc import Iterable
from datetime import date, timedelta

from msgspec import Struct

from desktop_app.evidence.archive_name import parts_of

_DAY = timedelta(days=1)


class InstanceDays(Struct, frozen=True, rename="camel", kw_only=True):
    """The days of one instance, from its first archive on. `missing` are those without one before the last, and
    `silent` says how many days up to the asked one came after that."""

    instance: str
    first: date
    last: date
    archives: int
    missing: tuple[date, ...]
    silent: int

    @property
    def ok(self) -> bool:
        return not self.missing and not self.silent


def fleet(names: Iterable[str], until: date) -> list[InstanceDays]:
    """All instances whose archives are among the `names`, by name. No day up to `until` may be missing."""
    days: dict[str, set[date]] = {}
    archives: dict[str, int] = {}
    for name in names:
        if parts := parts_of(name):
            days.setdefault(parts.instance, set()).add(parts.day)
            archives[parts.instance] = archives.get(parts.instance, 0) + 1
    return [_of_instance(instance, days[instance], archives[instance], until) for instance in sorted(days)]


def _of_instance(instance: str, days: set[date], archives: int, until: date) -> InstanceDays:
    first, last = min(days), max(days)
    all_days = (first + _DAY * count for count in range((last - first).days + 1))
    return InstanceDays(
        instance=instance,
        first=first,
        last=last,
        archives=archives,
        missing=tuple(day for day in all_days if day not in days),
        silent=max(0, (until - last).days),
    )
