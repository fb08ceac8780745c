import click
import pytest

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
