"""What an export tells while it works, for a progress bar or a window."""

from msgspec import Struct

from desktop_app.wording import Said


class Building(Struct, frozen=True):
    """Of the events of `day` (ISO date), `events` of `total` are in the archive; `bytes` is their size."""

    day: str
    events: int
    total: int
    bytes: int


class Connecting(Struct, frozen=True):
    """A connection to `server` is being made."""

    server: str


class Uploading(Struct, frozen=True):
    """Of archive `name`, `sent` of `total` bytes are on the server."""

    name: str
    sent: int
    total: int


class Delivered(Struct, frozen=True):
    """Archive `name` is on the server, with `events` events in `bytes` bytes."""

    name: str
    events: int
    bytes: int


class Waiting(Struct, frozen=True):
    """The last attempt failed with `reason`; the next one is in `seconds`."""

    reason: Said
    seconds: float


Progress = Building | Connecting | Uploading | Delivered | Waiting
