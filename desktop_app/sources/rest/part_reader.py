"""Reads one part of a service, by the service's own position or by windows of time.

What comes late is read again: a window begins `again` before the end of the last one. The position never moves
past what was stored, nor past now by the service's own clock.
"""

import logging
from collections.abc import Callable, Iterator

from msgspec import structs

from desktop_app.settings.duration import duration_ms
from desktop_app.settings.rest_source import COUNTED, RestSource
from desktop_app.sources.kind import Coverage, Gap, Places, Record, Step
from desktop_app.sources.rest.client import Client
from desktop_app.sources.rest.errors import EventsGone, NotUnderstood
from desktop_app.sources.rest.known import Known, known_of, remembered, without_window
from desktop_app.sources.rest.pages import Question
from desktop_app.sources.rest.pages_reader import PagesReader, ReadPage
from desktop_app.sources.rest.windows import Window, pieces
from desktop_app.stop import Stop
from desktop_app.trails.event import iso_time
from desktop_app.wording import Said

_LOG = logging.getLogger(__name__)
_SETTLE, _AGAIN, _SWEEP, _FIRST = "2m", "24h", "7d", "90d"
_SHORTEST_MS = 60_000  # a window is not worth a request of its own that is shorter, right behind another
_MINUTE_MS = 60_000
_DAY_MS = 86_400_000  # what is further ahead is no time that is believed


class PartReader:
    """Of one collection."""

    def __init__(self, source: RestSource, client: Client, part: str, stop: Stop) -> None:
        self._source, self._client, self._part = source, client, part
        self._pages = PagesReader(source, client, part, stop)
        window, resume = source.window, source.resume
        self._settle_ms = duration_ms(resume.settle or _SETTLE)
        self._again_ms = duration_ms(resume.again or _AGAIN)
        self._sweep_ms = duration_ms(resume.sweep or _SWEEP)
        self._kept_ms = duration_ms(window.kept) if window.kept else 0
        self._first_ms = duration_ms(window.first or window.kept or _FIRST)
        self._longest_ms = duration_ms(window.longest) if window.longest else 0
        self._has_end = bool(window.to) or "{to}" in f"{structs.asdict(source.request)}{source.url}"
        self._known = Known()
        self._upto_ms = 0
        self._came: int | None = None  # of a window that is read from its begin
        self._is_held = False

    def steps(self, places: Places) -> Iterator[Step]:
        """What is new, page by page."""
        self._known = known_of(self._source, self._part, places)
        self._upto_ms = self._known.upto_ms
        yield from self._told_gone()
        if self._source.resume.by in ("position", "keyset"):
            yield from self._position_steps()
        else:
            yield from self._window_steps()

    def sample(self) -> Iterator[Record]:
        """The records of the first pages of a new source."""
        now_ms = self._client.now_ms()
        window = Window(now_ms - self._first_ms, now_ms)
        whole = window if self._source.resume.by in ("position", "keyset") else self._first_piece(window)
        for page in self._pages.read(Question(self._part, whole), ""):
            for some in page.records():
                yield from some

    def _first_piece(self, window: Window) -> Window:
        if not self._has_end:  # each piece would have all up to now in it
            return window
        return next(pieces(window, self._longest_ms, self._source.window.format), window)

    def _told_gone(self) -> Iterator[Step]:
        """Tell once of events that the service no longer has, and that were not collected."""
        known = self._known
        if not (known.upto_ms and self._kept_ms and known.upto_ms < self._oldest_ms()):
            return
        self._look_at_clock()
        oldest_ms = self._oldest_ms()
        if known.upto_ms >= oldest_ms:
            return
        gone = EventsGone(
            Said(
                "Source {name}: the service keeps events for {kept}; those from {begin} to {end} are gone and were"
                " not collected.",
                name=self._source.name,
                kept=self._source.window.kept,
                begin=iso_time(known.upto_ms),
                end=iso_time(oldest_ms),
            ),
            Said("Let the computer be on at the time of the daily task. The archives tell of this gap."),
        )
        after = known if self._source.resume.by in ("position", "keyset") else without_window(known)
        self._known = structs.replace(after, upto_ms=oldest_ms)
        yield Step((), remembered(self._part, self._known), Coverage(self._pages.asked, 0), gone)

    def _look_at_clock(self) -> None:
        """Ask the service for something only because of the clock in its answer."""
        now_ms = self._client.now_ms()
        self._pages.look(Question(self._part, Window(now_ms - _MINUTE_MS, now_ms)))

    def _oldest_ms(self) -> int:
        return self._client.now_ms() - self._kept_ms

    def _position_steps(self) -> Iterator[Step]:
        """From the service's own cursor on; where it does not know that any more, by the time of the newest."""
        try:
            yield from self._from(self._known.token)
        except NotUnderstood:
            if not self._known.token or self._pages.has_come:
                raise
            _LOG.warning("source %s: the service no longer knows the position", self._source.name)
            self._known = structs.replace(self._known, token="")
            yield from self._from("")

    def _from(self, token: str) -> Iterator[Step]:
        now_ms, known = self._client.now_ms(), self._known
        start_ms = known.latest_ms - self._again_ms if known.latest_ms else now_ms - self._first_ms
        for page in self._pages.read(Question(self._part, Window(start_ms, now_ms)), token, keeps_order=True):
            yield from self._page_steps(page, lambda page: self._position_behind(page))

    def _position_behind(self, page: ReadPage) -> Known:
        """What is known behind a page: where nothing leads on, it is asked for again the next time. So is what has
        not settled, and all behind it: something may still come before that."""
        known, now_ms = self._known, self._client.now_ms()
        settled_ms = now_ms - self._settle_ms
        self._is_held = self._is_held or settled_ms < page.latest_ms <= now_ms + _DAY_MS
        return structs.replace(
            known,
            token=known.token if self._is_held else page.behind or page.token,
            upto_ms=max(known.upto_ms, settled_ms if page.is_last else 0),
            latest_ms=max(known.latest_ms, min(page.latest_ms, now_ms)),
        )

    def _window_steps(self) -> Iterator[Step]:
        known = self._known
        if known.begun_ms and self._can_go_on:
            begun = Window(known.begun_ms, known.ends_ms)
            try:
                yield from self._one_window(begun, known.token)
            except NotUnderstood:  # the way to the next page is no longer known
                if self._pages.has_come:
                    raise
                yield from self._one_window(begun, "")
        start_ms = self._begin_ms()
        if start_ms >= self._client.now_ms() - self._settle_ms:
            self._look_at_clock()  # this computer's is behind
        is_sweep = self._is_sweep_due()
        is_first = True
        while True:
            window = self._first_piece(Window(start_ms, self._client.now_ms() - self._settle_ms))
            if window.to_ms - window.from_ms < (1 if is_first else _SHORTEST_MS):
                break
            yield from self._one_window(window, "")
            start_ms, is_first = window.to_ms, False
        if is_sweep:
            self._known = structs.replace(self._known, swept_ms=self._client.now_ms())
            yield Step((), remembered(self._part, self._known), Coverage(self._pages.asked, 0))

    def _begin_ms(self) -> int:
        """Where the first window begins."""
        if not self._known.upto_ms:
            return self._client.now_ms() - self._first_ms
        back_ms = max(self._sweep_ms, self._again_ms) if self._is_sweep_due() else self._again_ms
        begin_ms = self._known.upto_ms - back_ms
        return max(begin_ms, self._oldest_ms() + _MINUTE_MS) if self._kept_ms else begin_ms

    def _is_sweep_due(self) -> bool:
        """Whether it is time to look further back than usual."""
        return self._client.now_ms() - self._known.swept_ms >= self._sweep_ms

    @property
    def _can_go_on(self) -> bool:
        """Whether a window can be gone on with that another collection began."""
        return self._source.pages.next not in COUNTED and bool(self._known.token) and self._has_ids

    @property
    def _has_ids(self) -> bool:
        return "id" in self._source.fields

    def _one_window(self, window: Window, token: str) -> Iterator[Step]:
        question = Question(self._part, window)
        self._came = None if token else 0
        if self._source.pages.next in COUNTED and not (self._source.pages.order and self._has_ids):
            read = self._pages.read_until_settled(question)
        else:
            read = self._pages.read(question, token)
        safe_ms = self._known.safe_ms if token else 0
        for page in read:
            safe_ms = safe_ms or min(window.to_ms, self._client.now_ms() - self._settle_ms)
            yield from self._page_steps(page, self._behind_page_of(window, safe_ms))

    def _behind_page_of(self, window: Window, safe_ms: int) -> Callable[[ReadPage], Known]:
        def behind(page: ReadPage) -> Known:
            known = self._known
            if page.is_last:
                return structs.replace(without_window(known), upto_ms=max(known.upto_ms, safe_ms))
            return structs.replace(
                known, token=page.behind, begun_ms=window.from_ms, ends_ms=window.to_ms, safe_ms=safe_ms
            )

        return behind

    def _page_steps(self, page: ReadPage, behind: Callable[[ReadPage], Known]) -> Iterator[Step]:
        """A page that is large is stored in several steps: only the last one says that it was read."""
        before: list[Record] | None = None
        for some in page.records():
            if before is not None:
                yield Step(before, remembered(self._part, self._known), self._coverage(page, before))
            before = some
        last = before or []
        self._known = behind(page)
        coverage = self._coverage(page, last)
        total = page.total if page.is_last else None
        coverage = structs.replace(coverage, pages=page.pages, total=total, gaps=tuple(self._fewer_than(total)))
        yield Step(last, remembered(self._part, self._known), coverage)

    def _coverage(self, page: ReadPage, records: list[Record]) -> Coverage:
        if self._came is not None:
            self._came += len(records)
        return Coverage(page.asked, len(records), upto_ms=self._upto_ms, again_ms=self._again_ms)

    def _fewer_than(self, total: int | None) -> Iterator[Gap]:
        """What to tell where a service says that there are more than came."""
        if total is not None and self._came is not None and total > self._came:
            yield Gap(
                self._part,
                Said("the service says that it has {total} records, {came} came", total=total, came=self._came),
            )
