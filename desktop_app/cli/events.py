"""`audit-trails-export events`."""

from datetime import datetime
from pathlib import Path

import click

from desktop_app.actions.event_state import EventState
from desktop_app.actions.find_events import Question, find_event_source
from desktop_app.actions.hand_over import hand_over, proofs
from desktop_app.cli import completed
from desktop_app.cli.output import print_json, say, tell
from desktop_app.cli.speech import events, spoken
from desktop_app.evidence.proof import proof_facts, proofs_as_csv
from desktop_app.language import language_asked
from desktop_app.settings.effective import load_settings
from desktop_app.settings.paths import find_paths
from desktop_app.spoken import speak_in
from desktop_app.stop import Stop
from desktop_app.trails.store.search import Sought
from desktop_app.wording import Said

_DAY = click.DateTime(["%Y-%m-%d"])


@click.command("events", short_help="Find events, and hand them over with what proves them.")
@click.option("--find", "text", default="", metavar="TEXT", help="Those with every word of it.")
@click.option("--from", "first", type=_DAY, metavar="DAY", help="Created on this day or later.")
@click.option("--to", "last", type=_DAY, metavar="DAY", help="Created on this day or earlier.")
@click.option("--actor", default="", metavar="TEXT", help="Whose actor has every word of it.")
@click.option("--action", default="", metavar="TEXT", help="Whose action has every word of it.")
@click.option("--entity", default="", metavar="TEXT", help="Whose entity (name, type, ID) has every word of it.")
@click.option(
    "--source", default=None, metavar="NAME", shell_complete=completed.sources, help="Collected from this source."
)
@click.option("--state", type=click.Choice(list(map(str, EventState))), help="Delivered, or still waiting.")
@click.option("--csv", "as_csv", is_flag=True, help="Print them as CSV.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.option(
    "--html",
    "page",
    type=click.Path(path_type=Path, dir_okay=False, writable=True),
    metavar="FILE",
    help="Write them to one HTML page.",
)
def command(
    text: str,
    first: datetime | None,
    last: datetime | None,
    actor: str,
    action: str,
    entity: str,
    source: str | None,
    state: str | None,
    as_csv: bool,
    as_json: bool,
    page: Path | None,
) -> None:
    """Find events that are still in the store, oldest first, each with its archive, line and signature.

    The SHA-256 of a line is that of the event in the archive's data file, without the comma and the line break:
    what `unzip -p ARCHIVE | sed -n LINEp` shows. `verify` says whether that archive is as it was signed.
    """
    if as_csv + as_json + (page is not None) > 1:
        raise click.UsageError(Said("Choose one of --csv, --json and --html."))
    paths = find_paths()
    sought = Sought(
        text, actor, action, entity, None if source is None else find_event_source(paths, source).number
    )
    wanted = Question(
        sought,
        first.date() if first else None,
        last.date() if last else None,
        EventState(state) if state else None,
    )
    settings = load_settings(paths)
    if page:
        language = language_asked()
        hand_over(settings, paths, wanted, page, "html", Stop(), speak_in(language), language)
        return
    found = proofs(settings, paths, wanted)
    if as_json:
        print_json(list(found))
    elif as_csv:
        for line in proofs_as_csv(found):
            say(line)
    else:
        number = 0
        for proof in found:
            say(bytes(proof.event).decode(), f"  {'; '.join(map(spoken, proof_facts(proof)))}")
            number += 1
        tell(f"{spoken(events(number))}.")
