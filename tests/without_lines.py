"""A store as it was before lines were known by their digests."""

import json

from desktop_app.trails.store.store import Store

_NEW = ("lines", "digested", "digests", "edition", "old_upto", "moved")


def forget_lines(store: Store) -> None:
    """Take away what is kept of lines, and that they are."""
    with store.transaction():
        for prefix in ("lines:", "before:", "beyond:", "noted"):
            store.db.execute("DELETE FROM places WHERE key GLOB ?", (f"{prefix}*",))
        rows = store.db.execute("SELECT key, value FROM places WHERE key LIKE 'read:%'").fetchall()
        for key, value in rows:
            old = {name: each for name, each in json.loads(value).items() if name not in _NEW}
            store.db.execute("UPDATE places SET value = ? WHERE key = ?", (json.dumps(old).encode(), key))
