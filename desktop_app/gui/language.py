"""The reader's language: Qt's texts, ours, and the sentences that the layers below say."""

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

from desktop_app.resources import resource_path
from desktop_app.spoken import spoken_by


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
    return spoken_by(text, lambda template: QCoreApplication.translate("Said", template))
