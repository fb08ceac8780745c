"""Instants as people say them: Today 02:00."""

from datetime import datetime

from PySide6.QtCore import QCoreApplication

from desktop_app.gui.formats import short_day


def near(instant_ms: int, now: datetime | None = None) -> str:
    """An instant in this computer's time, to the minute; `now` is for tests."""

    def tr(text: str) -> str:
        return QCoreApplication.translate("NearTime", text)

    at = datetime.fromtimestamp(instant_ms / 1000)
    time = at.strftime("%H:%M")
    days = (at.date() - (now or datetime.now()).date()).days
    named = {-1: tr("Yesterday {time}"), 0: tr("Today {time}"), 1: tr("Tomorrow {time}")}
    return named.get(days, tr("{day}, {time}")).format(day=short_day(at.date()), time=time)
