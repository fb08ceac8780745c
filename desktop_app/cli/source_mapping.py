"""How a source is mapped, as options of the command line."""

from collections.abc import Callable, Iterable
from typing import TypeVar

import click
from msgspec import structs

from desktop_app.cli.output import tell_error
from desktop_app.did_you_mean import closest
from desktop_app.errors import UserError
from desktop_app.settings.field_text import parse_places
from desktop_app.settings.model import FieldPlaces, SourceSettings
from desktop_app.sources.connectors import connector_names
from desktop_app.sources.kind import Secrets
from desktop_app.sources.record_shapes import RecordShape, as_found, mapped_as, record_shapes
from desktop_app.trails.event_keys import event_keys
from desktop_app.wording import Said

_Command = TypeVar("_Command", bound=Callable[..., object])

_OPTIONS = (
    click.option(
        "--like",
        type=click.Choice(sorted({*(shape.id for shape in record_shapes()), *connector_names()})),
        metavar="SHAPE",
        help="Map the records as those of a known system; it also says where they are in a document. With --kind "
        "rest, the service that is asked."
        f"  [records: {', '.join(each.id for each in record_shapes())}; services: {', '.join(connector_names())}]",
    ),
    click.option(
        "--field",
        "fields",
        multiple=True,
        metavar="KEY=PATH[,PATH...]",
        help="Take an event's KEY from a record's key PATH (a.b, a[0].b, a[*].b, also into JSON that is a text), "
        "or from the first of several that fits. KEY==TEXT is always that text, KEY={a} {b} a template.",
    ),
    click.option("--zone", metavar="ZONE", help="The zone of times without one: UTC, or a name as Europe/Berlin."),
    click.option(
        "--time",
        metavar="UNIT",
        help="How times are written: epoch-s, epoch-ms, epoch-us, epoch-ns, iso, or a pattern as in "
        "'text:%d/%m/%Y %H:%M:%S'.  [default: recognised]",
    ),
    click.option(
        "--split", metavar="PATH", help="Make an event of each thing in the list at a record's key PATH."
    ),
)


def mapping_options(command: _Command) -> _Command:
    """Give a command the options, whose values `with_mapping` takes."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def with_mapping(
    source: SourceSettings,
    like: str | None,
    fields: Iterable[str],
    records: str | None,
    secrets: Secrets,
    **others: str | None,
) -> SourceSettings:
    """`source`, mapped as the options say. `records` is the option of that name, `others` zone, time and split."""
    shape = next((each for each in record_shapes() if each.id == like), None)
    mapped = mapped_as(source, _as_found(source, shape, secrets)) if shape else source
    given = {key: value for key, value in others.items() if value is not None}
    if records is not None:
        given["records"] = records
    return structs.replace(mapped, fields={**mapped.fields, **dict(map(_field, fields))}, **given)


def _as_found(source: SourceSettings, shape: RecordShape, secrets: Secrets) -> RecordShape:
    try:
        return as_found(source, shape, secrets)
    except UserError as error:
        tell_error(error)
        return shape


def _field(text: str) -> tuple[str, FieldPlaces]:
    key, equals, line = text.partition("=")
    key = key.strip()
    if not (key and equals and line.strip()):
        raise click.UsageError(Said("{text} is not of the form KEY=PATH[,PATH...] or KEY==TEXT.", text=text))
    known = [each.name for each in event_keys()]
    if key not in known and (close := closest(key.replace("_", "").replace("-", ""), known, 0.85)):
        raise click.UsageError(
            Said("An event has no key {key}. {meant}", key=key, meant=Said("Did you mean {key}?", key=close))
        )
    try:
        return key, parse_places(line)
    except ValueError:
        raise click.UsageError(Said("{line} is no rule for {key}.", line=line, key=key)) from None
