"""What an export tells while it works, for a progress bar or a window."""

from dataclasses import dataclass

from desktop_app.wording import Said


@dataclass(frozen=True)
class Building:
    """Of the events of `day` (ISO date), `events` of `total` are in the archive; `bytes` is their size."""

    day: str
    events: int
    total: int
    bytes: int


@dataclass(frozen=True)
class Connecting:
    """A connection to `server` is being made."""

    server: str


@dataclass(frozen=True)
class Uploading:
    """Of archive `name`, `sent` of `total` bytes are on the server."""

    name: str
    sent: int
    total: int


@dataclass(frozen=True)
class Delivered:
    """Archive `name` is on the server, with `events` events in `bytes` bytes."""

    name: str
    events: int
    bytes: int


@dataclass(frozen=True)
class Waiting:
    """The last attempt failed with `reason`; the next one is in `seconds`."""

    reason: Said
    seconds: float


Progress = Building | Connecting | Uploading | Delivered | Waiting
