"""Whether anything is promised in a store: what was read apart from it, and is not delivered yet."""

from desktop_app.trails.store.places import count_places
from desktop_app.trails.store.store import Store

PROMISED = "\x1epromised"
"""The label under which promises are among what is remembered; no source has it."""
PIECE, DAY = "piece:", "day:"


def has_promises(store: Store) -> bool:
    """Whether there are any. Raises StoreDamaged."""
    return count_places(store, PROMISED, PIECE) + count_places(store, PROMISED, DAY) > 0
