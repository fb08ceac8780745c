"""In which encoding a standard stream is written, and what becomes of the signs that it lacks.

On Linux that is the locale's. On Windows, Python writes a console in Unicode, but files and pipes in the ANSI code
page, which nothing there reads them in. Instead, as decided here:

- a file (`> FILE` of cmd) is UTF-8;
- a pipe (`|` and `for /f` of cmd, everything that PowerShell captures or redirects) is in the code page of the
  console, in which these read it: what `chcp` says, and `[Console]::OutputEncoding` of PowerShell;
- without a console, as under a service or over SSH, it is UTF-8.

PYTHONIOENCODING, where it is set, counts.
"""

import codecs
import os
import sys
from io import TextIOWrapper
from stat import S_ISREG

_IN_WORDS = "audit-trails-in-words"
_WORDS = {"✓": "ok", "✗": "failed", "…": "...", "–": "-", "“": '"', "”": '"', "→": "->", "›": ">"}


def take_all_texts(stream: TextIOWrapper) -> None:
    """Let a stream take every text: what its encoding lacks is written in words, or as `\\u4e2d`."""
    stream.reconfigure(encoding=_encoding_for(stream), errors=_IN_WORDS)


def in_words(error: UnicodeError) -> tuple[str, int]:
    """What is written for the signs that an encoding lacks, and where to go on (codecs.register_error)."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    lacking = error.object[error.start : error.end]
    return "".join(_WORDS.get(sign) or _escaped(sign) for sign in lacking), error.end


def _escaped(sign: str) -> str:
    return sign.encode("ascii", "backslashreplace").decode()


def _encoding_for(stream: TextIOWrapper) -> str | None:
    """The encoding to write a stream in; None for the one that it has."""
    if sys.platform != "win32" or stream.isatty() or "PYTHONIOENCODING" in os.environ:
        return None
    if S_ISREG(os.fstat(stream.fileno()).st_mode):
        return "utf-8"
    return encoding_of(_console_code_page())


def encoding_of(code_page: int) -> str:
    """Python's name for a code page of Windows; UTF-8 for 0, which is none, and for one that Python lacks."""
    try:
        return codecs.lookup(f"cp{code_page}").name
    except LookupError:
        return "utf-8"


def _console_code_page() -> int:
    """In which a console shows what programs write; 0 without a console."""
    if sys.platform != "win32":
        return 0
    import ctypes

    return int(ctypes.windll.kernel32.GetConsoleOutputCP())


codecs.register_error(_IN_WORDS, in_words)
