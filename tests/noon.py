"""A time zone in which it is noon when the tests begin: what a test calls today stays so while it runs."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

NOON = ZoneInfo(f"Etc/GMT{datetime.now(UTC).hour - 12:+}")
