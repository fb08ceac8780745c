"""How what was done in the page has ended, in its strip below the problems."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QTimeZone

from desktop_app.errors import UserError
from desktop_app.gui.export.problem_strip import advice_of
from desktop_app.gui.formats import near, zone_of
from desktop_app.gui.language import spoken
from desktop_app.gui.widgets.button_row import Choice
from desktop_app.gui.widgets.notice import Notice
from desktop_app.settings.model import Settings
from desktop_app.wording import Said

if TYPE_CHECKING:
    from desktop_app.actions.run import RunResult
    from desktop_app.export.ledger import Run
    from desktop_app.gui.export.task_care import TaskCare
    from desktop_app.schedule.task_state import TaskState
    from desktop_app.secrets.keeper import Protection


def _tr(text: str, number: int = -1) -> str:
    return QCoreApplication.translate("ResultStrip", text, None, number)


def tell_error(strip: Notice, error: UserError, choices: Sequence[Choice] = ()) -> None:
    """What failed, and what to do."""
    strip.tell("bad", spoken(error.message), advice_of(error), choices)


def tell_saved(
    strip: Notice,
    settings: Settings,
    task: "TaskState | None",
    care: "TaskCare",
    warnings: Sequence[Said] = (),
) -> None:
    """The settings passed their test, with `warnings`. What is wrong with the task is said elsewhere."""
    kind, text = "wait" if warnings else "ok", "\n".join(map(spoken, warnings))
    if not settings.enabled:
        strip.tell(kind, _tr("Tested and saved. The daily export is off."), text)
    elif task and task.next_run and not task.problem:
        choices: list[Choice] = [(_tr("Test the daily task"), care.test)]
        if task.only_signed_in and task.may_run_signed_out:
            text = "\n".join(filter(None, (text, _tr("It runs only while you are signed in."))))
            choices.append((_tr("Run also while I am signed out"), care.choose_when))
        when = near(task.next_run, zone_of(settings.export.timezone))
        strip.tell(kind, _tr("Saved. Next export: {when}.").format(when=when), text, choices)
    else:
        strip.tell(kind, _tr("Tested and saved."), text)


def tell_tested(strip: Notice, warnings: Sequence[Said] = ()) -> None:
    """The connection passed its test, with `warnings`; nothing was to be saved."""
    strip.tell("wait" if warnings else "ok", _tr("The connection works."), "\n".join(map(spoken, warnings)))


def tell_mended(strip: Notice, task: "TaskState", zone: QTimeZone, test_task: Callable[[], object]) -> None:
    """The task is set up again, with a time of `zone`; what is still wrong with it is said elsewhere."""
    if task.next_run and not task.problem:
        text = _tr("The daily task is set up again. Next export: {when}.").format(when=near(task.next_run, zone))
        strip.tell("ok", text, choices=[(_tr("Test the daily task"), test_task)])
    else:
        strip.hide()


def tell_switched_off(strip: Notice, warnings: Sequence[Said] = ()) -> None:
    """The export is off now, with `warnings` of what that left open."""
    kind, text = "wait" if warnings else "muted", "\n".join(map(spoken, warnings))
    strip.tell(kind, _tr("The daily export is off. The settings are kept."), text)


def tell_testing_task(strip: Notice, stop: Callable[[], object]) -> None:
    """The scheduler was asked to start the task."""
    choices: list[Choice] = [(_tr("Wait no longer"), stop)]
    strip.tell("muted", _tr("The daily task is running …"), choices=choices, stays=True)


def tell_task_left(strip: Notice) -> None:
    """Nobody waits for the task any more."""
    strip.tell("muted", _tr("The daily task goes on by itself. Its result will be in the history."))


def tell_task_tested(strip: Notice, run: "Run") -> None:
    """How the run ended that the scheduler started."""
    from desktop_app.export.ledger import Outcome

    if run.message:
        strip.tell("bad", spoken(run.message), spoken(run.hint or ""))
    elif run.outcome is Outcome.DELIVERED:
        strip.tell("ok", _tr("The daily task works."), _tr("%n event(s) delivered.", run.events))
    else:
        strip.tell("ok", _tr("The daily task works."), _tr("Nothing is due: all is on the server."))


def tell_trying_keepers(strip: Notice) -> None:
    """What can keep the password is being tried."""
    strip.tell("muted", _tr("Finding out what works while you are logged out …"), stays=True)


def tell_kept(strip: Notice, protection: "Protection") -> None:
    """Where the password is now."""
    strip.tell(
        "ok",
        _tr("The password is in {place} now.").format(place=spoken(protection.name)),
        spoken(protection.explains),
    )


def tell_exported(strip: Notice, result: "RunResult") -> None:
    """How an export ended that delivered something, or had nothing to do, or was stopped."""
    from desktop_app.export.ledger import Outcome

    if result.outcome is Outcome.STOPPED:
        strip.tell("muted", _tr("The export was stopped."), _tr("The next one goes on where it ended."))
    elif result.archives:
        events = sum(archive.events for archive in result.archives)
        delivered = _tr("%n archive(s) delivered", len(result.archives))
        lines = [archive.name for archive in result.archives[:5]] + [spoken(each) for each in result.warnings]
        kind = "wait" if result.warnings else "ok"
        strip.tell(kind, f"{delivered}, {_tr('%n event(s)', events)}.", "\n".join(lines))
    else:
        strip.tell("ok", _tr("Nothing is due: all is on the server."))
