"""The event log of Windows. Elsewhere, what the daily task says on standard error is in the journal."""

import logging
import sys

_LOG = logging.getLogger(__name__)
_SOURCE = "Audit Trails Export"
_EVENT_ID = 1


def report(text: str) -> None:
    """Write an error into the application log of Windows; elsewhere nothing. Never raises."""
    if sys.platform != "win32":
        return
    try:
        import win32con
        import win32evtlogutil

        win32evtlogutil.ReportEvent(_SOURCE, _EVENT_ID, eventType=win32con.EVENTLOG_ERROR_TYPE, strings=[text])
    except Exception as error:  # pywintypes.error is all that is known of it
        _LOG.warning("the event log could not be written: %s", error)
