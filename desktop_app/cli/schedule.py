"""`audit-trails-export schedule`."""

import os
import sys
from collections.abc import Iterable, Iterator
from typing import Any

import click

from desktop_app.actions.note_failure import note_failure
from desktop_app.actions.run_daily_task import run_daily_task
from desktop_app.cli.history import run_document
from desktop_app.cli.output import iso_time, local_time, print_json, say_labelled, tell, tell_warning
from desktop_app.cli.secret_input import AsksForSecret, read_secret
from desktop_app.cli.speech import events, joined, word_for
from desktop_app.errors import BadSetting, ExitCode
from desktop_app.export.ledger import Outcome
from desktop_app.schedule import daily_task
from desktop_app.schedule.task_state import TaskState
from desktop_app.secrets.keepers import read_password
from desktop_app.settings.effective import load_settings
from desktop_app.settings.paths import Paths, find_paths, find_paths_of
from desktop_app.wording import Said


@click.group("schedule", short_help="Register, show and start the daily task.")
def command() -> None:
    """Have this computer's own scheduler run the export daily, also when nobody is logged in."""


_for_user = click.option(
    "--for",
    "user",
    metavar="USER",
    help="As root on Linux: the task of USER, who may not have one without a login, as a service of the system.",
)


@command.command("install", cls=AsksForSecret, short_help="Register the daily task, or fix it.")
@click.option(
    "--signed-out/--signed-in",
    default=None,
    help="On Windows: run also while you are signed out, or only while you are signed in. For the first, Windows "
    "wants your password (from a prompt or standard input), and keeps it; this program does not.",
)
@_for_user
def install(signed_out: bool | None, user: str | None) -> None:
    """Register the daily task, or create it again as the settings want it. Saving the settings does the same."""
    paths = _paths(user)
    settings = load_settings(paths)
    if signed_out is not None and sys.platform != "win32":
        raise click.UsageError(Said("--signed-out and --signed-in are for Windows."))
    if signed_out is None:
        state = daily_task.install(settings, paths)
    elif signed_out:
        password = read_secret(Said("Your Windows password"))
        if not password:
            raise BadSetting(Said("The password is empty."), Said("Nothing was changed."))
        state = daily_task.install_signed_out(settings, paths, password)
    else:
        state = daily_task.install_signed_in(settings, paths)
    if state.installed and not settings.enabled:
        tell(Said("The daily task is set up. It does nothing while the export is off. Its user switches that on:"))
        tell("audit-trails-export config set enabled=true")
        return
    end_with_task(state)


@command.command("remove", short_help="Remove the daily task.")
@_for_user
def remove(user: str | None) -> None:
    """Remove the daily task, whatever the switch says. The next save with the switch ON registers it again."""
    daily_task.remove(_paths(user))
    tell(Said("The daily task is removed."))


@command.command("show", short_help="Show the daily task.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def show(as_json: bool) -> None:
    """Show the daily task as the scheduler has it, and what is wrong with it.

    Exits with 78 when the export is on and something is.
    """
    paths = find_paths()
    settings = load_settings(paths)
    state = daily_task.show(settings, paths)
    if as_json:
        print_json(task_document(state))
    else:
        say_labelled(task_lines(state))
    if settings.enabled and state.problem:
        sys.exit(ExitCode.CONFIG)


@command.command("run", short_help="Start the daily task now, and wait.")
@click.option("--json", "as_json", is_flag=True, help="Print the run as one JSON document.")
def run(as_json: bool) -> None:
    """Have the scheduler start the daily task now, wait for it, and show what came of it.

    This proves that program, account, environment, password, host key and network are right as they are at
    night. Exits with the code of the run.
    """
    paths = find_paths()
    done = run_daily_task(load_settings(paths), paths)
    if as_json:
        print_json(run_document(done))
    elif done.outcome is Outcome.FAILED:
        tell(*filter(None, (done.message or Said("The run failed."), done.hint)))
    else:
        tell(
            Said(
                "The daily task works: {outcome}, {events}.",
                outcome=word_for(done.outcome or Outcome.DELIVERED),
                events=events(done.events),
            )
        )
    sys.exit(done.code or ExitCode.DONE)


@command.command("can-read-password", hidden=True)
@click.argument("account")
def can_read_password(account: str) -> None:
    """What a scheduler is asked to start: the exit code says whether the password can be read there."""
    sys.exit(ExitCode.DONE if read_password(find_paths(), account) is not None else ExitCode.NO_PERMISSION)


@command.command("can-use-key", hidden=True)
def can_use_key() -> None:
    """What a scheduler is asked to start: the exit code says whether the key of the login can be used there."""
    from desktop_app.secrets.login_secret import login_secret
    from desktop_app.sftp.login_by_key import login_keys

    paths = find_paths()
    server = load_settings(paths).server
    with login_keys(server, login_secret(paths, server)):
        pass


@command.command("failed", hidden=True)
def failed() -> None:
    """What systemd starts after a daily task that failed for good."""
    note_failure(find_paths(), os.environ)


def _paths(user: str | None) -> Paths:
    if user is None:
        return find_paths()
    if sys.platform == "win32" or os.geteuid():
        raise click.UsageError(Said("--for is for root on Linux."))
    try:
        paths = find_paths_of(user)
    except KeyError:
        raise click.UsageError(Said("There is no user {user}.", user=user)) from None
    if not paths.config.exists():  # its owner is whom the task runs as
        raise BadSetting(
            Said("{user} has no settings yet.", user=user),
            Said("Configure the export as that user first."),
        )
    return paths


def task_document(state: TaskState) -> dict[str, Any]:
    """The task as scripts get it."""
    return {
        "scheduler": state.scheduler,
        "name": state.name,
        "installed": state.installed if state.is_known else None,
        "next_run": iso_time(state.next_run),
        "only_signed_in": state.only_signed_in,
        "problem": state.problem,
        "hint": state.advice or None,
    }


def task_lines(state: TaskState) -> Iterator[tuple[str, str]]:
    """The task as labels and values for people."""
    yield Said("Daily task"), task_text(state)
    if state.installed:
        yield Said("Next start"), local_time(state.next_run)
        yield Said("Runs"), runs_text(state)
    if state.problem:
        yield Said("Problem"), joined(state.problem, state.advice)


def task_text(state: TaskState) -> str:
    """Which task it is, for people."""
    if not state.is_known:
        return Said("not known")
    return f"{state.name} ({state.scheduler})" if state.installed else Said("none")


def runs_text(state: TaskState) -> str:
    """When an installed task runs, for people."""
    if state.only_signed_in:
        return Said("only while this user is signed in; days that are missed are exported by the next run")
    return Said("also while this user is signed out")


def tell_task(state: TaskState, warnings: Iterable[Said] = ()) -> None:
    """How the task stands after a change, and what that left open, for people."""
    if state.problem:
        tell(joined(state.problem, state.advice))
    elif state.installed:
        tell(
            Said(
                "The next export: {time}, by {scheduler}.",
                time=local_time(state.next_run),
                scheduler=state.scheduler,
            )
        )
        if state.only_signed_in and state.may_run_signed_out:
            tell(Said("It runs only while you are signed in. Also while you are signed out:"))
            tell("audit-trails-export schedule install --signed-out")
    tell_warning(*warnings)


def end_with_task(state: TaskState, warnings: Iterable[Said] = ()) -> None:
    """How the task stands after a change that is made; ends with 78, as `status --check`, where not well.

    A scheduler that can't be asked takes nothing back from the change: that is told, and no failure of it.
    """
    tell_task(state, warnings)
    if state.problem and state.is_known:
        sys.exit(ExitCode.CONFIG)
