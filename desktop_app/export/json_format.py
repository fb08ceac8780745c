"""Audit events as one JSON array, one event a line, for a JSON parser and a line tool alike."""

from collections.abc import Iterable, Iterator

from desktop_app.export.archive import Chunk
from desktop_app.trails.store.block import SEPARATOR, deflate
from desktop_app.trails.store.timeline import Batch


def json_chunks(batches: Iterable[Batch]) -> Iterator[Chunk]:
    """The array over all batches of event lines; `[`, the lines, `]`, each on a line of its own."""
    between = Chunk(SEPARATOR, deflate(SEPARATOR))
    lead = Chunk(b"[\n")
    for batch in batches:
        yield lead
        yield Chunk(batch.text, batch.deflated)
        lead = between
    yield Chunk(b"\n]\n" if lead is between else b"[\n]\n")
