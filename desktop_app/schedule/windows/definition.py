"""The daily task as a definition of the Windows Task Scheduler: XML (MS-TSCH 2.5), written and compared.

Nothing here needs Windows.
"""

import re
import subprocess
from dataclasses import dataclass
from datetime import datetime, timedelta
from string import Template
from typing import Literal
from xml.etree import ElementTree
from xml.sax.saxutils import escape

from desktop_app import __version__
from desktop_app.own_program import Command
from desktop_app.resources import load_toml, resource_path
from desktop_app.schedule.task_state import SchedulerError
from desktop_app.wording import Said

# InteractiveToken: only when signed in. Password: whether or not signed in.
Logon = Literal["InteractiveToken", "Password"]

_NAMESPACE = "{http://schemas.microsoft.com/windows/2004/02/mit/task}"
_NO_XML = re.compile("[^\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # and none that XML would make a space
_REPLACED = re.compile(r"%[^%]+%|\$\(")  # the Task Scheduler's own variables
_LONGEST_PATH = 260
_START = "Triggers/CalendarTrigger/StartBoundary"
_ACCOUNT = "Principals/Principal/UserId"
_LOGON = "Principals/Principal/LogonType"
_COMPARED = ("Triggers", "Principals", "Settings", "Actions")
# Here nothing may be that we did not write; among the settings, other versions of Windows add some of their own.
_OURS_ALONE = ("Triggers/", "Actions/")


@dataclass(frozen=True)
class Account:
    """Whom a task runs as: a SID, and the names that Windows may show for it (`DOMAIN\\user`)."""

    sid: str
    names: tuple[str, ...] = ()

    def is_called(self, user_id: str) -> bool:
        """Whether a task's UserId is this account. `.\\user` is the user of this computer."""
        wanted = user_id.casefold().removeprefix(".\\")
        called = {name.casefold() for name in (self.sid, *self.names)}
        return wanted in called or wanted in {name.rpartition("\\")[2] for name in called}


def definition(at: str, account: str, logon: Logon, command: Command, now: datetime) -> str:
    """The XML of the daily task.

    `at` is HH:MM, local time of day. `account` is a SID, `DOMAIN\\user`, `.\\user` or a user principal name.
    `now`, local time, says on which day it begins: a beginning in the past might be caught up at once.

    Raises SchedulerError for a command that the Task Scheduler can't start as it is.
    """
    program, *arguments = command.argv
    folder = str(command.folder or "")
    for text in (*command.argv, folder, account):
        if _NO_XML.search(text):
            raise SchedulerError(
                Said("The Task Scheduler can't hold a character of {text}.", text=_shown(text)),
                Said("Install the program, or keep its files, in a folder with another name."),
            )
    for text in (*command.argv, folder):
        if _REPLACED.search(text):
            raise SchedulerError(
                Said("The Task Scheduler would replace a part of {text}.", text=text),
                Said("Use a folder whose name has no % and no $( in it."),
            )
    for path in (program, folder):
        if len(path) > _LONGEST_PATH:
            raise SchedulerError(
                Said(
                    "The Task Scheduler takes no path of more than {limit} characters: {path}",
                    limit=_LONGEST_PATH,
                    path=path,
                ),
                Said("Install the program in a folder with a shorter name."),
            )
    template = Template(resource_path("schedule/daily-task.xml").read_text(encoding="utf-8"))
    values = {
        "version": __version__,
        "start": f"{_first_day(at, now)}T{at}:00",  # without an offset: local time, also after the clocks change
        "account": account,
        "logon": logon,
        "command": program,
        "arguments": subprocess.list2cmdline(arguments),
        "folder": folder,
    }
    text = template.substitute({key: escape(value) for key, value in values.items()})
    return text if folder else re.sub(r"\s*<WorkingDirectory></WorkingDirectory>", "", text)


def as_file(xml: str) -> bytes:
    """A definition as `schtasks /create /xml` reads it: UTF-16 with its mark, Windows line ends."""
    return b"\xff\xfe" + xml.replace("\n", "\r\n").encode("utf-16-le")


def logon_of(xml: str) -> str | None:
    """The LogonType of a registered definition, or None where it has none or is no definition."""
    return (_facts(xml) or {}).get(_LOGON)


def difference(wanted: str, registered: str, account: Account) -> str | None:
    """What is different in the registered definition from the wanted one, as a sentence; None where nothing is.

    Date of registration, author, description and whatever else has no say in how the task runs do not count.
    """
    want, have = _facts(wanted), _facts(registered)
    assert want is not None
    if have is None:
        return Said("The task's definition can't be read.")
    defaults: dict[str, str] = load_toml("schedule/task-scheduler")["defaults"]
    for key, value in want.items():
        present = have.get(key, defaults.get(key, ""))
        if not _same(key, value, present, account):
            return _sentence(key, value, present)
    for key, value in have.items():
        if key not in want and key.startswith(_OURS_ALONE) and value != defaults.get(key):
            return Said(
                "The task was changed: it has {element} {value}.", element=key.replace("/", " › "), value=value
            )
    return None


def answer(code: int) -> tuple[Said, Said] | None:
    """What an HRESULT or a task's result means: what happened, what to do; None for an unknown one."""
    for entry in load_toml("schedule/task-scheduler")["answer"]:
        if entry["code"] == code & 0xFFFFFFFF:
            return Said(entry["message"]), Said(entry["hint"])
    return None


def refusal(code: int) -> SchedulerError:
    """What to tell when the Task Scheduler refused something with an HRESULT."""
    if known := answer(code):
        return SchedulerError(*known)
    return SchedulerError(Said("The Task Scheduler refused the daily task ({code}).", code=f"{code:#010x}"))


def _first_day(at: str, now: datetime) -> str:
    day = now.date() if now.strftime("%H:%M") < at else now.date() + timedelta(days=1)
    return day.isoformat()


def _facts(xml: str) -> dict[str, str] | None:
    """The texts of a definition by their place, as in `Settings/Enabled`; a second one has `[2]` behind it."""
    try:
        # Python's parser takes the declared encoding at its word, which a text has no more.
        root = ElementTree.fromstring(re.sub(r"^\s*<\?xml[^>]*\?>", "", xml))
    except ElementTree.ParseError:
        return None
    found: dict[str, str] = {}
    for part in _COMPARED:
        for element in root.findall(_NAMESPACE + part):
            _collect(element, part, found)
    return found


def _collect(element: ElementTree.Element, place: str, found: dict[str, str]) -> None:
    children = list(element)
    if not children:
        found[place] = element.text or ""
    counts: dict[str, int] = {}
    for child in children:
        name = child.tag.removeprefix(_NAMESPACE)
        counts[name] = counts.get(name, 0) + 1
        suffix = f"[{counts[name]}]" if counts[name] > 1 else ""
        _collect(child, f"{place}/{name}{suffix}", found)


def _same(key: str, want: str, have: str, account: Account) -> bool:
    if key == _START:
        return _time_of_day(want) == _time_of_day(have)
    if key == _ACCOUNT:
        return account.is_called(have)
    return want == {"1": "true", "0": "false"}.get(have, have) if want in ("true", "false") else want == have


def _time_of_day(boundary: str) -> str:
    """`T02:00:00`, with whatever stands behind it: an offset would be another time after the clocks change."""
    return boundary[10:].removesuffix(".0")


def _sentence(key: str, want: str, have: str) -> str:
    match key:
        case _ if key == _START:
            if have[10:16] == want[10:16]:
                return Said("The task's start would move when the clocks change.")
            return Said("The task starts at {time}, not at {wanted}.", time=have[11:16] or "–", wanted=want[11:16])
        case _ if key == _ACCOUNT:
            return Said("The task runs as {account}.", account=have or "–")
        case _ if key == _LOGON and have == "S4U":
            return Said(
                "The task runs without a stored password (S4U), and then Windows Credential Manager can't be read."
            )
        case "Settings/Enabled" | "Triggers/CalendarTrigger/Enabled":
            return Said("The task is switched off in the Task Scheduler.")
        case "Actions/Exec/Command" | "Actions/Exec/Arguments" | "Actions/Exec/WorkingDirectory":
            return Said("The task starts something else: {command}", command=have or "–")
        case _:
            return Said(
                "The task was changed: {element} is {value}, not {wanted}.",
                element=key.rpartition("/")[2],
                value=have or "–",
                wanted=want,
            )


def _shown(text: str) -> str:
    return _NO_XML.sub("�", text)
