"""The reader's language: Qt's texts, ours, and the sentences that the layers below say."""

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

from desktop_app.one_line import harmless
from desktop_app.resources import resource_path
from desktop_app.wording import Said


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


def _spoken_value(value: object) -> object:
    if isinstance(value, tuple):
        return QCoreApplication.translate("Said", ", ").join(str(_spoken_value(part)) for part in value)
    if isinstance(value, Said):
        return spoken(value)
    return harmless(value) if isinstance(value, str) else value
