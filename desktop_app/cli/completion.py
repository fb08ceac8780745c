"""`audit-trails-export completion`."""

import click
from click.shell_completion import (
    BashComplete,
    CompletionItem,
    FishComplete,
    ZshComplete,
    add_completion_class,
    get_completion_class,
)

from desktop_app.help_texts import spoken_option

_TAKEN = "COMPREPLY+=($value)"


class _Bash(BashComplete):
    """Leaves no space behind `KEY=`, where the value follows."""

    source_template = BashComplete.source_template.replace(
        _TAKEN, f"{_TAKEN}; [[ $value == *= ]] && compopt -o nospace"
    )


def _in_the_language(item: CompletionItem) -> CompletionItem:
    return CompletionItem(item.value, item.type, spoken_option(item.help) if item.help else None)


class _Zsh(ZshComplete):
    def format_completion(self, item: CompletionItem) -> str:
        return super().format_completion(_in_the_language(item))


class _Fish(FishComplete):
    def format_completion(self, item: CompletionItem) -> str:
        return super().format_completion(_in_the_language(item))


for _shell in (_Bash, _Zsh, _Fish):
    add_completion_class(_shell)


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
    from desktop_app.cli.main import COMPLETING, program

    completion = get_completion_class(shell)
    assert completion is not None
    return completion(program, {}, "audit-trails-export", COMPLETING).source()
