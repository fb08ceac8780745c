"""`audit-trails-export backfill`."""

from datetime import date, datetime, timedelta

import click

from desktop_app.actions.backfill import Surroundings, backfill
from desktop_app.actions.backfill_days import Asked, DaysDone, Elsewhere
from desktop_app.actions.run import RunResult
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
@click.option(
    "--cluster",
    metavar="ADDRESS",
    help="Have the workers of a Dask scheduler read and pack: tls://HOST:PORT, or local.",
)
@click.option("--pieces", metavar="PLACE", help="Where workers put what they make: a shared folder or a bucket.")
@click.option("--tls-ca", metavar="FILE", help="For tls://, the certificate of the authority, in PEM.")
@click.option("--tls-cert", metavar="FILE", help="This computer's certificate.")
@click.option("--tls-key", metavar="FILE", help="The key of that certificate.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as one JSON document.")
def command(
    source: str,
    first: datetime,
    last: datetime | None,
    jobs: int,
    cluster: str | None,
    pieces: str | None,
    tls_ca: str | None,
    tls_cert: str | None,
    tls_key: str | None,
    as_json: bool,
) -> None:
    """Read a source from its beginning, and deliver every day as soon as it has gone by.

    A run reads all of a source before it exports. This needs room for only a few days, however many years there
    are. Where it was stopped, the same command goes on; days that the server has are not made again. Events from
    before DAY are left out for good; those after the last day are left to the runs to come.
    """
    tls = _certificates(tls_ca, tls_cert, tls_key)
    if not cluster and (pieces or tls):
        raise click.UsageError(Said("{option} is for {other}.", option="--pieces, --tls-…", other="--cluster"))
    paths = find_paths()
    try:
        upgrade_file(paths.config_file)
        settings = load_settings(paths)
        elsewhere = Elsewhere(cluster, pieces or "", tls) if cluster else None
        last_day = last.date() if last else date.today() - timedelta(days=1)
        asked = Asked(source, first.date(), last_day, jobs, elsewhere)
        with shown_progress() as on_progress:
            around = Surroundings(lambda: secret_of(paths, settings.server), on_progress, _tell_days)
            result = backfill(settings, paths, asked, around)
    except UserError as error:
        result = RunResult(Outcome.FAILED, [], error)
    end_with(result, as_json)


def _certificates(*files: str | None) -> tuple[str, str, str] | None:
    given = [file for file in files if file]
    if not given:
        return None
    if len(given) < 3:
        raise click.UsageError(Said("{options} belong together.", options=("--tls-ca", "--tls-cert", "--tls-key")))
    return given[0], given[1], given[2]


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
