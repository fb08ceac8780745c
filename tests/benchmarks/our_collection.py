"""Our reading of a table into a store, alone: our_collection PORT STORE, the password on standard input."""

import sys
from pathlib import Path

from desktop_app.memory import leave_all_at_exit, reuse_large_pieces
from desktop_app.settings.model import FieldRule, SqlSource
from desktop_app.sources.collect import collect
from desktop_app.trails.store.store import open_store
from tests.databases import READER


def main(port: str, store: str) -> None:
    reuse_large_pieces()
    leave_all_at_exit()
    source = SqlSource(
        name="log",
        url=f"postgresql://{READER}@127.0.0.1:{port}/audit",
        table="log",
        time_column="at",
        id_column="id",
        fields={"entityType": FieldRule(const="T"), "actionType": "action", "entityName": "object"},
    )
    password = sys.stdin.read()
    with open_store(Path(store)) as opened:
        (one,) = collect([source], opened, lambda _: None, None, lambda _: password).sources
    if one.error:
        raise one.error


if __name__ == "__main__":
    main(*sys.argv[1:])
