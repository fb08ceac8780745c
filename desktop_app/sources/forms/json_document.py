"""One JSON document: an array, an object, or a list within one."""

import os
from typing import BinaryIO

import msgspec

from desktop_app.settings.limits import limits
from desktop_app.sources.forms.form import NotRecords
from desktop_app.sources.forms.json_text import BOM, elements, looks_whole, marked, repaired, value_at
from desktop_app.trails.event import TOO_DEEP
from desktop_app.wording import Said


def document_records(content: BinaryIO, path: str) -> list[bytes]:
    """The records of a JSON document: the list at key path `path`, an array, or one object.

    Raises NotRecords.
    """
    if content.seek(0, os.SEEK_END) > limits().document_bytes:  # not after all of it is in memory
        most = limits().document_bytes >> 20
        raise NotRecords(Said("it is larger than {size} MB; use JSON Lines", size=most))
    content.seek(0)
    text = content.read().removeprefix(BOM)
    text = text.strip(b"\0")
    is_whole = looks_whole(text)
    records = _records(text if is_whole else repaired(text), path)
    return records if is_whole else list(map(marked, records))


def _records(text: bytes, path: str) -> list[bytes]:
    try:
        value = value_at(text, path)
        if bytes(value).lstrip().startswith(b"["):
            return list(map(bytes, elements(value)))
        if path:
            raise NotRecords(Said("{records} is no list", records=path))
        msgspec.json.decode(value, type=dict[str, msgspec.Raw])
        return [bytes(value)]
    except KeyError as error:
        raise NotRecords(Said("it has no {records}", records=path)) from error
    except RecursionError as error:
        raise NotRecords(TOO_DEEP) from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise NotRecords(Said("it is not JSON: {reason}", reason=error)) from error
