"""Bytes of the databases that changed by themselves: told, never delivered, and never a traceback.

`ATX_DAMAGES=400` tries that many for each; `ATX_SEED` begins elsewhere.
"""

import json
import os
import random
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import Mock

import pytest

from desktop_app.actions.run import Request, RunResult, run_once
from desktop_app.errors import ExitCode, LocalDiskError, UserError
from desktop_app.evidence.verify import verify
from desktop_app.export.delivery import Backoff, Delivery
from desktop_app.settings.model import ExportSettings, ServerSettings, Settings
from desktop_app.settings.paths import Paths
from desktop_app.trails.event import parse_event
from desktop_app.trails.store.prune import prune
from desktop_app.trails.store.span import Span
from desktop_app.trails.store.store import open_store
from desktop_app.wording import Said

DAMAGES = int(os.environ.get("ATX_DAMAGES", "30"))
SEED = int(os.environ.get("ATX_SEED", "0"))
DAYS = ("2026-11-19", "2026-11-20", "2026-11-21", "2026-11-22")
PER_DAY = 60


class Installation:
    """An exporter whose server is a folder: what is put there is there."""

    def __init__(self, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.paths = Paths(home, home, home)
        self.served = home / "served"
        self.served.mkdir(parents=True)
        server = ServerSettings(host="127.0.0.1:9", user="audit", path="/")
        self.settings = Settings(export=ExportSettings(instance="ws", timezone="UTC"), server=server)
        monkeypatch.setattr(Delivery, "connect_ahead", lambda _: None)
        monkeypatch.setattr(
            Delivery, "put", lambda _, archive, file: shutil.copy(file, self.served / archive.name)
        )
        monkeypatch.setattr(Delivery, "has", lambda _, archive: (self.served / archive.name).exists())
        monkeypatch.setattr(Delivery, "get", lambda _, name, to: self._get(name, to))

    def _get(self, name: str, to: Path) -> bool:
        if there := (self.served / name).exists():
            shutil.copy(self.served / name, to)
        return there

    def record(self, day: str, first: int = 0) -> None:
        dice = random.Random(day)
        with open_store(self.paths.store) as store:
            for number in range(first, first + PER_DAY):
                record = {
                    "id": f"{day}#{number}", "createdAt": f"{day}T{number % 24:02}:00:00Z", "entityType": "T",
                    "entityName": "N", "actionType": "A", "after": dice.randbytes(300).hex(),
                }  # fmt: skip
                store.append([parse_event(json.dumps(record).encode())])
            # And as many that come together, as a block.
            store.append(
                parse_event(json.dumps({**record, "id": f"{day}#b{number}"}).encode())
                for number in range(first, first + PER_DAY)
            )

    def run(self, day: int) -> RunResult:
        return run_once(
            self.settings, self.paths, Request(), lambda: "", backoff=Backoff(1),
            clock=lambda: 1_763_596_800 + 31_536_000 + (day - 20) * 86_400,
        )  # fmt: skip


def ids_on(served: Path) -> list[str]:
    found = []
    for path in served.glob("*.zip"):
        with zipfile.ZipFile(path) as archive:
            events = json.loads(archive.read(path.stem + ".json"))
            found += [event["id"] for event in events if event["entityName"] == "N"]
            assert json.loads(archive.read("manifest.json"))["events"] == len(events)
    return found


def hurt(file: Path, dice: random.Random) -> None:
    content = bytearray(file.read_bytes())
    way = dice.choice(["flip", "flip", "zero", "noise"])
    if way == "flip":
        content[dice.randrange(len(content))] ^= 1 << dice.randrange(8)
    else:
        start = dice.randrange(len(content))
        length = min(dice.choice([4, 64, 1024, 8192]), len(content) - start)
        content[start : start + length] = bytes(length) if way == "zero" else dice.randbytes(length)
    file.write_bytes(content)


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """An installation that has delivered two days, and in which two more wait."""
    home = tmp_path_factory.mktemp("sound") / "home"
    with pytest.MonkeyPatch.context() as patch:
        installation = Installation(home, patch)
        for day in DAYS[:2]:
            installation.record(day)
        assert installation.run(21).error is None
        for day in DAYS[2:]:
            installation.record(day)
    yield home


@pytest.mark.parametrize("number", range(DAMAGES))
@pytest.mark.parametrize("database", ["trails.db", "ledger.db"])
def test_damage_is_told_and_not_delivered(
    sound: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database: str, number: int
) -> None:
    home = tmp_path / "home"
    installation = Installation(home, monkeypatch)
    shutil.rmtree(home)
    shutil.copytree(sound, home)
    hurt(home / database, random.Random(f"{SEED} {database} {number}"))
    try:
        error = installation.run(23).error
    except UserError as told:
        error = told
    assert error is None or error.exit_code == ExitCode.LOCAL_DISK
    ids = ids_on(installation.served)
    assert len(ids) == len(set(ids))
    assert not [archive for archive in verify([installation.served]).archives if archive.problems]
    expected = {f"{day}#{kind}{n}" for day in DAYS for n in range(PER_DAY) for kind in ("", "b")}
    assert set(ids) <= expected
    if error is None:
        assert set(ids) == expected


@pytest.fixture
def installation(sound: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Installation:
    found = Installation(tmp_path / "home", monkeypatch)
    shutil.rmtree(tmp_path / "home")
    shutil.copytree(sound, tmp_path / "home")
    return found


HOUR = "(SELECT hour FROM hours WHERE hour * 3600000 >= 1795219200000 LIMIT 1)"  # of 2026-11-21
BLOCK = "(SELECT first_seq FROM blocks WHERE first_ms >= 1795219200000 AND first_ms < 1795305600000 LIMIT 1)"
SINGLE = "(SELECT seq FROM events WHERE line IS NOT NULL AND created_ms BETWEEN 1795219200000 AND 1795305599999)"


@pytest.mark.parametrize(
    ("damage", "restored"),
    [
        (f"DELETE FROM blocks WHERE first_seq = {BLOCK}", None),
        (f"UPDATE blocks SET last_seq = last_seq - 1 WHERE first_seq = {BLOCK}", "last_seq = last_seq + 1"),
        (f"UPDATE hours SET events = events + 4 WHERE hour = {HOUR}", None),
        (f"UPDATE hours SET bytes = bytes - 1 WHERE hour = {HOUR}", None),
        (f"DELETE FROM hours WHERE hour = {HOUR}", None),
        (f"UPDATE events SET line = replace(line, '2', '3') WHERE seq = {SINGLE}", None),
        (f"UPDATE events SET line = 7 WHERE seq = {SINGLE}", None),
        (f"DELETE FROM events WHERE seq = {SINGLE}", None),
    ],
)  # fmt: skip
def test_what_is_known_twice_differs(installation: Installation, damage: str, restored: str | None) -> None:
    with open_store(installation.paths.store) as store:
        assert store.db.execute(damage).rowcount == 1
    for _ in range(2):
        result = installation.run(23)
        assert result.error is not None and result.error.exit_code == ExitCode.LOCAL_DISK
        assert {event.partition("#")[0] for event in ids_on(installation.served)} == {*DAYS} - {DAYS[2]}
    if restored:
        with open_store(installation.paths.store) as store:
            store.db.execute(f"UPDATE blocks SET {restored} WHERE first_seq = {BLOCK}")
        assert installation.run(23).error is None
        assert {event.partition("#")[0] for event in ids_on(installation.served)} == {*DAYS}


def test_of_a_lost_archive_less_is_not_delivered_instead(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as away:
        away.setattr(Delivery, "put", Mock(side_effect=LocalDiskError(Said("The server is away."))))
        assert installation.run(23).error is not None
    (waiting,) = installation.paths.outbox.iterdir()
    waiting.unlink()
    with open_store(installation.paths.store) as store:
        lost = "FROM events WHERE line IS NOT NULL AND created_ms BETWEEN 1795219200000 AND 1795305599999"
        rows = store.db.execute(f"SELECT * {lost}").fetchall()
        hours = store.db.execute("SELECT * FROM hours").fetchall()
        prune(store, Span(1795219200000, 1795305600000, upto_seq=rows[-1][0]))
    for _ in range(2):
        result = installation.run(23)
        assert result.error is not None and "are there" in result.error.message
        assert {event.partition("#")[0] for event in ids_on(installation.served)} == {*DAYS} - {DAYS[2]}
    with open_store(installation.paths.store) as store:
        store.db.executemany("INSERT OR IGNORE INTO events VALUES (?, ?, ?, ?, ?, ?)", rows)
        store.db.execute("DELETE FROM hours")
        store.db.executemany("INSERT INTO hours VALUES (?, ?, ?, ?)", hours)
    assert installation.run(23).error is None
    assert {event.partition("#")[0] for event in ids_on(installation.served)} == {*DAYS}
