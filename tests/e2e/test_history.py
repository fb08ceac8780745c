"""`history` as a user asks for it."""

import pytest

from tests.e2e.conftest import Program


@pytest.mark.parametrize("by", [[], ["--days"]])
def test_a_number_that_no_history_has_is_refused(program: Program, by: list[str]) -> None:
    assert "100000" in program.errors("history", *by, "--limit", "99999999999999999999", code=2)
    assert program.errors("history", *by, "--limit", "800000", code=2)
    assert program.run("history", *by, "--limit", "100000", "--json")
