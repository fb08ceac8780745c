"""Pages: how each is asked for, and what is in the answer."""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import quote, urlencode, urljoin

import msgspec
from msgspec import Raw, Struct

from desktop_app.settings.rest_source import COUNTED, LINKS, RestPages, RestSource
from desktop_app.sources.key_path import compile_path, part_of
from desktop_app.sources.rest.connection import Answer, Request
from desktop_app.sources.rest.errors import StrangeAnswer
from desktop_app.sources.rest.windows import Window, written_from, written_to
from desktop_app.trails.values import NONE, text_of
from desktop_app.wording import Said

_LINK = re.compile(r"<([^>]*)>((?:\s*;\s*[^,;=]+=(?:\"[^\"]*\"|[^,;\"]*))*)")
_NEXT = re.compile(r";\s*rel=(?:\"(?:[^\"]*\s)?next(?:\s[^\"]*)?\"|next\b)", re.IGNORECASE)
_BEGIN = 64  # bytes, of which some may be blanks
_NOT_JSON = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)


class Page(Struct, frozen=True):
    """The records of an answer, how many there are in all where it says that, what leads on from it (a link, a
    cursor, a number; empty where nothing does), and whether nothing more is there now."""

    records: list[Raw]
    total: int | None
    token: str
    is_last: bool


class Question(NamedTuple):
    """What of the settings is filled in for a part of a source."""

    part: str
    window: Window


def request_of(source: RestSource, question: Question, token: str) -> Request:
    """What to ask for a page: the first one, or the one that a token leads to."""
    pages, asked = source.pages, source.request
    goes_by_time = source.resume.by == "window" or not token
    fill = _values(source, question)
    body = _filled(asked.body, fill) if asked.method == "POST" else {}
    params = {key: _plain(_filled(value, fill)) for key, value in asked.params.items()}
    for key, name in ((source.window.from_, "from"), (source.window.to, "to")):
        if key and goes_by_time:
            (body if asked.method == "POST" else params)[key] = fill[name]
    into: dict[str, Any] = body if asked.method == "POST" else params
    if pages.size and pages.size_param:
        into[pages.size_param] = pages.size if into is body else str(pages.size)
    url = _filled(source.url, {name: quote(value, safe="") for name, value in fill.items()})
    if token and pages.next in LINKS:
        url, params = token, {}
    elif pages.param and (token or pages.next in COUNTED):
        if pages.alone:
            into.clear()
        into[pages.param] = token or _first(pages)
    headers = {key: _filled(value, fill) for key, value in asked.headers.items()}
    if asked.method == "POST":
        headers["Content-Type"] = "application/json"
    return Request(
        _with_params(url, params), asked.method or "GET", headers, msgspec.json.encode(body) if body else None
    )


def page_of(source: RestSource, request: Request, answer: Answer, token: str) -> Page:
    """What is in an answer. Raises StrangeAnswer."""
    pages = source.pages
    document, records = _records(pages, answer.body)
    after = _after(pages, request, answer, document, records, token)
    total = compile_path(pages.total)(part_of(document)) if pages.total and document is not None else None
    return Page(
        records,
        int(text_of(total)) if total is not None and text_of(total).isdigit() else None,
        after,
        _is_last(pages, document, records, after, token),
    )


def addresses(source: RestSource, request: Request, page: Page) -> list[str]:
    """The addresses of lists of records, where the things in a page are no records. Raises StrangeAnswer."""
    found = [compile_path(source.pages.each)(part_of(each)) for each in page.records]
    if None in found:
        raise _strange(Said("a thing in the list has no {path}", path=source.pages.each))
    return [urljoin(request.url, text_of(each)) for each in found if each is not None]


def records_at(answer: Answer) -> list[Raw]:
    """The records of an answer that is nothing but a list of them. Raises StrangeAnswer."""
    return _records(RestPages(), answer.body)[1]


def _records(pages: RestPages, body: bytes) -> tuple[Raw | None, list[Raw]]:
    """The answer, and the list in it; an answer without content (204) has none."""
    text = body.removeprefix(b"\xef\xbb\xbf")
    if not text.strip():
        return None, []
    try:
        document = msgspec.json.decode(text, type=Raw)
        found = compile_path(pages.list)(part_of(document)) if pages.list else document
        if found is None and (pages.list_may_lack or _is_null(document, pages.list)):
            return document, []
        if found is None or not bytes(memoryview(found)[:_BEGIN]).lstrip().startswith(b"["):
            raise _strange(
                Said("there is no list at {path}", path=pages.list) if pages.list else Said("it is no list")
            )
        return document, msgspec.json.decode(found, type=list[Raw])
    except _NOT_JSON as error:
        raise _strange(Said("it is not JSON: {reason}", reason=error)) from None


def _is_null(document: Raw, path: str) -> bool:
    """Whether there is null where the list should be, as some services have it for no records."""
    *above, key = path.split(".")
    part = part_of(document)
    for each in above:
        below = part.below(each)
        if below is None:
            return False
        part = below
    value = part.at(key)
    return value is not None and value == NONE


def _after(
    pages: RestPages, request: Request, answer: Answer, document: Raw | None, records: list[Raw], token: str
) -> str:
    """What leads to the page behind."""
    match pages.next:
        case "link-header":
            where = _next_link(answer.headers.get("Link", ""))
            return urljoin(request.url, where) if where else ""
        case "header-url":
            where = answer.headers.get(pages.path, "")
            return urljoin(request.url, where) if where else ""
        case "body-url":
            where = _text_at(document, pages.path)
            return urljoin(request.url, where) if where else ""
        case "cursor":
            return _text_at(document, pages.path)
        case "page":
            return str(int(token or pages.start) + 1)
        case "offset":
            return str(int(token or 0) + len(records))
        case "keyset":
            return _text_at(records[-1], pages.path) if records else token
    return ""


def is_the_end_of_keys(pages: RestPages, records: list[Raw], after: str, token: str) -> bool:
    """Whether a page has nothing but what is at the key itself, where that comes with each page."""
    return (
        pages.next == "keyset"
        and after == token
        and 0 < len(records) < (pages.size or len(records) + 1)
        and _text_at(records[0], pages.path) == token
    )


def _is_last(pages: RestPages, document: Raw | None, records: list[Raw], after: str, token: str) -> bool:
    count = len(records)
    if pages.next in ("", "none") or not after:
        return True
    if pages.more and _text_at(document, pages.more) in ("", "false"):
        return True
    if pages.last == "short-page" and count < pages.size:
        return True
    if is_the_end_of_keys(pages, records, after, token):
        return True
    return count == 0 and (pages.last == "empty-page" or pages.next in (*COUNTED, "keyset"))


def _next_link(header: str) -> str:
    """The target of the link with the relation `next` (RFC 8288)."""
    return next((target for target, params in _LINK.findall(header) if _NEXT.search(params)), "")


def _text_at(document: Raw | None, path: str) -> str:
    value = compile_path(path)(part_of(document)) if document is not None else None
    return text_of(value) if value is not None else ""


def _first(pages: RestPages) -> str:
    return str(pages.start) if pages.next == "page" else "0"


def _values(source: RestSource, question: Question) -> dict[str, str]:
    way = source.window.format
    return {
        "from": written_from(question.window, way),
        "to": written_to(question.window, way),
        "part": question.part,
    }


def _filled(value: Any, values: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        for name, text in values.items():
            value = value.replace("{" + name + "}", text)
        return value
    if isinstance(value, dict):
        return {key: _filled(each, values) for key, each in value.items()}
    return [_filled(each, values) for each in value] if isinstance(value, list) else value


def _plain(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _with_params(url: str, params: Mapping[str, str]) -> str:
    if not params:
        return url
    return f"{url}{'&' if '?' in url else '?'}{urlencode(params, quote_via=quote, safe=':')}"


def _strange(reason: Said) -> StrangeAnswer:
    return StrangeAnswer(
        Said("The service gave an answer that makes no sense ({reason}).", reason=reason),
        Said("Nothing of it was stored. Check the address, and how its pages are described."),
    )
