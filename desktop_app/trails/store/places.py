"""What a source remembers of what was read of it: values by keys, which mean something only to its reader."""

from collections.abc import Iterator, Mapping

from desktop_app.trails.store.store import Store

_ROWS = 500


class StoredPlaces:
    """What a source remembered. A key is found by its beginning as well.

    No query stays open between two answers, so that the store may be written meanwhile.
    """

    def __init__(self, store: Store, source: str) -> None:
        self._store, self._source = store, source

    def get(self, key: str) -> bytes | None:
        """The value of a key. Raises StoreDamaged, as all that reads here."""
        with self._store.reading():
            row = self._store.db.execute(
                "SELECT value FROM places WHERE source = ? AND key = ?", (self._source, key)
            ).fetchone()
            return bytes(row[0]) if row else None

    def starting_with(self, prefix: str, after: str = "") -> Iterator[tuple[str, bytes]]:
        """Keys that begin so and their values, in the order of the keys, from the first one behind `after` on."""
        last = max(prefix, after)
        values = (self._source, _end(prefix))
        sign = ">" if after >= prefix else ">="
        while True:
            with self._store.reading():
                rows = self._store.db.execute(
                    f"""SELECT key, value FROM places WHERE source = ? AND key < ? AND key {sign} ?
                        ORDER BY key LIMIT {_ROWS}""",
                    (*values, last),
                ).fetchall()
            yield from rows
            if len(rows) < _ROWS:
                return
            last, sign = rows[-1][0], ">"


def remember(store: Store, source: str, changes: Mapping[str, bytes | None]) -> None:
    """Remember values of a source, in the transaction of what was read with them; None forgets one."""
    gone = [(source, key) for key, value in changes.items() if value is None]
    kept = [(source, key, value) for key, value in changes.items() if value is not None]
    store.db.executemany("DELETE FROM places WHERE source = ? AND key = ?", gone)
    store.db.executemany(
        "INSERT INTO places VALUES (?, ?, ?) ON CONFLICT (source, key) DO UPDATE SET value = excluded.value", kept
    )


def count_places(store: Store, source: str, prefix: str) -> int:
    """How many keys of a source begin so."""
    with store.reading():
        row = store.db.execute(
            "SELECT count(*) FROM places WHERE source = ? AND key >= ? AND key < ?", (source, prefix, _end(prefix))
        ).fetchone()
        return int(row[0])


def _end(prefix: str) -> str:
    """What comes right behind all keys that begin with a text that is not empty."""
    return prefix[:-1] + chr(ord(prefix[-1]) + 1)
