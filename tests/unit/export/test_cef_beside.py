"""Two processes make the CEF that one makes, and this one makes all of it where the other does not."""

import json
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import psutil
import pytest
from msgspec import structs

from desktop_app import other_process
from desktop_app.export import cef_beside
from desktop_app.export.build import DayFile, chunks_here
from desktop_app.export.cef_beside import chunks_maker
from desktop_app.export.days import Day
from desktop_app.export.due import DueDay
from desktop_app.other_process import OtherProcess
from desktop_app.settings.model import CefSettings, ExportSettings
from desktop_app.trails.event import parse_event
from desktop_app.trails.store.hours import count
from desktop_app.trails.store.span import Span
from desktop_app.trails.store.store import Store, StoreDamaged
from desktop_app.trails.store.timeline import PackedBatch, packed_batches
from tests.servers import wait_until

BEGIN = 1_790_000_000_000 // 86_400_000 * 86_400_000
BLOCKS = 30


def line(number: int) -> bytes:
    event = {
        "id": f"event-{number}",
        "createdAt": BEGIN + 1000 * number,
        "entityType": "Policy",
        "entityName": f"a=b|{number % 7}",
        "actionType": "Update",
        "actor": {"user": "zoë\\", "session": number},
        "after": "x" * (4000 if number % 50 == 0 else number % 900),
    }
    return json.dumps(event).encode()


@pytest.fixture
def file(store: Store) -> DayFile:
    """A day of many blocks, with single events between and amid them."""
    for first in range(0, 100 * BLOCKS, 100):
        store.append(map(parse_event, map(line, range(first, first + 100))))
        if first % 700 == 0:
            store.append([parse_event(line(first + 50).replace(b"event-", b"late-"))])
    span = Span(BEGIN, BEGIN + 86_400_000, 0, store.last_seq())
    found = [isinstance(each, PackedBatch) for each in packed_batches(store, span)]
    assert found.count(True) > BLOCKS // 2 and False in found
    day = Day(date(2026, 9, 21), BEGIN, BEGIN + 86_400_000)
    due = DueDay(day, *count(store, span), store.last_seq(), (span,))
    return DayFile(
        due, ExportSettings(format="cef", instance="ws", timezone="UTC"), CefSettings(version=0), 1, BEGIN
    )


@pytest.fixture
def always(monkeypatch: pytest.MonkeyPatch) -> None:
    """However short the day is, and on whatever computer."""
    monkeypatch.setattr(cef_beside, "_LONG", 0)
    monkeypatch.setattr(cef_beside, "processors", lambda: 2)


@pytest.fixture
def patiently(monkeypatch: pytest.MonkeyPatch) -> None:
    """The other process is waited for: it gets every block."""
    monkeypatch.setattr(other_process, "_is_readable", lambda _: True)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """What the other process is asked for."""
    ask, asked = OtherProcess.ask, list[bytes]()

    def asking(other: OtherProcess, question: bytes) -> bool:
        asked.append(question)
        return ask(other, question)

    monkeypatch.setattr(OtherProcess, "ask", asking)
    return asked


def alone(store: Store, file: DayFile) -> bytes:
    return b"".join(chunk.text for chunk in chunks_here(store, file, packed_batches(store, file.due.spans[0])))


def made(store: Store, file: DayFile) -> bytes:
    with chunks_maker(store, file) as chunks_of:
        events = packed_batches(store, file.due.spans[0])
        return b"".join(chunk.text for chunk in chunks_of(store, file, events))


def others() -> list[psutil.Process]:
    return psutil.Process().children()


@pytest.mark.usefixtures("always", "patiently")
def test_the_other_process_makes_the_same_bytes(store: Store, file: DayFile, asked: list[bytes]) -> None:
    before = others()
    assert made(store, file) == alone(store, file)
    blocks = [each for each in packed_batches(store, file.due.spans[0]) if isinstance(each, PackedBatch)]
    assert asked[1:] == [b"%d" % block.first[1] for block in blocks]
    assert others() == before


@pytest.mark.usefixtures("always")
def test_both_share_the_work(store: Store, file: DayFile) -> None:
    """Whoever has time: this one goes on, whatever the other does."""
    assert made(store, file) == alone(store, file)


@pytest.mark.usefixtures("always", "patiently")
@pytest.mark.parametrize("after", [0, 1, 7])
@pytest.mark.parametrize("deed", [psutil.Process.kill, psutil.Process.suspend])
def test_this_one_does_what_a_killed_or_stopped_one_leaves(
    store: Store,
    file: DayFile,
    monkeypatch: pytest.MonkeyPatch,
    after: int,
    deed: Callable[[psutil.Process], None],
) -> None:
    start, ask = cef_beside.start_other, OtherProcess.ask
    killed: list[subprocess.Popen[bytes]] = []
    questions = 0

    def starting(command: str) -> OtherProcess | None:
        other = start(command)
        assert other
        killed.append(other._process)
        return other

    def asking(other: OtherProcess, question: bytes) -> bool:
        nonlocal questions
        if questions == after:
            deed(psutil.Process(killed[0].pid))
            monkeypatch.setattr(other_process, "_LONGEST", 1)  # it had been started by then
        questions += 1
        return ask(other, question)

    monkeypatch.setattr(cef_beside, "start_other", starting)
    monkeypatch.setattr(OtherProcess, "ask", asking)
    assert made(store, file) == alone(store, file)
    assert killed[0].poll() not in (None, 0) and questions > after


@pytest.mark.usefixtures("always", "patiently")
def test_one_of_another_version_is_not_asked(
    store: Store, file: DayFile, asked: list[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cef_beside, "_VERSION", b"0.0.0")
    assert made(store, file) == alone(store, file)
    assert len(asked) == 1


@pytest.mark.usefixtures("always")
def test_where_no_process_can_be_had_this_one_does_all(
    store: Store, file: DayFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object, **__: object) -> None:
        raise OSError("no more processes")

    monkeypatch.setattr(subprocess, "Popen", refused)
    assert made(store, file) == alone(store, file)


@pytest.mark.parametrize(
    ("bytes_", "format_", "count"), [(1, "cef", 2), (1 << 27, "json", 2), (1 << 27, "cef", 1)]
)
def test_none_is_started_where_it_would_not_help(
    store: Store, file: DayFile, monkeypatch: pytest.MonkeyPatch, bytes_: int, format_: str, count: int
) -> None:
    def starting(_: str) -> None:
        raise AssertionError("a process was started")

    monkeypatch.setattr(cef_beside, "processors", lambda: count)
    monkeypatch.setattr(cef_beside, "start_other", starting)
    due = structs.replace(file.due, bytes=bytes_)
    export = structs.replace(file.export, format=format_)
    with chunks_maker(store, structs.replace(file, due=due, export=export)) as chunks_of:
        assert chunks_of is chunks_here


@pytest.mark.usefixtures("always", "patiently")
def test_a_damaged_block_is_told_as_by_one_process(store: Store, file: DayFile) -> None:
    before = others()
    store.db.execute(
        "UPDATE blocks SET deflated = zeroblob(9) WHERE first_seq = (SELECT max(first_seq) FROM blocks)"
    )
    with pytest.raises(StoreDamaged, match="a block of events is damaged"):
        made(store, file)
    assert others() == before


_ASKS = """
import sys
from desktop_app.other_process import start_other
with start_other("format") as other:
    other.ask(sys.argv[1].encode())
    for first_seq in sys.argv[2:]:
        other.ask(first_seq.encode())
    print(other._process.pid, flush=True)
    sys.stdin.read()
"""


@pytest.mark.parametrize("how_often", [0, 60])
def test_it_does_not_outlive_the_one_that_asks(store: Store, file: DayFile, how_often: int) -> None:
    """Whether it waits for a question, or for somebody to take its answer."""
    task = cef_beside._encode(cef_beside._Task(str(store.path), file.cef)).decode()
    first = next(each for each in packed_batches(store, file.due.spans[0]) if isinstance(each, PackedBatch))
    asks = subprocess.Popen(
        [sys.executable, "-c", _ASKS, task, *[str(first.first[1])] * how_often],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=Path(cef_beside.__file__).parents[2],
    )
    with asks:
        assert asks.stdout
        other = psutil.Process(int(asks.stdout.readline()))
        asks.kill()
    wait_until(lambda: not other.is_running() or other.status() == psutil.STATUS_ZOMBIE, "the end of the other")
