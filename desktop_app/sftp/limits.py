"""How long each step may take."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """How long each kind of wait may last, in seconds; whoever waits longer gives up, and says so.

    `connect` is for each address of a server, `connect_all` for all of them. `idle` is for one answer, and `deed`
    for all the answers that one deed needs (a look at a folder, a file written). A file adds to that what it takes
    at `pace` (bytes a second): more slowly, no piece of one would arrive within `idle` either. What a folder still
    has after `listing` is not looked at.
    """

    resolve: float = 30
    connect: float = 20
    connect_all: float = 60
    banner: float = 20
    negotiate: float = 30
    authenticate: float = 60
    idle: float = 60
    deed: float = 120
    pace: float = 4096
    listing: float = 60


DEFAULT_LIMITS = Limits()
