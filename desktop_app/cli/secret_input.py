"""A secret from a prompt or from standard input, never from an argument."""

import sys

import click


def read_secret(prompt: str) -> str:
    """What is typed at a prompt that shows nothing; without a terminal, the first line of standard input.

    That line is UTF-8 whatever this system speaks; what is no UTF-8 becomes half characters.
    """
    if sys.stdin.isatty():
        typed: str = click.prompt(prompt, hide_input=True, err=True)
        return typed
    return sys.stdin.buffer.readline().decode("utf-8-sig", "surrogateescape").rstrip("\r\n")
