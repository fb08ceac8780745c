"""The report as one HTML page, which prints on A4 and Letter: no script, nothing from outside, always light."""

from collections.abc import Iterable, Sequence
from html import escape

from desktop_app.evidence.coverage import Delivered, SourceCoverage
from desktop_app.evidence.report import InstallationReport, KeyPeriod, Report, StampOf
from desktop_app.one_line import on_one_line
from desktop_app.spoken import Speak
from desktop_app.wording import Said

_STYLE = """
:root { color-scheme: light; }
@page { margin: 18mm 16mm; }
body { background: #fff; color: #1c1c1e; font: 10.5pt/1.45 system-ui, "Segoe UI", "Noto Sans CJK JP", sans-serif;
  margin: 2rem auto; max-width: 48rem; padding: 0 1rem; }
h1 { font-size: 1.6rem; margin: 0 0 .2rem; } h2 { font-size: 1.15rem; margin: 2rem 0 .5rem; }
h1, h2 { break-after: avoid; }
table { border-collapse: collapse; width: 100%; } tr { break-inside: avoid; }
th, td { border-bottom: 1px solid #d8d8dc; padding: .3rem .5rem; text-align: left; vertical-align: top; }
td, li, code { overflow-wrap: anywhere; } .n { text-align: right; }
.ok, .bad { border-left: .3rem solid; padding: .4rem .8rem; }
.ok { border-color: #1a7f37; } .bad { border-color: #b3261e; }
pre { background: #f4f4f6; padding: .6rem .8rem; white-space: pre-wrap; overflow-wrap: anywhere; }
@media print { body { margin: 0; max-width: none; padding: 0; } }
"""


def report_page(report: Report, speak: Speak = str, language: str = "en") -> str:
    """The page, in the language of `speak`, whose code is `language`."""
    page = _Page(speak)
    title = Said("Audit trails: report for the auditor")
    body = [
        f"<h1>{page.text(title)}</h1>",
        f"<p>{page.text(Said('Made at {at} by {program}.', at=report.made, program=report.program))}</p>",
        page.verdict(report),
        page.listed(Said("Problems"), report.problems),
        *(page.installation(each) for each in report.installations),
        page.listed(Said("To know"), report.notes),
        page.listed(Said("Not asked"), report.open),
        page.listed(Said("Not proved"), report.not_proved),
    ]
    head = (
        f'<!doctype html>\n<html lang="{escape(language)}">\n<meta charset="utf-8">\n'
        f"<title>{page.text(title)}</title>\n<style>{_STYLE}</style>\n"
    )
    return head + "\n".join(filter(None, body)) + "\n</html>\n"


class _Page:
    """The parts of the page, in one language."""

    def __init__(self, speak: Speak) -> None:
        self._speak = speak

    def text(self, value: str | int) -> str:
        """A sentence or a value, escaped: much of it was written by others."""
        said = self._speak(value) if isinstance(value, str) else f"{value:,}"
        return escape(on_one_line(said))

    def verdict(self, report: Report) -> str:
        archives = sum(each.archives for each in report.installations)
        sentence = (
            Said("All {count} archives are whole, and none is missing.", count=f"{archives:,}")
            if report.ok
            else Said("{count} problems were found.", count=f"{len(report.problems):,}")
        )
        asked = Said("Asked: from {first} to {last}.", first=report.asked_from or "–", last=report.asked_to or "–")
        return f'<p class="{"ok" if report.ok else "bad"}"><b>{self.text(sentence)}</b><br>{self.text(asked)}</p>'

    def listed(self, title: Said, items: Sequence[Said]) -> str:
        if not items:
            return ""
        lines = "".join(f"<li>{self.text(each)}</li>" for each in items)
        return f"<h2>{self.text(title)}</h2>\n<ul>{lines}</ul>"

    def table(self, head: Iterable[Said], rows: Iterable[Iterable[str | int]]) -> str:
        cells = "".join(f"<th>{self.text(each)}</th>" for each in head)
        body = "".join("<tr>" + "".join(map(self._cell, row)) + "</tr>\n" for row in rows)
        return f"<table><tr>{cells}</tr>\n{body}</table>"

    def _cell(self, value: str | int) -> str:
        return f"<td{' class=n' if isinstance(value, int) else ''}>{self.text(value)}</td>"

    def installation(self, of: InstallationReport) -> str:
        facts: list[tuple[Said, str | int]] = [
            (Said("Period"), Said("{first} to {last}", first=of.first_day, last=of.last_day)),
            (Said("Archives"), of.archives),
            (Said("Not signed"), of.unsigned),
            (Said("Events"), of.events),
            (Said("Newest archive"), of.newest),
            (Said("Number in the chain"), of.number if of.number is not None else "–"),
            (Said("SHA-256 of its manifest"), of.manifest_sha256),
            (Said("Archives of late events"), ", ".join(of.late) or "–"),
        ]
        rows = "".join(f"<tr><th>{self.text(name)}</th>{self._cell(value)}</tr>\n" for name, value in facts)
        return "\n".join(
            filter(
                None,
                [
                    f"<h2>{self.text(Said('Instance {names}', names=of.instances))}</h2>",
                    f"<table>{rows}</table>",
                    self._sources(of.sources, of.delivered),
                    self._keys(of.keys),
                    self._stamps(of.stamps),
                    f"<h2>{self.text(Said('Check it without this program'))}</h2>",
                    "<pre>" + "\n".join(map(self.text, of.commands)) + "</pre>",
                ],
            )
        )

    def _sources(self, sources: Sequence[SourceCoverage], delivered: Sequence[Delivered]) -> str:
        if not sources:
            return ""
        events = {each.source: each.events for each in delivered}
        head = (
            Said("Source"), Said("Asked"), Said("Read"), Said("Stored"), Said("Repeated"), Said("Set aside"),
            Said("Delivered"),
            Said("Late"), Said("Complete"),
        )  # fmt: skip
        rows = [
            (
                each.source, ", ".join(each.asked), each.read, each.stored, each.repeated, each.set_aside,
                events.get(each.source, "–"), _span(each.latest) if each.latest else "–",
                Said("yes") if each.complete else Said("no"),
            )
            for each in sources
        ]  # fmt: skip
        return f"<h2>{self.text(Said('Sources'))}</h2>\n" + self.table(head, rows)

    def _keys(self, keys: Sequence[KeyPeriod]) -> str:
        if not keys:
            return ""
        names = {True: Said("yes"), False: Said("no"), None: Said("not asked")}
        head = (Said("Key"), Said("First signature"), Said("Last signature"), Said("Archives"), Said("May sign"))
        rows = [(each.fingerprint, each.first, each.last, each.archives, names[each.is_signer]) for each in keys]
        return f"<h2>{self.text(Said('Keys'))}</h2>\n" + self.table(head, rows)

    def _stamps(self, stamps: Sequence[StampOf]) -> str:
        if not stamps:
            return ""
        head = (Said("Existed at"), Said("Up to number"), Said("Archive"), Said("By"), Said("Trusted"))
        rows = [
            (each.at, each.number, each.archive, each.by, Said("yes") if each.trusted else Said("not asked"))
            for each in stamps
        ]
        return f"<h2>{self.text(Said('Time stamps'))}</h2>\n" + self.table(head, rows)


def _span(seconds: int) -> Said:
    return Said("{hours} h {minutes} min", hours=seconds // 3600, minutes=seconds % 3600 // 60)
