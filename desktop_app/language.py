"""The language in which the command line, and the help of both programs, speak."""

import os
import sys

from desktop_app.spoken import languages_with_texts, speaks

VARIABLE = "AUDIT_TRAILS_LANG"
_OF_THE_SYSTEM = ("LC_ALL", "LC_MESSAGES", "LANG")  # in the order of POSIX


def language_asked() -> str:
    """The code of the language that this program is to speak: that of VARIABLE, else the desktop's; English where
    it has no texts in that."""
    named = next((value for name in (VARIABLE, *_OF_THE_SYSTEM) if (value := os.environ.get(name))), "")
    code = (named or _of_windows()).partition(".")[0].partition("_")[0].partition("-")[0].lower()
    return code if code and speaks(code) else "en"


def languages() -> tuple[str, ...]:
    """The codes of the languages that there are."""
    return tuple(sorted({"en", *languages_with_texts()}))


def _of_windows() -> str:
    """The name of the language in which Windows speaks to this user."""
    if sys.platform != "win32":
        return ""
    import ctypes
    import locale

    return locale.windows_locale.get(ctypes.windll.kernel32.GetUserDefaultUILanguage(), "")
