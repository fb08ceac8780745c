"""Keep the ledger from growing without an end, whatever goes wrong for years. Nothing that is shown is lost."""

import msgspec

from desktop_app.evidence.coverage import SourceCoverage, by_source
from desktop_app.export.ledger import Ledger, Outcome
from desktop_app.settings.limits import limits


def tidy_ledger(ledger: Ledger) -> None:
    """Forget old runs that delivered nothing, and take old entries of coverage together. Raises LocalDiskError."""
    _forget_runs(ledger, limits().ledger_runs)
    _take_together(ledger, limits().ledger_coverage)


def _forget_runs(ledger: Ledger, most: int) -> None:
    """Of runs, kept are the latest, those that archives are of, and the last that went well."""
    with ledger.reading():
        runs, archives = ledger.db.execute(
            "SELECT (SELECT count(*) FROM runs), (SELECT count(*) FROM archives)"
        ).fetchone()
    if runs <= most + archives:
        return
    with ledger.transaction():
        ledger.db.execute(
            """DELETE FROM runs WHERE id <= (SELECT id FROM runs ORDER BY id DESC LIMIT 1 OFFSET ?)
               AND id NOT IN (SELECT run FROM archives)
               AND id != (SELECT ifnull(max(id), 0) FROM runs WHERE outcome IN (?, ?))""",
            (most, Outcome.DELIVERED, Outcome.NOTHING_DUE),
        )


def _take_together(ledger: Ledger, most: int) -> None:
    """Of entries that no archive tells of, one of each source does: the next manifest says the same of several."""
    with ledger.reading():
        upto = ledger.db.execute(
            "SELECT ifnull(max(coverage_upto), 0) FROM archives WHERE state = 'built'"
        ).fetchone()[0]
        rows = ledger.db.execute("SELECT id, facts FROM coverage WHERE id > ? ORDER BY id", (upto,)).fetchall()
        if len(rows) <= most:
            return
        entries = by_source(msgspec.json.decode(facts, type=SourceCoverage) for _, facts in rows)
    # The last numbers: a later entry gets a higher one, and each goes into the manifest that has the others.
    numbers = [number for number, _ in rows[-len(entries) :]]
    with ledger.transaction():
        ledger.db.execute("DELETE FROM coverage WHERE id > ?", (upto,))
        ledger.db.executemany(
            "INSERT INTO coverage (id, facts) VALUES (?, ?)",
            [(number, msgspec.json.encode(each)) for number, each in zip(numbers, entries, strict=True)],
        )
