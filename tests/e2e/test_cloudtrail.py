"""CloudTrail's records, from their folder to archives on an OpenSSH server, compared one by one."""

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from tests.cef_reader import read_cef_line
from tests.cloudtrail import write_folder
from tests.e2e.conftest import Program
from tests.servers import Server

REPLACEMENT = "Value for this key exceeds mapped dictionary key allowed length"
MAPPED = {
    "createdAt": "eventTime",
    "id": "eventID",
    "entityType": "eventSource",
    "actionType": "eventName",
    "actor": "userIdentity",
    "before": "requestParameters",
    "after": "responseElements",
}
STATES = {"cs2": "actor", "cs3": "before", "cs4": "after"}
NAMES = [
    "requestParameters.bucketName",
    "requestParameters.userName",
    "requestParameters.roleName",
    "recipientAccountId",
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "cloudtrail"


@pytest.fixture
def records(folder: Path) -> list[dict[str, Any]]:
    """What the folder has: among it long answers, characters that CEF escapes, and callers of every kind."""
    return write_folder(folder, 400)


def expected(record: dict[str, Any]) -> dict[str, Any]:
    """The event of a record, written down independently of the program."""
    parameters = record["requestParameters"] or {}
    names = (parameters.get(key) for key in ("bucketName", "userName", "roleName"))
    event = {key: record[place] for key, place in MAPPED.items() if record.get(place) is not None}
    event["createdAt"] = event["createdAt"].removesuffix("Z") + ".000Z"
    event["entityName"] = next((name for name in names if name is not None), record["recipientAccountId"])
    used = {MAPPED[key] for key in event if key in MAPPED}
    if event["entityName"] == record["recipientAccountId"]:
        used.add("recipientAccountId")
    return {**{key: value for key, value in record.items() if key not in used}, **event}


def prepare(program: Program, sshd: Server, served: Path, folder: Path, format_: str) -> None:
    program.configure(sshd, served.name)
    program.run("config", "set", f"export.format={format_}")
    fields = [f"--field={key}={place}" for key, place in MAPPED.items()]
    program.run(
        "source",
        "add",
        "aws",
        f"--path={folder}",
        "--records=Records",
        *fields,
        f"--field=entityName={','.join(NAMES)}",
    )


def test_json(program: Program, sshd: Server, served: Path, folder: Path, records: list[dict[str, Any]]) -> None:
    prepare(program, sshd, served, folder, "json")
    result = program.json("run")
    assert (result["outcome"], result["events"], result["error"]) == ("delivered", len(records), None)
    (archive,) = result["archives"]
    assert archive["name"] == "audit-trails-ws-2023-07-10.zip"
    assert [file.name for file in served.iterdir()] == [archive["name"]]
    with zipfile.ZipFile(served / archive["name"]) as file:
        events = json.loads(file.read("audit-trails-ws-2023-07-10.json"))
    assert len(events) == len(records) == 400
    assert [event["createdAt"] for event in events] == sorted(event["createdAt"] for event in events)
    by_id = {event["id"]: event for event in events}
    for record in records:
        assert by_id[record["eventID"]] == expected(record)
    assert "400 events" in program.run("verify", "--to", "2023-07-10", str(served))
    assert program.json("run")["outcome"] == "nothing-due"


def test_cef(program: Program, sshd: Server, served: Path, folder: Path, records: list[dict[str, Any]]) -> None:
    prepare(program, sshd, served, folder, "cef")
    (archive,) = program.json("run")["archives"]
    with zipfile.ZipFile(served / archive["name"]) as file:
        lines = file.read("audit-trails-ws-2023-07-10.cef").decode().removesuffix("\n").split("\n")
    assert len(lines) == len(records)
    assert any(REPLACEMENT in line for line in lines)
    read = [read_cef_line(line).extension for line in lines]
    main_keys = ("createdAt", "entityType", "entityName", "actionType")
    wanted = []
    for event in map(expected, records):
        values = {"cs1": {key: event[key] for key in main_keys}}
        values |= {cs: event[key] for cs, key in STATES.items() if key in event}
        wanted.append(values)
    assert sorted(map(comparable, read)) == sorted(map(comparable_event, wanted))


def comparable(extension: dict[str, str]) -> str:
    values = {key: value for key, value in extension.items() if not key.endswith("Label")}
    parsed = {key: value if value == REPLACEMENT else json.loads(value) for key, value in values.items()}
    return json.dumps(parsed, sort_keys=True)


def comparable_event(values: dict[str, Any]) -> str:
    short = {key: value if len(as_recorded(value)) <= 4000 else REPLACEMENT for key, value in values.items()}
    return json.dumps(short, sort_keys=True)


def as_recorded(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


@pytest.mark.parametrize(("inside", "told"), [(".", "--like cloudtrail"), ("none", "can't be read")])
def test_the_folder_of_a_new_source_is_looked_into_at_once(
    program: Program, folder: Path, records: list[dict[str, Any]], inside: str, told: str
) -> None:
    assert told in program.errors("source", "add", "aws", f"--path={folder / inside}")
    assert program.json("source", "list")[0]["path"] == str(folder / inside)
