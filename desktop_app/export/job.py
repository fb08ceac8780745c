"""What an export works with, and what has come of it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from desktop_app.errors import UserError
from desktop_app.export.ledger import Archive, Ledger
from desktop_app.export.progress import Progress
from desktop_app.settings.model import Settings
from desktop_app.settings.paths import Paths
from desktop_app.trails.store.store import Store
from desktop_app.wording import Said


@dataclass(frozen=True)
class Job:
    """The export of one run, number `run` of the ledger. `clock` gives the seconds since 1970; `on_progress` may
    raise Stopped.

    `archives` are those that it delivered so far, also when it fails later; `errors` what went wrong with single
    days, which held nothing else up; `warnings` fail no run; `to_stamp` is the newest archive, and its signature,
    where time stamps are wanted. `remade` builds an archive again, under a number, whose events the store never
    had; None where the store has them.
    """

    settings: Settings
    paths: Paths
    ledger: Ledger
    store: Store
    run: int
    on_progress: Callable[[Progress], None]
    clock: Callable[[], float]
    remade: "Callable[[Job, Archive, int], Archive | None]" = lambda job, archive, number: None
    archives: list[Archive] = field(default_factory=list)
    errors: list[UserError] = field(default_factory=list)
    warnings: list[Said] = field(default_factory=list)
    to_stamp: list[tuple[Archive, bytes]] = field(default_factory=list)

    def now_ms(self) -> int:
        """This moment by the clock of this computer."""
        return int(self.clock() * 1000)

    def file_of(self, archive: Archive) -> Path:
        """Where an archive waits in the outbox."""
        return self.paths.outbox / archive.name
