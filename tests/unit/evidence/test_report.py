"""The report says what was found, escapes what others wrote, and needs nothing but itself."""

import html
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
from desktop_app.evidence.coverage import Delivered, SourceCoverage
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
    assert "Archives checked: 6. All are whole, and none is missing." in page
    assert "ssh-keygen -Y verify -f allowed_signers -I golden -n audit-trails" in page


def test_it_speaks_the_readers_language(report: Report) -> None:
    def speak(text: str) -> str:
        return f"«{text.template}»" if isinstance(text, Said) else text

    page = report_page(report, speak, "de")
    assert (
        '<html lang="de">' in page and "«Archives checked: {count}. All are whole, and none is missing.»" in page
    )


def cells(page: str, name: str) -> list[str]:
    """What the row of a source says, and what stands below it."""
    row = page[page.index(f">{name}</td>") :].partition("</tbody>")[0]
    return [html.unescape(cell).replace("\u202f", " ") for cell in re.findall(r"(?<=>)[^<>\n]+(?=</td>)", row)]


def test_of_each_source_it_says_what_was_asked_what_came_and_what_was_delivered(report: Report) -> None:
    of_service = SourceCoverage(
        source="okta", first="2026-03-27T02:00:00.000Z", last="2026-03-31T02:00:00.000Z", collections=5,
        asked=("since 2026-03-27",), more_asked=4, read=1006, stored=1004, repeated=1, set_aside=1, pages=11,
        total=1007, latest=3 * 3600 + 125,
    )  # fmt: skip
    of_folder = structs.replace(of_service, source="app", asked=(), more_asked=0, complete=False, latest=0)
    of_folder = structs.replace(of_folder, pages=0, total=None)
    delivered = (Delivered("okta", 1003), Delivered("", 5), Delivered(None, 2), Delivered("earlier", 1))
    (installation,) = report.installations
    told = structs.replace(installation, sources=(of_service, of_folder), delivered=delivered)
    page = report_page(structs.replace(report, installations=(told,)))
    assert cells(page, "okta") == [
        "okta", "1 006", "1 004", "1", "1", "1 003", "3 h 2 min", "yes",
        "Asked: since 2026-03-27, and 4 more. Pages that came: 11."
        " Records that the source says it has for that: 1007.",
    ]  # fmt: skip
    assert cells(page, "app") == ["app", "1 006", "1 004", "1", "1", "0", "–", "no"]
    nothing = ["–"] * 4
    rest = page[page.index(">app</td>") :]
    for name, count, said in (
        ("–", "5", "Recorded by programs, and by the export itself."),
        ("–", "2", "Collected by an older version."),
    ):
        rest = rest[rest.index("<td class=name>–</td>") :]
        assert cells(rest, "–") == [name, *nothing, count, "–", "–", said]
        rest = rest[1:]
    assert cells(page, "earlier")[1:] == [*nothing, "1", "–", "–"]
    of_older = structs.replace(told, delivered=())
    assert cells(report_page(structs.replace(report, installations=(of_older,))), "app")[5] == "–"
    without = structs.replace(told, sources=(), delivered=(), keys=(), stamps=())
    page = report_page(structs.replace(report, installations=(without,)))
    assert page.count("<table") == 1 and "<h3>Check it without this program" in page


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        ("2026-03-01", "2026-03-31", "Asked: the days from 2026-03-01 to 2026-03-31."),
        (None, "2026-03-31", "Asked: all days up to 2026-03-31."),
        ("2026-03-01", None, "Asked: the days from 2026-03-01 on."),
        (None, None, None),
    ],
)
def test_it_says_which_days_were_asked(
    report: Report, first: str | None, last: str | None, said: str | None
) -> None:
    page = report_page(structs.replace(report, asked_from=first, asked_to=last))
    verdict = page[page.index('<p class="ok">') :].partition("</p>")[0]
    assert said in verdict if said else "<br>" not in verdict


def test_instants_are_of_a_second_and_others_words_stay_as_they_are(report: Report) -> None:
    page = report_page(report)
    assert "<td class=t>2026-03-28 01:00:00Z</td>" in page and "2026-03-28T01:00:00" not in page


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
    assert "Problems found: 1." in (tmp_path / "report.html").read_text("utf-8")
    assert CliRunner().invoke(command, [*options, str(tmp_path / "report.txt")]).exit_code == 2
    assert CliRunner().invoke(command, []).exit_code == 2
