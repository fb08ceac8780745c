"""Whether somebody must look after the export: for `status --check`, and so for monitoring."""

from collections.abc import Sequence

from msgspec import Struct

from desktop_app.actions.status import Overview
from desktop_app.errors import ExitCode
from desktop_app.export.ledger import Outcome
from desktop_app.schedule.task_state import TaskState
from desktop_app.wording import Said


class Trouble(Struct, frozen=True):
    """One thing that won't mend itself: a sentence, and the exit code that stands for it."""

    message: str
    code: ExitCode


def troubles(state: Overview, task: TaskState, unsafe: Sequence[Said] = ()) -> list[Trouble]:
    """What is wrong, the worst first; nothing while the export is off. `unsafe` is what `unsafe_places` says."""
    if not state.enabled:
        return []
    found = []
    if state.not_configured:
        found.append(Trouble(state.not_configured, ExitCode.CONFIG))
    if task.problem:
        found.append(Trouble(task.problem, ExitCode.CONFIG))
    if state.overdue:
        found.append(Trouble(Said("No run went well for more than a day and a half."), ExitCode.TRY_LATER))
    run = state.last_run
    if run and run.outcome is Outcome.FAILED:
        code = ExitCode(run.code) if run.code else ExitCode.TRY_LATER
        found.append(Trouble(Said("The last run failed: {message}", message=run.message or "–"), code))
    if run and run.outcome is Outcome.INTERRUPTED and not state.running:
        found.append(Trouble(Said("The last run was interrupted."), ExitCode.TRY_LATER))
    return [*found, *(Trouble(each, ExitCode.NO_PERMISSION) for each in unsafe)]
