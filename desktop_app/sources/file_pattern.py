"""A pattern of files in a folder, one folder after the other: `**` stands for any number of folders."""

import os
import re
from collections.abc import Sequence
from fnmatch import translate

At = frozenset[int]
"""The parts of a pattern that what is in a folder may match; none where nothing in it can."""


class FilePattern:
    """By its `parts`, as between slashes. `begin` is what is in the folder itself."""

    def __init__(self, parts: Sequence[str]) -> None:
        self._folders = [part == "**" for part in parts]
        self._names = [re.compile(translate(os.path.normcase(part))) for part in parts]
        self._end = len(parts)  # of what is not `**` alone
        while self._end > 0 and self._folders[self._end - 1]:
            self._end -= 1
        self.begin = self._with_none(frozenset([0]))

    def takes(self, at: At, name: str) -> bool:
        """Whether a file of that name in a folder matches."""
        return any(
            number + 1 >= self._end and (self._folders[number] or self._matches(number, name)) for number in at
        )

    def below(self, at: At, name: str, is_link: bool) -> At:
        """What is in a folder of that name in a folder. To links, only a name leads."""
        found: set[int] = set()
        for number in at:
            if self._folders[number]:
                found |= set() if is_link else {number}
            elif number + 1 < len(self._names) and self._matches(number, name):
                found.add(number + 1)
        return self._with_none(frozenset(found))

    def _with_none(self, at: At) -> At:
        """With what follows a `**` that stands for no folder."""
        found = set(at)
        for number in range(len(self._names) - 1):
            if number in found and self._folders[number]:
                found.add(number + 1)
        return frozenset(found)

    def _matches(self, number: int, name: str) -> bool:
        return bool(self._names[number].match(os.path.normcase(name)))
