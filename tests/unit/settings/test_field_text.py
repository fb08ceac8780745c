"""Where a key comes from is the same on one line and in the settings."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.settings.field_text import line_of, parse_places
from desktop_app.settings.model import FieldPlaces, FieldRule

paths = st.text("ab.[]0*_@#", min_size=1, max_size=8)
texts = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zs", "Zl", "Zp"]), min_size=1, max_size=8
)
rules = st.one_of(
    st.builds(lambda a, b: FieldRule(text=f"{{{a}}} {{{b}}}"), paths, paths),
    st.builds(lambda a, b, c: FieldRule(pairs=a, key=b, value=c), texts, texts, texts),
    st.builds(
        lambda a, b: FieldRule(path=a, words=b), texts, st.dictionaries(texts, texts, min_size=1, max_size=2)
    ),
    st.builds(lambda a, b: FieldRule(path=a, most=b), texts, st.integers(1, 1000)),
)
constants = st.builds(lambda text: FieldRule(const=text), texts)


@given(st.lists(paths | rules, max_size=3), st.none() | constants)
def test_both_ways(places: list[str | FieldRule], last: FieldRule | None) -> None:
    several = (*places, *([last] if last else []))
    meant: FieldPlaces = several if len(several) > 1 else several[0] if several else ""
    assert parse_places(line_of(meant)) == meant


@pytest.mark.parametrize(
    ("line", "places"),
    [
        ("", ""),
        ("a.b", "a.b"),
        ("a, b ,c", ("a", "b", "c")),
        ("=GitLab project", FieldRule(const="GitLab project")),
        ("repo,=none, or unknown", ("repo", FieldRule(const="none, or unknown"))),
        ("{a} {b}, c", (FieldRule(text="{a} {b}"), "c")),
        ('{ path = "x", words = { "1" = "Low, at most" } }', FieldRule(path="x", words={"1": "Low, at most"})),
    ],
)
def test_lines(line: str, places: FieldPlaces) -> None:
    assert parse_places(line) == places


@pytest.mark.parametrize("line", ["{ most = 'x' }", "{ unknown = 1 }", "{ path = 1"])
def test_what_is_no_rule(line: str) -> None:
    with pytest.raises(ValueError, match=r"most|unknown|path"):
        parse_places(line)
