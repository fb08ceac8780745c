"""The journal of systemd as a source: the contract of all kinds, and what is its own, over real journals."""

import json
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

if sys.platform != "linux":
    pytest.skip("systemd is Linux's", allow_module_level=True)

from desktop_app.errors import UserError
from desktop_app.settings.model import JournalSource, SourceSettings
from desktop_app.settings.validation import source_problems
from desktop_app.sources import journal_reader
from desktop_app.sources.collect import collect
from desktop_app.sources.journal_reader import NotAllowed
from desktop_app.sources.record_shapes import mapped_as, recognise, record_shapes
from desktop_app.sources.sample import preview
from desktop_app.trails.store.store import Store, open_store
from tests.journals import BOOT, FIRST_US, write_journal
from tests.stored import lines_in
from tests.unit.sources.contract import Rig, collect_one
from tests.unit.sources.test_contract import *  # noqa: F403  the tests of the contract, over the rig here

pytestmark = pytest.mark.usefixtures("toy")


class Journals:
    """A folder of the journals of other computers; what is in a record becomes fields of the entries."""

    def __init__(self, folder: Path) -> None:
        fields: dict[str, str | tuple[str, ...]] = {
            key: key.upper() for key in ("createdAt", "entityType", "entityName", "actionType")
        }
        self.source: SourceSettings = JournalSource(name="s", folder=str(folder), matches="", fields=fields)
        self._folder = folder
        self._written: dict[str, int] = {}
        folder.mkdir()

    def write(self, part: str, records: list[bytes]) -> None:
        before = self._written.get(part, 0) if (self._folder / f"{part}.journal").exists() else 0
        entries = [{key.upper(): value for key, value in json.loads(each).items()} for each in records]
        new = entries[before:]
        if new:
            write_journal(self._folder / f"{part}.journal", new, FIRST_US + 1000 * before)
        self._written[part] = len(records)

    def remove(self, part: str) -> None:
        (self._folder / f"{part}.journal").unlink()

    def remove_all(self) -> None:
        shutil.rmtree(self._folder)


@pytest.fixture
def rig(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Rig:
    monkeypatch.setattr(journal_reader, "_BATCH_RECORDS", 3)
    return Journals(tmp_path / "place")


EVENT = {"CREATED": "2026-11-22T08:15:30Z", "TYPE": "T", "MESSAGE": "m", "ACTION": "A"}
FIELDS: dict[str, str | tuple[str, ...]] = {
    "createdAt": "CREATED",
    "entityType": "TYPE",
    "entityName": "MESSAGE",
    "actionType": "ACTION",
}
OLD_US = FIRST_US - 86_400_000_000 * 365  # long before now, whatever that is


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "journals").mkdir()
    return tmp_path / "journals"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path / "store" / "trails.db") as store:
        yield store


def source(folder: Path, matches: str = "", units: str = "") -> JournalSource:
    return JournalSource(name="j", folder=str(folder), matches=matches, units=units, fields=FIELDS)


def messages(store: Store) -> list[str]:
    return [json.loads(line)["entityName"] for line in lines_in(store)]


def entry(message: str, **fields: str) -> dict[str, str]:
    return {**EVENT, "MESSAGE": message, **fields}


def test_a_rotated_journal_goes_on(folder: Path, store: Store) -> None:
    write_journal(folder / "host.journal", [entry("1"), entry("2")])
    assert collect_one(source(folder), store).errors == []
    (folder / "host.journal").rename(folder / "host@0123-4567.journal")
    write_journal(folder / "host.journal", [entry("3")], FIRST_US + 5000)
    assert collect_one(source(folder), store).errors == []
    assert messages(store) == ["1", "2", "3"]


def test_what_is_lost_is_told_once_and_the_rest_goes_on(folder: Path, store: Store) -> None:
    write_journal(folder / "host.journal", [entry("1"), entry("2")])
    collect_one(source(folder), store)
    (folder / "host.journal").unlink()
    write_journal(folder / "host.journal", [entry("8"), entry("9")], FIRST_US + 9_000_000)
    (lost,) = collect_one(source(folder), store).sources
    assert lost.error and "no longer has" in lost.error.message and lost.read == 2
    assert [gap.what for gap in lost.gaps] == ["host"]
    assert collect_one(source(folder), store).errors == []
    assert messages(store) == ["1", "2", "8", "9"]


def test_a_journal_that_begins_in_the_past_is_read_from_its_beginning(folder: Path, store: Store) -> None:
    write_journal(folder / "host.journal", [entry("1")])
    collect_one(source(folder), store)
    (folder / "host.journal").unlink()
    write_journal(folder / "host.journal", [entry("0", _BOOT_ID=BOOT.replace("1", "3"))], OLD_US)
    assert len(collect_one(source(folder), store).errors) == 1
    assert collect_one(source(folder), store).errors == []
    assert messages(store) == ["1", "0"]


def test_matches_that_were_changed_are_no_loss(folder: Path, store: Store) -> None:
    write_journal(folder / "host.journal", [entry("1", A="x"), entry("2", A="y"), entry("3", A="y z")])
    collect_one(source(folder, "A=x"), store)
    for matches in ("A=y", "'A=y z' + A=y", ""):
        assert collect_one(source(folder, matches), store).errors == []
    assert messages(store) == ["1", "2", "3"]
    write_journal(folder / "host.journal", [entry("4", A="x"), entry("5", A="y z")], FIRST_US + 9000)
    collect_one(source(folder, "'A=y z' + A=y"), store)
    assert messages(store)[-1] == "5"


def test_an_old_entry_may_go_where_nothing_came_since(folder: Path, store: Store) -> None:
    write_journal(folder / "host.journal", [entry("1", A="x"), entry("2", A="y")])
    collect_one(source(folder, "A=x"), store)
    (folder / "host.journal").rename(folder / "host@01-02.journal")
    write_journal(folder / "host.journal", [entry("3", A="y")], FIRST_US + 9000)
    collect_one(source(folder, "A=x"), store)
    (folder / "host@01-02.journal").unlink()
    write_journal(folder / "host.journal", [entry("4", A="x")], FIRST_US + 20_000)
    assert collect_one(source(folder, "A=x"), store).errors == []
    assert messages(store) == ["1", "4"]
    assert collect_one(source(folder, "A=x"), store).sources[0].read == 0


def test_units(folder: Path, store: Store) -> None:
    units = ("ssh.service", "cron.service", "other.service")
    write_journal(folder / "host.journal", [entry(unit, _SYSTEMD_UNIT=unit) for unit in units])
    collect_one(source(folder, units="ssh, cron*"), store)
    assert messages(store) == ["ssh.service", "cron.service"]


def audit(serial: int, kind: str, **more: str) -> dict[str, str]:
    fields = {"_TRANSPORT": "audit", "_AUDIT_ID": str(serial), "_AUDIT_TYPE_NAME": kind}
    return entry(f"{kind} {serial}", **fields, **more)


MIXED = [
    audit(7, "SYSCALL"),
    audit(8, "SYSCALL"),
    entry("beside"),
    audit(7, "PATH"),
    audit(8, "CWD"),
    audit(7, "EOE"),
]


def joined(store: Store) -> dict[str, list[str]]:
    """The audit events, by the first record of each, with the kinds of the others."""
    events = map(json.loads, lines_in(store))
    return {
        each["entityName"]: [record["_AUDIT_TYPE_NAME"] for record in each.get("_AUDIT_RECORDS", [])]
        for each in events
    }


def test_records_of_one_audit_event_are_joined(folder: Path, store: Store) -> None:
    write_journal(folder / "host.journal", MIXED, OLD_US)
    assert collect_one(source(folder), store).sources[0].read == 3
    assert joined(store) == {"SYSCALL 7": ["PATH", "EOE"], "SYSCALL 8": ["CWD"], "beside": []}


@pytest.mark.parametrize("cut", range(len(MIXED) + 1))
def test_an_audit_event_amid_which_a_run_came_is_one(
    folder: Path, store: Store, cut: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    moment = OLD_US
    monkeypatch.setattr(journal_reader.time, "time_ns", lambda: (moment + 10_000) * 1000)
    write_journal(folder / "host.journal", MIXED[:cut], OLD_US)
    if cut:
        collect_one(source(folder), store)
    write_journal(folder / "host.journal", MIXED[cut:], OLD_US + 1000 * cut)
    collect_one(source(folder), store)
    moment += 3_000_000
    collect_one(source(folder), store)
    assert joined(store) == {"SYSCALL 7": ["PATH", "EOE"], "SYSCALL 8": ["CWD"], "beside": []}
    assert collect_one(source(folder), store).sources[0].read == 0


def test_the_same_serial_after_a_new_start_is_another_event(folder: Path, store: Store) -> None:
    again = audit(7, "SYSCALL", _BOOT_ID=BOOT.replace("1", "3"))
    write_journal(folder / "host.journal", [audit(7, "SYSCALL"), again], OLD_US)
    assert collect_one(source(folder), store).sources[0].read == 2


def test_a_shape_of_its_own(folder: Path, store: Store) -> None:
    write_journal(folder / "host.journal", [{"MESSAGE": "hi\x07", "_TRANSPORT": "syslog", "_UID": "0"}], OLD_US)
    bare = JournalSource(name="j", folder=str(folder), matches="")
    shape = recognise(bare)
    assert shape and shape.id == "journal"
    mapped = mapped_as(bare, next(each for each in record_shapes() if each.id == "journal"))
    (event,) = (json.loads(line) for line in preview(mapped, 9).events)
    assert (event["actionType"], event["entityType"], event["actor"]) == ("hi\x07", "syslog", "0")
    assert event["createdAt"].startswith("2025-11-29T01:29:42") and event["id"].startswith("s=")


@pytest.mark.parametrize(
    ("matches", "units", "field"),
    [
        ("--vacuum-size=1", "", "matches"),
        ("/usr/bin/x", "", "matches"),
        ("lower=1", "", "matches"),
        ("A='b", "", "matches"),
        ("", "--rotate", "units"),
        ("", "a b", "units"),
    ],
)
def test_what_journalctl_would_take_for_something_else(folder: Path, matches: str, units: str, field: str) -> None:
    (problem,) = source_problems((source(folder, matches, units),))
    assert problem.source_field == field


def test_a_user_who_may_not_read_it_is_told_the_group(
    tmp_path: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "0123").mkdir()
    (tmp_path / "0123" / "system.journal").touch()
    monkeypatch.setattr(journal_reader, "OWN_JOURNALS", (tmp_path,))
    monkeypatch.setattr(journal_reader, "_is_readable", lambda _: False)
    (told,) = collect([JournalSource(name="own")], store, lambda _: None).errors
    assert isinstance(told, NotAllowed) and "systemd-journal" in told.advice


def test_without_systemd_there_is_no_such_source(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    (told,) = collect([JournalSource(name="own")], store, lambda _: None).errors
    assert isinstance(told, UserError) and "no journal" in told.message


def test_a_damaged_journal_is_told(folder: Path, store: Store) -> None:
    (folder / "host.journal").write_bytes(b"LPKSHHRH" + bytes(5000))
    write_journal(folder / "other.journal", [entry("1")])
    (found,) = collect_one(source(folder), store).sources
    assert messages(store) == ["1"]
    assert found.error or found.gaps
