"""Finds what the page Events asks for; to be called on a thread of its own."""

import msgspec

from desktop_app.actions.find_events import Hits, Question, Range, find_events
from desktop_app.actions.whole_history import settings_of_the_past
from desktop_app.gui.worker import Tell
from desktop_app.settings.paths import Paths
from desktop_app.settings.time_zone import find_zone
from desktop_app.stop import Stop


class Found(msgspec.Struct, frozen=True):
    """Where the events asked for are; its days are those of `zone`."""

    question: Question
    zone: str
    range: Range


def find(paths: Paths, question: Question, stop: Stop, tell: Tell) -> None:
    """Tell a Found, then Hits if there are words to search for."""
    name = settings_of_the_past(paths).export.timezone

    def told(answer: Range | Hits) -> None:
        tell(Found(question, name, answer) if isinstance(answer, Range) else answer)

    find_events(paths, find_zone(name), question, stop, told)
