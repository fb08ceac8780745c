"""Commands that once had other names."""

from copy import copy

import click


def also_called(group: click.Group, command: click.Command, earlier: str) -> None:
    """Scripts that use a command by its earlier name go on; help and completion show only the present one."""
    alias = copy(command)
    alias.hidden = True
    group.add_command(alias, earlier)
