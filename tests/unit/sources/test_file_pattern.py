"""Patterns of files, one folder after the other, mean what they mean for a whole path."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop_app.sources.file_pattern import FilePattern
from desktop_app.sources.file_tree import matches
from desktop_app.sources.folder import pattern_problems

names = st.sampled_from(["a", "b", "ab.json", ".x"])


@given(
    st.lists(st.sampled_from(["**", "*", "a", "a*", "[ab]", "*.json"]), min_size=1, max_size=5),
    st.lists(names, max_size=4),
    names,
)
@settings(max_examples=400, derandomize=True, deadline=None)
def test_it_takes_what_the_whole_path_matches(pattern: list[str], folders: list[str], name: str) -> None:
    of_folders = FilePattern(pattern)
    at = of_folders.begin
    for folder in folders:
        at = of_folders.below(at, folder, is_link=False)
    assert of_folders.takes(at, name) == matches([*folders, name], pattern)


def test_only_a_name_leads_to_a_link() -> None:
    assert FilePattern(["**", "x"]).below(frozenset([0, 1]), "link", is_link=True) == frozenset()
    assert FilePattern(["li*", "x"]).below(frozenset([0]), "link", is_link=True) == frozenset([1])


@pytest.mark.parametrize(
    ("pattern", "fits"),
    [
        ("*.json", True),
        ("**", True),
        ("**/*.json", True),
        ("logs/**", True),
        ("**.json", False),
        ("a**b/*.json", False),
        ("logs/**x", False),
        ("../*.json", False),
        ("/var/*.json", False),
        ("C:/*.json", False),
        ("", True),
    ],
)
def test_a_pattern_that_no_folder_can_have_is_told(pattern: str, fits: bool) -> None:
    assert [problem.field for problem in pattern_problems("s", pattern)] == ([] if fits else ["pattern"])
