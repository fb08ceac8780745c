"""The records of a document by their digests: which of them are new since it was read before, wherever in it they
are.

A document may grow at its front (the newest first) or be a window that moves on, so a record's place in it says
little: equal records are told apart by how many of them stand before.
"""

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence, Set

from desktop_app.settings.limits import limits

DIGEST_BYTES = 8


def digests_of(records: Sequence[bytes]) -> bytes:
    """Of each record, the first 8 bytes of its SHA-256."""
    sha256 = hashlib.sha256
    return b"".join([sha256(record).digest()[:DIGEST_BYTES] for record in records])


def beginnings(records: Sequence[bytes], counts: Set[int]) -> dict[int, str]:
    """For each of these counts, and for all, the SHA-256 of the first so many records; with their lengths, which
    tell where one ends."""
    whole = hashlib.sha256()
    found: dict[int, str] = {}
    for count, record in enumerate(records, start=1):
        whole.update(b"%d:%b" % (len(record), record))
        if count in counts or count == len(records):
            found[count] = whole.hexdigest()
    return found


def new_ones(digests: bytes, known: bytes) -> Iterator[tuple[int, int]]:
    """The index of each record that is not among those `known` before, and which one of its equals it is, from
    1."""
    before = Counter(_each(known))
    times = Counter[bytes]()
    for index, digest in enumerate(_each(digests)):
        times[digest] += 1
        if times[digest] > before[digest]:
            yield index, times[digest]


def remembered(digests: bytes, known: bytes) -> bytes:
    """The digests of a document, and as many of those that were known before as are worth it: what is missing from
    it today may be there again tomorrow."""
    room = limits().document_digests * DIGEST_BYTES - len(digests)
    if not known or known == digests or room <= 0:
        return digests
    there = Counter(_each(digests))
    gone = bytearray()
    for digest in _each(known):
        if there[digest]:
            there[digest] -= 1
        elif len(gone) < room:
            gone += digest
    return digests + gone


def _each(digests: bytes) -> Iterator[bytes]:
    return (digests[at : at + DIGEST_BYTES] for at in range(0, len(digests), DIGEST_BYTES))
