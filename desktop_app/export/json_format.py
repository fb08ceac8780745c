"""Audit events as one JSON array, one event a line, for a JSON parser and a line tool alike."""

from collections.abc import Iterable, Iterator


def json_chunks(batches: Iterable[list[bytes]]) -> Iterator[bytes]:
    """The array over all batches of event lines; `[`, the lines, `]`, each on a line of its own."""
    yield b"[\n"
    before: list[bytes] = []
    for batch in batches:
        yield b",\n".join(before + batch)
        before = [b""]
    yield b"\n]\n" if before else b"]\n"
