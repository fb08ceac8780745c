"""Sentences are kept as template and values, and what is kept can't be made to do more than to say them."""

import json
import re
from decimal import Decimal
from pathlib import PurePosixPath
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.kept_sentence import kept, said
from desktop_app.wording import NOTHING, Said

SIGN = "\x1e"
TEXTS = st.text(st.characters(), max_size=20)  # with halves of characters, as in names of files that are no UTF-8
PLAIN = TEXTS | st.integers() | st.booleans() | st.floats() | st.binary(max_size=5) | st.dates() | st.none()


def sentences(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Said]:
    def say(words: str, given: dict[str, Any]) -> Said:
        words = words.replace("{", "{{").replace("}", "}}")
        return Said(words + " ".join(f"{{{name}}}" for name in given), **given)

    return st.builds(say, TEXTS, st.dictionaries(st.sampled_from(["path", "reason", "cls", "self"]), values))


def with_lists(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return values | st.lists(values, max_size=3).map(tuple)


SENTENCES = sentences(with_lists(PLAIN | sentences(with_lists(PLAIN | sentences(PLAIN)))))


def unpacked(value: object) -> object:
    """A sentence down to its templates and values, by their texts."""
    if isinstance(value, Said):
        return value.template, {name: unpacked(inside) for name, inside in value.values.items()}
    return tuple(map(unpacked, value)) if isinstance(value, tuple) else str(value)


@given(SENTENCES)
def test_what_is_kept_is_the_same_sentence_again(sentence: Said) -> None:
    again = said(kept(sentence))
    assert again == sentence
    assert unpacked(again) == unpacked(sentence) or not sentence
    assert kept(again) == kept(sentence)


@given(SENTENCES)
def test_what_is_kept_can_be_stored_anywhere(sentence: Said) -> None:
    assert kept(sentence).isascii() and "\n" not in kept(sentence)


@given(TEXTS)
def test_a_text_that_is_not_said_stays(text: str) -> None:
    assert said(kept(text)) == text
    assert not isinstance(said(kept(text)), Said)


def test_the_parts_are_kept() -> None:
    reason = Said("{key} is missing", key="id")
    sentence = Said("{fields}, {mode:o}, {name!r}: {why}", fields=("a", reason), mode=0o640, name="b", why=reason)
    again = said(kept(sentence))
    assert isinstance(again, Said) and again.template == sentence.template
    assert again == "a, id is missing, 640, 'b': id is missing"
    assert unpacked(again) == unpacked(sentence)


def test_nothing_stays_nothing() -> None:
    assert (kept(NOTHING), kept(""), said("")) == ("", "", "")


def test_what_an_earlier_version_kept_is_told_as_it_is() -> None:
    for text in ("The disk is full.", '{"template":"{x}","values":{"x":1}}', "{x}"):
        assert said(text) == text and not isinstance(said(text), Said)


def test_english_stays_where_a_value_reads_otherwise_than_its_text() -> None:
    sentence = Said("{path!r}, {ratio:f}", path=PurePosixPath("/a"), ratio=Decimal("0.5"))
    assert said(kept(sentence)) == sentence == "PurePosixPath('/a'), 0.5"


ASKS = [
    "{x.__class__}", "{x[0]}", "{x.real}", "{x!a}", "{x:{y}}", "{x:>999999999}", "{}", "{0}", "{y}", "{x!r:{y}}",
    "{x", "x}", "{x.__init__.__globals__}", "{x:%H}", "{ x}", "{x }",
]  # fmt: skip


@pytest.mark.parametrize("template", ASKS)
@pytest.mark.parametrize("inside", [False, True])
def test_a_template_may_ask_for_nothing_but_its_values(template: str, inside: bool) -> None:
    hostile: dict[str, Any] = {"template": template, "values": {"x": "text"}}
    if inside:
        hostile = {"template": "{x}", "values": {"x": [hostile]}}
    text = SIGN + json.dumps(hostile)
    assert said(text) is text


def test_a_value_under_a_name_that_is_none_opens_nothing() -> None:
    for name in ("x.__class__", "x[0]", "0", ""):
        text = SIGN + json.dumps({"template": f"{{{name}}}", "values": {name: "text", "x": "text"}})
        assert said(text) is text


@given(st.text(st.sampled_from("{}xy.[]!r:0_a")))
def test_no_template_reaches_into_a_value(template: str) -> None:
    """What is formatted asks for values by their names alone."""
    text = SIGN + json.dumps({"template": template, "values": {"x": "text", "y": "other"}})
    again = said(text)
    if isinstance(again, Said):
        asked = re.findall("{([^}!:]*)", re.sub("{{|}}", "", template))
        assert set(asked) <= {"x", "y"}
    else:
        assert again is text


@pytest.mark.parametrize(
    "text",
    [
        "", "{", "[]", "[1]", "1", "null", "true", "{}",
        '{"template":1,"values":{}}', '{"template":"a","values":[]}', '{"template":"a"}',
        '{"template":"a","values":{},"more":1}', '{"template":"{x}","values":{"x":null}}',
        '{"template":"{x:o}","values":{"x":"text"}}', "[" * 100_000,
    ],
)  # fmt: skip
def test_what_is_damaged_is_told_as_it_is(text: str) -> None:
    assert said(SIGN + text) == SIGN + text
