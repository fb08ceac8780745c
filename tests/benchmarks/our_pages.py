"""What the page Audit trails costs over a store: prints seconds as JSON. Usage: python -m … HOME"""

import json
import os
import random
import sys
import time
from collections.abc import Callable

os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ["AUDIT_TRAILS_HOME"] = sys.argv[1]

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

from desktop_app.actions.find_events import Hits
from desktop_app.gui.trails.trails_page import TrailsPage
from desktop_app.gui.widgets.theme import apply_theme
from desktop_app.settings.paths import find_paths


def main() -> None:
    app = QApplication([])
    apply_theme(app)
    start = time.perf_counter()
    page = TrailsPage(find_paths())
    page.resize(820, 700)
    page.show()
    page.refresh()
    wait_for(lambda: page.events.model().rowCount() > 0)
    page.events.viewport().repaint()
    first_rows = time.perf_counter() - start
    rows = page.events.model().rowCount()
    rnd = random.Random(1)
    steps = [scroll(page, 20 * n) for n in range(100)]
    jumps = [scroll(page, rnd.randrange(rows)) for _ in range(100)]
    first_hits, searched = search(page, "cfg-123")
    print(  # noqa: T201
        json.dumps(
            {
                "events": rows,
                "first_rows": first_rows,
                "step": sorted(steps)[50],
                "jump": sorted(jumps)[50],
                "first_hits": first_hits,
                "searched": searched,
                "hits": page.events.model().rowCount(),
            }
        )
    )
    page.close()
    page.end()


def scroll(page: TrailsPage, row: int) -> float:
    """Show another part of the table; the processor's seconds, which do not depend on what else runs."""
    start = time.thread_time()
    page.events.verticalScrollBar().setValue(row)
    page.events.viewport().repaint()
    return time.thread_time() - start


def search(page: TrailsPage, text: str) -> tuple[float, float]:
    """Seconds to the first hits and to the end of a search."""
    first: list[float] = []
    start = time.perf_counter()
    page.filters.search.setText(text)
    finding = page._finding

    def note(told: object) -> None:
        if isinstance(told, Hits) and told.keys and not first:
            first.append(time.perf_counter() - start)

    finding.progressed.connect(note)
    wait_for(lambda: not finding.running)
    return first[0] if first else float("nan"), time.perf_counter() - start


def wait_for(condition: Callable[[], bool]) -> None:
    loop = QEventLoop()
    timer = QTimer(interval=1)
    timer.timeout.connect(lambda: loop.quit() if condition() else None)
    timer.start()
    loop.exec()


if __name__ == "__main__":
    main()
