"""`events` hands over what was delivered: the line that it names is that line of the archive."""

import csv
import hashlib
import io
import json
import zipfile
from pathlib import Path
from typing import Any, get_args

import pytest
from click.testing import CliRunner, Result

from desktop_app.actions.find_events import Question
from desktop_app.actions.hand_over import Form, hand_over
from desktop_app.cli.events import command
from desktop_app.errors import BadSetting
from desktop_app.settings.effective import save_settings
from desktop_app.stop import Stop, Stopped
from desktop_app.trails.store.browse import Key
from desktop_app.trails.store.search import Sought, search
from desktop_app.trails.store.span import Span
from desktop_app.trails.store.store import open_store_to_read
from tests.installation import Installation


@pytest.fixture
def installation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Installation:
    """Three days: late events came for the first, which the archives hold in turns; the third is CEF."""
    made = Installation(tmp_path / "home", tmp_path / "server")
    monkeypatch.setenv("AUDIT_TRAILS_HOME", str(tmp_path / "home"))
    made.days(1, 2)
    late = [(f"2026-03-01T{hour}:00:00", f"late-{hour}") for hour in ("07", "08", "20")]
    made.run("2026-03-04T02:00:00", [*late, ("2026-03-03T08:00:00", "cef, \"of 'March'")], "cef")
    save_settings(made.paths, made.settings())
    return made


def events(*options: str) -> Result:
    done = CliRunner().invoke(command, list(options))
    assert done.exit_code == 0, done
    return done


def found(*options: str) -> list[dict[str, Any]]:
    document = json.loads(events("--json", *options).stdout)
    assert isinstance(document, list)
    return document


def test_each_line_is_where_it_is_said_to_be(installation: Installation) -> None:
    delivered = [each for each in found("--to", "2026-03-03") if each["archive"]]
    assert len(delivered) == 8
    for each in delivered:
        path = installation.server / each["archive"]
        assert each["archiveSha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
        with zipfile.ZipFile(path) as archive:
            line = archive.read(archive.namelist()[0]).splitlines()[each["line"] - 1].removesuffix(b",")
            manifest = archive.read("manifest.json")
        assert each["lineSha256"] == hashlib.sha256(line).hexdigest()
        assert each["manifestSha256"] == hashlib.sha256(manifest).hexdigest()
        document = json.loads(manifest)
        assert (each["number"], each["signedBy"]) == (document["chain"]["number"], document["key"])
        if document["format"] == "json":
            assert json.loads(line) == each["event"]


def test_many_events_of_one_instant_have_a_line_each(installation: Installation) -> None:
    installation.run("2026-03-06T02:00:00", [("2026-03-05T08:00:00", f"burst-{n:02}") for n in range(20)])
    lines = {each["event"]["id"]: each["line"] for each in found("--from", "2026-03-05", "--actor", "anna")}
    (archive,) = installation.server.glob("*2026-03-05.zip")
    with zipfile.ZipFile(archive) as file:
        text = file.read(file.namelist()[0]).splitlines()
    there = {json.loads(each.removesuffix(b","))["id"]: n for n, each in enumerate(text[1:-1], start=2)}
    assert len(lines) == 20 and lines == {key: there[key] for key in lines}


def test_what_waits_has_no_proof_yet(installation: Installation) -> None:
    (delivery, *_) = found("--find", "deliver archive")
    assert delivery["archive"] is None and delivery["line"] is None


@pytest.mark.parametrize(
    ("options", "number"),
    [
        (("--from", "2026-03-02", "--to", "2026-03-02"), 2),
        (("--find", "passcode", "--to", "2026-03-01"), 5),
        (("--actor", "ANNA"), 8),
        (("--actor", "berta"), 0),
        (("--entity", "passcode", "--to", "2026-03-01"), 5),
        (("--entity", "anna"), 0),
        (("--state", "delivered"), 8),
        (("--state", "waiting", "--actor", "anna"), 0),
        (("--source", "", "--actor", "anna"), 8),
        (("--action", "change", "--from", "2026-03-03", "--to", "2026-03-03"), 1),
    ],
)
def test_filters(installation: Installation, options: tuple[str, ...], number: int) -> None:
    assert len(found(*options)) == number


def test_csv_and_page_and_text(installation: Installation, tmp_path: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(events("--csv", "--actor", "anna").stdout)))
    assert [json.loads(row["event"])["id"] for row in rows][-1] == "cef, \"of 'March'"
    assert rows[0]["archive"].startswith("audit-trails-ws-2026-03-01")
    events("--html", str(tmp_path / "page.html"), "--actor", "anna")
    page = (tmp_path / "page.html").read_text("utf-8")
    assert page.count("<section>") == 8 and "cef, \\&quot;of &#x27;March&#x27;" in page
    assert "audit-trails-ws-2026-03-02.zip, line 2, SHA-256 of the line" in events("--from", "2026-03-02").stdout


def test_a_source_that_nothing_came_from_is_named(installation: Installation) -> None:
    done = CliRunner().invoke(command, ["--source", "okta"])
    assert isinstance(done.exception, BadSetting) and "okta" in done.exception.message


def test_chosen_events_alone(installation: Installation, tmp_path: Path) -> None:
    with open_store_to_read(installation.paths.store) as store:
        keys = [key for step in search(store, [Span()], Sought(actor="anna")) for key in step.keys]
    chosen = [keys[4], keys[0], Key(keys[0].created_ms, 4711)]
    settings = installation.settings()
    for form in get_args(Form):
        number = hand_over(settings, installation.paths, chosen, tmp_path / f"chosen.{form}", form, Stop())
        assert number == 2, form
    whole = {each["event"]["id"]: each for each in found("--actor", "anna")}
    handed = json.loads((tmp_path / "chosen.json").read_text("utf-8"))
    assert [whole[each["event"]["id"]] for each in handed] == handed and len(handed) == 2
    table = (tmp_path / "chosen.csv").read_bytes()
    assert table.startswith(b"\xef\xbb\xbfarchive,line,") and table.count(b"\r\n") == 3
    assert (tmp_path / "chosen.html").read_text("utf-8").count("<section>") == 2


def test_a_page_in_another_language(installation: Installation, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    wanted = Question(Sought(actor="anna"))
    hand_over(installation.settings(), installation.paths, wanted, page, "html", Stop(), str.upper, "de")
    text = page.read_text("utf-8")
    assert (
        '<html lang="de">' in text
        and "<h1>AUDIT EVENTS</h1>" in text
        and '"id":"cef, ' in text.replace("&quot;", '"')
    )


def test_what_is_stopped_leaves_the_file_as_it_was(installation: Installation, tmp_path: Path) -> None:
    stop = Stop()
    stop.ask()
    file = tmp_path / "events.json"
    file.write_text("before")
    with pytest.raises(Stopped):
        hand_over(installation.settings(), installation.paths, Question(), file, "json", stop)
    assert file.read_text() == "before"
