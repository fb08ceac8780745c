"""Sentences in another language, without Qt: what is Said, by the texts that the form has.

The compiled texts are Qt's .qm files: sections, each with a byte that says which and a length; in the section of
messages, each text is a row of tagged fields that ends with an end mark (QTranslator reads the same).
"""

import struct
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

from desktop_app.one_line import harmless
from desktop_app.resources import resource_path
from desktop_app.wording import Label, Said, without_letter

Speak = Callable[[str], str]

_MAGIC = bytes.fromhex("3cb86418caef9c95cd211cbf60a1bddd")
_MESSAGES = 0x69
_END, _TRANSLATION, _SOURCE, _CONTEXT = 1, 3, 6, 7
_LENGTH = struct.Struct(">I")
_NO_TRANSLATION = 0xFFFFFFFF


def speaks(language: str) -> bool:
    """Whether there are texts in a language, given by its code (`de`); English always."""
    return language == "en" or (language.isalpha() and _file(language).is_file())


def languages_with_texts() -> list[str]:
    """The codes of the languages in which there are texts."""
    return [file.stem.rpartition("_")[2] for file in resource_path("translations").glob("audit-trails_*.qm")]


def speak_in(language: str) -> Speak:
    """What says sentences in a language, and in English where there is no text in it."""
    texts = said_texts(language) if speaks(language) and language != "en" else {}
    return lambda text: spoken_by(text, lambda template: texts.get(template, template))


def spoken_by(text: str, translate: Speak) -> str:
    """A sentence by what translates templates, if it is Said; else the text as it is."""
    if not isinstance(text, Said):
        return harmless(text)

    if isinstance(text, Label):
        return without_letter(translate(text.template))

    def value_of(value: object) -> object:
        if isinstance(value, tuple):
            return translate(", ").join(str(value_of(part)) for part in value)
        return spoken_by(value, translate) if isinstance(value, str) else value

    return translate(text.template).format(**{key: value_of(value) for key, value in text.values.items()})


@cache
def said_texts(language: str) -> dict[str, str]:
    """The sentences of the layers below the form, by their English templates. Raises OSError and ValueError."""
    return {source: text for context, source, text in _texts(_file(language).read_bytes()) if context == "Said"}


def _texts(content: bytes) -> Iterator[tuple[str, str, str]]:
    """Context, English text and translation of each text; of one with plurals, the first."""
    if not content.startswith(_MAGIC):
        raise ValueError("these are no compiled texts")
    at = len(_MAGIC)
    while at < len(content):
        section, (length,) = content[at], _LENGTH.unpack_from(content, at + 1)
        at += 1 + _LENGTH.size
        if section == _MESSAGES:
            yield from _messages(content[at : at + length])
        at += length


def _messages(section: bytes) -> Iterator[tuple[str, str, str]]:
    fields: dict[int, bytes] = {}
    at = 0
    while at < len(section):
        tag = section[at]
        at += 1
        if tag == _END:
            if _TRANSLATION in fields:
                source, context = fields.get(_SOURCE, b"").decode(), fields.get(_CONTEXT, b"").decode()
                yield context, source, fields[_TRANSLATION].decode("utf-16-be")
            fields = {}
            continue
        (length,) = _LENGTH.unpack_from(section, at)
        at += _LENGTH.size
        if length != _NO_TRANSLATION:
            fields.setdefault(tag, section[at : at + length])
            at += length


def _file(language: str) -> Path:
    return resource_path("translations") / f"audit-trails_{language}.qm"
