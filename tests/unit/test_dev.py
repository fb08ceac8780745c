"""Whoever runs some of the tests is asked for what those talk to, and for nothing else."""

import pytest

from dev import NEEDS, ROOT, needs_of


@pytest.mark.parametrize(
    ("arguments", "kinds"),
    [
        ([], list(NEEDS)),
        (["-x", "-k", "rename"], list(NEEDS)),
        (["tests"], list(NEEDS)),
        (["tests/unit", "tests"], list(NEEDS)),
        (["tests/unit"], ["unit"]),
        (["-x", "tests/unit/test_dev.py::test_what_is_asked_for"], ["unit"]),
        (["-n", "2", "tests/unit", "tests/gui/test_window.py"], ["unit", "gui"]),
        (["tests/e2e"], ["e2e"]),
    ],
)
def test_what_is_asked_for(arguments: list[str], kinds: list[str]) -> None:
    wanted: dict[str, str] = {}
    for kind in kinds:
        wanted |= NEEDS[kind]
    assert needs_of(arguments) == wanted


def test_every_folder_of_tests_says_what_it_needs() -> None:
    folders = {path.parent.relative_to(ROOT / "tests").parts[0] for path in (ROOT / "tests").rglob("test_*.py")}
    assert folders == NEEDS.keys()
    assert NEEDS["unit"] == {}
