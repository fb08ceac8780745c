import pytest

from tests.benchmarks.__main__ import parse_arguments


def test_no_names_mean_all() -> None:
    assert parse_arguments(["--rounds", "1"]).what == []
    assert parse_arguments(["record", "export"]).what == ["record", "export"]


def test_a_name_that_there_is_not(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parse_arguments(["recrod"])
    assert "recrod is none of start, record, export" in capsys.readouterr().err
