"""What the first records of a source are, told in a terminal."""

from typing import Any

from msgspec import Raw

from desktop_app.cli.beside import print_beside
from desktop_app.cli.output import say, tell
from desktop_app.cli.speech import events, files
from desktop_app.settings.model import SourceSettings
from desktop_app.settings.source_kinds import address_of
from desktop_app.sources.collected import nothing_there
from desktop_app.sources.record_shapes import is_mapped_as
from desktop_app.sources.sample import FirstLook, Preview
from desktop_app.trails.values import event_values
from desktop_app.wording import Said

_KEYS, _VALUE = 60, 60


def look_document(look: FirstLook) -> dict[str, Any]:
    """The look, for a script."""
    found = look.preview
    return {
        "files": found.parts,
        "events": [Raw(line) for line in found.events],
        "records": [
            {
                "place": each.place,
                "raw": each.content.decode("utf-8", "backslashreplace"),
                "events": [Raw(line) for line in each.events],
                "reason": each.reason or None,
            }
            for each in found.records
        ],
        "set_aside": [{"place": place, "reason": reason} for place, reason in found.set_aside],
        "times": [{"written": each.written, "createdAt": each.created_at, "as": each.how} for each in found.times],
        "shape": {"id": look.shape.id, "name": look.shape.name} if look.shape else None,
        "keys": [{"path": path, "value": value} for path, value in look.key_paths.items()],
    }


def print_look(source: SourceSettings, look: FirstLook) -> None:
    """The events, what would be set aside, and what helps to map the records."""
    found = look.preview
    for line in found.events:
        event = event_values(line)
        say("  ".join((event.createdAt, event.entityType, event.entityName, event.actionType)))
    for place, reason in found.set_aside:
        say(Said("set aside: {place}: {reason}", place=place, reason=reason))
    if found.records:
        print_beside(found.records[0])
    tell(Said("{files}; {events} shown.", files=files(found.parts), events=events(len(found.events))))
    for each in found.times[:1]:
        tell(
            Said(
                "Times are read like this: {written} is {time}, {how}.",
                written=each.written,
                time=each.created_at,
                how=each.how,
            )
        )
    tell_of_shape(source, look)


def tell_of_shape(source: SourceSettings, look: FirstLook) -> None:
    """Whose records these seem to be; of unknown ones that are not mapped, their keys; and where none can be."""
    if not look.preview.parts:
        tell(nothing_there(source.name, address_of(source)))
    if look.shape:
        tell(Said("These look like records of {name}.", name=look.shape.name))
        if not is_mapped_as(source, look.shape) and not _is_fine(source, look.preview):
            tell(Said("To have them mapped:"))
            tell(f"  audit-trails-export source change {source.name} --like {look.shape.id}")
    elif look.key_paths and not _is_fine(source, look.preview):
        tell(Said("These records are not known. Map them with --field KEY=PATH; their key paths are:"))
        shown = list(look.key_paths.items())[:_KEYS]
        width = max(len(path) for path, _ in shown)
        for path, value in shown:
            tell(f"  {path:{width}}  {value[:_VALUE]}")


def _is_fine(source: SourceSettings, found: Preview) -> bool:
    """Whether the first records become events as the source is."""
    return bool(found.events) and not found.set_aside
