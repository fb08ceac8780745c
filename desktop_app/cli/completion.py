"""`audit-trails-export completion`."""

import click
from click.shell_completion import BashComplete, get_completion_class

_TAKEN = "COMPREPLY+=($value)"


class _Bash(BashComplete):
    """Leaves no space behind `KEY=`, where the value follows."""

    source_template = BashComplete.source_template.replace(
        _TAKEN, f"{_TAKEN}; [[ $value == *= ]] && compopt -o nospace"
    )


@click.command("completion")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def command(shell: str) -> None:
    """Print the completion script for a shell.

    \b
    For bash, in ~/.bashrc:
      eval "$(audit-trails-export completion bash)"
    """
    click.echo(completion_script(shell))  # noqa: TID251 - all of it is ours


def completion_script(shell: str) -> str:
    """What makes `shell` (bash, zsh or fish) ask the program how a command line can go on."""
    from desktop_app.cli.main import program

    completion = _Bash if shell == "bash" else get_completion_class(shell)
    assert completion is not None
    variable = "_AUDIT_TRAILS_EXPORT_COMPLETE"
    return completion(program, {}, "audit-trails-export", variable).source()
