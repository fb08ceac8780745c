"""Of each source, in the auditor's report: what was asked, what came of it, and what was delivered."""

from collections.abc import Iterable, Iterator, Sequence

from desktop_app.evidence.coverage import SourceCoverage
from desktop_app.evidence.page_parts import Parts
from desktop_app.evidence.report import InstallationReport
from desktop_app.wording import Said

_NOT_COUNTED = "–"


def sources_table(page: Parts, of: InstallationReport) -> str:
    """The table, two rows a source, or nothing where there is none."""
    events: dict[str | None, int | str] = {each.source: each.events for each in of.delivered}
    none = 0 if events else _NOT_COUNTED
    rows = [_source(page, each, events.pop(each.source, none)) for each in of.sources]
    rows += [_without_coverage(page, name, left) for name, left in events.items()]
    if not rows:
        return ""
    names = (
        Said("Source"), Said("Read"), Said("Stored"), Said("Repeated"), Said("Set aside"), Said("Delivered"),
        Said("Late"), Said("Complete"),
    )  # fmt: skip
    head = page.head(names, [False, *[True] * 6, False])
    body = "\n".join(f"<tbody>{row}</tbody>" for row in rows)
    meaning = Said(
        "What was read is stored, repeated (it was there already) or set aside (it can't be an event). A stored"
        " event is delivered with its day, so at both ends of the period, delivered and stored can differ."
    )
    return f"<table>{head}{body}</table>\n<p>{page.text(meaning)}</p>"


def _source(page: Parts, of: SourceCoverage, delivered: int | str) -> str:
    late = _span(of.latest) if of.latest else _NOT_COUNTED
    complete = Said("yes") if of.complete else Said("no")
    values = (of.read, of.stored, of.repeated, of.set_aside, delivered, late, complete)
    return _rows(page, of.source, values, _asked(of))


def _without_coverage(page: Parts, source: str | None, delivered: int | str) -> str:
    """Events of what was asked nothing in the period, or is no source."""
    values = (*[_NOT_COUNTED] * 4, delivered, *[_NOT_COUNTED] * 2)
    if source is None:
        return _rows(page, _NOT_COUNTED, values, [Said("Collected by an older version.")])
    if not source:
        return _rows(page, _NOT_COUNTED, values, [Said("Recorded by programs, and by the export itself.")])
    return _rows(page, source, values, [])


def _rows(page: Parts, name: str, values: Sequence[str | int], below: Iterable[Said]) -> str:
    *numbers, complete = values
    cells = [page.cell(name, "name"), *(page.cell(each, "n") for each in numbers), page.cell(complete, "t")]
    sentences = " ".join(map(page.text, below))
    if not sentences:
        return f"<tr>{''.join(cells)}</tr>"
    return f"<tr class=more>{''.join(cells)}</tr><tr><td class=below colspan=8>{sentences}</td></tr>"


def _asked(of: SourceCoverage) -> Iterator[Said]:
    if of.more_asked:
        yield Said("Asked: {asked}, and {count} more.", asked=of.asked, count=of.more_asked)
    elif of.asked:
        yield Said("Asked: {asked}.", asked=of.asked)
    if of.pages:
        yield Said("Pages that came: {count}.", count=of.pages)
    if of.total is not None:
        yield Said("Records that the source says it has for that: {count}.", count=of.total)


def _span(seconds: int) -> Said:
    return Said("{hours} h {minutes} min", hours=seconds // 3600, minutes=seconds % 3600 // 60)
