"""Whether settings can be right, as far as that shows without a server."""

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from itertools import chain
from typing import get_args
from urllib.parse import urlsplit

from desktop_app.errors import BadSetting
from desktop_app.resources import load_toml
from desktop_app.settings.address import parse_address
from desktop_app.settings.algorithms import LIST_LABELS, LIST_NAMES, all_names
from desktop_app.settings.duration import duration_ms
from desktop_app.settings.key_path import key_path
from desktop_app.settings.mapping_problems import mapping_problems
from desktop_app.settings.model import (
    Login,
    NotifySettings,
    ScheduleSettings,
    ServerSettings,
    Settings,
    SourceSettings,
)
from desktop_app.settings.source_kinds import entry_of, field_of, module_of
from desktop_app.settings.time_zone import find_zone
from desktop_app.wording import Said

_INSTANCE = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,61}[A-Za-z0-9])?")
_TIME_OF_DAY = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d")
_NO_TEXT = re.compile(r"[\0-\x1f\x7f-\x9f\ud800-\udfff]")  # control characters, and halves of characters
_WEB_ADDRESS = re.compile(r"https?://[A-Za-z0-9.\[\]:-]+(?:/[!-~]*)?")
_LONGEST_KEEPING = 36_500  # days: a century
_LONGEST_SPREAD_MS = 86_400_000  # a day
_NEEDED = (("host", Said("server")), ("user", Said("user")), ("path", Said("server path")))


class BadSource(BadSetting):
    """A `source` that can't be right in its own `source_field`; `field` is `sources[0].path` and the like."""

    def __init__(self, index: int, source: SourceSettings, source_field: str, message: Said, hint: Said) -> None:
        super().__init__(message, hint, field=f"sources[{index}].{source_field}")
        self.source = source
        self.source_field = source_field


def check(settings: Settings) -> None:
    """Raises the first of the problems, whose message begins with the setting: `server.host: …`."""
    for problem in problems(settings):
        raise naming_setting(problem)


def naming_setting(problem: BadSetting) -> BadSetting:
    """The problem, for where it is not told beside its field: its message begins with the setting."""
    setting: str | None = problem.field
    if isinstance(problem, BadSource):
        setting = _name_in_source(problem) or setting
    if setting:
        problem.message = Said("{setting}: {problem}", setting=setting, problem=problem.message)
        problem.args = (problem.message,)
    return problem


def _name_in_source(problem: BadSource) -> Said | None:
    """What a field of a source is called, and what sets it on the command line."""
    name, key = problem.source.name, problem.source_field
    if not name:
        return None
    if known := field_of(problem.source.kind, key):
        field = known.in_sentences
        return Said("source {name}, {field} ({option})", name=name, field=field, option=known.option)
    return Said("source {name}, {setting}", name=name, setting=key)


def problems(settings: Settings) -> list[BadSetting]:
    """All that can't be right, each naming its field. What is merely not filled in yet is no problem."""
    return [
        *_export_problems(settings),
        *server_problems(settings.server),
        *_cef_problems(settings),
        *_schedule_problems(settings),
        *notify_problems(settings.notify),
        *source_problems(settings.sources),
    ]


def require_configured(settings: Settings) -> None:
    """Raises BadSetting unless server, user and path are filled in."""
    missing = [(key, label) for key, label in _NEEDED if not getattr(settings.server, key)]
    if missing:
        raise BadSetting(
            Said(
                "The export is not configured yet; still missing: {fields}.",
                fields=tuple(label for _, label in missing),
            ),
            Said("Fill that in."),
            command="audit-trails-export config set " + " ".join(f"server.{key}=…" for key, _ in missing),
            field=f"server.{missing[0][0]}",
        )


def source_problems(sources: tuple[SourceSettings, ...]) -> Iterator[BadSource]:
    """All that can't be right in the sources."""
    names = Counter(source.name for source in sources)
    for index, source in enumerate(sources):
        bad = partial(BadSource, index, source)
        if not source.name.strip():
            yield bad(
                "name",
                Said("The source has no name."),
                Said("Give it a name to know it by."),
            )
        elif _NO_TEXT.search(source.name):
            yield bad(
                "name",
                Said("A source can't be called {name!r}.", name=source.name),
                Said("Type it again."),
            )
        elif names[source.name] > 1:
            yield bad(
                "name",
                Said("Two sources are called {name}.", name=source.name),
                Said("Give each a name of its own."),
            )
        for problem in chain(_field_problems(source), module_of(source).problems(source)):
            yield bad(problem.field or "", problem.message, problem.hint)
        for problem in mapping_problems(source):
            yield bad(problem.field or "", problem.message, problem.hint)


def _field_problems(source: SourceSettings) -> Iterator[BadSetting]:
    """What the entry of a source's kind says of its fields."""
    for each in entry_of(source.kind).fields:
        value = getattr(source, each.key)
        if each.needed and not value:
            yield BadSetting(Said("This is needed."), field=each.key)
        elif any(_NO_TEXT.search(text) for text in _texts(value)):
            yield BadSetting(
                Said("There is a control character in this."),
                Said("Type it again."),
                field=each.key,
            )


def _texts(value: object) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else value if isinstance(value, tuple) else ()


def missing(settings: Settings) -> list[BadSetting]:
    """A problem for each field that must be filled in before a connection can be tested, naming that field."""
    return [
        BadSetting(Said("This is needed."), field=f"server.{key}")
        for key, _ in _NEEDED
        if not getattr(settings.server, key)
    ]


def _export_problems(settings: Settings) -> Iterator[BadSetting]:
    export = settings.export
    if not _INSTANCE.fullmatch(export.instance):
        yield BadSetting(
            Said("The instance name {name!r} can't be part of a file name.", name=export.instance),
            Said("Use up to 63 letters, digits, dots, dashes and underscores."),
            field="export.instance",
        )
    try:
        find_zone(export.timezone)
    except BadSetting as problem:
        yield problem


def server_problems(server: ServerSettings) -> Iterator[BadSetting]:
    """What can't be right of a server's settings; the fields are as in `server.host`."""
    if server.host:
        try:
            parse_address(server.host)
        except BadSetting as error:
            yield error
    for key, _ in _NEEDED[1:]:
        if _NO_TEXT.search(getattr(server, key)):
            yield BadSetting(
                Said("There is a control character in this."),
                Said("Type it again."),
                field=f"server.{key}",
            )
    yield from _login_problems(server)
    for name in LIST_NAMES:
        ticked, choices = getattr(server, name), all_names(name)
        unknown = [choice for choice in ticked if choice not in choices]
        if unknown:
            yield BadSetting(
                Said(
                    "{choice} is not among the choices for the {list}.", choice=unknown[0], list=LIST_LABELS[name]
                ),
                Said("The choices: {choices}.", choices=choices),
                field=f"server.{name}",
            )
        elif not ticked:
            yield BadSetting(
                Said("No {list} is ticked.", list=LIST_LABELS[name]),
                Said("Tick at least one of {choices}.", choices=choices),
                field=f"server.{name}",
            )


def _login_problems(server: ServerSettings) -> Iterator[BadSetting]:
    if server.auth not in get_args(Login):
        yield BadSetting(
            Said("There is no login by {auth!r}.", auth=server.auth),
            Said("The choices: {choices}.", choices=get_args(Login)),
            field="server.auth",
        )
    if server.auth == "key" and not server.key_file:
        yield BadSetting(
            Said("The login is by key, and no key file is named."),
            Said("Name the file of the private key, or log in with a password."),
            field="server.key_file",
        )
    elif server.key_file:
        try:
            key_path(server.key_file)
        except BadSetting as problem:
            yield problem


def _cef_problems(settings: Settings) -> Iterator[BadSetting]:
    limits = load_toml("cef")["limits"]
    for key, label in (("device_vendor", Said("device vendor")), ("device_product", Said("device product"))):
        value, limit = getattr(settings.cef, key), limits[key]
        if not value or len(value) > limit or _NO_TEXT.search(value):
            yield BadSetting(
                Said("The {field} must be a text of 1 to {limit} characters.", field=label, limit=limit),
                Said("It becomes part of every CEF line."),
                field=f"cef.{key}",
            )


def require_time_of_day(text: str) -> None:
    """Raises BadSetting unless `text` is HH:MM."""
    if not _TIME_OF_DAY.fullmatch(text):
        raise BadSetting(
            Said("{text!r} is no time of day.", text=text),
            Said("Write it as 02:00 or 23:30."),
            field="schedule.at",
        )


def require_schedule(schedule: ScheduleSettings) -> None:
    """Raises BadSetting unless `at` is HH:MM and `spread` a span of a day at most."""
    require_time_of_day(schedule.at)
    _require_spread(schedule.spread)


def _require_spread(text: str) -> None:
    with suppress(ValueError):
        if duration_ms(text) <= _LONGEST_SPREAD_MS:
            return
    raise BadSetting(
        Said("The start can't be spread over {text!r}.", text=text),
        Said("Write a number and m or h, at most a day, as in 30m or 2h; 0m for none."),
        field="schedule.spread",
    )


def _is_web_address(url: str) -> bool:
    try:
        return bool(_WEB_ADDRESS.fullmatch(url)) and urlsplit(url).port != 0
    except ValueError:
        return False


def notify_problems(notify: NotifySettings) -> Iterator[BadSetting]:
    """What can't be right of who hears of runs, as in `problems`."""
    if notify.ping_url and not _is_web_address(notify.ping_url):
        yield BadSetting(
            Said("{url!r} is no address of a monitor.", url=notify.ping_url),
            Said("Write it as in https://monitor.example.com/ping/name, or nothing for none."),
            field="notify.ping_url",
        )


def _schedule_problems(settings: Settings) -> Iterator[BadSetting]:
    try:
        require_time_of_day(settings.schedule.at)
    except BadSetting as problem:
        yield problem
    try:
        _require_spread(settings.schedule.spread)
    except BadSetting as problem:
        yield problem
    url = settings.evidence.timestamp_url
    if url and not _is_web_address(url):
        yield BadSetting(
            Said("{url!r} is no address of a time-stamp service.", url=url),
            Said("Write it as in http://timestamp.example.com/, or nothing for none."),
            field="evidence.timestamp_url",
        )
    if not 0 <= settings.store.keep_days <= _LONGEST_KEEPING:
        yield BadSetting(
            Said("Events can't be kept for {days} days.", days=settings.store.keep_days),
            Said("Write 1 to {most}, or 0 to keep all of them.", most=_LONGEST_KEEPING),
            field="store.keep_days",
        )
