"""Reads pages one after the other, and believes none that was there before."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from msgspec import Raw

from desktop_app.portions import portions
from desktop_app.settings.rest_source import LINKS, RestSource
from desktop_app.sources.kind import Record
from desktop_app.sources.rest.client import Client
from desktop_app.sources.rest.connection import Request, is_same_origin
from desktop_app.sources.rest.errors import StrangeAnswer
from desktop_app.sources.rest.identity import Records, Sequence
from desktop_app.sources.rest.pages import (
    Page,
    Question,
    addresses,
    is_the_end_of_keys,
    page_of,
    records_at,
    request_of,
)
from desktop_app.stop import Stop
from desktop_app.wording import Said

_PORTION_BYTES, _PORTION_RECORDS = 1 << 22, 4000
_MOST_READINGS = 6


@dataclass
class ReadPage:
    """A page, or so many `pages` as one: the token that led to it, and the one that leads on; `latest_ms` is the
    newest time of the records that were looked at."""

    asked: str
    token: str
    behind: str
    is_last: bool
    parts: Iterable[list[Record]] = ()
    total: int | None = None
    pages: int = 1
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
            behind = page.token if self._may_be_asked(page.token) else before
            found = ReadPage(self.asked, before, behind, page.is_last, total=page.total)
            sequence = self._sequence(before) if keeps_order else None
            found.parts = self._records(records, request, page, number, sequence, found)
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
                yield ReadPage(self.asked, "", "", True, [records], pages[-1][0].total, len(pages))
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
            if digest and digest == last_digest and not self._is_end_of_keys(page, token):
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

    def _sequence(self, token: str) -> Sequence:
        """Where a page is in the service's own; records that are counted keep their number when pages begin
        elsewhere."""
        if self._source.pages.next == "offset":
            return Sequence("all", int(token or 0))
        return Sequence(token or "first")

    def _may_be_asked(self, token: str) -> bool:
        """Whether the next page is at the service itself: a collection that began elsewhere would get nowhere."""
        return self._source.pages.next not in LINKS or not token or is_same_origin(self._source.url, token)

    def _is_end_of_keys(self, page: Page, token: str) -> bool:
        return is_the_end_of_keys(self._source.pages, page.records, page.token, token)

    def _records(
        self,
        records: Records,
        request: Request,
        page: Page,
        number: int,
        sequence: Sequence | None,
        read: ReadPage,
    ) -> Iterator[list[Record]]:
        for count, found in enumerate(self._lists(request, page)):
            first = 1
            for some in portions(found, len, _PORTION_BYTES, _PORTION_RECORDS):
                within = sequence and Sequence(f"{sequence.name}#{count}", sequence.before)
                made = records.of_page(some, number, first, within)
                looked_at = made if sequence else (made[0], made[-1])
                read.latest_ms = max([read.latest_ms, *(records.time_ms(each) or 0 for each in looked_at)])
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
