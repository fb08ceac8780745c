"""The report as one HTML page, which prints on A4 and Letter: no script, nothing from outside, always light."""

from collections.abc import Sequence
from html import escape

from desktop_app.evidence.page_parts import Parts
from desktop_app.evidence.report import InstallationReport, KeyPeriod, Report, StampOf
from desktop_app.evidence.report_sources import sources_table
from desktop_app.spoken import Speak
from desktop_app.wording import Said

_STYLE = """
:root { color-scheme: light; }
@page { margin: 18mm 16mm; }
body { background: #fff; color: #1c1c1e; font: 10.5pt/1.45 system-ui, "Segoe UI", "Noto Sans CJK JP", sans-serif;
  margin: 2rem auto; max-width: 48rem; padding: 0 1rem; }
h1 { font-size: 1.6rem; margin: 0 0 .2rem; } h2 { font-size: 1.25rem; margin: 2rem 0 .5rem; }
h3 { font-size: 1.05rem; margin: 1.5rem 0 .4rem; } h1, h2, h3, thead { break-after: avoid; }
table { border-collapse: collapse; font-size: .92em; width: 100%; } tbody, tr { break-inside: avoid; }
th, td { border-bottom: 1px solid #d8d8dc; padding: .3rem .5rem; text-align: left; vertical-align: top; }
td, li, code { overflow-wrap: anywhere; } .n, .t { white-space: nowrap; } .n { text-align: right; }
.name { font-weight: bold; min-width: 7em; } tr.more > * { border: 0; padding-bottom: 0; }
.below { color: #55555c; padding-top: 0; } .facts th { font-weight: normal; width: 14em; }
.ok, .bad { border-left: .3rem solid; padding: .4rem .8rem; }
.ok { border-color: #1a7f37; } .bad { border-color: #b3261e; }
pre { background: #f4f4f6; break-inside: avoid; padding: .6rem .8rem; white-space: pre-wrap;
  overflow-wrap: anywhere; }
pre code { display: block; padding-left: 2ch; text-indent: -2ch; }
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


class _Page(Parts):
    """What stands on the page."""

    def verdict(self, report: Report) -> str:
        archives = sum(each.archives for each in report.installations)
        sentence = (
            Said("Archives checked: {count}. All are whole, and none is missing.", count=archives)
            if report.ok
            else Said("Problems found: {count}.", count=len(report.problems))
        )
        asked = _asked(report.asked_from, report.asked_to)
        lines = [f"<b>{self.text(sentence)}</b>", *([self.text(asked)] if asked else [])]
        return f'<p class="{"ok" if report.ok else "bad"}">{"<br>".join(lines)}</p>'

    def listed(self, title: Said, items: Sequence[Said]) -> str:
        if not items:
            return ""
        lines = "".join(f"<li>{self.text(each)}</li>" for each in items)
        return f"<h2>{self.text(title)}</h2>\n<ul>{lines}</ul>"

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
        rows = "".join(
            f"<tr><th>{self.text(name)}</th><td>{self.text(value)}</td></tr>\n" for name, value in facts
        )
        commands = "".join(f"<code>{self.text(each)}</code>" for each in of.commands)
        return "\n".join(
            filter(
                None,
                [
                    f"<h2>{self.text(Said('Instance {names}', names=of.instances))}</h2>",
                    f"<table class=facts>{rows}</table>",
                    self.part(Said("Sources"), sources_table(self, of)),
                    self.part(Said("Keys"), self._keys(of.keys)),
                    self.part(Said("Time stamps"), self._stamps(of.stamps)),
                    self.part(Said("Check it without this program"), f"<pre>{commands}</pre>"),
                ],
            )
        )

    def _keys(self, keys: Sequence[KeyPeriod]) -> str:
        names = {True: Said("yes"), False: Said("no"), None: Said("not asked")}
        head = (Said("Key"), Said("First signature"), Said("Last signature"), Said("Archives"), Said("May sign"))
        rows = [(each.fingerprint, each.first, each.last, each.archives, names[each.is_signer]) for each in keys]
        return self.table(head, rows)

    def _stamps(self, stamps: Sequence[StampOf]) -> str:
        head = (Said("Existed at"), Said("Up to number"), Said("Archive"), Said("By"), Said("Trusted"))
        rows = [
            (each.at, each.number, each.archive, each.by, Said("yes") if each.trusted else Said("not asked"))
            for each in stamps
        ]
        return self.table(head, rows)


def _asked(first: str | None, last: str | None) -> Said | None:
    if first and last:
        return Said("Asked: the days from {first} to {last}.", first=first, last=last)
    if last:
        return Said("Asked: all days up to {last}.", last=last)
    return Said("Asked: the days from {first} on.", first=first) if first else None
