"""Several statements that read one state of a store."""

from desktop_app.trails.store.store import Store


class snapshot:
    """What is read inside is of one state of the store; keep it short, and yield nothing from inside."""

    def __init__(self, store: Store) -> None:
        self._db = store.db

    def __enter__(self) -> None:
        self._db.execute("BEGIN")

    def __exit__(self, *_: object) -> None:
        self._db.execute("COMMIT")
