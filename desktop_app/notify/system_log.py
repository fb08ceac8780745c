"""The event log of Windows, and the system's log where what the task says does not reach the journal by itself."""

import logging
import os
import sys

_LOG = logging.getLogger(__name__)
_SOURCE = "Audit Trails Export"
_EVENT_ID = 1


def note_failure(text: str) -> None:
    """Write an error where an administrator looks for it. Never raises."""
    _note(text, failed=True)


def note_delivery(text: str) -> None:
    """Write down what was delivered, where a rewritten history of archives does not reach. Never raises."""
    _note(text, failed=False)


def _note(text: str, failed: bool) -> None:
    """On Linux, systemd has all that is printed in the journal already (JOURNAL_STREAM, systemd.exec(5)).

    cron only mails it, or drops it where there is no mail.
    """
    if sys.platform == "win32":
        _into_event_log(text, failed)
    elif "JOURNAL_STREAM" not in os.environ:
        import syslog

        syslog.openlog("audit-trails-export")
        syslog.syslog(syslog.LOG_ERR if failed else syslog.LOG_INFO, " ".join(text.split()))


def _into_event_log(text: str, failed: bool) -> None:
    try:
        import win32con
        import win32evtlogutil

        kind = win32con.EVENTLOG_ERROR_TYPE if failed else win32con.EVENTLOG_INFORMATION_TYPE
        win32evtlogutil.ReportEvent(_SOURCE, _EVENT_ID, eventType=kind, strings=[text])
    except Exception as error:  # pywintypes.error is all that is known of it
        _LOG.warning("the event log could not be written: %s", error)
