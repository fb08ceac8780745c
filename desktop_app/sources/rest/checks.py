"""Whether what is said of a service can be right, as far as that shows without asking it."""

import re
from collections.abc import Iterator
from ipaddress import ip_address

from msgspec import structs

from desktop_app.errors import BadSetting
from desktop_app.settings.duration import duration_ms
from desktop_app.settings.rest_source import COUNTED, RestSource
from desktop_app.settings.source_kinds import field_of
from desktop_app.sources.connectors import completed, connector_called, connectors
from desktop_app.wording import Said

_URL = re.compile(r"(https?)://(\[[0-9a-fA-F:.]+\]|[^\s/?#@\[\]:]+)(:\d{1,5})?(/[^\s#]*)?")
_PLACE = re.compile(r"\{(host|account|client)\}")
_SPANS = {"window": ("longest", "kept", "first"), "resume": ("settle", "again", "sweep")}
_WITH_PATH = ("body-url", "header-url", "cursor", "keyset")
_WITH_PARAM = ("cursor", "page", "offset", "keyset")
_WITH_CLIENT = ("basic", "oauth2")


def rest_problems(source: RestSource) -> Iterator[BadSetting]:
    """All that can't be right; the fields are the source's own, as in `pages.path`."""
    if source.like and not connector_called(source.like):
        yield BadSetting(
            Said("There is no connector {name!r}.", name=source.like),
            Said("There are: {names}.", names=tuple(each.id for each in connectors())),
            field="like",
        )
        return
    whole = completed(source)
    unknown = list(_address_problems(source, whole))
    yield from unknown
    if unknown:
        return
    yield from _span_problems(whole)
    yield from _table_problems(whole)


def is_loopback(host: str) -> bool:
    """Whether a host of an address is this computer."""
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"


def _address_problems(source: RestSource, whole: RestSource) -> Iterator[BadSetting]:
    connector = connector_called(source.like)
    for name in ("host", "account", "client"):
        if connector and getattr(connector.asks, name) and not getattr(whole, name) and not source.url:
            yield BadSetting(Said("This is needed: {what}.", what=connector.asks.of(name)), field=name)
            return
    if not whole.url:
        yield BadSetting(
            Said("This is needed."),
            Said("Fill in the address of the service, or choose one that is known."),
            field="url",
        )
        return
    urls = {"url": whole.url}
    if whole.auth.type in ("oauth2", "google"):
        urls["auth.token_url"] = whole.auth.token_url
    for key, url in urls.items():
        if left := _PLACE.search(url):
            yield BadSetting(Said("This is needed."), field=left[1])
        elif not (match := _URL.fullmatch(url)):
            yield BadSetting(
                Said("{url!r} is no address of a service.", url=url),
                Said("Write it as in https://service.example.com/audit, without a user or password in it."),
                field=key,
            )
        elif match[1] == "http" and not is_loopback(match[2]):
            yield BadSetting(
                Said("{url} is not encrypted: whoever listens would read the secret.", url=url),
                Said("Write https:// in front."),
                field=key,
            )


def _span_problems(whole: RestSource) -> Iterator[BadSetting]:
    for table, keys in _SPANS.items():
        for key in keys:
            text = getattr(getattr(whole, table), key)
            try:
                if text:
                    duration_ms(text)
            except ValueError:
                yield BadSetting(
                    Said("{text!r} is no span of time.", text=text),
                    Said("Write a number and s, m, h or d, as in 2m or 24h."),
                    field=f"{table}.{key}",
                )


def _table_problems(whole: RestSource) -> Iterator[BadSetting]:
    """What is not said although something else asks for it."""
    pages, auth = whole.pages, whole.auth
    if pages.next in _WITH_PATH and not pages.path:
        yield _missing("pages.path", "pages.next", pages.next)
    if pages.next in _WITH_PARAM and not pages.param:
        yield _missing("pages.param", "pages.next", pages.next)
    if pages.last == "short-page" and not pages.size:
        yield _missing("pages.size", "pages.last", "short-page")
    if whole.resume.by == "keyset" and pages.next != "keyset":
        yield BadSetting(
            Said(
                "{this} is possible only with {other}.",
                this=_chosen("resume.by", "keyset"),
                other=_chosen("pages.next", "keyset"),
            ),
            Said("Change one of them."),
            field="pages.next",
        )
    if whole.resume.by in ("position", "keyset") and pages.next != "offset" and "id" not in whole.fields:
        yield _missing("fields.id", "resume.by", whole.resume.by)
    if whole.resume.by == "position" and pages.next == "page":
        yield BadSetting(
            Said("The number of a page is no position: pages fill up later."),
            Said(
                "Change {this}, or choose {other}.",
                this=_called("pages.next"),
                other=_chosen("resume.by", ""),
            ),
            field="resume.by",
        )
    if whole.resume.by == "keyset" and pages.path in _paths_of_time(whole):
        yield BadSetting(
            Said("A time is no key to go on from: what comes late would be missed."),
            Said("Use the id of the records, or choose {other}.", other=_chosen("resume.by", "")),
            field="pages.path",
        )
    if auth.type in _WITH_CLIENT and not whole.client:
        yield _missing("client", "auth.type", auth.type)
    if auth.type == "header" and not auth.header:
        yield _missing("auth.header", "auth.type", "header")
    if whole.resume.by in ("", "window") and not _asks_by_time(whole):
        yield _missing("window.from", "resume.by", "")
    for status in whole.limits.also:
        if not 400 <= status <= 599:
            yield BadSetting(
                Said("{status} is no status that asks to wait.", status=status),
                Said("Write statuses from 400 to 599, as in 403, with commas between them."),
                field="limits.also",
            )
            break
    if whole.limits.per_minute < 0:
        yield BadSetting(
            Said("This can't be less than 0."),
            Said("Write how many requests a minute are allowed, or 0 for no limit."),
            field="limits.per_minute",
        )


def _asks_by_time(whole: RestSource) -> bool:
    texts = str(structs.asdict(whole.request)) + whole.url
    return bool(whole.window.from_) or "{from}" in texts or whole.pages.next in COUNTED


def _paths_of_time(whole: RestSource) -> tuple[object, ...]:
    said = whole.fields.get("createdAt", "createdAt")
    return tuple(said) if isinstance(said, list | tuple) else (said,)


def _missing(key: str, because: str, value: str) -> BadSetting:
    return BadSetting(Said("This is needed, because of {setting}.", setting=_chosen(because, value)), field=key)


def _chosen(key: str, value: str) -> Said:
    """A choice as the form shows it: the label of its field, and that of the value."""
    field = field_of("rest", key)
    label = next((label for each, label in field.labels if each == value), value) if field else value
    return Said("“{field}: {value}”", field=_called(key), value=label)


def _called(key: str) -> Said | str:
    field = field_of("rest", key)
    return field.in_sentences if field else key
