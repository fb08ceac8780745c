"""The quick look passes over no line that has the words; with what decides, it finds what a plain search finds."""

import json
import sys
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from desktop_app.trails.event import parse_event
from desktop_app.trails.store import quick_look
from desktop_app.trails.store.block import SEPARATOR
from desktop_app.trails.store.quick_look import QuickLook
from desktop_app.trails.store.words import EventWords, fold


def event(**changes: Any) -> dict[str, Any]:
    return {"createdAt": 1_795_300_000_000, "entityType": "T", "entityName": "N", "actionType": "A", **changes}


def found(lines: list[bytes], text: str) -> list[int]:
    words = EventWords(text, "", "", "")
    quick = QuickLook(words.all)
    try:
        return [n for n, line in quick.lines(SEPARATOR.join(lines)) if words.are_in(line)]
    finally:
        quick.close()


def plainly_found(events: list[dict[str, Any]], text: str) -> list[int]:
    def texts(value: Any) -> list[str]:
        if isinstance(value, dict):
            return [each for one in value.values() for each in texts(one)]
        return [str(value).lower() if isinstance(value, bool) else str(value)]

    def whole(each: dict[str, Any]) -> str:
        return "\n".join(
            fold(one)
            for key in ("entityType", "entityName", "actionType", "actor")
            for one in texts(each.get(key, ""))
        )

    return [n for n, each in enumerate(events) if all(word in whole(each) for word in fold(text).split())]


LETTERS = st.text(st.sampled_from('aAnNsS ßſéÉeE\u0301ﬁfiＡ1²"\\/u0041%_İiıK𝐚会アｱ\u3099か'), max_size=6)
TEXTS = st.one_of(LETTERS, st.text(st.characters(codec="utf-8"), max_size=6))


@settings(deadline=None, max_examples=300)
@given(
    st.lists(
        st.tuples(TEXTS.filter(bool), st.one_of(TEXTS, st.integers(), st.booleans()), TEXTS),
        min_size=1,
        max_size=8,
    ),
    st.one_of(LETTERS, st.text(st.characters(codec="utf-8"), min_size=1, max_size=3)),
    st.booleans(),
    st.sampled_from([1, 200, 1 << 15]),
)
@example([("\\u0041nna", "x", "")], "anna", True, 1)
@example([("a/b", "x", "")], "a/b", False, 1)
def test_all_that_a_plain_search_finds(
    values: list[tuple[str, Any, str]], text: str, ascii_only: bool, piece: int
) -> None:
    events = [
        event(entityName=name, actor={"user": actor, "anna": 1}, before=other) for name, actor, other in values
    ]
    lines = [parse_event(json.dumps(each, ensure_ascii=ascii_only).encode()).line for each in events]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(quick_look, "_PIECE", piece)
        assert found(lines, text) == plainly_found(events, text)


@pytest.mark.parametrize(
    "name",
    [
        r"\u0061nna",
        r"\u0041NNA",
        r"a\u006E\u006ea",
        "ａｎｎａ",
        "𝐚nna",
        r"\ud835\udc1anna",
        r"\uD835\uDC1Anna",
        "ªnna",
    ],
)
def test_letters_in_disguise(name: str) -> None:
    line = b'{"id":"1","createdAt":"","entityType":"T","entityName":"%s","actionType":"A"}' % name.encode()
    assert found([line.replace(name.encode(), b"x"), line, line.replace(name.encode(), b"x")], "anna") == [1]


def test_a_slash_may_have_a_backslash_in_front() -> None:
    line = rb'{"id":"1","createdAt":"","entityType":"T","entityName":"a\/b","actionType":"A"}'
    assert found([line], "a/b") == [0]


def test_no_sign_means_anything_to_what_looks() -> None:
    lines = [
        parse_event(json.dumps(event(entityName=name)).encode()).line for name in ("50%x_y*?[z]", "50axby*?[z]")
    ]
    assert found(lines, "50%x_y*?[z]") == [0]
    assert [n for n, _ in QuickLook(["50%x_y*"]).lines(SEPARATOR.join(lines))] == [0]


def test_lines_without_the_words_are_not_decoded() -> None:
    """Escapes and letters beyond ASCII that no word can mean change nothing of that."""
    names = ["Zoë", "会議室：アプリ", "Straße", "Anna"]
    for ascii_only in (True, False):
        lines = [
            parse_event(json.dumps(event(entityName=n), ensure_ascii=ascii_only).encode()).line for n in names
        ]
        assert [n for n, _ in QuickLook(["anna"]).lines(SEPARATOR.join(lines))] == [3]
        assert [n for n, _ in QuickLook(["strasse"]).lines(SEPARATOR.join(lines))] == [2]
        assert [n for n, _ in QuickLook(["会議室"]).lines(SEPARATOR.join(lines))] == [0, 1, 2]


def test_of_several_words_all_must_be_in_the_line() -> None:
    names = ["Anna signs in", "Bert logs off", "Anna logs on", "Bert"]
    lines = [parse_event(json.dumps(event(entityName=n)).encode()).line for n in names]
    assert [n for n, _ in QuickLook(["anna", "logs"]).lines(SEPARATOR.join(lines))] == [2]
    assert [n for n, _ in QuickLook(["bert", "off", "logs"]).lines(SEPARATOR.join(lines))] == [1]


def test_all_characters_that_count_as_ascii_are_known() -> None:
    """Whatever Unicode this Python has: what is compared as ASCII lies where the disguises are looked for."""
    known = {n for first, end in quick_look._LIKE_ASCII for n in range(first, end)}
    others = (n for n in range(0x80, sys.maxunicode + 1) if n not in known and not 0xD800 <= n < 0xE000)
    assert [hex(n) for n in others if any(one.isascii() and not one.isspace() for one in fold(chr(n)))] == []


def test_no_character_vanishes_between_two_letters() -> None:
    others = (chr(n) for n in range(0x80, sys.maxunicode + 1) if not 0xD800 <= n < 0xE000)
    assert [one for one in others if "qz" in fold(f"q{one}z") and not set("qz") & {*fold(one)}] == []
