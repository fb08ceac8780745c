"""The reader's language: Qt's texts, ours, and the sentences that the layers below say."""

import json
import re
from functools import cache
from string import Formatter

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

from desktop_app.one_line import harmless
from desktop_app.resources import resource_path
from desktop_app.wording import Said

_FEWEST_LETTERS = 4  # of a sentence's own; those with fewer match too much
_COMMAND = " audit-trails-export "
_NEVER_NAMES = ("doing", "list", "field", "fields", "reason", "by")


def speak(app: QCoreApplication, locale: QLocale) -> None:
    """Have the program speak the first of the locale's languages that there is, from now on.

    What was built before keeps the texts that it has.
    """
    if locale.language() == QLocale.Language.C:  # LANG=C
        locale = QLocale(QLocale.Language.English)
    qts = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    for name, folder in (("qtbase", qts), ("audit-trails", str(resource_path("translations")))):
        translator = QTranslator(app)
        if translator.load(locale, name, "_", folder):
            app.installTranslator(translator)


def spoken(text: str) -> str:
    """A sentence in the reader's language, if it is Said and there is a translation; else the text as it is."""
    if not isinstance(text, Said):
        return harmless(text)
    values = {key: _spoken_value(value) for key, value in text.values.items()}
    return QCoreApplication.translate("Said", text.template).format(**values)


def retold(text: str) -> str:
    """A sentence that was stored in English, in the reader's language, if it is one that this program says."""
    sentence, space, command = text.partition(_COMMAND)
    return spoken(_said_again(sentence)) + space + command if text else text


def _said_again(text: str) -> str:
    for template, pattern in _sentences():
        if match := pattern.fullmatch(text):
            values = match.groupdict()
            return Said(template, **{key: _said_inside(key, value) for key, value in values.items()})
    return text


def _said_inside(placeholder: str, value: str) -> str:
    """What a value was. A name that happens to be one of our words is left alone."""
    return _said_again(value) if " " in value or placeholder in _NEVER_NAMES else value


@cache
def _sentences() -> list[tuple[str, re.Pattern[str]]]:
    """Templates, and what they match; those that say the most come first."""
    templates = json.loads(resource_path("translations/sentences.json").read_text(encoding="utf-8"))
    found = []
    for template in templates:
        parts = [(text, name) for text, name, form, conversion in Formatter().parse(template)]
        words = sum(len(text.strip()) for text, _ in parts)
        names = [name for _, name in parts if name]
        plain = not re.search(r"\{\w+[!:]", template) and len(set(names)) == len(names)
        if words >= _FEWEST_LETTERS and plain:
            pattern = "".join(re.escape(text) + (f"(?P<{name}>.*)" if name else "") for text, name in parts)
            found.append((words, template, re.compile(pattern, re.DOTALL)))
    return [(template, pattern) for _, template, pattern in sorted(found, key=lambda each: -each[0])]


def _spoken_value(value: object) -> object:
    if isinstance(value, tuple):
        return QCoreApplication.translate("Said", ", ").join(str(_spoken_value(part)) for part in value)
    if isinstance(value, Said):
        return spoken(value)
    return harmless(value) if isinstance(value, str) else value
