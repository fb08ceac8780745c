"""The settings of the kind `rest`: how a service's audit API is asked, and what its answers look like.

What is empty was not said: a connector may say it (`sources/connectors.py`).
"""

from typing import Any, Literal

from msgspec import Struct, field

from desktop_app.settings.model import SourceSettings

ParamValue = str | int | bool
PageStyle = Literal["", "link-header", "body-url", "header-url", "cursor", "page", "offset", "keyset", "none"]
LINKS: tuple[PageStyle, ...] = ("link-header", "body-url", "header-url")
"""The styles in which an address leads to the next page."""
COUNTED: tuple[PageStyle, ...] = ("page", "offset")
"""The styles by which a page is found by its number: what comes meanwhile shifts all behind it."""


class _Table(Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """A table of a source: what is not said is not written, and what is not known is refused."""


class RestAuth(_Table, frozen=True, kw_only=True):
    """`auth`: how the secret is shown to the service.

    `header`: in the header of that name, behind `prefix`. `basic`: as the password of `client`. `bearer`: as a
    bearer token. `oauth2`: as the client secret of `client` at `token_url`, which gives a token (RFC 6749, section
    4.4). `google`: it is the JSON key of a service account, which acts for the user `client` (RFC 7523).
    """

    type: Literal["", "none", "header", "basic", "bearer", "oauth2", "google"] = ""
    header: str = ""
    prefix: str = ""
    token_url: str = ""
    scope: str = ""
    audience: str = ""


class RestRequest(_Table, frozen=True, kw_only=True):
    """`request`: what is asked. In each text, {from} and {to} become the window's ends, {part} the part."""

    method: Literal["", "GET", "POST"] = ""
    params: dict[str, ParamValue] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    body: dict[str, Any] = field(default_factory=dict)


class RestWindow(_Table, frozen=True, kw_only=True):
    """`window`: the time that is asked about: the parameters `from` and `to`, and how times are written in them.

    `longest` is the longest window that the service answers, `kept` how long it keeps events, `first` how far back
    a new source begins: as `kept`, or 90 days.
    """

    from_: str = field(default="", name="from")
    to: str = ""
    format: Literal["", "iso", "iso-s", "utc-s", "date", "epoch-s", "epoch-ms"] = ""
    longest: str = ""
    kept: str = ""
    first: str = ""


class RestPages(_Table, frozen=True, kw_only=True):
    """`pages`: what an answer looks like, and how the next one is asked for.

    `list` is the key path of the records, which some services leave out where there are none (`list_may_lack`),
    and `total` that of their number in all. `next` says what leads to the next page, `path` where that is: a
    key path, or the name of a header. It goes into the parameter `param`: with `alone`, without the other
    parameters. `size` records are asked for by `size_param`. `start` is the number of the first page. `more` is
    the key path of what is false on the last page; else that shows by `last`: no way to the next one is there,
    or the page is empty, or it is short. With `each`, a thing in the list is no record but has, at that key
    path, the address of a list of records. `order` says that the oldest come first.
    """

    list: str = ""
    list_may_lack: bool = False
    total: str = ""
    next: PageStyle = ""
    path: str = ""
    param: str = ""
    alone: bool = False
    size_param: str = ""
    size: int = 0
    start: int = 1
    more: str = ""
    last: Literal["", "missing", "empty-page", "short-page"] = ""
    each: str = ""
    order: Literal["", "oldest-first"] = ""


class RestResume(_Table, frozen=True, kw_only=True):
    """`resume`: how the next collection goes on.

    `position`: from where the service's own cursor is. `window`: from the end of the last window, less `again`, up
    to now, less `settle`; once in a `sweep`, less that. `keyset`: from the value that the last record has at
    `pages.path`, which grows as records arrive. A position or key does not move past records that are younger than
    `settle`: they are read again, with what came between them. Both need the records' id, unless
    a position is an offset.
    """

    by: Literal["", "position", "window", "keyset"] = ""
    settle: str = ""
    again: str = ""
    sweep: str = ""


class RestLimits(_Table, frozen=True, kw_only=True):
    """`limits`: so many requests `per_minute`; the headers that say how long to wait, or when the limit ends; and
    by which statuses besides 429 and 503 a service says so."""

    per_minute: int = 0
    wait_header: str = ""
    reset_header: str = ""
    also: tuple[int, ...] = ()


class RestSource(SourceSettings, frozen=True, kw_only=True, tag="rest"):
    """One `[[sources]]` of kind `rest`.

    `like` names a connector: what it says counts where the source says nothing. `host` and `account` fill in
    {host} and {account} in its addresses. `parts` are things that are asked about one by one.
    """

    like: str = ""
    host: str = ""
    account: str = ""
    client: str = ""
    url: str = ""
    parts: tuple[str, ...] = ()
    auth: RestAuth = RestAuth()
    request: RestRequest = RestRequest()
    window: RestWindow = RestWindow()
    pages: RestPages = RestPages()
    resume: RestResume = RestResume()
    limits: RestLimits = RestLimits()
