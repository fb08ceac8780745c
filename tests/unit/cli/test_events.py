"""`events` hands over what was delivered: the line that it names is that line of the archive."""

import csv
import hashlib
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from desktop_app.cli.events import command
from desktop_app.settings.effective import save_settings
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
