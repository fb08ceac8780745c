"""Services on the web: what is asked of them, in which order, and what becomes of bad answers."""

import gzip
import json
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs

from desktop_app.errors import ExitCode
from desktop_app.resources import load_toml
from desktop_app.settings.rest_source import RestAuth, RestLimits, RestPages, RestResume, RestSource, RestWindow
from desktop_app.sources.collect import collect
from desktop_app.sources.collected import CollectedSource
from desktop_app.sources.rest import connection, waiting
from desktop_app.sources.rest.checks import rest_problems
from desktop_app.stop import Stop
from desktop_app.trails.store.store import Store, open_store
from tests.http_service import Answering, Asked, Reply, serving
from tests.stored import lines_in

NOW = datetime.now(UTC).replace(microsecond=0)
TOKEN = "t0p-s3cret-token"
Serve = Callable[[Answering], str]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path / "trails.db") as opened:
        yield opened


@pytest.fixture
def serve() -> Iterator[Serve]:
    from contextlib import ExitStack

    with ExitStack() as stack:
        yield lambda answering: stack.enter_context(serving(answering))


@pytest.fixture(autouse=True)
def now() -> None:
    """Times are told from the beginning of each test: since this file was read, others may have taken an hour."""
    global NOW
    NOW = datetime.now(UTC).replace(microsecond=0)


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds that were to be waited, which nobody does."""
    waited: list[float] = []
    monkeypatch.setattr(waiting.Stop, "sleep", lambda _self, seconds: waited.append(seconds))
    return waited


def at(ago: timedelta) -> str:
    return (NOW - ago).isoformat().replace("+00:00", "Z")


def event(name: str, ago: timedelta = timedelta(hours=1), **others: str) -> bytes:
    values = {"createdAt": at(ago), "entityType": "T", "entityName": name, "actionType": "A", "id": name}
    return json.dumps(values | others).encode()


def listed(*records: bytes) -> bytes:
    return b"[" + b",".join(records) + b"]"


def by_window(url: str) -> RestSource:
    return RestSource(
        name="s",
        url=url + "/events",
        window=RestWindow(from_="since", to="until", kept="30d", longest="30d"),
        pages=RestPages(next="link-header"),
        fields={"id": "id"},
    )


def collected(source: RestSource, store: Store) -> CollectedSource:
    (one,) = collect([source], store, lambda _: None, Stop(), lambda _: TOKEN).sources
    return one


def names(store: Store) -> list[str]:
    return sorted(json.loads(line)["entityName"] for line in lines_in(store))


def test_the_next_window_begins_before_the_end_of_the_last_one(serve: Serve, store: Store) -> None:
    windows: list[tuple[str, str]] = []
    late: list[bytes] = []

    def answer(asked: Asked) -> Reply:
        windows.append((asked.params["since"], asked.params["until"]))
        return Reply(listed(event("a"), *late))

    source = by_window(serve(answer))
    assert collected(source, store).error is None
    late.append(event("late", timedelta(hours=20)))
    again = collected(source, store)
    assert (again.read, again.appended.stored, again.appended.repeated) == (2, 1, 1)
    assert names(store) == ["a", "late"]
    assert windows[0][0] < at(timedelta(days=29)) and windows[-1][0] < at(timedelta(hours=20))
    assert datetime.fromisoformat(windows[-1][1]) <= datetime.now(UTC) - timedelta(minutes=1)


def test_a_next_page_on_another_host_is_not_asked_for(serve: Serve, store: Store) -> None:
    stolen: list[str] = []

    def thief(asked: Asked) -> Reply:
        stolen.append(asked.headers.get("Authorization", ""))
        return Reply(b"[]")

    where = serve(thief)
    source = by_window(serve(lambda _: Reply(listed(event("a")), headers={"Link": f'<{where}/x>; rel="next"'})))
    source = structs.replace(source, auth=RestAuth(type="bearer"))
    result = collected(source, store)
    assert result.error is not None and result.error.exit_code is ExitCode.PROTOCOL
    assert stolen == [] and names(store) == ["a"]


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "7"}, 7),
        ({"Retry-After": "Wed, 21 Oct 2026 07:28:30 GMT", "Date": "Wed, 21 Oct 2026 07:28:00 GMT"}, 30),
        ({"X-Rate-Limit-Reset": "1792567690", "Date": "Wed, 21 Oct 2026 07:28:00 GMT"}, 10),
        ({"X-Rate-Limit-Reset": "1792567690000", "Date": "Wed, 21 Oct 2026 07:28:00 GMT"}, 10),
        ({"RateLimit-Reset": "12"}, 12),
        ({}, 30),
    ],
)
@pytest.mark.parametrize("status", [429, 403, 503])
def test_a_service_that_is_busy_is_waited_for(
    status: int, headers: dict[str, str], seconds: float, serve: Serve, store: Store, waits: list[float]
) -> None:
    answers = [Reply(status=status, headers=headers | {"X-RateLimit-Remaining": "0"})]
    source = by_window(serve(lambda _: answers.pop() if answers else Reply(listed(event("a")))))
    assert collected(structs.replace(source, limits=RestLimits(also=(403,))), store).error is None
    assert names(store) == ["a"] and waits[0] == pytest.approx(seconds, abs=2)


def test_what_came_before_a_wait_that_is_too_long_is_kept(serve: Serve, store: Store, waits: list[float]) -> None:
    busy = [True]

    def answer(asked: Asked) -> Reply:
        if "page" not in asked.params:
            return Reply(listed(event("a")), headers={"Link": '</events?page=2>; rel="next"'})
        return Reply(status=429, headers={"Retry-After": "86400"}) if busy else Reply(listed(event("b")))

    source = by_window(serve(answer))
    result = collected(source, store)
    assert result.error is not None and result.error.exit_code is ExitCode.TRY_LATER
    assert names(store) == ["a"] and waits == []
    busy.clear()
    assert collected(source, store).error is None
    assert names(store) == ["a", "b"]


@pytest.mark.parametrize(
    "bad",
    [
        Reply(listed(event("x")), cut_after=9),
        Reply(b'[{"a": 1'),
        Reply(b"<html>Sign in</html>"),
        Reply(b'{"events": []}'),
        Reply(status=500),
        Reply(status=302, headers={"Location": "https://login.example.com/"}),
    ],
)
def test_of_a_bad_answer_nothing_is_believed(bad: Reply, serve: Serve, store: Store, waits: list[float]) -> None:
    answers = [bad] * 4
    source = by_window(serve(lambda _: answers.pop() if answers else Reply(listed(event("a")))))
    assert collected(source, store).error is not None
    answers.clear()
    assert names(store) == []
    assert collected(source, store).error is None
    assert names(store) == ["a"]


def test_the_same_page_twice_is_no_end(serve: Serve, store: Store) -> None:
    source = by_window(
        serve(lambda asked: Reply(listed(event("a")), headers={"Link": f'<{asked.path}?x=1>; rel="next"'}))
    )
    result = collected(source, store)
    assert result.error is not None and "same page" in result.error.message


def test_a_secret_that_is_refused_is_told_and_shown_nowhere(
    serve: Serve, store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    source = by_window(serve(lambda asked: Reply(f"bad {asked.headers['Authorization']}".encode(), status=401)))
    result = collected(structs.replace(source, auth=RestAuth(type="bearer")), store)
    assert result.error is not None and result.error.exit_code is ExitCode.NO_PERMISSION
    told = "".join(
        map(str, (result.error.message, result.error.__context__, result.gaps, result.asked, caplog.text))
    )
    assert TOKEN not in told and "bad" in told


def test_events_that_are_gone_are_told_once(serve: Serve, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    source = by_window(serve(lambda _: Reply(listed(event("a")))))
    collected(source, store)
    place = store.db.execute("SELECT value FROM places WHERE key LIKE 'read:%'").fetchone()[0]
    known = json.loads(place) | {"upto_ms": int((NOW - timedelta(days=40)).timestamp() * 1000)}
    changed = json.dumps(known).encode()
    store.db.execute("UPDATE places SET value = ? WHERE key LIKE 'read:%'", (changed,))
    told = collected(source, store)
    assert told.error is not None and "are gone" in told.error.message and len(told.gaps) == 1
    assert collected(source, store).error is None


def test_records_without_an_id_are_as_many_as_there_are(serve: Serve, store: Store) -> None:
    one, other = event("n"), event("n", actor="x")
    plain = [
        json.dumps({k: v for k, v in json.loads(each).items() if k != "id"}).encode() for each in (one, other)
    ]
    turned = json.dumps(dict(reversed(json.loads(plain[0]).items()))).encode()
    answers = [listed(plain[0], plain[0], plain[1]), listed(plain[1], turned, plain[0])]
    source = structs.replace(by_window(serve(lambda _: Reply(answers[0]))), fields={})
    collected(source, store)
    answers.pop(0)
    again = collected(source, store)
    assert (again.read, again.appended.repeated) == (3, 3)
    assert names(store) == ["n", "n", "n"]


def test_pages_that_are_counted_are_read_until_they_stay(serve: Serve, store: Store) -> None:
    """Newest first: an event that comes meanwhile shifts all others to the next page."""
    records = [event(f"{number}", timedelta(minutes=number + 5)) for number in range(7)]
    shift = [True]

    def answer(asked: Asked) -> Reply:
        page = int(asked.params["page"]) - 1
        reply = Reply(listed(*records[3 * page : 3 * page + 3]))
        if page == 1 and shift:
            shift.clear()
            del records[0]
        return reply

    source = structs.replace(by_window(serve(answer)), pages=RestPages(next="page", param="page"))
    assert collected(source, store).error is None
    assert {str(number) for number in range(1, 7)} <= set(names(store))


def test_a_token_that_ends_is_fetched_anew(serve: Serve, store: Store) -> None:
    asked_for: list[bytes] = []

    def answer(asked: Asked) -> Reply:
        if asked.path == "/token":
            asked_for.append(asked.body)
            return Reply(json.dumps({"access_token": f"t{len(asked_for)}", "expires_in": 3600}).encode())
        if asked.headers["Authorization"] != "Bearer t2":
            return Reply(status=401)
        return Reply(listed(event("a")))

    url = serve(answer)
    source = structs.replace(
        by_window(url), client="me", auth=RestAuth(type="oauth2", token_url=url + "/token", scope="audit")
    )
    assert collected(source, store).error is None
    assert names(store) == ["a"] and b"client_secret=" + TOKEN.encode() in asked_for[0] and len(asked_for) == 2


def test_a_token_that_the_service_repeats_is_not_shown(serve: Serve, store: Store) -> None:
    """Nor without the word before it, as services quote it."""

    def answer(asked: Asked) -> Reply:
        if asked.path == "/token":
            return Reply(json.dumps({"access_token": "f3tched-token", "expires_in": 3600}).encode())
        return Reply(b'{"message": "f3tched-token may not read the audit log"}', status=400)

    url = serve(answer)
    source = structs.replace(by_window(url), client="me", auth=RestAuth(type="oauth2", token_url=url + "/token"))
    error = collected(source, store).error
    assert error is not None
    assert "may not read the audit log" in error.message and "f3tched" not in f"{error.message}{error.hint}"


@pytest.mark.parametrize(
    ("fields", "path", "wrong"),
    [({}, "id", "fields.id"), ({"id": "id"}, "createdAt", "pages.path"), ({"id": "id"}, "id", "")],
)
def test_who_goes_on_from_a_key_needs_one_that_grows(fields: dict[str, str], path: str, wrong: str) -> None:
    source = structs.replace(
        by_window("https://service.example.com"),
        pages=RestPages(next="keyset", path=path, param="after"),
        resume=RestResume(by="keyset"),
        fields=fields,
    )
    assert [each.field for each in rest_problems(source)] == ([wrong] if wrong else [])


def test_the_number_of_a_page_is_no_position() -> None:
    source = structs.replace(
        by_window("https://service.example.com"),
        pages=RestPages(next="page", param="page"),
        resume=RestResume(by="position"),
    )
    assert [each.field for each in rest_problems(source)] == ["resume.by"]


def test_a_link_to_another_host_does_not_hold_up_the_next_collection(serve: Serve, store: Store) -> None:
    links = ["https://thief.invalid/x", "/events?page=2"]

    def answer(asked: Asked) -> Reply:
        if "page" in asked.params:
            return Reply(listed(event("b")))
        return Reply(listed(event("a")), headers={"Link": f'<{links.pop(0)}>; rel="next"'})

    source = by_window(serve(answer))
    assert collected(source, store).error is not None
    assert collected(source, store).error is None
    assert names(store) == ["a", "b"]


def test_what_has_not_settled_is_read_again_with_what_came_before_it(serve: Serve, store: Store) -> None:
    soon = datetime.now(UTC).isoformat()
    records = [event("1"), event("3", createdAt=soon)]

    def answer(asked: Asked) -> Reply:
        after = asked.params.get("after", "0")
        return Reply(listed(*(each for each in sorted(records) if json.loads(each)["id"] > after)))

    source = structs.replace(
        by_window(serve(answer)),
        pages=RestPages(next="keyset", path="id", param="after"),
        resume=RestResume(by="keyset"),
    )
    assert collected(source, store).error is None
    records.append(event("2", createdAt=soon))
    assert collected(source, store).error is None
    assert names(store) == ["1", "2", "3"]


def test_how_late_events_come_is_measured(serve: Serve, store: Store) -> None:
    records = [event("a")]
    source = by_window(serve(lambda _: Reply(listed(*records))))
    first = collected(source, store)
    assert (first.pages, first.total, first.late_ms) == (1, None, 0)
    records.append(event("late", timedelta(hours=20)))
    second = collected(source, store)
    assert second.late_ms == pytest.approx(20 * 3_600_000, abs=300_000)
    assert list(second.warnings()) == []
    records.append(event("later", timedelta(days=5)))
    place = json.loads(store.db.execute("SELECT value FROM places WHERE key LIKE 'read:%'").fetchone()[0])
    store.db.execute("UPDATE places SET value = ?", (json.dumps(place | {"swept_ms": 0}).encode(),))
    (told,) = collected(source, store).warnings()
    assert re.search("at least 1(19|20) hours late", told) and "24 hours back" in told
    assert collected(source, store).late_ms == 0


def test_a_service_that_has_more_than_came_is_no_complete_source(serve: Serve, store: Store) -> None:
    totals = [3, 2]

    def answer(asked: Asked) -> Reply:
        if "page" in asked.params:
            return Reply(b'{"events": [%b], "total": %d}' % (event("b"), totals.pop(0)))
        page = b'{"events": [%b], "total": 2}' % event("a")
        return Reply(page, headers={"Link": '</events?page=2>; rel="next"'})

    source = by_window(serve(answer))
    source = structs.replace(source, pages=RestPages(next="link-header", list="events", total="total"))
    fewer = collected(source, store)
    assert (fewer.pages, fewer.total) == (2, 3)
    assert [str(gap.reason) for gap in fewer.gaps] == ["the service says that it has 3 records, 2 came"]
    assert collected(source, store).gaps == []


@pytest.mark.parametrize("is_packed", [False, True])
def test_an_answer_that_is_too_large_is_told(
    is_packed: bool, serve: Serve, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    large = listed(event("a", more="x" * 5_000_000))
    reply = Reply(gzip.compress(large), headers={"Content-Encoding": "gzip"}) if is_packed else Reply(large)
    limits = {**load_toml("limits"), "answer_bytes": 1_000_000}
    source = by_window(serve(lambda _: reply))
    monkeypatch.setattr(connection, "load_toml", lambda _: limits)
    result = collected(source, store)
    assert result.error is not None and "more than 1000000 bytes" in result.error.message
    assert "pages.size" in str(result.error.hint) and result.read == 0
    limits["answer_bytes"] = len(large)
    assert collected(source, store).error is None
    assert names(store) == ["a"]


@pytest.mark.parametrize(
    ("hangs", "told"),
    [
        ("silent", "it does not answer"),
        ("headers", "it does not answer"),
        ("trickle", "answers too slowly"),
        ("stops", "it does not answer"),
        ("half a head", "a piece of it is missing"),
    ],
)
def test_an_answer_without_end_ends(
    hangs: Any, told: str, serve: Serve, store: Store, waits: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the limits; what came before it is kept, and asked for no more."""
    for key, seconds in (("silent_seconds", 0.2), ("answer_seconds", 0.4), ("answer_pace", 10**6)):
        monkeypatch.setitem(load_toml("limits"), key, seconds)
    is_well = False

    def answer(asked: Asked) -> Reply:
        if asked.params.get("after") != "1":
            return Reply(listed(event("first")), headers={"Link": '</events?after=1>; rel="next"'})
        return Reply(listed(event("second")), hangs="" if is_well else hangs)

    source = by_window(serve(answer))
    found = collected(source, store)
    assert found.error and told in found.error.message and found.error.exit_code == ExitCode.UNREACHABLE
    assert found.error.may_pass and len(waits) == 3  # it was tried four times
    assert (names(store), len(found.gaps)) == (["first"], 1)
    is_well = True
    assert collected(source, store).error is None and names(store) == ["first", "second"]


def test_a_service_that_is_asked_without_an_end_is_asked_once_for_all(serve: Serve, store: Store) -> None:
    """Each piece of the window would bring all that came since it began."""
    asked_for: list[dict[str, str]] = []

    def answer(asked: Asked) -> Reply:
        asked_for.append(asked.params)
        return Reply(listed(event("a"), event("b", timedelta(days=80))))

    source = structs.replace(by_window(serve(answer)), window=RestWindow(from_="since", kept="90d", longest="30d"))
    assert collected(source, store).error is None
    (once,) = asked_for
    assert once["since"] < at(timedelta(days=89)) and names(store) == ["a", "b"]


def test_a_position_that_the_service_no_longer_knows_is_asked_for_once(serve: Serve, store: Store) -> None:
    """Also where what came instead has not settled, and is asked for again the next time."""
    cursors: list[str] = []
    behind = ["first"]
    records = [event("a")]

    def answer(asked: Asked) -> Reply:
        cursors.append(cursor := asked.params.get("cursor", ""))
        if cursor not in ("", *behind):
            return Reply(b"{}", status=400)
        page = {"events": [] if cursor else [json.loads(each) for each in records], "next": behind[0]}
        return Reply(json.dumps(page).encode())

    source = structs.replace(
        by_window(serve(answer)),
        pages=RestPages(next="cursor", path="next", param="cursor", list="events", last="empty-page"),
        resume=RestResume(by="position", settle="10m"),
    )
    assert collected(source, store).error is None
    behind[0] = "second"
    records.append(event("soon", timedelta(seconds=1)))
    assert collected(source, store).error is None
    assert names(store) == ["a", "soon"] and (refused := cursors.count("first")) >= 1
    assert collected(source, store).error is None
    assert cursors.count("first") == refused
