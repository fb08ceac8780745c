"""What came of a source so far, in sentences."""

from PySide6.QtCore import QCoreApplication, QTimeZone

from desktop_app.actions.list_sources import ListedSource
from desktop_app.gui.formats import count, duration, moment, near
from desktop_app.gui.language import spoken
from desktop_app.sources.last_read import LastRead


def about_source(listed: ListedSource, zone: QTimeZone) -> str:
    """How the last collection went, how late events come, how far back they go, and what came of all records, in
    times of `zone`."""
    n, last = listed.counts, listed.last
    if not (n.read or last.at_ms):
        return _tr("Nothing was read so far. The next export reads it.")
    lines = [_last(last, zone)] if last.at_ms else []
    if last.problem:
        lines.append(_tr("Not read: {why}").format(why=spoken(last.problem)))
    lines.append(
        _tr("Of {read} records so far: {stored} stored, {repeated} repeated, {set_aside} set aside.").format(
            read=count(n.read), stored=count(n.stored), repeated=count(n.repeated), set_aside=count(n.set_aside)
        )
    )
    if last.oldest_ms:
        reach = _tr("Events from {oldest} to {newest}.").format(
            oldest=moment(last.oldest_ms, zone), newest=moment(last.newest_ms, zone)
        )
        late = _tr("They came up to {span} late.").format(span=duration(last.late_ms)) if last.late_ms else ""
        lines.append(f"{reach} {late}".strip())
    return "\n".join(lines)


def _last(last: LastRead, zone: QTimeZone) -> str:
    told = _tr("Last read: {when}. Records: {read}, new: {stored}.")
    return told.format(when=near(last.at_ms, zone), read=count(last.read), stored=count(last.stored))


def _tr(text: str) -> str:
    return QCoreApplication.translate("AboutSource", text)
