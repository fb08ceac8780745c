"""What else there is to say of how the export stands, below the sentence that leads the page."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from desktop_app.errors import UserError
from desktop_app.gui.export.helping import Deeds, help_of
from desktop_app.gui.language import spoken
from desktop_app.gui.widgets.notice import Notice

if TYPE_CHECKING:
    from desktop_app.actions.standing import Standing


def show_others(strip: Notice, others: "Sequence[Standing]", deeds: Deeds) -> None:
    """Say the first with what helps, and the rest in a line each; hide where there is none."""
    if not others:
        strip.hide()
        return
    first, *rest = others
    told = [spoken(first.detail), *(spoken(each.sentence) for each in rest)]
    helps = help_of(first, deeds)
    strip.tell(
        first.kind,
        spoken(first.sentence),
        "\n".join(filter(None, told)),
        [helps] if helps else [],
        stays=True,
    )


def show_problem(strip: Notice, error: UserError) -> None:
    """Say why how the export stands can't be told."""
    strip.tell("bad", spoken(error.message), advice_of(error), stays=True)


def advice_of(error: UserError) -> str:
    """What to do about an error, and what one would type for that."""
    return "\n".join(filter(None, (spoken(error.hint), error.command)))
