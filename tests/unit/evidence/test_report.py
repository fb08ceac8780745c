"""The report says what was found, escapes what others wrote, and needs nothing but itself."""

import json
import re
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pytest
from click.testing import CliRunner
from msgspec import structs

from desktop_app.cli.verify import command
from desktop_app.evidence.check_archive import CheckedArchive
from desktop_app.evidence.report import Report, report_of
from desktop_app.evidence.report_page import report_page
from desktop_app.evidence.signers import read_signers
from desktop_app.evidence.verify import Asked, verify
from desktop_app.wording import Said

GOLDEN = Path(__file__).parents[2] / "data" / "archives_version_2"


@pytest.fixture(scope="module")
def report() -> Report:
    signers = tuple(read_signers(GOLDEN / "allowed_signers_after_the_loss"))
    return report_of(verify([GOLDEN], Asked(last=date(2026, 3, 31), signers=signers)), lambda: 0)


def test_it_says_what_was_found(report: Report) -> None:
    (installation,) = report.installations
    assert report.ok and report.problems == () and report.made == "1970-01-01T00:00:00.000Z"
    assert (installation.first_day, installation.last_day) == ("2026-03-27", "2026-03-31")
    assert (installation.archives, installation.unsigned, installation.events) == (6, 0, 6)
    assert (installation.newest, installation.number) == ("audit-trails-golden-2026-03-31.zip", 1)
    assert installation.late == ("audit-trails-golden-2026-03-27-2.zip",)
    assert [(key.archives, key.is_signer) for key in installation.keys] == [(3, True), (2, True), (1, True)]
    (source,) = installation.sources
    assert (source.source, source.read, source.stored, source.set_aside, source.complete) == (
        "aws",
        3,
        2,
        1,
        False,
    )


class Tags(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: set[str] = set()
        self.links: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.add(tag)
        self.links += [str(value) for name, value in attrs if name in ("src", "href", "action")]
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_page_needs_nothing_but_itself(report: Report) -> None:
    page = report_page(report)
    tags = Tags(page)
    assert tags.links == [] and not tags.seen & {"script", "link", "img", "iframe", "object"}
    assert not re.search(r"url\(|@import|https?:", page)
    assert "All 6 archives are whole, and none is missing." in page
    assert "ssh-keygen -Y verify -f allowed_signers -I golden -n audit-trails" in page


def test_it_speaks_the_readers_language(report: Report) -> None:
    def speak(text: str) -> str:
        return f"«{text.template}»" if isinstance(text, Said) else text

    page = report_page(report, speak, "de")
    assert '<html lang="de">' in page and "«All {count} archives are whole, and none is missing.»" in page


def test_what_others_wrote_is_text(tmp_path: Path) -> None:
    evil = CheckedArchive(path=Path("<script>alert(1)\u202e.zip"), problems=(Said("<b>{x}", x="&"),))
    report = report_of(verify([GOLDEN / "audit-trails-golden-2026-03-27.zip"]), lambda: 0)
    page = report_page(
        structs.replace(report, problems=(Said("{name}: {x}", name=evil.path, x=evil.problems[0]),))
    )
    assert "script" not in Tags(page).seen and "\u202e" not in page
    assert "&lt;script&gt;alert(1)\\u202e.zip: &lt;b&gt;&amp;" in page


def test_the_command_writes_it(tmp_path: Path) -> None:
    signers = str(GOLDEN / "allowed_signers")
    options = [str(GOLDEN), "--to", "2026-03-31", "--signers", signers, "--report"]
    done = CliRunner().invoke(command, [*options, str(tmp_path / "report.json")])
    document = json.loads((tmp_path / "report.json").read_bytes())
    assert done.exit_code == 65 and document["ok"] is False
    assert "none of the signers of golden" in document["problems"][0]
    assert [key["isSigner"] for key in document["installations"][0]["keys"]] == [True, True, False]
    assert CliRunner().invoke(command, [*options, str(tmp_path / "report.html")]).exit_code == 65
    assert "1 problems were found" in (tmp_path / "report.html").read_text("utf-8")
    assert CliRunner().invoke(command, [*options, str(tmp_path / "report.txt")]).exit_code == 2
    assert CliRunner().invoke(command, []).exit_code == 2
