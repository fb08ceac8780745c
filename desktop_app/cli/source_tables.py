"""The tables of a source that describe a service that is not known, set on the command line."""

import re
from collections.abc import Iterable
from typing import Any, TypeVar

import click
import msgspec

from desktop_app.did_you_mean import did_you_mean
from desktop_app.settings.field_values import parsed_value
from desktop_app.settings.model import SourceSettings
from desktop_app.settings.rest_source import RestSource
from desktop_app.wording import Said

TABLES = ("auth", "request", "window", "pages", "resume", "limits")
_FREE = ("params", "headers", "body")  # tables of a request, with keys of the service's own
_SETTING = re.compile(r"([a-z]+)\.([^=\s]+)=(.*)", re.DOTALL)
_WHERE = re.compile(r"\$\.?")
_Source = TypeVar("_Source", bound=SourceSettings)


def table_option() -> click.Option:
    """The option, whose values `with_tables` takes."""
    return click.Option(
        ["--set", "tables"],
        multiple=True,
        metavar="TABLE.KEY=VALUE",
        help="With --kind rest, how a service is asked and what its answers look like: keys of the tables "
        f"{', '.join(TABLES)}, as in auth.type=bearer, request.params.limit=100, pages.next=link-header.",
    )


def with_tables(source: _Source, given: Iterable[str]) -> _Source:
    """`source` with what is given for its tables. Raises UsageError for what is no such setting or value."""
    given = tuple(given)
    if not given:
        return source
    if not isinstance(source, RestSource):
        raise click.UsageError(Said("Only a source of kind {kind} has tables to set.", kind="rest"))
    document = msgspec.to_builtins(source)
    for text in given:
        _put(document, text)
    try:
        return msgspec.convert(document, RestSource, strict=False)  # type: ignore[return-value]
    except msgspec.ValidationError as error:
        reason = _WHERE.sub("", str(error))
        raise click.UsageError(Said("{option}: {reason}", option="--set", reason=reason)) from None


def _put(document: dict[str, Any], text: str) -> None:
    match = _SETTING.fullmatch(text)
    if not match:
        raise click.UsageError(Said("{text} is not of the form TABLE.KEY=VALUE.", text=text))
    table, path, value = match.groups()
    if table not in TABLES:
        meant = did_you_mean(table, TABLES)
        told = Said("There is no table {table}. There are: {tables}.", table=table, tables=TABLES)
        raise click.UsageError(Said("{hint} {command}", hint=told, command=meant) if meant else told)
    first, dot, rest = path.partition(".")
    into = document.setdefault(table, {})
    if table == "request" and first in _FREE and dot:
        within = into.setdefault(first, {})
        *above, key = rest.split(".") if first == "body" else [rest]
        for each in above:
            within = within.setdefault(each, {})
        within[key] = parsed_value(value) if first == "body" else value
    else:
        into[path] = _list(value) if (table, path) == ("limits", "also") else value


def _list(text: str) -> list[str]:
    return [each.strip() for each in text.split(",") if each.strip()]
