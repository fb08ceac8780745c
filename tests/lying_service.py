"""An audit API that lies: a real HTTP server on loopback, for which a test draws what it does wrong, and when.

Events happen by a clock of its own, and appear late; pages shift while they are read. What it answers to the next
requests is in `lies`: each is told once, where it fits.
"""

import base64
import json
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.utils import format_datetime
from types import SimpleNamespace
from typing import Any, Literal, NamedTuple
from unittest.mock import patch

from desktop_app.resources import load_toml
from desktop_app.settings.rest_source import (
    PageStyle,
    RestAuth,
    RestLimits,
    RestPages,
    RestResume,
    RestSource,
    RestWindow,
)
from desktop_app.sources.rest import client
from desktop_app.stop import Stop
from desktop_app.trails.event import iso_time
from tests.http_service import Asked, Reply, serving

HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS
SECRET = "the-secret-of-the-lying-service"
_BEGINS_MS = 1_767_571_200_000  # 2026-01-05
_REQUEST_MS = 700
_TOKEN_PATH, _EVENTS_PATH = "/token", "/events"

Lie = Literal[
    "cut",  # the connection ends after some bytes
    "half",  # the JSON ends after some bytes
    "fails",  # 500
    "sign-in",  # a page for people
    "elsewhere",  # the next page is on another host
    "redirect",  # to another host
    "same-page",  # the page before, once more
    "overlap",  # the page begins a record early
    "token-ends",  # 401 until the token is fetched anew
    "forgotten",  # the cursor is no longer known
    "old-date",  # the clock in the answer is that of a cache
    "circle",  # the next page is one that was there
    "wait-seconds",
    "wait-date",
    "wait-reset",
    "wait-reset-ms",
    "wait-untold",
    "wait-503",
    "wait-403",
    "wait-long",  # longer than anybody has time
    "silent",  # no answer, and the connection stays open
    "headers",  # without end
    "trickle",  # the body byte by byte
    "stops",  # half of the body, and then nothing
    "half a head",  # and the connection is closed
]
# So short that a test can wait for them, and long enough for an answer where much else is going on.
PATIENCE = {"silent_seconds": 1.0, "answer_seconds": 1.5, "answer_pace": 1_000_000}


@dataclass(eq=False)
class Event:
    """`created_ms` is in the record; `arrived_ms` gives it its place in the sequence; it is seen from `seen_ms`
    on. Two of the same `name` are equal."""

    name: str
    created_ms: int
    arrived_ms: int
    seen_ms: int
    number: int
    edition: int = 1


@dataclass(frozen=True)
class Style:
    """How the service is asked: what it promises."""

    by: Literal["window", "position", "keyset"]
    pages: PageStyle
    size: int = 3
    newest_first: bool = False
    has_ids: bool = True
    last: Literal["", "missing", "empty-page", "short-page"] = ""
    has_token: bool = False
    inclusive: bool = False
    longest: str = ""
    tells_total: bool = False

    @property
    def is_counted(self) -> bool:
        """Whether a page is found by its number."""
        return self.pages in ("page", "offset")

    def source(self, url: str) -> RestSource:
        """The settings for it."""
        where = {
            "link-header": "",
            "header-url": "X-Next",
            "body-url": "next.url",
            "cursor": "next.cursor",
            "keyset": "id",
        }
        pages = RestPages(
            list="found.events",
            total="found.total" if self.tells_total else "",
            next=self.pages,
            path=where.get(self.pages, ""),
            param={"page": "page", "offset": "offset", "cursor": "cursor", "keyset": "after"}.get(self.pages, ""),
            size_param="size",
            size=self.size,
            last=self.last,
            order="" if self.newest_first else "oldest-first",
        )
        auth = RestAuth(type="oauth2", token_url=url + _TOKEN_PATH) if self.has_token else RestAuth(type="bearer")
        return RestSource(
            name="liar",
            client="me",
            url=url + _EVENTS_PATH,
            auth=auth,
            window=RestWindow(
                from_="since",
                to="until" if self.by == "window" else "",
                format="epoch-ms",
                first="30d",
                longest=self.longest,
            ),
            pages=pages,
            resume=RestResume(by=self.by),
            limits=RestLimits(also=(403,)),
            fields={"id": "id"} if self.has_ids else {},
        )


class _Place(NamedTuple):
    """Where a page begins: behind that time or arrival, and that many of the events of it."""

    key: int
    number: int


@dataclass
class LyingService:
    """`now_ms` is its clock; that of the computer that asks is off by `off_ms`."""

    style: Style
    off_ms: int = 0
    now_ms: int = _BEGINS_MS
    events: list[Event] = field(default_factory=list)
    lies: deque[tuple[Lie, int]] = field(default_factory=deque)
    told: list[Lie] = field(default_factory=list)
    _tokens: int = 0
    _is_refused: bool = False
    _before: list[Event] | None = None
    _places: list[str] = field(default_factory=list)

    def happens(self, created_ms: int, arrived_ms: int, seen_ms: int, is_twin: bool = False) -> None:
        """Something happens; a twin is equal to what happened before it."""
        number = len(self.events)
        if is_twin and self.events:
            last = self.events[-1]
            self.events.append(Event(last.name, last.created_ms, arrived_ms, seen_ms, number, last.edition))
        else:
            self.events.append(Event(f"e{number}", created_ms, arrived_ms, seen_ms, number))

    def seen(self) -> list[Event]:
        """What can be asked for now, in the order of arrival."""
        found = [each for each in self.events if each.seen_ms <= self.now_ms]
        return sorted(found, key=lambda each: (each.arrived_ms, each.number))

    def __call__(self, asked: Asked) -> Reply:
        self.now_ms += _REQUEST_MS
        reply = self._reply(asked)
        return reply if "Date" in reply.headers else _with(reply, Date=self._date(0))

    def _reply(self, asked: Asked) -> Reply:
        if asked.path == _TOKEN_PATH:
            self._tokens += 1
            self._is_refused = False
            return Reply(json.dumps({"access_token": f"t{self._tokens}", "expires_in": 3600}).encode())
        wanted = f"Bearer t{self._tokens}" if self.style.has_token else f"Bearer {SECRET}"
        if self._is_refused or asked.headers["Authorization"] != wanted:
            return Reply(b"{}", status=401)
        token = asked.params.get("cursor") or asked.params.get("after") or ""
        lie, amount = self._next_lie(token, asked)
        if lie:
            self.told.append(lie)
        if waits := self._wait(lie, amount):
            return waits
        match lie:
            case "fails":
                return Reply(b"{}", status=500)
            case "sign-in":
                return Reply(b"<html><body>Sign in</body></html>")
            case "redirect":
                return Reply(status=302, headers={"Location": "https://login.invalid/"})
            case "forgotten":
                return Reply(b'{"error": "unknown cursor"}', status=410)
            case "token-ends":
                self._is_refused = True
                return Reply(b"{}", status=401)
        return self._spoilt(lie, amount, self._page(asked, token, lie))

    def _next_lie(self, token: str, asked: Asked) -> tuple[Lie | None, int]:
        found = next((each for each in self.lies if self._fits(each[0], token, asked)), None)
        if found is None:
            return None, 0
        self.lies.remove(found)
        return found

    def _fits(self, lie: Lie, token: str, asked: Asked) -> bool:
        is_first = not token and asked.params.get("page", "1") == "1" and asked.params.get("offset", "0") == "0"
        match lie:
            case "token-ends":
                return self.style.has_token
            case "same-page":
                return not is_first and bool(self._before)
            case "overlap":
                return bool(token) and not self.style.is_counted and self.style.has_ids  # else nobody could tell
            case "forgotten":
                return bool(token)
            case "elsewhere":
                return self.style.pages in ("link-header", "header-url", "body-url")
            case "circle":
                return bool(token) and self.style.pages in ("link-header", "header-url", "body-url", "cursor")
        return True

    def _wait(self, lie: Lie | None, amount: int) -> Reply | None:
        seconds = 1 + amount % 50
        spent = {"X-RateLimit-Remaining": "0"}
        until_s = self.now_ms // 1000 + seconds
        match lie:
            case "wait-seconds":
                return Reply(status=429, headers={"Retry-After": str(seconds)})
            case "wait-date":
                return Reply(status=429, headers={"Retry-After": self._date(seconds * 1000)})
            case "wait-reset":
                return Reply(status=429, headers=spent | {"X-RateLimit-Reset": str(until_s)})
            case "wait-reset-ms":
                return Reply(status=429, headers=spent | {"X-Rate-Limit-Reset": str(until_s * 1000)})
            case "wait-untold":
                return Reply(status=429)
            case "wait-503":
                return Reply(status=503, headers={"Retry-After": str(seconds)})
            case "wait-403":
                return Reply(status=403, headers=spent | {"RateLimit-Reset": str(seconds)})
            case "wait-long":
                return Reply(status=429, headers={"Retry-After": "86400"})
        return None

    def _spoilt(self, lie: Lie | None, amount: int, reply: Reply) -> Reply:
        match lie:
            case "silent" | "headers" | "trickle" | "stops" | "half a head":
                return replace(reply, hangs=lie)
            case "cut":
                return replace(reply, cut_after=amount % len(reply.body))
            case "half":
                return replace(reply, body=reply.body[: 1 + amount % (len(reply.body) - 1)])
            case "old-date":
                return _with(reply, Date=self._date(-HOUR_MS * (1 + amount % 30)))
        return reply

    def _page(self, asked: Asked, token: str, lie: Lie | None) -> Reply:
        found = self._ordered(asked.params)
        total = len(found)
        behind = ""
        if self.style.is_counted:
            page, offset = int(asked.params.get("page", 1)) - 1, int(asked.params.get("offset", 0))
            start = page * self.style.size if self.style.pages == "page" else offset
        else:
            start = self._start(found, token)
            start -= lie == "overlap" and start > 0
        some = found[start : start + self.style.size]
        if lie == "same-page" and self._before:
            some = self._before
        if not self.style.is_counted and (start + len(some) < total or self.style.last == "empty-page"):
            behind = self._token_behind(some, token)
        if token and token not in self._places:
            self._places.append(token)
        if lie == "circle" and self._places:
            behind = self._places[-1]
        self._before = some
        return self._written(asked, some, total, behind, lie == "elsewhere")

    def _ordered(self, params: Mapping[str, str]) -> list[Event]:
        """All that is asked for, in the order of the pages."""
        found = self.seen()
        if self.style.by == "window":
            since, until = int(params["since"]), int(params["until"])
            found = [each for each in found if since <= each.created_ms <= until]
            return sorted(found, key=self._key, reverse=self.style.newest_first)
        if self.style.pages != "keyset" or "after" not in params:
            found = [each for each in found if each.created_ms >= int(params.get("since", 0))]
        return sorted(found, key=self._key)

    def _key(self, event: Event) -> _Place:
        time_ms = event.created_ms if self.style.by == "window" else event.arrived_ms
        return _Place(time_ms, event.number)

    def _start(self, found: list[Event], token: str) -> int:
        if not token:
            return 0
        if self.style.pages == "keyset":
            place = self._key(next(each for each in self.events if self._id(each) == token))
        else:
            place = _Place(*json.loads(base64.urlsafe_b64decode(token)))
        if self.style.newest_first:
            behind = [each for each in found if self._key(each) < place]
        elif self.style.inclusive and self.style.pages == "keyset":
            behind = [each for each in found if self._key(each) >= place]
        else:
            behind = [each for each in found if self._key(each) > place]
        return len(found) - len(behind)

    def _token_behind(self, some: list[Event], token: str) -> str:
        if not some:
            return token or base64.urlsafe_b64encode(b"[0, 0]").decode()
        return base64.urlsafe_b64encode(json.dumps(self._key(some[-1])).encode()).decode()

    def _written(self, asked: Asked, some: list[Event], total: int, behind: str, elsewhere: bool) -> Reply:
        document: dict[str, Any] = {"found": {"events": [self._record(each) for each in some], "total": total}}
        headers = {}
        if behind and self.style.pages in ("link-header", "header-url", "body-url"):
            kept = {key: value for key, value in asked.params.items() if key in ("since", "until")}
            query = "&".join(f"{key}={value}" for key, value in {**kept, "after": behind}.items())
            url = f"{'https://thief.invalid' if elsewhere else ''}{_EVENTS_PATH}?{query}"
            if self.style.pages == "body-url":
                document["next"] = {"url": url}
            elif self.style.pages == "header-url":
                headers["X-Next"] = url
            else:
                headers["Link"] = f'<{url}>; rel="next"'
        elif behind and self.style.pages == "cursor":
            document["next"] = {"cursor": behind}
        return Reply(json.dumps(document).encode(), headers=headers)

    def _record(self, event: Event) -> dict[str, Any]:
        record = {
            "createdAt": iso_time(event.created_ms),
            "entityType": "T",
            "entityName": event.name,
            "actionType": f"edition {event.edition}",
        }
        return record | ({"id": self._id(event)} if self.style.has_ids else {})

    def _id(self, event: Event) -> str:
        return f"id{event.number:06}"

    def _date(self, later_ms: int) -> str:
        return format_datetime(datetime.fromtimestamp((self.now_ms + later_ms) // 1000, UTC), usegmt=True)


def _with(reply: Reply, **headers: str) -> Reply:
    return replace(reply, headers={**reply.headers, **headers})


class Address:
    """Where one service after the other is."""

    def __init__(self) -> None:
        self.service: LyingService | None = None
        self.url = ""

    def __call__(self, asked: Asked) -> Reply:
        assert self.service is not None
        return self.service(asked)


@contextmanager
def lying() -> Iterator[Address]:
    """An address that is the same for all examples of a test; whoever waits or looks at the clock there goes by
    that of the service."""
    address = Address()

    def clock_ns() -> int:
        assert address.service is not None
        return (address.service.now_ms + address.service.off_ms) * 1_000_000

    def sleep(stop: Stop, seconds: float) -> None:
        assert address.service is not None
        stop.check()
        address.service.now_ms += int(seconds * 1000)

    with (
        serving(address) as url,
        patch.object(client, "time", SimpleNamespace(time_ns=clock_ns)),
        patch.object(Stop, "sleep", sleep),
        patch.dict(load_toml("limits"), PATIENCE),
    ):
        address.url = url
        yield address
