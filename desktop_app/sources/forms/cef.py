r"""CEF, the Common Event Format of ArcSight (revision 25), as JSON objects.

The header is under `cefVersion`, `deviceVendor`, `deviceProduct`, `deviceVersion`, `deviceEventClassId`, `name`
and `severity`; the keys of the extension are as they are; all values are texts, without their escapes, and lists
of texts where a key is there more than once. What has a label is under `labels` as well, by that: of
`cs1Label=Actor cs1={"name":"eva"}`, `labels.Actor.name` is `eva`, since JSON is taken for what it is there. What
is no pair is under `extension`.
"""

import re

import msgspec
from msgspec import Raw

HEADER_KEYS = (
    "cefVersion",
    "deviceVendor",
    "deviceProduct",
    "deviceVersion",
    "deviceEventClassId",
    "name",
    "severity",
)

_HEADER = re.compile(r"CEF:\s*([^|]*)" + 6 * r"\|((?:[^|\\]|\\.)*)" + r"(?:\|(.*))?", re.DOTALL)
_KEY = re.compile(r"(?:^|(?<=\s))([^\s=\\|]+)=")
_ESCAPED_IN_HEADER = re.compile(r"\\([\\|])")
_ESCAPED = re.compile(r"\\([\\=nr])")
_MEANT = {"n": "\n", "r": "\r"}
_LABEL = "Label"


def parse_cef(line: str) -> dict[str, object] | None:
    """The object that a line means which begins with `CEF:`; None where its header is not whole."""
    match = _HEADER.fullmatch(line)
    if not match:
        return None
    *header, extension = match.groups()
    found: dict[str, object] = {
        key: _ESCAPED_IN_HEADER.sub(r"\1", value) for key, value in zip(HEADER_KEYS, header, strict=True)
    }
    pairs = _pairs(extension or "")
    for key, values in pairs.items():
        found.setdefault(key, values[0] if len(values) == 1 else values)
    if labels := _labels(pairs):
        found["labels"] = labels
    return found


def _pairs(extension: str) -> dict[str, list[str]]:
    """The values of each key. A value ends where the next key begins."""
    keys = list(_KEY.finditer(extension))
    before = extension[: keys[0].start() if keys else None].strip()
    pairs: dict[str, list[str]] = {"extension": [before]} if before else {}
    ends = [key.start() for key in keys[1:]] + [len(extension)]
    for key, end in zip(keys, ends, strict=False):
        value = extension[key.end() : end].rstrip()
        pairs.setdefault(key[1], []).append(_ESCAPED.sub(lambda match: _MEANT.get(match[1], match[1]), value))
    return pairs


def _labels(pairs: dict[str, list[str]]) -> dict[str, object]:
    """What has a label, by that."""
    found: dict[str, object] = {}
    for key, values in pairs.items():
        labelled = pairs.get(key.removesuffix(_LABEL))
        if key.endswith(_LABEL) and labelled and values[0]:
            found.setdefault(values[0], _as_json(labelled[0]))
    return found


def _as_json(text: str) -> object:
    """JSON as that, but for numbers; anything else as the text that it is."""
    if text[:1] in ("{", "[", '"') or text in ("null", "true", "false"):
        try:
            return msgspec.json.decode(text, type=Raw)
        except (msgspec.DecodeError, RecursionError):
            pass
    return text
