"""`audit-trails-export backfill`."""

from datetime import date, datetime, timedelta

import click

from desktop_app.actions.backfill import Surroundings, backfill
from desktop_app.actions.backfill_days import Asked, DaysDone, Elsewhere
from desktop_app.actions.run import RunResult
from desktop_app.cli.cluster_options import with_cluster
from desktop_app.cli.output import tell
from desktop_app.cli.progress import shown_progress
from desktop_app.cli.run import end_with, secret_of
from desktop_app.cli.speech import events, number
from desktop_app.errors import UserError
from desktop_app.export.ledger import Outcome
from desktop_app.settings.effective import load_settings
from desktop_app.settings.file import upgrade_file
from desktop_app.settings.paths import find_paths
from desktop_app.wording import Said

_DAY = click.DateTime(["%Y-%m-%d"])


@click.command("backfill", short_help="Export years of a source, day after day.")
@click.option("--source", required=True, metavar="NAME", help="The source to read.")
@click.option("--from", "first", type=_DAY, required=True, metavar="DAY", help="The first day to export.")
@click.option("--to", "last", type=_DAY, metavar="DAY", help="The last one; yesterday unless given.")
@click.option("--jobs", type=click.IntRange(1, 64), default=1, metavar="N", help="Pack days in N processes.")
@with_cluster
@click.option("--json", "as_json", is_flag=True, help="Print the result as one JSON document.")
def command(
    source: str,
    first: datetime,
    last: datetime | None,
    jobs: int,
    elsewhere: Elsewhere | None,
    as_json: bool,
) -> None:
    """Read a source from its beginning, and deliver every day as soon as it has gone by.

    A run reads all of a source before it exports. This needs room for only a few days, however many years there
    are. Where it was stopped, the same command goes on; days that the server has are not made again. Events from
    before DAY are left out for good; those after the last day are left to the runs to come.
    """
    paths = find_paths()
    try:
        upgrade_file(paths.config_file)
        settings = load_settings(paths)
        last_day = last.date() if last else date.today() - timedelta(days=1)
        asked = Asked(source, first.date(), last_day, jobs, elsewhere)
        with shown_progress() as on_progress:
            around = Surroundings(lambda: secret_of(paths, settings.server), on_progress, _tell_days)
            result = backfill(settings, paths, asked, around)
    except UserError as error:
        result = RunResult(Outcome.FAILED, [], error)
    end_with(result, as_json)


def _tell_days(done: DaysDone) -> None:
    tell(
        Said(
            "Delivered up to {day}: {done} of {total} days, {events} read.",
            day=done.day,
            done=number(done.done),
            total=number(done.total),
            events=events(done.events),
        )
    )
