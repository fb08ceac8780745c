"""How long each step may take."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """Seconds after which a step counts as failed; `idle` is for a transfer that makes no progress."""

    connect: float = 20
    banner: float = 20
    negotiate: float = 30
    authenticate: float = 60
    idle: float = 60


DEFAULT_LIMITS = Limits()
