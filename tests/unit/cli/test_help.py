from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from desktop_app.cli.main import program


def groups() -> list[click.Group]:
    context = click.Context(program)
    commands = [program.get_command(context, name) for name in program.list_commands(context)]
    return [program, *(each for each in commands if isinstance(each, click.Group))]


@pytest.mark.parametrize("group", groups(), ids=lambda group: str(group.name))
def test_no_line_in_a_list_of_commands_is_cut(group: click.Group) -> None:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        assert command.hidden or not command.get_short_help_str(45).endswith("..."), name


def test_earlier_names_of_commands_work_and_are_not_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUDIT_TRAILS_HOME", str(tmp_path))
    (tmp_path / "config.toml").write_text("version = [\n")
    shown = CliRunner().invoke(program, ["config", "--help"]).output
    assert "start-over" in shown and "password-stores" in shown
    assert "put-aside" not in shown and "keepers" not in shown
    assert CliRunner().invoke(program, ["config", "put-aside"]).exit_code == 0
    assert list(tmp_path.glob("config.toml.*"))
    now, before = (
        CliRunner().invoke(program, ["config", name, "--json"]) for name in ("password-stores", "keepers")
    )
    assert now.stdout == before.stdout != ""
