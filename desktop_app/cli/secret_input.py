"""A secret from a prompt or from standard input, never from an argument."""

import re
import sys

import click

from desktop_app.cli.speech import spoken
from desktop_app.errors import BadSetting
from desktop_app.wording import Said

_CONTROL = re.compile("[\0-\x1f\x7f]")
_END = "\x1a"  # Ctrl-Z, the end of input on Windows, which `getpass` takes for a letter there


class AsksForSecret(click.Command):
    """A command that reads a secret. What is an argument too many there may be that one, and is never repeated."""


def read_secret(prompt: str) -> str:
    """What is typed at a prompt that shows nothing; without a terminal, the first line of standard input.

    That line is UTF-8 whatever this system speaks; what is no UTF-8 becomes half characters. Raises BadSetting
    where a key was typed that is no letter, which nobody would see, and click.Abort for Ctrl-C and the end of it.
    """
    if sys.stdin is None:  # a program of Windows without a console
        return ""
    if sys.stdin.isatty():
        typed: str = click.prompt(spoken(prompt), hide_input=True, err=True)
        if _END in typed:
            raise click.Abort
        if _CONTROL.search(typed):
            raise BadSetting(
                Said("A key got into the password that types no letter, such as an arrow."),
                Said("Nothing was changed. Type it again."),
            )
        return typed
    return sys.stdin.buffer.readline().decode("utf-8-sig", "surrogateescape").rstrip("\r\n")
