"""What stands between the settings and tonight's export, at the head of the page."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from desktop_app.errors import UserError
from desktop_app.gui.language import spoken
from desktop_app.gui.widgets.button_row import Choice
from desktop_app.gui.widgets.notice import Notice
from desktop_app.schedule.task_state import NO_SCHEDULER

if TYPE_CHECKING:
    from desktop_app.actions.status import Status
    from desktop_app.gui.export.task_care import TaskCare


def _tr(text: str) -> str:
    return QCoreApplication.translate("ProblemStrip", text)


def show_problems(strip: Notice, facts: "Status", care: "TaskCare", choose_keeper: Callable[[], object]) -> None:
    """Say what is wrong, with a button for its cure; hide where all is well."""
    task = facts.task
    if task.problem:
        cures: list[Choice] = (
            [(_tr("Fix it"), care.mend)] if task.is_known and task.scheduler != NO_SCHEDULER else []
        )
        advice = "" if cures else "\n".join(filter(None, (spoken(task.hint), task.command)))
        if task.needs_windows_password:
            cures, advice = [(_tr("Type the Windows password"), care.choose_when)], spoken(task.hint)
        if task.installed and facts.night and not facts.night.readable:
            cures, advice = [(_tr("Choose where to keep it"), choose_keeper)], spoken(task.hint)
        strip.tell("wait", spoken(task.problem), advice, cures, stays=True)
    elif facts.overview.clock_set_back:
        strip.tell(
            "wait",
            _tr("This computer's clock stands before the last export."),
            _tr("Was it set back?"),
            stays=True,
        )
    elif isinstance(facts.password, UserError):
        show_problem(strip, facts.password)
    elif facts.unsafe:
        first, *others = map(spoken, facts.unsafe)
        strip.tell("wait", first, "\n".join(others), stays=True)
    else:
        strip.hide()


def show_problem(strip: Notice, error: UserError) -> None:
    """Say why how the export stands can't be told."""
    strip.tell("bad", spoken(error.message), advice_of(error), stays=True)


def advice_of(error: UserError) -> str:
    """What to do about an error, and what one would type for that."""
    return "\n".join(filter(None, (spoken(error.hint), error.command)))
