"""How times are written, in the language of strptime.

Two directives of our own: `%.` is a fraction that may be missing, `%?` a zone that may be.
"""

import re
from functools import cache

_MONTH = (
    "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    "|nov(?:ember)?|dec(?:ember)?"
)
_DAY_OF_WEEK = "(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?"
_ZONE = (
    r"(?P<zone>(?:utc|gmt)?[+\-\u2212]\d\d?(?::?\d\d)?|[a-z]+(?:/[a-z0-9_+\-]+)+|(?!(?:am|pm)\b)[a-z]{1,5})"
    r"(?:\s?[\[(][^\])]*[\])])?"
)
_DIRECTIVES = {
    "Y": r"(?P<Y>\d{4})",
    "y": r"(?P<y>\d\d)",
    "m": r"(?P<m>\d\d?)",
    "d": r"(?P<d>\d\d?)",
    "e": r"(?P<d>\d\d?)",
    "H": r"(?P<H>\d\d?)",
    "I": r"(?P<I>\d\d?)",
    "M": r"(?P<M>\d\d)",
    "S": r"(?P<S>\d\d)",
    "f": r"(?P<f>\d+)",
    "p": r"(?P<p>[ap])\.?m\.?",
    "b": f"(?P<b>{_MONTH})",
    "B": f"(?P<b>{_MONTH})",
    "a": _DAY_OF_WEEK,
    "A": _DAY_OF_WEEK,
    "z": _ZONE,
    "Z": _ZONE,
    "%": "%",
}
_TOGETHER = {"%F": "%Y-%m-%d", "%T": "%H:%M:%S", "%R": "%H:%M", "%D": "%m/%d/%y", "%r": "%I:%M:%S %p"}


class NoPattern(ValueError):
    """A pattern with a directive that is not known, or that tells no day or no time of it."""


@cache
def regular_expression(pattern: str) -> re.Pattern[str]:
    """What matches a whole text of a pattern, whose groups have the names of directives; `zone` that of %z and %Z.

    Raises NoPattern.
    """
    for short, long in _TOGETHER.items():
        pattern = pattern.replace(short, long)
    try:
        compiled = re.compile(_regular(pattern), re.IGNORECASE)
    except re.error as error:  # a directive stands twice
        raise NoPattern(pattern) from error
    names = compiled.groupindex.keys()
    if not (names & {"Y", "y"} and names & {"m", "b"} and "d" in names and names & {"H", "I"}):
        raise NoPattern(pattern)
    return compiled


def _regular(pattern: str) -> str:
    regular = ""
    position = 0
    while position < len(pattern):
        character = pattern[position]
        position += 1
        if character.isspace():
            regular += r"\s+" if not regular.endswith(r"\s+") else ""
        elif character != "%":
            regular += re.escape(character)
        else:
            directive = pattern[position : position + 1]
            position += 1
            if directive == ".":
                regular += r"(?:[.,](?P<f>\d+))?"
            elif directive == "?":
                regular += rf"(?:\s?{_ZONE})?"
            elif directive in _DIRECTIVES:
                regular += _DIRECTIVES[directive]
            else:
                raise NoPattern(pattern)
    return regular
