"""CSV, CEF, syslog: what their lines say."""

import csv
import gzip
import io
import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from desktop_app.export.cef_format import cef_chunks
from desktop_app.settings.model import CefSettings, FieldRule, FolderSource
from desktop_app.sources.collect import collect
from desktop_app.sources.collected import Collected
from desktop_app.sources.forms.cef import parse_cef
from desktop_app.sources.forms.form import any_piece
from desktop_app.sources.forms.log_lines import log_record
from desktop_app.sources.forms.recognise import form_of
from desktop_app.sources.forms.syslog import parse_syslog
from desktop_app.trails.event import parse_event
from desktop_app.trails.store.append import Appended
from desktop_app.trails.store.set_aside import set_aside_records
from desktop_app.trails.store.span import Span
from desktop_app.trails.store.store import Store
from desktop_app.trails.store.timeline import batches
from desktop_app.wording import Said
from tests.stored import EVENT, events_in

FIELDS = {"createdAt": "When", "entityType": "Area", "entityName": "Name", "actionType": "What"}
NOON = "2026-11-22T12:00:00Z"


def gather(store: Store, folder: Path, **options: Any) -> Collected:
    return collect([FolderSource(name="s", path=str(folder), fields=FIELDS, **options)], store, lambda _: None)


def records_of(content: bytes, name: str = "a") -> list[Any]:
    """What is found in a file; what is unfit, by its reason."""
    form = form_of(io.BytesIO(content), name, "")
    pieces = list(form.pieces(io.BytesIO(content), 0, any_piece))  # type: ignore[union-attr]
    found = form.records(pieces)  # type: ignore[union-attr]
    return [str(each.unfit) if each.unfit else json.loads(each.content) for each in found]


def reasons(store: Store) -> list[str]:
    return [str(each.reason) for each in set_aside_records(store, "s", 99)]


def table(rows: list[list[str]], **dialect: Any) -> str:
    text = io.StringIO()
    csv.writer(text, **dialect).writerows(rows)
    return text.getvalue()


HEADER = ["When", "Area", "Name", "What", "Details"]
ROWS = [
    [NOON, "Users", "eva", "Create", json.dumps({"ip": "::1", "tags": ["a", 'b "c"']})],
    [NOON, "Users", 'line\nbreak, ";|\t" and\r\n\nquotes', "Change", ""],
    [NOON, "Users", "日本", "Delete", '"'],
]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("before", ["", "\ufeff", "sep={}\r\n", "#TYPE System.Object\r\n"])
@pytest.mark.parametrize("quoting", [csv.QUOTE_MINIMAL, csv.QUOTE_ALL])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_csv(store: Store, folder: Path, delimiter: str, before: str, quoting: int, encoding: str) -> None:
    text = before.format(delimiter) + table([HEADER, *ROWS], delimiter=delimiter, quoting=quoting)
    (folder / "a.csv").write_bytes(text.encode(encoding))
    assert [gather(store, folder).appended.stored for _ in range(2)] == [3, 0]
    assert [[each["entityName"], each["Details"]] for each in events_in(store)] == [row[2::2] for row in ROWS]
    assert reasons(store) == []


def test_csv_that_grows_is_read_on(store: Store, folder: Path) -> None:
    path = folder / "a.csv"
    text = table([HEADER, *([NOON, "T", f'n{n}\n"{n}"', "A", ""] for n in range(40))]).encode()
    for end in range(30, len(text), 97):
        path.write_bytes(text[:end])
        gather(store, folder)
    path.write_bytes(text)
    gather(store, folder)
    assert (len(events_in(store)), reasons(store)) == (40, [])


def test_a_quote_that_is_never_closed_costs_a_row(store: Store, folder: Path) -> None:
    lines = [",".join(HEADER), *(f"{NOON},T,n{n},A," for n in range(1200))]
    lines[5] = f'{NOON},T,"open,A,'
    lines[1100] = f'{NOON},T,5" disk,A,'
    (folder / "a.csv.gz").write_bytes(gzip.compress("\n".join(lines).encode()))
    assert gather(store, folder).appended == Appended(1199, 0)
    assert reasons(store) == ["a quote in it is not closed"]


def test_rows_that_do_not_fit_are_set_aside(store: Store, folder: Path) -> None:
    text = table([HEADER, *ROWS, ROWS[0][:3], [*ROWS[0], "more"], [], ROWS[2]])
    (folder / "a.csv").write_text(text, encoding="utf-8", newline="")
    assert gather(store, folder).appended == Appended(4, 0)
    assert sorted(reasons(store)) == [
        "it has 3 columns, and the header has 5", "it has 6 columns, and the header has 5",
    ]  # fmt: skip


def test_columns_without_a_name_and_with_the_same() -> None:
    (record,) = records_of(b"id,,id,name\n1,2,3,caf\xe9\n")
    assert record == {"id": "1", "column 2": "2", "id (2)": "3", "name": "caf\ufffd", "charactersReplaced": 1}


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"2026-11-22,1,eva\n2026-11-23,2,bob\n2026-11-24,3,joe\n", "this is CSV without a header"),
        (b"eva@x.org;10.0.0.1;5\nbob@x.org;10.0.0.2;6\njoe@x.org;10.0.0.2;6\n", "this is CSV without a header"),
        (b"web,GET,/a,1\nweb,GET,/a,2\nweb,GET,/b,3\n", "this is CSV without a header"),
        (b"LEEF:1.0|V|P|1|100|src=1\nLEEF:1.0|V|P|1|200|src=1\n", "this is LEEF"),
        (b"Dear all, this is it\nand nothing more\n, really\n", "this is text, but not JSON, CSV, CEF or syslog"),
    ],
)
def test_what_is_no_table_with_a_header(store: Store, folder: Path, content: bytes, reason: str) -> None:
    (folder / "a.csv").write_bytes(content)
    for _ in range(3):
        gather(store, folder)
    assert reasons(store) == [reason]


def test_cef() -> None:
    line = (
        r"CEF:0|Some \| Vendor|Pro\\duct|1.0|100|it \| happened|Very-High|src=10.0.0.1 msg=a \= b\nand c=1\\2 "
        r'cs1Label=Actor cs1={"name":"eva"} cs2Label=Empty cs3Label=Plain cs3=x y  act= dst=1 dst=2'
    )
    assert json.loads(log_record(line.encode())) == {
        "cefVersion": "0",
        "deviceVendor": "Some | Vendor",
        "deviceProduct": "Pro\\duct",
        "deviceVersion": "1.0",
        "deviceEventClassId": "100",
        "name": "it | happened",
        "severity": "Very-High",
        "src": "10.0.0.1",
        "msg": "a = b\nand",
        "c": "1\\2",
        "cs1Label": "Actor",
        "cs1": '{"name":"eva"}',
        "cs2Label": "Empty",
        "cs3Label": "Plain",
        "cs3": "x y",
        "act": "",
        "dst": ["1", "2"],
        "labels": {"Actor": {"name": "eva"}, "Plain": "x y"},
    }
    assert parse_cef("CEF:0|vendor|product") is None
    assert log_record(b"CEF:0|vendor|product") == "the header of CEF is not whole"


NOW = datetime(2026, 3, 1, 12)
SYSLOG: list[tuple[str, dict[str, Any], str]] = [
    (
        '<165>1 2026-10-11T22:14:15.003Z host app 8710 ID47 [x@1 a="1" b="q\\"]"][y@2 c="d"] \ufeffit happened',
        {
            "facility": "local4",
            "severity": "notice",
            "timestamp": "2026-10-11T22:14:15.003Z",
            "hostname": "host",
            "appName": "app",
            "procId": "8710",
            "msgId": "ID47",
            "structuredData": {"x@1": {"a": "1", "b": 'q"]'}, "y@2": {"c": "d"}},
        },
        "it happened",
    ),
    ("<34>1 - - - - - -", {"facility": "auth", "severity": "crit"}, ""),
    (
        "<34>Oct 11 22:14:15 mymachine su[12]: 'su root' failed",
        {
            "facility": "auth",
            "severity": "crit",
            "timestamp": "2025-10-11T22:14:15",
            "hostname": "mymachine",
            "appName": "su",
            "procId": "12",
        },
        "'su root' failed",
    ),
    (
        "Feb  9 08:15:30 box sudo: eva : TTY=pts/0",
        {"timestamp": "2026-02-09T08:15:30", "hostname": "box", "appName": "sudo"},
        "eva : TTY=pts/0",
    ),
    (
        "2026-11-22T08:15:30.123456+01:00 box app[1]: x",
        {"timestamp": "2026-11-22T08:15:30.123456+01:00", "hostname": "box", "appName": "app", "procId": "1"},
        "x",
    ),
    (
        "17 <13>Feb 29 08:15:30 box plain text",
        {"facility": "user", "severity": "notice", "timestamp": "2024-02-29T08:15:30", "hostname": "box"},
        "plain text",
    ),
]


@pytest.mark.parametrize(("line", "header", "message"), SYSLOG)
def test_syslog(line: str, header: dict[str, Any], message: str) -> None:
    assert parse_syslog(line, NOW) == (header, message)


@pytest.mark.parametrize("line", ["", "{}", "2026-11-22 08:15:30 INFO it happened", "<9", "Feb 30 1:1:1 x y"])
def test_what_is_no_syslog(line: str) -> None:
    assert parse_syslog(line, NOW) is None


def test_json_and_cef_in_syslog(store: Store, folder: Path) -> None:
    said = {"When": NOON, "Area": "T", "Name": "N", "What": "A", "n": 1.50}
    (folder / "messages").write_text(
        f"Nov 22 08:15:30 box vault[7]: {json.dumps(said)}\n"
        f"<13>1 2026-11-22T08:15:30Z box app - - - {json.dumps(said)}\n"
        f"Nov 22 08:15:30 box rsyslogd: @cee: {json.dumps(said)}\n"
        f"{json.dumps(said)}\n"
        f"<13>Nov 22 08:15:30 box CEF:0|v|p|1|2|n|3|When={NOON} Area=T Name=N What=A\n"
        "neither of these\n",
        encoding="utf-8",
    )
    assert gather(store, folder).appended == Appended(5, 0)
    headers = [each.get("syslog", {}).get("hostname") for each in events_in(store)]
    assert sorted(map(str, headers)) == ["None", "box", "box", "box", "box"]
    assert reasons(store) == ["it is neither CEF nor syslog nor JSON"]


def test_characters_that_are_none_in_a_log() -> None:
    record = log_record(b"Nov 22 08:15:30 box app: caf\xe9")
    assert not isinstance(record, Said)
    assert json.loads(record)["charactersReplaced"] == 1 and json.loads(record)["message"] == "caf\ufffd"


IVANTI = {
    "createdAt": "labels.Audit Trails.createdAt",
    "entityType": "labels.Audit Trails.entityType",
    "entityName": "labels.Audit Trails.entityName",
    "actionType": "labels.Audit Trails.actionType",
    "actor": "labels.Actor",
    "before": "labels.Before",
    "after": "labels.After",
}


def test_this_program_s_own_cef_is_read_back(store: Store, folder: Path) -> None:
    changes: list[dict[str, Any]] = [
        {
            "entityName": "a = b | c \\ d",
            "actor": {"name": "eva =|\\"},
            "before": {"x": ["\n", 1.0]},
            "after": "y",
        },
        {"entityName": "日本 cs2=", "before": None, "after": [1, {"cs3": "cs4Label=x cs4=y"}]},
    ]
    lines = [json.dumps({**EVENT, "id": str(n), **change}).encode() for n, change in enumerate(changes)]
    store.append(map(parse_event, lines))
    cef = b"".join(each.text for each in cef_chunks(batches(store, Span()), CefSettings()))
    (folder / "audit-trails.cef").write_bytes(cef)
    assert collect([FolderSource(name="i", path=str(folder), fields=IVANTI)], store, lambda _: None).errors == []
    recorded, read = events_in(store)[:2], events_in(store)[2:]
    keys = ("createdAt", "entityType", "entityName", "actionType", "actor", "before", "after")
    assert [[each.get(key) for key in keys] for each in read] == [
        [each.get(key) for key in keys] for each in recorded
    ]


COMMENTS = {
    "one": "# Exported by a portal\n",
    "several, with delimiters and quotes": '#a,b\n#\n# it is a 5" disk, of "eva\n# Time: 08:00; zone: UTC\n\n',
    "behind a separator": "sep=,\n# Exported\n",
    "behind blank lines": "\n\r\n# Exported\n",
    "none, but blank lines": "\r\n\n",
}


@pytest.mark.parametrize("before", COMMENTS.values(), ids=COMMENTS)
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_csv_behind_comments(store: Store, folder: Path, before: str, encoding: str) -> None:
    text = before + table([HEADER, *ROWS]) + ("# 3 rows\n" if "#" in before else "")
    for end in (len(text) - 40, len(text)):
        (folder / "a").write_bytes(text[:end].encode(encoding))
        gather(store, folder)
    assert [each["entityName"] for each in events_in(store)] == [row[2] for row in ROWS]
    assert reasons(store) == []


@pytest.mark.parametrize(
    ("header", "name"), [("# Exported\n#When,Area,Name,What\n", "#When"), ("#When,Area,Name,What\n", "#When")]
)
def test_a_header_that_is_a_comment(header: str, name: str) -> None:
    found = records_of(f"{header}{NOON},T,eva,A\n# a comment\n{NOON},T,bob,A\n".encode())
    assert [(each[name], each["Name"]) for each in found] == [(NOON, "eva"), (NOON, "bob")]


def test_a_row_that_begins_like_a_comment_is_none() -> None:
    found = records_of(b"# Exported\nchannel,user,action\nops,eva,join\n#ops,bob,join\n# the end\n")
    assert [each["channel"] for each in found] == ["ops", "#ops"]


def test_a_flow_log_of_a_vpc() -> None:
    content = b"version account-id interface-id srcaddr action start\n2 12 eni-1 10.0.0.1 ACCEPT 1795363200\n"
    (record,) = records_of(content)
    assert (record["account-id"], record["start"]) == ("12", "1795363200")


IIS = """#Software: Microsoft Internet Information Services 10.0
#Version: 1.0
#Date: 2026-11-22 12:00:00
#Fields: date time s-ip cs-method cs-uri-stem cs(User-Agent) sc-status
2026-11-22 12:00:00 10.0.0.1 GET /a Mozilla/5.0+(X11) 200
2026-11-22 12:00:01 10.0.0.1 PUT /b "curl 401
"""
EXTENDED = {
    "IIS": (IIS, [{"time": "12:00:00", "sc-status": "200"}, {"cs(User-Agent)": '"curl', "sc-status": "401"}]),
    "CloudFront": (
        "#Version: 1.0\n#Fields: date time cs-method x-edge-location\n2026-11-22\t12:00:00\tGET\tFRA 2\n",
        [{"date": "2026-11-22", "cs-method": "GET", "x-edge-location": "FRA 2"}],
    ),
    "Exchange": (
        "#Software: Microsoft Exchange Server\n#Log-type: Message Tracking Log\n"
        "#Fields: date-time,client-ip,message-subject\n2026-11-22T12:00:00.000Z,::1,\"a, \"\"b\"\"\"\n",
        [{"date-time": "2026-11-22T12:00:00.000Z", "message-subject": 'a, "b"'}],
    ),
    "Zeek": (
        "#separator \\x09\n#set_separator\t,\n#fields\tts\tuid\tuser\n#types\ttime\tstring\tstring\n"
        '1795363200.123456\tC1\t"eva\n#close\t2026-11-22-12-00-00\n',
        [{"ts": "1795363200.123456", "user": '"eva'}],
    ),
    "strings": ('#Fields: time cs(Referer)\n12:00:00 "a ""b"" c"\n', [{"cs(Referer)": 'a "b" c'}]),
    "indented": (" #a\n  #Fields: time x-user\n12:00:00 eva\n", [{"time": "12:00:00", "x-user": "eva"}]),
    "blanks": ("#Fields:   time   x-user \n12:00:00    eva\n", [{"time": "12:00:00", "x-user": "eva"}]),
}  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), EXTENDED.values(), ids=EXTENDED)
def test_logs_whose_columns_a_comment_names(text: str, expected: list[dict[str, str]]) -> None:
    for content in (text, text.replace("\n", "\r\n"), "\ufeff" + text):
        found = records_of(content.encode())
        assert [each | some for each, some in zip(found, expected, strict=True)] == found


def test_columns_that_are_others_later(store: Store, folder: Path) -> None:
    """Where the log is read on, too: a service that was started anew names them again."""
    path = folder / "u_ex261122.log"
    fields = {**FIELDS, "createdAt": FieldRule(text="{date} {time}"), "entityType": FieldRule(const="IIS")}
    fields |= {"entityName": "cs-uri-stem", "actionType": "cs-method"}
    source = FolderSource(name="s", path=str(folder), fields=fields, zone="UTC")
    text = IIS.replace('"curl', "curl") + "#Fields: date time cs-uri-stem cs-method\n2026-11-22 12:00:02 /c POST\n"
    text += "2026-11-22 12:00:03 /d\n" + "2026-11-22 12:00:04 /e POST\n" * 3
    for end in range(len(IIS) - 60, len(text) + 1, 11):
        path.write_bytes(text.encode()[:end])
        collect([source], store, lambda _: None)
    path.write_bytes(text.encode())
    for _ in range(2):
        collect([source], store, lambda _: None)
    assert [(each["entityName"], each["actionType"]) for each in events_in(store)] == [
        ("/a", "GET"), ("/b", "PUT"), ("/c", "POST"), ("/e", "POST"), ("/e", "POST"), ("/e", "POST"),
    ]  # fmt: skip
    assert [each["createdAt"] for each in events_in(store)][:2] == [
        "2026-11-22T12:00:00.000Z",
        "2026-11-22T12:00:01.000Z",
    ]
    assert reasons(store) == ["it has 3 columns, and the header has 4"]
