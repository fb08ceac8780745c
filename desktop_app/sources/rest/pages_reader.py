"""Reads pages one after the other, and believes none that was there before."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from msgspec import Raw

from desktop_app.portions import portions
from desktop_app.settings.rest_source import RestSource
from desktop_app.sources.kind import Record
from desktop_app.sources.rest.client import Client
from desktop_app.sources.rest.connection import Request
from desktop_app.sources.rest.errors import StrangeAnswer
from desktop_app.sources.rest.identity import Records
from desktop_app.sources.rest.pages import Page, Question, addresses, page_of, records_at, request_of
from desktop_app.stop import Stop
from desktop_app.wording import Said

_PORTION_BYTES, _PORTION_RECORDS = 1 << 22, 4000
_MOST_READINGS = 6


@dataclass
class ReadPage:
    """A page: the token that led to it, and the one that leads on; `latest_ms` is the newest time of the records
    that were looked at."""

    asked: str
    token: str
    behind: str
    is_last: bool
    parts: Iterable[list[Record]] = ()
    total: int | None = None
    latest_ms: int = field(default=0)

    def records(self) -> Iterator[list[Record]]:
        """Its records, some at a time, once."""
        yield from self.parts


class PagesReader:
    """Of a part. `asked` is the address that was asked last for a first page, `has_come` whether any page came."""

    def __init__(self, source: RestSource, client: Client, part: str, stop: Stop) -> None:
        self._source, self._client, self._part, self._stop = source, client, part, stop
        self.asked = source.url
        self.has_come = False

    def look(self, question: Question) -> None:
        """Ask for a first page only because of the clock in its answer."""
        self._client.ask(request_of(self._source, question, ""), self._stop)

    def read(self, question: Question, token: str, keeps_order: bool = False) -> Iterator[ReadPage]:
        """The pages from the one that a token leads to. Where pages keep their order for ever, a record without an
        id is known by its place. Raises UserError."""
        records = Records(self._source, self._part)
        for number, (before, request, page) in enumerate(self._pages(question, token), start=1):
            found = ReadPage(self.asked, before, page.token, page.is_last, total=page.total)
            place = (before or "first") if keeps_order else ""
            found.parts = self._records(records, request, page, number, place, found)
            yield found

    def read_until_settled(self, question: Question) -> Iterator[ReadPage]:
        """All pages as one, read again until two readings agree: where pages are counted, what comes meanwhile
        shifts them. Raises StrangeAnswer."""
        before: Counter[bytes] | None = None
        for _ in range(_MOST_READINGS):
            pages = [
                (page, [each for some in page.records() for each in some]) for page in self.read(question, "")
            ]
            records = [record for _, some in pages for record in some]
            digests = Counter(hashlib.sha256(record.content).digest() for record in records)
            if digests == before:
                yield ReadPage(self.asked, "", "", True, [records], pages[-1][0].total)
                return
            before = digests
        raise StrangeAnswer(
            Said("The pages of the service change each time that they are read."),
            Said("Nothing of this window was stored. The next run tries again."),
        )

    def _pages(self, question: Question, token: str) -> Iterator[tuple[str, Request, Page]]:
        last_digest, seen = b"", {token}
        is_first = True
        while True:
            request = request_of(self._source, question, token)
            if is_first:
                self.asked, is_first = f"{request.method} {request.url}", False
            page = page_of(self._source, request, self._client.ask(request, self._stop), token)
            digest = _digest(page.records)
            if digest and digest == last_digest:
                raise StrangeAnswer(
                    Said("The service gave the same page twice."), Said("The next run goes on before it.")
                )
            self.has_come = True
            yield token, request, page
            if page.is_last:
                return
            if page.token in seen:
                raise StrangeAnswer(
                    Said("The pages of the service lead in a circle."), Said("The next run goes on before it.")
                )
            seen.add(page.token)
            last_digest, token = digest, page.token

    def _records(
        self, records: Records, request: Request, page: Page, number: int, place: str, read: ReadPage
    ) -> Iterator[list[Record]]:
        for count, found in enumerate(self._lists(request, page)):
            first = 1
            for some in portions(found, len, _PORTION_BYTES, _PORTION_RECORDS):
                made = records.of_page(some, number, first, f"{place}#{count}" if place else "")
                read.latest_ms = max(
                    [read.latest_ms, *(records.time_ms(each) or 0 for each in (made[0], made[-1]))]
                )
                first += len(some)
                yield made

    def _lists(self, request: Request, page: Page) -> Iterator[list[Raw]]:
        """The records of a page; where it has only addresses, what is at each of them."""
        if not self._source.pages.each:
            yield page.records
            return
        for url in addresses(self._source, request, page):
            yield records_at(self._client.ask(Request(url, headers=request.headers), self._stop))


def _digest(records: list[Raw]) -> bytes:
    digest = hashlib.sha256()
    for each in records:
        digest.update(each)
    return digest.digest() if records else b""
