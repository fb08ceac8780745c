"""Audit events as one JSON array, one event a line, for a JSON parser and a line tool alike."""

from collections.abc import Iterable, Iterator


def json_chunks(batches: Iterable[list[bytes]]) -> Iterator[bytes]:
    """The array over all batches of event lines; `[`, the lines, `]`, each on a line of its own."""
    lead = b"[\n"
    for batch in batches:
        yield lead + b",\n".join(batch)
        lead = b",\n"
    yield b"[\n]\n" if lead == b"[\n" else b"\n]\n"
