"""What is no test is not called one: pytest would take it for one, and so would a reader."""

import ast
import re
from pathlib import Path

import pytest

import desktop_app

PACKAGE = Path(desktop_app.__file__).parent
LIKE_A_TEST = re.compile(r"_?(test_.*|.*_test|Test[A-Z].*|[A-Za-z]+Test)")


@pytest.mark.parametrize("module", sorted(PACKAGE.rglob("*.py")), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_nothing_is_called_a_test(module: Path) -> None:
    defined = (ast.FunctionDef, ast.ClassDef)
    names = [each.name for each in ast.walk(ast.parse(module.read_text("utf-8"))) if isinstance(each, defined)]
    assert [name for name in [module.stem, *names] if LIKE_A_TEST.fullmatch(name)] == []
