"""The fields of the page *Export*: their values, what is wrong with them, and what cures that."""

from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from datetime import date, timedelta
from typing import Any

from PySide6.QtCore import QObject, Qt, QTimeZone, Signal
from PySide6.QtWidgets import QCompleter, QLabel, QLineEdit, QPushButton, QTimeEdit, QWidget

from desktop_app.errors import BadSetting, UserError
from desktop_app.evidence.archive_name import archive_stem
from desktop_app.gui.export.algorithm_list import AlgorithmList
from desktop_app.gui.export.binder import Binder
from desktop_app.gui.export.login_rows import LoginRows, account_of, missing_secret
from desktop_app.gui.formats import by_own_clock, zone_of
from desktop_app.gui.widgets.button_row import Choice
from desktop_app.gui.widgets.choice_box import ChoiceBox
from desktop_app.gui.widgets.field_message import FieldMessage
from desktop_app.gui.widgets.password_edit import PasswordEdit
from desktop_app.gui.widgets.theme import BETWEEN
from desktop_app.schedule.spread import own_moment
from desktop_app.settings.algorithms import LIST_NAMES, all_names, choices, default_names
from desktop_app.settings.model import Settings
from desktop_app.settings.validation import missing, problems

_KEYS = (
    *("export.format", "cef.version", "cef.device_vendor", "cef.device_product"),
    *("server.host", "server.user", "server.auth", "server.key_file", "server.path"),
    *("server.key_exchange", "server.ciphers", "server.hmac"),
    *("schedule.at", "export.timezone", "export.instance"),
)
_MORE = ("schedule.at", "export.timezone", "export.instance")
_CEF = ("cef.version", "cef.device_vendor", "cef.device_product")
_PASSWORD, _PASSPHRASE = "server.password", "server.passphrase"


class ExportForm(QObject):
    """Works on the widgets of `page`, by their names. `changed` tells that the user changed a value."""

    changed = Signal()

    def __init__(self, page: QWidget) -> None:
        super().__init__(page)
        self._page = page
        self._lists = {f"server.{name}": self._widget(AlgorithmList, name) for name in LIST_NAMES}
        self.password = self._widget(PasswordEdit, "password")
        self._messages = {
            key: self._widget(FieldMessage, f"{key.rpartition('.')[2]}_message") for key in (*_KEYS, _PASSWORD)
        }
        self._fill_choices()
        self._login = LoginRows(page, self.password)
        self._binder = Binder(page, _KEYS)
        self._more = self._widget(QPushButton, "more")
        self._more.toggled.connect(self._show_more)
        self._widget(QWidget, "more_fields").hide()
        self._saved = Settings()
        self._fixed: frozenset[str] = frozenset()
        self._locked = False
        self._kept: bool | None = None  # not known before the keyring has answered
        self._where = ""
        self._choices: tuple[Choice, ...] = ()
        self._binder.changed.connect(self._on_change)
        self.password.textChanged.connect(lambda _: self._on_change(_PASSWORD))
        for key in (*_KEYS, _PASSWORD):
            self._check_when_left(key)
            if key not in self._lists:
                self._messages[key].set_field(self.field(key))
        for name in LIST_NAMES:
            field, message = self._lists[f"server.{name}"], self._messages[f"server.{name}"]
            message.set_field(field, name=field.accessibleName())
            self._widget(QLabel, f"{name}_note").hide()
            for which, names in (("defaults", default_names(name)), ("all", all_names(name))):
                button = self._widget(QPushButton, f"{name}_{which}")
                button.setAccessibleName(f"{field.accessibleName()}: {button.text()}")
                button.clicked.connect(lambda _=False, field=field, names=names: field.tick(names))
        self._show_message_of_lists()

    def show(self, settings: Settings, fixed: Collection[str]) -> None:
        """Show saved settings; `fixed` are the keys that the organisation has set."""
        self._saved, self._fixed = settings, frozenset(fixed)
        self._binder.show(settings)
        self.clear_errors()
        self._show_what_follows()

    def show_beside_changes(self, settings: Settings) -> None:
        """Show settings that were saved elsewhere; what was changed here stays."""
        self._saved = settings
        self._binder.show_beside_changes(settings)
        self._show_what_follows()

    def set_locked(self, locked: bool) -> None:
        """Make the fields read-only, or all but those that the organisation has set editable."""
        self._locked = locked
        self._lock_fields(locked)
        self._login.show_for(self.read().server.auth, locked=locked)
        self._show_password()
        for key in self._fixed & set(_KEYS):
            if key in self._lists:
                note = self._widget(QLabel, f"{key.rpartition('.')[2]}_note")
                note.setText(self.tr("Set by your organisation."))
                note.show()
            else:
                self._messages[key].set_note(self.tr("Set by your organisation."))

    def freeze(self) -> None:
        """Keep everything as it is while it is being tested."""
        self._lock_fields(True)
        self.password.freeze(True)

    def _lock_fields(self, locked: bool) -> None:
        self._binder.lock(locked, self._fixed)
        self._widget(QPushButton, "browse").setVisible(not locked and "server.path" not in self._fixed)
        for name in LIST_NAMES:
            for button in ("defaults", "all"):
                shown = not locked and f"server.{name}" not in self._fixed
                self._widget(QPushButton, f"{name}_{button}").setVisible(shown)

    def set_password_kept(self, kept: bool, where: str, *choices: Choice) -> None:
        """Whether there is a password for the saved user and server, where it is, and buttons about that."""
        self._kept, self._where, self._choices = kept, where, choices
        if not self.password.isReadOnly() or self._locked:
            self._show_password()

    def read(self) -> Settings:
        """The settings that were shown, with what was changed in the fields."""
        return self._binder.read(self._saved)

    def changed_values(self) -> dict[str, Any]:
        """What was changed in the fields, by the keys of the settings."""
        return self._binder.changed_values()

    @property
    def is_changed(self) -> bool:
        """Whether anything was changed that is not saved."""
        return self._binder.is_changed or bool(self.password.typed())

    def problems(self) -> list[BadSetting]:
        """All that stands against a test of what the fields have, in their order."""
        settings = self.read()
        found: list[BadSetting] = [*missing(settings), *problems(settings)]
        if not self.password.typed() and (
            lacks := missing_secret(self._kept, self._saved.server, settings.server)
        ):
            found.append(lacks)
        order = {key: place for place, key in enumerate(self._tab_order())}
        return sorted(found, key=lambda problem: order.get(problem.field or "", len(order)))

    def set_path(self, path: str) -> None:
        """As if it were typed."""
        field = self.field("server.path")
        assert isinstance(field, QLineEdit)
        field.setText(path)
        field.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_error(self, error: UserError, *cures: Choice) -> bool:
        """Say at its field what is wrong, and go there; False where the error belongs to no field here."""
        key = _PASSWORD if error.field == _PASSPHRASE else error.field or ""
        message = self._messages.get(key)
        if message is None:
            return False
        if key in _MORE:
            self._more.setChecked(True)
        message.show_error(error, *cures)
        field = self.field(key)
        if key in self._lists:
            self._show_message_of_lists()
        field.setFocus(Qt.FocusReason.OtherFocusReason)
        return True

    def has(self, key: str | None) -> bool:
        """Whether there is a field for a setting."""
        return self.message(key) is not None

    def message(self, key: str | None) -> FieldMessage | None:
        """Where it is said what is wrong with a field."""
        return self._messages.get(_PASSWORD if key == _PASSPHRASE else key or "")

    def field(self, key: str) -> QWidget:
        """The field of a setting, or of the password."""
        return self.password if key in (_PASSWORD, _PASSPHRASE) else self._binder.field(key)

    def clear_errors(self) -> None:
        """Forget what was wrong."""
        for message in self._messages.values():
            message.clear()
        self._show_message_of_lists()

    def _show_message_of_lists(self) -> None:
        """The lists, too narrow for it, have one line below them, for the first of them that is wrong."""
        messages = [self._messages[key] for key in self._lists]
        shown = next((each for each in messages if each.is_error), messages[0])
        for each in messages:
            each.setHidden(each is not shown)

    def show_offers(self, offers: Mapping[str, Sequence[str]] | None) -> None:
        """Mark what the server was seen to offer, by the name of the list."""
        for name in LIST_NAMES:
            self._lists[f"server.{name}"].set_offered(offers[name] if offers else None)
        self._widget(QLabel, "offered_legend").setVisible(bool(offers))

    def tick(self, key: str, names: Collection[str]) -> None:
        """Tick exactly these in a list of algorithms."""
        self._lists[key].tick(names)

    def _fill_choices(self) -> None:
        for name in LIST_NAMES:
            self._lists[f"server.{name}"].set_choices(choices(name))
        format_ = self._widget(ChoiceBox, "format")
        format_.addItem("JSON", "json")
        format_.addItem("CEF (Common Event Format)", "cef")
        version = self._widget(ChoiceBox, "version")
        for number in (25, 0, 1):
            version.addItem(str(number), number)
        self._widget(QTimeEdit, "at").lineEdit().setTextMargins(BETWEEN + 1, 0, 0, 0)
        zone = self._widget(ChoiceBox, "timezone")
        zone.addItem(self.tr("This computer's"), "local")
        zone.addItem("UTC", "UTC")
        zone.setInsertPolicy(ChoiceBox.InsertPolicy.NoInsert)

    def _show_more(self, shown: bool) -> None:
        self._widget(QWidget, "more_fields").setVisible(shown)
        zone = self._widget(ChoiceBox, "timezone")
        if (shown and zone.completer() is None) or zone.completer().parent() is not zone:
            names = [bytes(each.data()).decode() for each in QTimeZone.availableTimeZoneIds()]
            completer = QCompleter(names, zone)
            completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
            completer.setFilterMode(Qt.MatchFlag.MatchContains)
            zone.setCompleter(completer)

    def _show_password(self) -> None:
        settings = self.read()
        kept = self._kept and self._is_same_account(settings)
        if settings.server.auth == "agent":
            self._messages[_PASSWORD].clear()
        self._messages[_PASSWORD].set_note(
            self._where if kept else "", *(self._choices if kept and self._locked else ())
        )
        if self._locked:
            self.password.lock(kept)
        else:
            self.password.unlock(kept)

    def _is_same_account(self, settings: Settings) -> bool:
        """Whether the kept password is that of the user and server that the fields have."""
        return account_of(settings.server) == account_of(self._saved.server)

    def _on_change(self, key: str) -> None:
        if self._locked:
            return
        self._messages[key].clear()
        self._show_message_of_lists()
        if key == "server.auth":
            self.password.clear()  # a password is no passphrase
            self._messages[_PASSWORD].clear()
        if key in ("server.host", "server.user", "server.auth", "server.key_file"):
            self._show_password()
        if key == "server.host":
            self.show_offers(None)
        self._show_what_follows()
        self.changed.emit()

    def _check_when_left(self, key: str) -> None:
        """Tell of a wrong value once its field is left: not while it is being typed."""
        field = self.field(key)
        finished = getattr(field, "editingFinished", None)
        if finished is not None:
            finished.connect(lambda: self._check(key))
        elif isinstance(field, ChoiceBox) and (edit := field.lineEdit()):
            edit.editingFinished.connect(lambda: self._check(key))

    def _check(self, key: str) -> None:
        if self._locked or self._messages[key].is_error:
            return
        for problem in problems(self.read()):
            if problem.field == key:
                self._messages[key].show_error(problem)
                return

    def _show_what_follows(self) -> None:
        """Show what depends on other fields: those of CEF, and the name of the archive."""
        settings = self.read()
        self._login.show_for(settings.server.auth, locked=self._locked)
        is_cef = settings.export.format == "cef"
        for key in _CEF:
            name = key.rpartition(".")[2]
            for widget in (self._widget(QLabel, f"{name}_label"), self.field(key)):
                widget.setVisible(is_cef)
            if not is_cef:
                self._messages[key].clear()
        if "cef.version" not in self._fixed:
            note = self.tr("25 as on the admin page. Choose 0 or 1 where your SIEM takes no other.")
            self._messages["cef.version"].set_note(note if is_cef else "")
        if "schedule.at" not in self._fixed:
            self._messages["schedule.at"].set_note(self._own_moment(settings))
        yesterday = date.today() - timedelta(days=1)
        name = f"{archive_stem(settings.export.instance or '…', yesterday.isoformat(), 1)}.zip"
        if "export.instance" not in self._fixed:
            self._messages["export.instance"].set_note(self.tr("An archive is called {name}").format(name=name))

    def _own_moment(self, settings: Settings) -> str:
        """When this computer starts, where that is not the time in the field."""
        with suppress(BadSetting):
            if (moment := own_moment(settings)) != settings.schedule.at:
                time = by_own_clock(moment, zone_of(settings.export.timezone))
                return self.tr("This computer starts at {time}; each has its own minute.").format(time=time)
        return ""

    def _tab_order(self) -> Sequence[str]:
        place = _KEYS.index("server.path")
        return (*_KEYS[:place], _PASSWORD, *_KEYS[place:])

    def _widget(self, kind: type[Any], name: str) -> Any:
        found = self._page.findChild(kind, name)
        assert found is not None, name
        return found
