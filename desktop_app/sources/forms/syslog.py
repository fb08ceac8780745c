"""The header of a syslog line: RFC 5424, and the older form of RFC 3164 as programs write it into files."""

import re
from datetime import datetime, timedelta

FACILITIES = (
    "kern", "user", "mail", "daemon", "auth", "syslog", "lpr", "news", "uucp", "cron", "authpriv", "ftp", "ntp",
    "audit", "alert", "clock", "local0", "local1", "local2", "local3", "local4", "local5", "local6", "local7",
)  # fmt: skip
SEVERITIES = ("emerg", "alert", "crit", "err", "warning", "notice", "info", "debug")

_RFC_5424 = re.compile(
    r"<(?P<priority>\d{1,3})>\d{1,2} (?P<timestamp>\S+) (?P<hostname>\S+) (?P<appName>\S+) (?P<procId>\S+)"
    r' (?P<msgId>\S+) (?P<data>-|(?:\[(?:[^\]"\\]|\\.|"(?:[^"\\]|\\.)*")*\])+)(?: \ufeff?(?P<message>.*))?',
    re.DOTALL,
)
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_OLDER = re.compile(
    r"(?:<(?P<priority>\d{1,3})>)?(?:\d+: )?[*.]?"
    r"(?P<timestamp>\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?"
    rf"|(?:{'|'.join(_MONTHS)}) [ 0-3]?\d (?:\d{{4}} )?\d\d:\d\d:\d\d(?:\.\d+)?)"
    r":? (?P<hostname>[^\s{]+):? (?P<message>.*)",
    re.DOTALL,
)
_TAG = re.compile(r"(?P<appName>[^\s:\[\]{]{1,64})(?:\[(?P<procId>[^\]\s]*)\])?: ?(?P<message>.*)", re.DOTALL)
_OCTETS = re.compile(r"\d{1,7} (?=<)")  # RFC 6587, section 3.4.1
_ELEMENT = re.compile(r'\[([^\s\]"=]+)((?: [^\s\]"=]+="(?:[^"\\]|\\.)*")*) ?\]')
_PARAMETER = re.compile(r' ([^\s\]"=]+)="((?:[^"\\]|\\.)*)"')
_ESCAPED = re.compile(r'\\([\\"\]])')
_OTHERS = ("CEF:", "{", "@cee:")  # what a message may be that no tag stands before


def parse_syslog(line: str, now: datetime | None = None) -> tuple[dict[str, object], str] | None:
    """The header of a line, as far as it is there, and its message; None where it has none.

    The keys of the header are `facility` and `severity` (by their names), `timestamp`, `hostname`, `appName`,
    `procId`, `msgId` and `structuredData` (its parameters by element and name). A time of RFC 3164 has no year: it
    gets the latest that is not more than a day ahead of `now`. It has no zone either.
    """
    line = line.removeprefix(octets[0]) if (octets := _OCTETS.match(line)) else line
    if match := _RFC_5424.fullmatch(line):
        found = match.groupdict()
        header = _header(found, ("timestamp", "hostname", "appName", "procId", "msgId"))
        if found["data"] != "-":
            header["structuredData"] = _structured(found["data"])
        return header, found["message"] or ""
    match = _OLDER.fullmatch(line)
    if not match:
        return None
    found = match.groupdict()
    found["timestamp"] = _with_year(found["timestamp"], now or datetime.now())
    if not found["message"].startswith(_OTHERS):
        tag = _TAG.fullmatch(found["message"])
        if tag:
            found |= tag.groupdict()
        elif found["priority"] is None:
            return None  # any line of any log may begin with a time
    return _header(found, ("timestamp", "hostname", "appName", "procId")), found["message"]


def _header(found: dict[str, str | None], keys: tuple[str, ...]) -> dict[str, object]:
    header: dict[str, object] = {}
    if found["priority"] is not None:
        facility, severity = divmod(int(found["priority"]), 8)
        header["facility"] = FACILITIES[facility] if facility < len(FACILITIES) else str(facility)
        header["severity"] = SEVERITIES[severity]
    return header | {key: found[key] for key in keys if found.get(key) not in (None, "", "-")}


def _structured(data: str) -> dict[str, dict[str, str]]:
    return {
        element: {name: _ESCAPED.sub(r"\1", value) for name, value in _PARAMETER.findall(parameters)}
        for element, parameters in _ELEMENT.findall(data)
    }


def _with_year(timestamp: str, now: datetime) -> str:
    """A time such as `Nov  9 08:15:30` as `2026-11-09T08:15:30`; others as they are."""
    parts = timestamp.split()
    if parts[0] not in _MONTHS:
        return timestamp
    month, day, *year, time = parts
    for believed in (int(year[0]),) if year else range(now.year + 1, now.year - 9, -1):
        text = f"{believed:04}-{_MONTHS.index(month) + 1:02}-{int(day):02}T{time}"
        try:
            instant = datetime.fromisoformat(text[:19])
        except ValueError:
            continue  # 29 February
        if year or instant <= now + timedelta(days=1):
            return text
    return timestamp
