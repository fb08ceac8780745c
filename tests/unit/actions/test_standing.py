"""How the export stands in one sentence, and the deed that helps now: a table of all cases."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from desktop_app.actions.standing import Act, Standing, standings
from desktop_app.actions.status import Status, WaitingDay, overview
from desktop_app.errors import ExitCode, LocalDiskError
from desktop_app.export.ledger import Archive, Outcome, Run, StartedBy
from desktop_app.schedule.night_try import NightTry
from desktop_app.schedule.task_state import TaskState
from desktop_app.settings.model import FolderSource, ServerSettings, Settings
from desktop_app.settings.paths import Paths
from desktop_app.sources.so_far import SourceCounts
from desktop_app.trails.event import parse_event
from desktop_app.trails.own_actions import switched
from desktop_app.trails.store.store import open_store
from desktop_app.wording import Said
from tests.unit.actions.test_troubles import run as ended
from tests.unit.actions.test_troubles import state

NOON = int(datetime(2026, 11, 24, 12).timestamp() * 1000)
TWO = int(datetime(2026, 11, 24, 2).timestamp() * 1000)
FINE = TaskState(scheduler="systemd", name="task", installed=True, next_run=NOON + 1)
NO_TASK = TaskState(
    scheduler="systemd", name="task", installed=False, problem="The task is gone.", hint="Set it up."
)
NIGHT = NightTry(account="a", keeper="file", readable=False, tested_ms=1)
DAY = WaitingDay("2026-11-23", 5)
DELIVERED = Archive(
    instance="ws", day="2026-11-23", number=1, name="a.zip", format="json", timezone="UTC", start_ms=1, end_ms=2,
    upto_seq=1, events=1, bytes=1, sha256="", built_ms=1,
)  # fmt: skip


def stands(tested_ms: int | None = None, **changes: Any) -> list[Standing]:
    of_status = {"task", "password", "night", "unsafe"}
    given: dict[str, Any] = {"task": FINE, "password": None, "night": None, "unsafe": []}
    given |= {key: value for key, value in changes.items() if key in of_status}
    rest = {key: value for key, value in changes.items() if key not in of_status}
    status = Status(overview=state(**rest), **given)
    return standings(status, lambda _: "WHEN", NOON, tested_ms)


def failed(code: int, message: str = "Why.", **more: Any) -> Run:
    run = ended(Outcome.FAILED, code, message)
    changes = {"started_ms": TWO, "finished_ms": TWO + 5, **more}
    return Run(**{**{name: getattr(run, name) for name in run.__struct_fields__}, **changes})


@pytest.mark.parametrize(
    ("changes", "kind", "sentence", "detail", "act"),
    [
        ({"last_archive": DELIVERED}, "ok", "All delivered. Next export: WHEN.", "", Act.EXPORT_NOW),
        ({}, "muted", "The export is on.", "Next export: WHEN.", Act.EXPORT_NOW),
        ({"waiting": [DAY]}, "wait", "1 day waits.", "Next export: WHEN.", Act.EXPORT_NOW),
        ({"waiting": [DAY] * 3}, "wait", "3 days wait.", "Next export: WHEN.", Act.EXPORT_NOW),
        ({"running": True, "last_run": failed(77)}, "muted", "An export is running.", "Since WHEN", None),
        (
            {"enabled": False, "not_configured": Said("Missing.")},
            "muted",
            "The export is not set up yet.",
            "Say where the archives go: server, user, password and path.",
            None,
        ),
        (
            {"not_configured": Said("Missing.")},
            "bad",
            "The export can't run with these settings.",
            "Missing.",
            Act.CONFIGURE,
        ),
        ({"enabled": False}, "muted", "The daily export is off.", "", Act.SWITCH_ON),
        ({"enabled": False, "waiting": [DAY]}, "muted", "The daily export is off.", "1 day waits.", Act.SWITCH_ON),
        ({"task": NO_TASK}, "wait", "The task is gone.", "", Act.FIX_TASK),
        (
            {
                "task": TaskState(
                    scheduler="none", name="", installed=False, problem="None here.", hint="Do.", command="run"
                )
            },
            "wait",
            "None here.",
            "Do.\nrun",
            None,
        ),
        (
            {"task": TaskState(scheduler="unknown", name="", installed=False, problem="Silent.", hint="Later.")},
            "wait",
            "Silent.",
            "Later.",
            None,
        ),
        (
            {
                "task": TaskState(
                    scheduler="Task Scheduler",
                    name="",
                    installed=True,
                    problem="Older.",
                    hint="Type it.",
                    needs_windows_password=True,
                )
            },
            "wait",
            "Older.",
            "Type it.",
            Act.TYPE_WINDOWS_PASSWORD,
        ),
        (
            {
                "task": TaskState(
                    scheduler="systemd", name="", installed=True, problem="Unreadable.", hint="Keep."
                ),
                "night": NIGHT,
            },
            "wait",
            "Unreadable.",
            "Keep.",
            Act.CHOOSE_KEEPER,
        ),
        (
            {"password": LocalDiskError(Said("Others may read it."), Said("Close it."))},
            "wait",
            "Others may read it.",
            "Close it.",
            None,
        ),
        (
            {"last_run": failed(77, field="server.password"), "waiting": [DAY]},
            "bad",
            "Last night's export failed. 1 day waits.",
            "Why.",
            Act.ENTER_PASSWORD,
        ),
        (
            {"last_run": failed(78, field="server.path", hint=Said("Make it."))},
            "bad",
            "Last night's export failed.",
            "Why.\nMake it.",
            Act.FIX_FIELD,
        ),
        (
            {"last_run": failed(76, field="server.host", started_by=StartedBy.FORM)},
            "bad",
            "The last export failed: WHEN.",
            "Why.",
            Act.CHECK_HOST_KEY,
        ),
        (
            {"last_run": failed(76, field="server.hmac", started_ms=TWO - 3 * 86_400_000)},
            "bad",
            "The last export failed: WHEN.",
            "Why.",
            Act.FIX_FIELD,
        ),
        (
            {"last_run": failed(69, field="server.host")},
            "bad",
            "Last night's export failed.",
            "Why.",
            Act.EXPORT_NOW,
        ),
        ({"last_run": failed(75)}, "bad", "Last night's export failed.", "Why.", Act.EXPORT_NOW),
        ({"last_run": failed(77)}, "bad", "Last night's export failed.", "Why.", Act.EXPORT_NOW),
        (
            {"last_run": ended(Outcome.INTERRUPTED)},
            "wait",
            "The last export was interrupted.",
            "The next one goes on where it ended.",
            Act.EXPORT_NOW,
        ),
        (
            {"overdue": True, "waiting": [DAY]},
            "wait",
            "No run went well for more than a day and a half.",
            "1 day waits.",
            Act.EXPORT_NOW,
        ),
        (
            {"is_fed": False},
            "wait",
            "Nothing to export yet: no source.",
            "Until you say where your events are, archives hold only this program's own actions.",
            Act.CHOOSE_SOURCE,
        ),
        (
            {"sources": {"aws": SourceCounts(read=10, set_aside=9)}},
            "wait",
            "Most records of source aws are set aside: 9.",
            "",
            Act.LOOK_AT_SOURCES,
        ),
        (
            {"running_out": {"hr": Said("Days left: 2.")}},
            "wait",
            "Days left: 2.",
            "",
            Act.EXPORT_NOW,
        ),
        (
            {"clock_set_back": True},
            "wait",
            "This computer's clock stands before the last export.",
            "Was it set back?",
            None,
        ),
        ({"unsafe": [Said("Others may write.")]}, "wait", "Others may write.", "", None),
        (
            {
                "task": TaskState(scheduler="none", name="", installed=False),
                "last_archive": DELIVERED,
            },
            "ok",
            "All delivered. Your own scheduler starts the next one: audit-trails-export run --scheduled",
            "",
            Act.EXPORT_NOW,
        ),
    ],
)
def test_each_standing(changes: dict[str, Any], kind: str, sentence: str, detail: str, act: Act | None) -> None:
    first = stands(**changes)[0]
    assert (first.kind, first.sentence, first.detail, first.act) == (kind, sentence, detail, act)


def test_what_matters_most_comes_first() -> None:
    found = stands(task=NO_TASK, last_run=failed(77), is_fed=False, unsafe=[Said("Others may write.")])
    assert [each.sentence for each in found] == [
        "The task is gone.",
        "Last night's export failed.",
        "Nothing to export yet: no source.",
        "Others may write.",
    ]
    off = stands(enabled=False, last_run=failed(77), is_fed=False, unsafe=[Said("Others may write.")])
    assert [each.sentence for each in off] == ["The daily export is off.", "Others may write."]


def test_a_test_after_a_failure_has_the_last_word() -> None:
    run = failed(77, field="server.password")
    assert stands(TWO, last_run=run)[0].act is Act.ENTER_PASSWORD
    (now,) = stands(TWO + 6, last_run=run, waiting=[DAY])
    expected = ("wait", "The connection works again.", "1 day waits.", Act.EXPORT_NOW)
    assert (now.kind, now.sentence, now.detail, now.act) == expected


def test_a_failure_knows_its_setting() -> None:
    (found,) = stands(last_run=failed(ExitCode.CONFIG, field="server.path"))
    assert (found.field, found.is_failure) == ("server.path", True)


def test_events_come_from_a_source_or_from_record(tmp_path: Path) -> None:
    paths = Paths(tmp_path, tmp_path, tmp_path)
    settings = Settings(enabled=True, server=ServerSettings(host="sftp.example.com", user="u", path="/x"))
    with open_store(paths.store) as store:
        store.append([switched(True)])
        assert not overview(settings, paths).is_fed
        sourced = Settings(sources=(FolderSource(name="aws", path="/var/log/aws"),))
        assert overview(sourced, paths).is_fed
        event = b'{"createdAt": "2026-11-20T08:00:00Z", "entityType": "T", "entityName": "N", "actionType": "A"}'
        store.append([parse_event(event)])
    assert overview(settings, paths).is_fed
