"""*Test Connection and Save*: nothing is kept unless every step of the test passed."""

from collections.abc import Callable
from dataclasses import dataclass

from desktop_app.actions.probe_server import try_connection
from desktop_app.actions.save_settings import Change, Saved
from desktop_app.sftp.probe import ProbeReport
from desktop_app.sftp.steps import Step
from desktop_app.stop import Stop


@dataclass(frozen=True)
class ProbedSave:
    """What the test found and, where all steps passed, what was saved."""

    report: ProbeReport
    saved: Saved | None = None


def probe_and_save(
    change: Change,
    password: str | None,
    accept_fingerprint: str | None,
    on_step: Callable[[Step], None],
    stop: Stop,
) -> ProbedSave:
    """Test the settings of `change` and, if all steps passed, make it, and keep `password`.

    `password` is a new one, or None to use the one that is kept. What a step found wrong is in the report.
    Raises what `Change.commit` raises, and Stopped: before anything was saved.
    """
    report = try_connection(change.after, change.paths, accept_fingerprint, on_step, password, stop)
    if not report.ok:
        return ProbedSave(report)
    stop.check()
    return ProbedSave(report, change.commit(password))
