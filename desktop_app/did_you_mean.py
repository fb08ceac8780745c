"""What somebody may have meant who typed a name that there is not."""

from collections.abc import Iterable

from desktop_app.wording import NOTHING, Said


def closest(word: str, known: Iterable[str], alike: float = 0.6) -> str:
    """The one of the known names that is most like `word`, whether in capitals or not; "" where none is.

    `alike` is how much it must be: from 0, anything, to 1, the same.
    """
    from difflib import get_close_matches  # only who mistypes waits for it

    by_letters = {name.lower(): name for name in known}
    found = get_close_matches(word.lower(), by_letters, 1, alike)
    return by_letters[found[0]] if found else ""


def did_you_mean(word: str, known: Iterable[str], alike: float = 0.6) -> Said:
    """A question for that one, or nothing."""
    found = closest(word, known, alike)
    return Said("Did you mean {key}?", key=found) if found else NOTHING
