"""A daily task that ended without a word in the ledger: killed, out of memory, or never begun."""

import logging
import os
import time
from collections.abc import Mapping
from typing import ClassVar

from desktop_app.errors import ExitCode, UserError
from desktop_app.export.ledger import Outcome, StartedBy, open_ledger
from desktop_app.export.run_lock import is_running
from desktop_app.notify.after_run import tell_of_run
from desktop_app.settings.paths import Paths
from desktop_app.wording import Said

_LOG = logging.getLogger(__name__)
_OWN_CODES = {str(int(code)) for code in ExitCode}


class EndedBySystem(UserError):
    """The daily task was killed, or never came to its own words."""

    exit_code: ClassVar[ExitCode] = ExitCode.TRY_LATER


def note_failure(paths: Paths, told: Mapping[str, str]) -> None:
    """Enter such an end into the ledger, so that `history`, `status` and the form show it, and tell of it.

    `told` is what systemd (from 251 on) says of it: MONITOR_SERVICE_RESULT and the like, systemd.exec(5). A run
    that failed by itself has entered and told that already. Raises LocalDiskError.
    """
    if "MONITOR_SERVICE_RESULT" not in told:
        return  # an older systemd: whether a run failed by itself, and told so, can't be known
    result, code = told["MONITOR_SERVICE_RESULT"], told.get("MONITOR_EXIT_STATUS", "?")
    if result in ("exit-code", "start-limit-hit") and code in _OWN_CODES:
        return
    message = Said("The daily task was ended by the system ({result}, {code}).", result=result, code=code)
    hint = Said("The journal says more: journalctl -t audit-trails-export")
    _LOG.error("%s", message)
    now = int(time.time() * 1000)
    with open_ledger(paths.ledger) as ledger:
        killed = None if is_running(paths) else ledger.active_run()
        run = killed.id if killed else ledger.begin_run(StartedBy.SCHEDULE, os.getpid(), now)
        ledger.end_run(run, Outcome.FAILED, now, (int(ExitCode.TRY_LATER), message, hint))
    tell_of_run(paths, EndedBySystem(message, hint))
