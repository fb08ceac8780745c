"""*Test Connection and Save*: nothing is kept unless every step of the test passed."""

from collections.abc import Callable
from dataclasses import dataclass

from desktop_app.actions.probe_server import try_connection
from desktop_app.actions.save_settings import check_change, require_unchanged
from desktop_app.actions.save_with_task import save
from desktop_app.schedule.task_state import TaskState
from desktop_app.secrets.keepers import account_name, save_password
from desktop_app.settings.model import Settings
from desktop_app.settings.paths import Paths
from desktop_app.sftp.probe import TestReport
from desktop_app.sftp.steps import Step
from desktop_app.stop import Stop


@dataclass(frozen=True)
class TestedSave:
    """What the test found and, where all steps passed and all was saved, the daily task as it stands then."""

    __test__ = False  # for pytest

    report: TestReport
    task: TaskState | None = None


def test_and_save(
    paths: Paths,
    before: Settings,
    after: Settings,
    password: str | None,
    accept_fingerprint: str | None,
    on_step: Callable[[Step], None],
    stop: Stop,
) -> TestedSave:
    """Test `after` and, if all steps passed, keep `password` and save `after` in place of `before`.

    `password` is a new one, or None to use the one that is kept. What a step found wrong is in the report.
    Raises what `schedule.configure.save` and `save_password` raise, and Stopped: before anything was saved. So it
    does where somebody else saved other settings than `before` during the test.
    """
    check_change(paths, after)
    report = try_connection(after, paths, accept_fingerprint, on_step, password, stop)
    if not report.ok:
        return TestedSave(report)
    stop.check()
    require_unchanged(paths, before)  # also before the password is kept
    if password is not None:
        save_password(paths, account_name(after.server), password)
    return TestedSave(report, save(paths, before, after))


test_and_save.__test__ = False  # type: ignore[attr-defined]
