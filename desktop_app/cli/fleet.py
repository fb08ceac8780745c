"""`audit-trails-export fleet`."""

import sys
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

import click

from desktop_app.actions.fleet_report import fleet_in, fleet_on_server
from desktop_app.cli.output import print_json, print_table, say
from desktop_app.cli.progress import shown_count
from desktop_app.cli.speech import days, number
from desktop_app.errors import ExitCode
from desktop_app.evidence.fleet import InstanceDays
from desktop_app.evidence.verify import Asked, Verification, verify
from desktop_app.secrets.login_secret import login_secret
from desktop_app.settings.effective import load_settings
from desktop_app.settings.paths import find_paths
from desktop_app.wording import Said


@click.group("fleet", short_help="All installations that export to one place.")
def command() -> None:
    """A computer that has fallen silent can't say so itself: this is asked where the archives arrive."""


@command.command("report", short_help="Which instance lacks which day.")
@click.argument("path", required=False, type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option(
    "--to",
    "until",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DAY",
    help="The newest day that each must have; else yesterday.",
)
@click.option("--deep", is_flag=True, help="Verify the archives in PATH as well.")
@click.option("--all", "show_all", is_flag=True, help="Show also those that lack nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def report(path: Path | None, until: datetime | None, deep: bool, show_all: bool, as_json: bool) -> None:
    """Show which instance lacks a day, and which has fallen silent, by nothing but the names of the archives.

    PATH is a folder where archives arrive; without it, the configured server path is looked at. The exit code is
    65 where any instance lacks a day up to yesterday, or with --deep where any archive is not as it was made.
    """
    if deep and path is None:
        raise click.UsageError(Said("--deep needs a folder: name it."))
    day = (until or datetime.now() - timedelta(days=1)).date()
    if path is None:
        paths = find_paths()
        settings = load_settings(paths)
        found = fleet_on_server(settings, paths, lambda: login_secret(paths, settings.server), day)
    else:
        found = fleet_in(path, day)
    checked = None
    if deep and path and found:
        with shown_count(Said("Checking"), Said("archives")) as on_checked:
            checked = verify([path], Asked(), on_checked)
    ok = all(each.ok for each in found) and (checked is None or checked.ok)
    if as_json:
        print_json({"ok": ok, "to": day, "instances": found, "problems": _problems(checked)})
    else:
        _show(found, show_all)
        for problem in _problems(checked):
            say(problem)
    sys.exit(ExitCode.DONE if ok else ExitCode.BAD_DATA)


def _problems(checked: Verification | None) -> list[str]:
    if checked is None:
        return []
    of_archives = (
        Said("{name}: {problem}", name=each.path.name, problem=problem)
        for each in checked.archives
        for problem in each.problems
    )
    return [*of_archives, *checked.problems]


def _show(found: Sequence[InstanceDays], show_all: bool) -> None:
    shown = [each for each in found if show_all or not each.ok]
    if shown:
        head = (
            Said("Instance"), Said("First"), Said("Last"), Said("Archives"), Said("First missing"),
            Said("Missing"), Said("Silent for"),
        )  # fmt: skip
        print_table(head, map(_row, shown))
    fine = sum(each.ok for each in found)
    say(Said("Instances: {count}; {fine} lack nothing.", count=number(len(found)), fine=number(fine)))


def _row(each: InstanceDays) -> tuple[str, ...]:
    return (
        each.instance,
        str(each.first),
        str(each.last),
        number(each.archives),
        str(each.missing[0]) if each.missing else "–",
        number(len(each.missing)),
        days(each.silent) if each.silent else "–",
    )
