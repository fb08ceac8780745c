"""What the command line says to people, in the language asked for. What scripts read is said elsewhere."""

from desktop_app.language import language_asked
from desktop_app.spoken import speak_in
from desktop_app.wording import Said

_MARKS = {
    "de": str.maketrans(",.", ".,")
}  # between thousands, and before decimals; English has them the other way


def spoken(text: str) -> str:
    """A sentence in the language, if it is Said and there is a translation; else the text as it is."""
    if not isinstance(text, Said) or (language := language_asked()) == "en":
        return text
    try:
        return speak_in(language)(text)
    except (OSError, ValueError):  # texts that are damaged: what is to be said is said in English
        return str(text)


def number(count: int) -> str:
    """`2,900`, as the language writes it."""
    return _written(f"{count:,}")


def size(count: int) -> str:
    """A number of bytes for people."""
    value = float(count)
    for unit in ("bytes", "kB", "MB"):
        if value < 1000:
            few = spoken(Said("{count} bytes", count=f"{value:.0f}"))
            return few if unit == "bytes" else _written(f"{value:.1f} {unit}")
        value /= 1000
    return _written(f"{value:.1f} GB")


def events(count: int) -> Said:
    """`1 event`, `2,900 events`."""
    return Said("1 event") if count == 1 else Said("{count} events", count=number(count))


def archives(count: int) -> Said:
    """`1 archive`, `365 archives`."""
    return Said("1 archive") if count == 1 else Said("{count} archives", count=number(count))


def days(count: int) -> Said:
    """`1 day`, `3 days`."""
    return Said("1 day") if count == 1 else Said("{count} days", count=number(count))


def files(count: int) -> Said:
    """`1 file`, `3 files`."""
    return Said("1 file") if count == 1 else Said("{count} files", count=number(count))


_WORDS = {
    "delivered": Said("delivered"),
    "nothing-due": Said("nothing due"),
    "failed": Said("failed"),
    "stopped": Said("stopped"),
    "interrupted": Said("interrupted"),
    "hand": Said("command line"),
    "schedule": Said("daily task"),
    "form": Said("window"),
    "waiting": Said("waiting"),
    "missing": Said("missing"),
    "today": Said("today"),
}


def word_for(code: str) -> Said:
    """What people read for a word of scripts: how a run ended, who began it, how a day stands."""
    return _WORDS[code]


def joined(first: str, second: str, between: str = " ") -> str:
    """Two texts as one, each in the language where it is Said; the one that there is, if one is empty."""
    between = spoken(Said(", ")) if between == ", " else between
    return between.join(filter(None, (spoken(first), spoken(second))))


def _written(english: str) -> str:
    marks = _MARKS.get(language_asked())
    return english.translate(marks) if marks else english
