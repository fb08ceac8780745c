"""What helps when something stands between the settings and the next export: deeds, and their buttons."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from desktop_app.gui.widgets.button_row import Choice

if TYPE_CHECKING:
    from desktop_app.actions.standing import Act, Standing

Deeds = Mapping["Act", Callable[["Standing"], object]]


def help_of(standing: "Standing", deeds: Deeds) -> Choice | None:
    """The button for what helps, where there is one in `deeds`."""
    if standing.act is None or standing.act not in deeds:
        return None
    does = deeds[standing.act]
    return _texts()[standing.act], lambda: does(standing)


def _texts() -> dict["Act", str]:
    from desktop_app.actions.standing import Act

    def tr(text: str) -> str:
        return QCoreApplication.translate("Helping", text)

    return {
        Act.CONFIGURE: tr("Fix it in the form"),
        Act.ENTER_PASSWORD: tr("Enter the new password"),
        Act.FIX_FIELD: tr("Fix it in the form"),
        Act.CHECK_HOST_KEY: tr("Compare the fingerprint"),
        Act.CHOOSE_SOURCE: tr("Choose where your events are"),
        Act.LOOK_AT_SOURCES: tr("Look at the sources"),
        Act.SWITCH_ON: tr("Switch on"),
        Act.FIX_TASK: tr("Fix it"),
        Act.TYPE_WINDOWS_PASSWORD: tr("Type the Windows password"),
        Act.CHOOSE_KEEPER: tr("Choose where to keep it"),
    }
