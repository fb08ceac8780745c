"""Finding by days, in every spelling in which people write them."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from PySide6.QtCore import QDate, QLocale

_FORMAT = QLocale.FormatType
# Shorter, a part of a check sum is in too many of them.
_SHORTEST_OF_A_SUM = 6
_SMALL_NUMBER = re.compile(r"\d{1,2}")


@dataclass(frozen=True)
class Searched:
    """What is searched of one thing: a text in small letters, the days that it is about, and check sums."""

    text: str
    days: tuple[date, ...]
    sums: str = ""

    def has(self, words: Sequence[str]) -> bool:
        """Whether it has all words: those that spell a day all for the same one."""
        return any(all(self._has(word) for word in words if not _spells(word, day)) for day in (None, *self.days))

    def _has(self, word: str) -> bool:
        if _SMALL_NUMBER.fullmatch(word):  # else "28" would be found in any time and any sum
            return re.search(rf"(?<!\w){word}(?!\w)", self.text) is not None
        return word in self.text or (len(word) >= _SHORTEST_OF_A_SUM and word in self.sums)


def words_of(text: str) -> list[str]:
    """The words to search for, in small letters, without the points and commas at their ends."""
    return [word for each in text.casefold().split() if (word := each.strip(".,;"))]


def _spells(word: str, day: date | None) -> bool:
    if day is None:
        return False
    whole, begun = _spellings(day, QLocale().name())
    return word in whole or (len(word) > 2 and any(each.startswith(word) for each in begun))


@lru_cache(maxsize=4096)
def _spellings(day: date, _locale: str) -> tuple[frozenset[str], tuple[str, ...]]:
    """The words that can stand for a day as they are, and those whose beginning can."""
    locale, at = QLocale(), QDate(day.year, day.month, day.day)
    numbers = {str(day.day), f"{day.day:02}"}
    short = locale.toString(at, _FORMAT.ShortFormat)
    dated = [day.isoformat(), f"{day.year}/{day.month:02}/{day.day:02}", short]
    for separator, forms in ((".", ("{d}", "{d:02}")), ("/", ("{d}", "{d:02}"))):
        months_first = separator == "/" and _month_is_first(locale)
        for form in forms:
            parts = [form.format(d=day.day), form.format(d=day.month)]
            pair = separator.join(reversed(parts) if months_first else parts)
            dated += [f"{pair}{separator}{day.year}", f"{pair}{separator}{day.year % 100:02}"]
    dated += [f"{day.month}月{day.day}日", f"{day.day}日"]
    names = [
        name
        for form in (_FORMAT.LongFormat, _FORMAT.ShortFormat)
        for name in (
            locale.monthName(day.month, form),
            locale.standaloneMonthName(day.month, form),
            locale.dayName(day.isoweekday(), form),
            locale.standaloneDayName(day.isoweekday(), form),
        )
    ]
    every = [*_small(dated), *_small(names)]
    return frozenset([*numbers, *every]), tuple(every)


def _small(texts: Iterable[str]) -> list[str]:
    return [text.casefold().strip(".") for text in texts]


def _month_is_first(locale: QLocale) -> bool:
    pattern = locale.dateFormat(_FORMAT.ShortFormat)
    return pattern.find("M") < pattern.find("d")
