"""An older copy of the store, the ledger or both is put back, or one is lost: no event is lost or repeated."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec import structs

from desktop_app.errors import ExitCode
from desktop_app.evidence.verify import verify
from desktop_app.export.archived_lines import archived_lines
from desktop_app.export.ledger import Outcome
from desktop_app.trails.own_actions import is_delivery
from tests.integration.exporter import Exporter, names
from tests.servers import set_mode

DAYS = ("2026-11-20", "2026-11-21")


def some(day: str, first: int, count: int) -> list[str]:
    return [f"{day}#{number}" for number in range(first, first + count)]


def delivered(folder: Path) -> list[str]:
    """The ids of all events on the server, or what stands for them in CEF, where each has a name of its own."""
    lines = [line for path in sorted(folder.glob("*.zip")) for line in archived_lines(path)]
    return sorted(line.decode().split("#!")[1] for line in lines if not is_delivery(line))


def record(exporter: Exporter, day: str, ids: list[str], size: int = 10) -> None:
    exporter.record(day, ids, size, name="#!{id}#!")


class Copies:
    """Copies of the databases of an installation."""

    def __init__(self, exporter: Exporter, folder: Path) -> None:
        self.home, self.folder = exporter.paths.data, folder

    def make(self) -> None:
        self.folder.mkdir()
        for file in self.home.glob("*.db"):
            shutil.copy(file, self.folder)

    def put_back(self, *stems: str) -> None:
        self.lose(*stems)
        for stem in stems:
            shutil.copy(self.folder / f"{stem}.db", self.home)

    def lose(self, *stems: str) -> None:
        for stem in stems:
            for file in self.home.glob(f"{stem}.db*"):
                file.unlink()


@pytest.fixture
def copies(exporter: Exporter, tmp_path: Path) -> Copies:
    return Copies(exporter, tmp_path / "copies")


def put_back_store(copies: Copies) -> None:
    copies.put_back("trails")


def put_back_ledger(copies: Copies) -> None:
    copies.put_back("ledger")


def put_back_both(copies: Copies) -> None:
    copies.put_back("trails", "ledger")


def lose_store(copies: Copies) -> None:
    copies.lose("trails")


def lose_ledger(copies: Copies) -> None:
    copies.lose("ledger")


def put_back_store_and_lose_ledger(copies: Copies) -> None:
    copies.put_back("trails")
    copies.lose("ledger")


MISHAPS = [
    put_back_store, put_back_ledger, put_back_both, lose_store, lose_ledger, put_back_store_and_lose_ledger,
]  # fmt: skip


@pytest.mark.parametrize("mishap", MISHAPS)
@pytest.mark.parametrize(
    ("format_", "size", "late", "again"),
    [("json", 10, 20, 0), ("json", 500, 300, 50), ("cef", 10, 20, 20), ("json", 10, 200, 20)],
)
def test_no_event_is_lost_or_repeated(
    exporter: Exporter,
    served: Path,
    copies: Copies,
    mishap: Callable[[Copies], None],
    format_: str,
    size: int,
    late: int,
    again: int,
) -> None:
    export = structs.replace(exporter.settings.export, format=format_)
    exporter.settings = structs.replace(exporter.settings, export=export)
    record(exporter, DAYS[0], some(DAYS[0], 0, 30), size)
    record(exporter, DAYS[1], some(DAYS[1], 0, 20), size)
    exporter.now = exporter.now.replace(day=21)
    exporter.run()
    assert delivered(served) == sorted(some(DAYS[0], 0, 30))
    copies.make()
    record(exporter, DAYS[1], some(DAYS[1], 20, 60), size)
    exporter.now = exporter.now.replace(day=22)
    exporter.run()
    expected = some(DAYS[0], 0, 30) + some(DAYS[1], 0, 80)
    assert delivered(served) == sorted(expected)

    mishap(copies)
    # What was lost with the copy may come again, and other events come late.
    record(exporter, DAYS[1], some(DAYS[1], 20, again), size)
    record(exporter, DAYS[1], some(DAYS[1], 80, late), size)
    record(exporter, DAYS[0], some(DAYS[0], 30, 5), size)
    expected += some(DAYS[1], 80, late) + some(DAYS[0], 30, 5)
    result = exporter.run()
    assert (result.outcome, result.error) == (Outcome.DELIVERED, None)
    assert delivered(served) == sorted(expected)
    assert exporter.run().outcome is Outcome.NOTHING_DUE

    # It goes on as ever, and what is pruned was delivered.
    record(exporter, DAYS[1], ["the last"], size)
    exporter.now = exporter.now.replace(year=2027)
    assert exporter.run().error is None
    assert delivered(served) == sorted([*expected, "the last"])
    assert not [archive for archive in verify([served]).archives if archive.problems]


def test_an_archive_that_is_gone_from_the_server_is_delivered_again_rather_than_lost(
    exporter: Exporter,
    served: Path,
    copies: Copies,
) -> None:
    record(exporter, DAYS[0], some(DAYS[0], 0, 3))
    copies.make()
    exporter.run()
    for file in served.iterdir():
        file.unlink()
    copies.put_back("trails")
    record(exporter, DAYS[0], some(DAYS[0], 3, 2))
    assert exporter.run().error is None
    assert delivered(served) == some(DAYS[0], 0, 5)


def test_a_store_put_back_while_an_archive_waits(
    exporter: Exporter,
    served: Path,
    copies: Copies,
) -> None:
    record(exporter, DAYS[0], some(DAYS[0], 0, 3))
    copies.make()
    record(exporter, DAYS[0], some(DAYS[0], 3, 30))
    set_mode(served, 0o555)
    assert exporter.run().error is not None
    copies.put_back("trails")
    record(exporter, DAYS[0], some(DAYS[0], 33, 20))
    set_mode(served, 0o755)
    assert exporter.run().error is None
    assert delivered(served) == sorted(some(DAYS[0], 0, 53))
    assert exporter.run().outcome is Outcome.NOTHING_DUE


@pytest.mark.parametrize("lost", [True, False])
def test_a_store_put_back_and_the_waiting_archive_lost(
    exporter: Exporter,
    served: Path,
    copies: Copies,
    lost: bool,
) -> None:
    record(exporter, DAYS[0], some(DAYS[0], 0, 3))
    copies.make()
    set_mode(served, 0o555)
    assert exporter.run().error is not None
    copies.put_back("trails")
    for file in exporter.paths.outbox.iterdir():
        file.unlink() if lost else file.write_bytes(b"damaged")
    set_mode(served, 0o755)
    record(exporter, DAYS[0], some(DAYS[0], 3, 4))
    assert exporter.run().error is None
    assert delivered(served) == some(DAYS[0], 0, 7)
    assert exporter.run().outcome is Outcome.NOTHING_DUE


def test_while_the_server_is_away_nothing_is_decided(
    exporter: Exporter,
    served: Path,
    copies: Copies,
) -> None:
    record(exporter, DAYS[0], some(DAYS[0], 0, 3))
    copies.make()
    exporter.run()
    copies.put_back("trails")
    record(exporter, DAYS[0], some(DAYS[0], 3, 1))
    there = exporter.settings
    exporter.settings = structs.replace(there, server=structs.replace(there.server, host="127.0.0.1:1"))
    result = exporter.run()
    assert result.error is not None and result.error.exit_code == ExitCode.UNREACHABLE
    exporter.settings = there
    assert exporter.run().error is None
    assert delivered(served) == some(DAYS[0], 0, 4)
    assert len(names(served)) == 2
