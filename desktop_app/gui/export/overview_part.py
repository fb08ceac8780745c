"""The head of the page: how the export stands, the facts in small print, what else there is to say."""

import time
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimeZone

from desktop_app.gui import formats
from desktop_app.gui.export.helping import Deeds, help_of
from desktop_app.gui.export.page_widgets import PageWidgets
from desktop_app.gui.export.problem_strip import show_others
from desktop_app.gui.export.status_tiles import Tiles, show_facts
from desktop_app.gui.language import spoken
from desktop_app.gui.widgets.button_row import Choice

if TYPE_CHECKING:
    from desktop_app.actions.first_steps import FirstStep, FirstSteps
    from desktop_app.actions.standing import Standing
    from desktop_app.actions.status import Status


class OverviewPart:
    """Works on the widgets of `page`. `deeds` are asked for once there are facts, as they load much; `has` says
    whether the form has a field for a setting."""

    def __init__(self, page: PageWidgets, deeds: Callable[[], Deeds], has: Callable[[str | None], bool]) -> None:
        self._page = page
        self._deeds = deeds
        self._has = has
        self._choice: Choice | None = None
        self._seen: object = None
        self._result = ""
        self._later: set[FirstStep] = set()
        self._steps: FirstSteps | None = None
        page.standing.helps.connect(self._help)

    @property
    def helps(self) -> bool:
        """Whether there is a button for what helps now, other than *Export now*."""
        return self._choice is not None

    def show(self, facts: "Status", zone: QTimeZone, tested_ms: int | None, *, busy: bool) -> None:
        """Show how the export stands, with times of `zone`. A result that was told before goes when the facts have
        changed since, unless what it is about is still under way (`busy`). `tested_ms`: when a connection was made
        last, if known."""
        from desktop_app.actions.first_steps import first_steps
        from desktop_app.actions.standing import standings

        near = partial(formats.near, zone=zone)
        first, *others = standings(facts, near, int(time.time() * 1000), tested_ms)
        self._steps = first_steps(facts, self._later)
        if self._steps:
            first, others = self._steps.standing, [each for each in (first, *others) if each.kind != "muted"]
        self._choice = self._choice_for(first)
        self._page.standing.show_standing(first, self._choice[0] if self._choice else "", self._steps)
        self._page.facts.setVisible(not self._steps)
        show_others(self._page.problem, others, self._deeds())
        tiles = Tiles(self._page.last_export, self._page.next_export, self._page.waiting)
        show_facts(facts, near, tiles, failure_told=any(each.is_failure for each in (first, *others)))
        self._drop_old_result(facts, first, busy)

    @property
    def may_export(self) -> bool:
        """Whether an export by hand is anything to offer: not amid the steps that lead to its events."""
        return self._steps is None or self._steps.current is not type(self._steps.current).EVENTS

    def put_off(self) -> None:
        """Leave the current step of a first configuration for later; how that looks, `show` shows."""
        if self._steps:
            self._later.add(self._steps.current)

    def _choice_for(self, standing: "Standing") -> Choice | None:
        return help_of(standing, self._deeds()) if not standing.field or self._has(standing.field) else None

    def _help(self) -> None:
        if self._choice:
            self._choice[1]()

    def _drop_old_result(self, facts: "Status", first: "Standing", busy: bool) -> None:
        run, result = facts.overview.last_run, self._page.result
        seen = facts.overview.enabled, run and (run.id, run.outcome)
        told_again = first.is_failure and run and run.message and result.text.startswith(spoken(run.message))
        if not busy and (told_again or (seen != self._seen and result.text == self._result)):
            result.hide()
        self._seen, self._result = seen, "" if busy else result.text
