"""Where the password is, in words."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from desktop_app.errors import UserError
from desktop_app.gui.language import spoken

if TYPE_CHECKING:
    from desktop_app.actions.status import Status


def where_password_is(facts: "Status") -> str:
    """Where the password is kept, and whether that works at night; empty where there is none."""

    def tr(text: str) -> str:
        return QCoreApplication.translate("ExportPage", text)

    if facts.password is None or isinstance(facts.password, UserError):
        return ""
    where = tr("It is in {place}: {protection}").format(
        place=spoken(facts.password.name), protection=spoken(facts.password.explains)
    )
    if facts.night and facts.night.readable:
        return f"{where}\n" + tr("The daily export can read it while you are logged out.")
    return where
