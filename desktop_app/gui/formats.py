"""Times, days, numbers and sizes as the reader's locale writes them, and instants as people say them."""

from collections.abc import Iterable
from datetime import date, timedelta

from PySide6.QtCore import QCoreApplication, QDate, QDateTime, QLocale, Qt, QTimeZone

_FORMAT = QLocale.FormatType


def zone_of(name: str) -> QTimeZone:
    """The time zone of `export.timezone`: "local", "UTC" or an IANA name; the system's where Qt knows no such."""
    if name == "UTC":
        return QTimeZone(QTimeZone.Initialization.UTC)
    zone = QTimeZone(name.encode())
    return zone if name != "local" and zone.isValid() else QTimeZone(QTimeZone.Initialization.LocalTime)


def zone_name(zone: QTimeZone) -> str:
    """What a zone is called, as the settings have it: UTC, Europe/Berlin."""
    is_local = zone.timeSpec() is Qt.TimeSpec.LocalTime
    name = (QTimeZone.systemTimeZoneId() if is_local else zone.id()).toStdString()
    return "UTC" if name == "Etc/UTC" else name


def moment(instant_ms: int, zone: QTimeZone | None = None) -> str:
    """An instant to the second, short: 2026-11-24 02:00:00, the day as archives and command line have it."""
    return _at(instant_ms, zone).toString("yyyy-MM-dd HH:mm:ss")


def day_of(instant_ms: int, zone: QTimeZone | None = None) -> date:
    """The day of an instant."""
    at = _at(instant_ms, zone).date()
    return date(at.year(), at.month(), at.day())


def days(values: Iterable[str]) -> str:
    """Days (2026-11-24) as a table has them: those that follow one another as from … to …, others one by one."""
    spans: list[list[date]] = []
    for value in sorted({date.fromisoformat(value) for value in values}):
        if spans and value - spans[-1][-1] == timedelta(days=1):
            spans[-1] = [spans[-1][0], value]
        else:
            spans.append([value])
    span = QCoreApplication.translate("Formats", "{first} to {last}")
    return ", ".join(
        span.format(first=each[0], last=each[-1]) if len(each) > 1 else str(each[0]) for each in spans
    )


def full_moment(instant_ms: int, zone: QTimeZone | None = None) -> str:
    """An instant to the second, with the day in full."""
    at = _at(instant_ms, zone)
    return f"{day(at.date())}, {at.time().toString('HH:mm:ss')}"


def exact_moment(instant_ms: int, zone: QTimeZone | None = None) -> str:
    """An instant to the millisecond, with its offset from UTC."""
    at = _at(instant_ms, zone)
    return f"{day(at.date())}, {at.time().toString('HH:mm:ss.zzz')} {_offset(at.offsetFromUtc())}"


def day(value: QDate | date) -> str:
    """A day in full: Tuesday, 24 November 2026."""
    if isinstance(value, date):
        value = QDate(value.year, value.month, value.day)
    return _locale().toString(value, _FORMAT.LongFormat)


def short_day(value: date) -> str:
    """A day without its year: 24 Nov."""
    pattern = QCoreApplication.translate("Formats", "d MMM", "a day without its year, in the letters of QDate")
    return _locale().toString(QDate(value.year, value.month, value.day), pattern)


def near(instant_ms: int, zone: QTimeZone | None = None, now_ms: int | None = None) -> str:
    """An instant to the minute, its day as people say it; `now_ms` is for tests."""

    def tr(text: str) -> str:
        return QCoreApplication.translate("Formats", text)

    now_ms = QDateTime.currentMSecsSinceEpoch() if now_ms is None else now_ms
    time = _at(instant_ms, zone).toString("HH:mm")
    days = day_of(now_ms, zone), day_of(instant_ms, zone)
    named = {-1: tr("Yesterday {time}"), 0: tr("Today {time}"), 1: tr("Tomorrow {time}")}
    text = named.get((days[1] - days[0]).days, tr("{day}, {time}"))
    return text.format(day=short_day(days[1]), time=time)


def by_own_clock(time_of_day: str, zone: QTimeZone) -> str:
    """A time of day (HH:MM) of this computer's clock, beside times of `zone`: named where that is another."""
    own = zone_name(zone_of("local"))
    return time_of_day if own == zone_name(zone) else f"{time_of_day} ({own})"


def count(number: int) -> str:
    """A whole number with the locale's group separators."""
    return _locale().toString(number)


def size(number: int) -> str:
    """A number of bytes."""
    style = QLocale.DataSizeFormat.DataSizeSIFormat
    return _locale().formattedDataSize(number, 1 if number >= 1000 else 0, style)


def duration(milliseconds: int) -> str:
    """How long something took."""

    def tr(text: str) -> str:
        return QCoreApplication.translate("Formats", text)

    seconds = max(milliseconds, 0) / 1000
    if seconds < 10:
        return tr("{seconds} s").format(seconds=_locale().toString(seconds, "f", 1))
    if seconds < 60:
        return tr("{seconds} s").format(seconds=int(seconds))
    minutes, rest = divmod(int(seconds), 60)
    if minutes < 60:
        return tr("{minutes} min {seconds} s").format(minutes=minutes, seconds=rest)
    return tr("{hours} h {minutes} min").format(hours=minutes // 60, minutes=minutes % 60)


def _at(instant_ms: int, zone: QTimeZone | None) -> QDateTime:
    zone = zone or QTimeZone(QTimeZone.Initialization.LocalTime)
    return QDateTime.fromMSecsSinceEpoch(instant_ms, zone)


def _offset(seconds: int) -> str:
    if seconds == 0:
        return "UTC"
    minutes = abs(seconds) // 60
    return f"UTC{'+' if seconds > 0 else '−'}{minutes // 60:02}:{minutes % 60:02}"


def _locale() -> QLocale:
    return QLocale()
