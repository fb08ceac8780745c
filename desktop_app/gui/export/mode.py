"""What the page *Export* is doing, and what of it is seen and can be used in each case."""

from collections.abc import Set
from dataclasses import dataclass
from enum import Enum, auto

from PySide6.QtWidgets import QWidget

from desktop_app.gui.widgets.theme import set_role


class Mode(Enum):
    """UNREADABLE: there are settings, but they can't be read. NEW: what is needed is not saved yet. SHOWN: they
    are locked. EDITING: *Edit* unlocked them. TESTING: a test of the connection goes on, from any of the others.
    """

    UNREADABLE = auto()
    NEW = auto()
    SHOWN = auto()
    EDITING = auto()
    TESTING = auto()


class Fields(Enum):
    """What can be done with the fields; FROZEN keeps them as they are, the password included."""

    OPEN = auto()
    LOCKED = auto()
    FROZEN = auto()


@dataclass(frozen=True)
class Look:
    """The names of the widgets that are seen, those that are seen once a field was changed, and those that can be
    used, unless other work is under way. `primary` is the button that one most likely wants; None leaves that.
    "help_now" is what helps as the export stands, and where nothing does, *Export now*.
    """

    seen: frozenset[str]
    fields: Fields
    seen_once_changed: frozenset[str] = frozenset()
    usable: frozenset[str] = frozenset()
    primary: str | None = None


_PARTS = frozenset({"overview", "form", "reports", "bar"})
LOOKS = {
    Mode.UNREADABLE: Look(frozenset(), Fields.OPEN),
    Mode.NEW: Look(
        _PARTS | {"test_and_save"},
        Fields.OPEN,
        seen_once_changed=frozenset({"cancel"}),
        usable=frozenset({"enabled", "help_now", "test_and_save"}),
        primary="test_and_save",
    ),
    Mode.SHOWN: Look(
        _PARTS | {"test_connection"},
        Fields.LOCKED,
        usable=frozenset({"edit", "enabled", "export_now", "help_now", "test_connection"}),
        primary="help_now",
    ),
    Mode.EDITING: Look(
        _PARTS | {"cancel", "test_and_save"},
        Fields.OPEN,
        usable=frozenset({"enabled", "test_and_save"}),
        primary="test_and_save",
    ),
    Mode.TESTING: Look(_PARTS | {"cancel"}, Fields.FROZEN),
}
_SEEN_SOMETIMES = _PARTS | {"test_connection", "cancel", "test_and_save"}
NOT_BESIDE_OTHER_WORK = frozenset({"enabled", "export_now", "help_now", "test_and_save", "test_connection"})
_USABLE_SOMETIMES = NOT_BESIDE_OTHER_WORK | {"edit"}
_PRIMARY_SOMETIMES = frozenset({"export_now", "help_now", "test_and_save"})


def show_look(
    look: Look, page: QWidget, *, changed: bool, helps: bool, exports: bool, folded: bool, in_use: Set[str]
) -> None:
    """Bring the widgets of `page` in line: `changed` is whether a field was, `helps` whether there is a deed that
    helps now, `exports` whether *Export now* is anything to offer, `folded` whether the summary stands for the
    fields, and `in_use` names what is taken."""
    seen = (look.seen | look.seen_once_changed if changed else look.seen) - ({"form"} if folded else set())
    for name in _SEEN_SOMETIMES:
        _part(page, name).setVisible(name in seen)
    for name in _USABLE_SOMETIMES:
        _part(page, name).setEnabled(name in look.usable and name not in in_use)
    _part(page, "help_now").setVisible(helps and "help_now" in look.usable)
    _part(page, "export_now").setVisible(exports)
    if look.primary:
        primary = "export_now" if look.primary == "help_now" and not helps else look.primary
        for name in _PRIMARY_SOMETIMES:
            set_role(_part(page, name), "primary" if name == primary else "")


def _part(page: QWidget, name: str) -> QWidget:
    part = getattr(page, name)
    assert isinstance(part, QWidget)
    return part
