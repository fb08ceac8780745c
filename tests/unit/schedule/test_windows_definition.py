"""The Task Scheduler's XML: right for whatever paths and names, and told apart from one that was changed."""

import re
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from desktop_app.own_program import Command
from desktop_app.schedule.task_state import SchedulerError
from desktop_app.schedule.windows.definition import (
    Account,
    Logon,
    answer,
    as_file,
    definition,
    difference,
    logon_of,
)
from tests.task_schema import faults

NOW = datetime(2026, 11, 24, 12, 0)
ANNA = Account("S-1-5-21-1004336348-1177238915-682003330-1001", ("DESK\\anna",))
COMMAND = Command((r"C:\Program Files\Audit Trails\audit-trails.exe", "exporter", "run", "--scheduled"))
PLAIN = definition("02:00", ANNA.sid, "InteractiveToken", COMMAND, NOW)
TASK = "{http://schemas.microsoft.com/windows/2004/02/mit/task}"

HOSTILE_COMMANDS = [
    Command((r"C:\a b\x.exe", "--home", r"D:\Daten & Mehr\<ü>\日本 'o' ]]> &amp;", "run", "--scheduled")),
    Command((r"\\server\share$\ünï.exe", "--home", 'C:\\with "quotes"\\and end\\', "run", "--scheduled")),
    Command((r"C:\🔑\Ωmega.exe", "--home", "C:\\back\\", ""), Path("/opt/o'brien & söhne")),
    Command((r"C:\100% sure\$HOME\${at}\$x.exe", "run")),
]
ACCOUNTS = [ANNA.sid, "CORP\\jörg.müller", ".\\anna & co", "anna@corp.example.com", "AzureAD\\AnnaB", "NAME <x>"]
LOGONS: list[Logon] = ["InteractiveToken", "Password"]


def texts(xml: str) -> dict[str, str]:
    root = etree.fromstring(as_file(xml))
    return {each.tag.removeprefix(TASK): each.text or "" for each in root.iter() if len(each) == 0}


@pytest.mark.parametrize("logon", LOGONS)
@pytest.mark.parametrize("account", ACCOUNTS)
@pytest.mark.parametrize("command", HOSTILE_COMMANDS)
def test_any_path_and_any_account_make_a_definition_that_is_right(
    command: Command, account: str, logon: Logon
) -> None:
    xml = definition("23:59", account, logon, command, NOW)
    assert faults(as_file(xml)) == []
    found = texts(xml)
    assert found["Command"] == command.argv[0]
    assert found.get("WorkingDirectory") == (str(command.folder) if command.folder else None)
    assert found["UserId"] == account
    assert found["LogonType"] == logon_of(xml) == logon
    assert found["StartBoundary"] == "2026-11-24T23:59:00"


@given(st.text(st.characters(exclude_characters="%$", exclude_categories=("Cs", "Cc")), min_size=1, max_size=99))
def test_any_text_is_told_or_kept(text: str) -> None:
    command = Command((f"C:\\{text}", "--home", text))
    try:
        xml = definition("02:00", text, "InteractiveToken", command, NOW)
    except SchedulerError as error:
        assert re.search("[\ufffe\uffff]", text), error
        return
    assert faults(as_file(xml)) == []
    assert texts(xml)["Command"] == f"C:\\{text}"
    assert texts(xml)["UserId"] == text


def test_arguments_are_quoted_as_windows_programs_read_them() -> None:
    command = Command((r"C:\x.exe", "--home", r"C:\my files" + "\\", 'say "hi"', "", "run"))
    found = texts(definition("02:00", ANNA.sid, "InteractiveToken", command, NOW))["Arguments"]
    assert found == r'--home "C:\my files\\" "say \"hi\"" "" run'


@pytest.mark.parametrize(
    ("argv", "what"),
    [
        (("C:\\a\x07.exe",), "can't hold"),
        (("C:\\a.exe", "two\nlines"), "can't hold"),
        (("C:\\a\ud800.exe",), "can't hold"),
        (("C:\\%TEMP%\\a.exe",), "would replace"),
        (("C:\\a.exe", "--home", "C:\\$(Arg0)"), "would replace"),
        (("C:\\" + "x" * 258,), "260"),
    ],
)
def test_what_the_task_scheduler_could_not_start_is_refused(argv: tuple[str, ...], what: str) -> None:
    with pytest.raises(SchedulerError, match=what) as caught:
        definition("02:00", ANNA.sid, "InteractiveToken", Command(argv), NOW)
    caught.value.message.encode()  # can be printed


@pytest.mark.parametrize(
    ("at", "first"),
    [("12:01", "2026-11-24T12:01:00"), ("12:00", "2026-11-25T12:00:00"), ("02:00", "2026-11-25T02:00:00")],
)
def test_the_first_start_is_not_in_the_past(at: str, first: str) -> None:
    xml = definition(at, ANNA.sid, "InteractiveToken", COMMAND, NOW)
    assert texts(xml)["StartBoundary"] == first


def test_it_is_what_was_asked_for() -> None:
    found = texts(PLAIN)
    wanted = {
        "DaysInterval": "1",
        "StartWhenAvailable": "true",
        "MultipleInstancesPolicy": "IgnoreNew",
        "ExecutionTimeLimit": "PT12H",
        "Interval": "PT10M",
        "Count": "3",
        "DisallowStartIfOnBatteries": "false",
        "StopIfGoingOnBatteries": "false",
        "WakeToRun": "false",
        "RunOnlyIfNetworkAvailable": "true",
        "RunOnlyIfIdle": "false",
        "RunLevel": "LeastPrivilege",
        "LogonType": "InteractiveToken",
    }
    assert {key: found[key] for key in wanted} == wanted


def test_the_file_is_what_schtasks_reads() -> None:
    content = as_file(PLAIN)
    assert content.startswith(b"\xff\xfe<\0?\0x\0m\0l\0")
    assert content.decode("utf-16").count("\r\n") == content.decode("utf-16").count("\n") > 40


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("<Hidden>false</Hidden>", "<Hidden>false</Hidden><Invented>true</Invented>"),
        ("Program Files", "Program & Files"),
        ("</Settings>", ""),
        ("</Task>", ""),
        ("PT12H", "12 hours"),
        ("PT10M", "PT10S"),
        ("PT10M", "P32D"),
        ("<Count>3<", "<Count>0<"),
        ("<Count>3<", "<Count>256<"),
        ("<Priority>7<", "<Priority>11<"),
        ("T02:00:00<", "T25:00:00<"),
        ("T02:00:00<", "T02:00:00Z<"),
        ("<DaysInterval>1<", "<DaysInterval>0<"),
        ("IgnoreNew", "ignoreNew"),
        ("InteractiveToken", "S4U"),
        (ANNA.sid, ""),
        ("<WakeToRun>false<", "<WakeToRun>no<"),
        ('Context="Author"', 'Context="Nobody"'),
        ('version="1.2"', 'version="9"'),
        ("2004/02/mit/task", "2004/02/mit/other"),
        (
            "<Interval>PT10M</Interval>\n      <Count>3</Count>",
            "<Count>3</Count>\n      <Interval>PT10M</Interval>",
        ),
        ("<Command>", "<Command>" + "x" * 260),
        ("<Exec>", "<Exec></Exec><Exec>"),
    ],
)
def test_the_schema_refuses_what_is_wrong(old: str, new: str) -> None:
    assert old in PLAIN
    assert faults(as_file(PLAIN.replace(old, new, 1)))


def as_windows_shows(xml: str) -> str:
    """A definition as the Task Scheduler gives it back: other order, defaults left out, additions of its own."""
    for gone in (
        "<AllowStartOnDemand>true</AllowStartOnDemand>",
        "<Priority>7</Priority>",
        "<WakeToRun>false</WakeToRun>",
        "<MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>",
    ):
        assert gone in xml
        xml = xml.replace(gone, "")
    xml = xml.replace("<Enabled>true</Enabled>\n      <StartBoundary>", "<StartBoundary>")
    xml = xml.replace("<Version>", "<URI>\\audit-trails-export</URI><Date>2026-11-24T12:00:00</Date><Version>")
    return xml.replace("</Settings>", "<UseUnifiedSchedulingEngine>true</UseUnifiedSchedulingEngine></Settings>")


def test_what_windows_makes_of_it_is_the_same_task() -> None:
    later = definition("02:00", ANNA.sid, "InteractiveToken", COMMAND, datetime(2027, 1, 1))
    assert difference(later, PLAIN, ANNA) is None
    assert difference(later, as_windows_shows(PLAIN), ANNA) is None


@pytest.mark.parametrize("shown", ["desk\\Anna", ".\\anna", "anna", ANNA.sid.lower()])
def test_an_account_is_the_same_by_any_of_its_names(shown: str) -> None:
    assert difference(PLAIN, PLAIN.replace(ANNA.sid, shown), ANNA) is None


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("T02:00:00", "T03:30:00", "starts at 03:30, not at 02:00"),
        ("T02:00:00", "T02:00:00+01:00", "when the clocks change"),
        (ANNA.sid, "CORP\\anna", "runs as CORP\\anna"),
        ("InteractiveToken", "S4U", "S4U"),
        ("LeastPrivilege", "HighestAvailable", "RunLevel"),
        ("audit-trails.exe", "evil.exe", "something else: C:\\Program Files\\Audit Trails\\evil.exe"),
        ("run --scheduled", "run", "something else: exporter run"),
        ("<Hidden>false</Hidden>", "<Hidden>true</Hidden>", "Hidden is true"),
        (
            "    <Enabled>true</Enabled>\n    <Hidden>",
            "    <Enabled>false</Enabled>\n    <Hidden>",
            "switched off",
        ),
        ("<Enabled>true</Enabled>\n      <Start", "<Enabled>0</Enabled>\n      <Start", "switched off"),
        ("<StartWhenAvailable>true</StartWhenAvailable>", "", "StartWhenAvailable is false"),
        ("<ExecutionTimeLimit>PT12H</ExecutionTimeLimit>", "", "ExecutionTimeLimit is PT72H, not PT12H"),
        ("<Count>3</Count>", "", "Count is –"),
        ("</Exec>", "</Exec><Exec><Command>x</Command></Exec>", "Actions › Exec[2] › Command x"),
        ("</ScheduleByDay>", "</ScheduleByDay><EndBoundary>2027</EndBoundary>", "EndBoundary 2027"),
        ("</Task>", "", "can't be read"),
    ],
)
def test_what_was_changed_is_told(old: str, new: str, says: str) -> None:
    assert old in PLAIN
    told = difference(PLAIN, PLAIN.replace(old, new, 1), ANNA)
    assert told
    assert says in told


def test_answers_are_known_signed_or_not() -> None:
    assert answer(-2147023570) == answer(0x8007052E)
    assert answer(0x12345678) is None
