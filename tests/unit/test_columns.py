"""Lines of texts on a terminal."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.columns import columns, padded, wrapped


def test_an_ideograph_takes_two_columns() -> None:
    assert (columns("設定 a"), padded("設定", 6)) == (6, "設定  ")


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("two words", ["two", "words"]),
        ("toolongaword a", ["toolongaword", "a"]),
        ("設定を変更する。", ["設定を", "変更す", "る。"]),
        ("変更する。設定", ["変更す", "る。設", "定"]),  # no line begins with a full stop
        ("設定（値）", ["設定", "（値）"]),  # and none ends with a bracket that opens
        ("ab設定cd", ["ab設定", "cd"]),
        ("", []),
    ],
)
def test_where_lines_end(text: str, lines: list[str]) -> None:
    assert wrapped(text, 7 if "設" in text or "変" in text else 5) == lines


@given(st.text("ab 設定。、（）-"), st.integers(8, 20))
def test_nothing_is_lost_and_spaces_are_only_where_they_were(text: str, width: int) -> None:
    lines = wrapped(text, width)
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(lines)
