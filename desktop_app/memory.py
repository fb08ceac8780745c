"""How Python and the C library treat memory, made fit for a process that runs briefly, with large pieces."""

import atexit
import gc

_LARGE = 16 << 20


def reuse_large_pieces() -> None:
    """Have glibc keep the memory of a large object for the next one, instead of giving it back in between.

    It does so with objects up to the size of the largest one that was ever freed; this one is never touched.
    """
    bytes(_LARGE)


def leave_all_at_exit() -> None:
    """Have the process end without a search for garbage (60 ms): the system takes back all of its memory."""
    atexit.register(gc.freeze)
