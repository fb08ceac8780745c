"""Collecting from a service on loopback into the store, beside `curl` that keeps the same pages in a file."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec

from desktop_app.memory import leave_all_at_exit, reuse_large_pieces
from desktop_app.settings.rest_source import RestAuth, RestPages, RestSource, RestWindow
from desktop_app.sources.collect import collect
from desktop_app.trails.store.store import open_store
from tests.benchmarks.measuring import Row, Spent, best, run, tell
from tests.http_service import Asked, Reply, serving

PAGE = 1000
EVENTS_TARGET = 20_000


def measure_service(folder: Path, count: int, rounds: int) -> None:
    """Events a second, and memory: of a tenth of them, and of all."""
    count -= count % PAGE
    pages = count // PAGE
    with served(count) as url:
        store, file = folder / "collected" / "trails.db", folder / "pages.json"

        def ours(first: int = 0) -> Spent:
            for left in store.parent.glob("*"):
                left.unlink()
            store.parent.mkdir(exist_ok=True)
            return run([sys.executable, "-m", __name__, "collect", f"{url}?first={first}", str(store)])

        def peer() -> Spent:
            return run(["curl", "-s", "-o", str(file), f"{url}?page=[0-{pages - 1}]"])

        small = ours(pages - pages // 10)
        mine, other = best(rounds, ours, peer)
    rate = count / mine.seconds
    busy = f"{count / mine.cpu_seconds:,.0f} a second of processor time"
    reached = f"{rate:,.0f} events/s ({busy}), {other.seconds / mine.seconds:.2f} x"
    ok = rate >= EVENTS_TARGET
    tell(Row(f"{count:,} events of a service: curl", reached, f"{EVENTS_TARGET:,} events/s", ok))
    tell(Row(f"memory for {count // 10:,} to {count:,} of them", f"{small.megabytes} to {mine.megabytes} MB"))


@contextmanager
def served(count: int) -> Iterator[str]:
    """The address of a service with so many events, a process of its own."""
    command = [sys.executable, "-m", __name__, "serve", str(count)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        try:
            yield process.stdout.readline().strip()
        finally:
            process.terminate()


def serve(count: str) -> None:
    """Pages of events, each a second after the other, until standard input ends."""
    pages = int(count) // PAGE
    begin = datetime.now(UTC) - timedelta(seconds=int(count) + 3600)

    def event(number: int) -> bytes:
        at = (begin + timedelta(seconds=number)).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        return msgspec.json.encode(
            {
                "published": at,
                "uuid": f"{number:032x}",
                "actor": {"id": f"user{number % 1000}", "type": "User"},
                "eventType": "update",
                "target": {"name": f"object{number % 5000}"},
                "debug": {"from": number, "to": number + 1, "why": "x" * 150},
            }
        )

    def answer(asked: Asked) -> Reply:
        page = int(asked.params.get("page", asked.params.get("first", 0)))
        body = b"[%b]" % b",".join(map(event, range(page * PAGE, (page + 1) * PAGE)))
        following = f'<{asked.path}?page={page + 1}>; rel="next"'
        return Reply(body, headers={"Link": following} if page + 1 < pages else {})

    with serving(answer) as url:
        sys.stdout.write(f"{url}/events\n")
        sys.stdout.flush()
        sys.stdin.read()


def collected(url: str, store: str) -> None:
    """Our reading of it, alone."""
    reuse_large_pieces()
    leave_all_at_exit()
    source = RestSource(
        name="log",
        url=url,
        auth=RestAuth(type="bearer"),
        window=RestWindow(from_="since", to="until", first="29d"),
        pages=RestPages(next="link-header"),
        fields={
            "createdAt": "published",
            "id": "uuid",
            "entityType": "actor.type",
            "entityName": "target.name",
            "actionType": "eventType",
        },
    )
    with open_store(Path(store)) as opened:
        (one,) = collect([source], opened, lambda _: None, None, lambda _: "token").sources
    if one.error:
        raise one.error
    assert one.appended.stored and not one.set_aside


if __name__ == "__main__":
    {"serve": serve, "collect": collected}[sys.argv[1]](*sys.argv[2:])
