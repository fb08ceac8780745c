"""What a command line gets that can't be understood: what is wrong, what may have been meant, where help is."""

import re
from ast import literal_eval
from collections.abc import Iterator
from pathlib import Path

import click
from click.exceptions import NoSuchCommand

from desktop_app.cli.secret_input import AsksForSecret
from desktop_app.did_you_mean import closest, did_you_mean
from desktop_app.help_texts import spoken_values
from desktop_app.one_line import harmless
from desktop_app.wording import NOTHING, Said

_IN_QUOTES = re.compile(r"""'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*\"""")
_TAKES_NONE = re.compile("does not take a value")
_SEARCH = "--find"
_UNEXPECTED = re.compile(r"Got unexpected extra arguments? \((.*)\)", re.DOTALL)


def usage_lines(error: click.ClickException) -> Iterator[str]:
    """The lines that say it, the first one of what is wrong."""
    message, meant = _told(error)
    yield Said("{hint} {command}", hint=message, command=meant) if meant else message
    context = error.ctx if isinstance(error, click.UsageError) else None
    if context:
        yield Said("For help: {command}", command=f"{context.command_path} --help")


def _told(error: click.ClickException) -> tuple[str, Said]:
    """What is wrong, and what may have been meant."""
    match error:
        case NoSuchCommand():
            name = error.command_name
            return Said("There is no command {name}.", name=harmless(name)), _meant_command(name, error.ctx)
        case click.NoSuchOption():
            name, known = error.option_name, _options(error.ctx)
            return Said("There is no option {name}.", name=harmless(name)), did_you_mean(name, known)
        case click.MissingParameter() if error.param:
            return Said("This is missing: {name}.", name=_name(error.param, error.ctx)), NOTHING
        case click.BadParameter() if error.param and (value := _given(error)):
            return _bad_value(value, error.param, error.ctx)
    if isinstance(error, click.BadOptionUsage):
        return _bad_option(error), NOTHING
    if unexpected := _UNEXPECTED.match(error.message):
        if isinstance(error, click.UsageError) and error.ctx and isinstance(error.ctx.command, AsksForSecret):
            return _not_as_an_argument(), NOTHING
        message = Said("This is one argument too many: {name}.", name=harmless(unexpected[1]))
        return message, _meant_search(unexpected[1], error.ctx if isinstance(error, click.UsageError) else None)
    return error.message if isinstance(error.message, Said) else harmless(error.format_message()), NOTHING


def _not_as_an_argument() -> Said:
    return Said(
        "This is one argument too many. What is secret is asked for, or read from standard input (one line):"
        " other users of this computer can see arguments."
    )


def _bad_option(error: click.BadOptionUsage) -> Said:
    if _TAKES_NONE.search(error.message):
        return Said("{name} takes no value.", name=harmless(error.option_name))
    return Said("A value is missing behind {name}.", name=harmless(error.option_name))


def _bad_value(value: str, parameter: click.Parameter, context: click.Context | None) -> tuple[str, Said]:
    message = Said("{name} can't be {value!r}.", name=_name(parameter, context), value=harmless(value))
    match parameter.type:
        case click.Choice(choices=choices):
            meant = did_you_mean(value, choices) or _meant_option(value, context)
            return message, meant or Said("The choices: {choices}.", choices=tuple(choices))
        case click.DateTime():
            return message, Said("Write a day like 2026-11-28.")
        case click.IntRange() | click.types.IntParamType():
            return message, Said("Write a whole number.")
        case click.Path() | click.File() if not Path(value).exists():
            return Said("There is nothing at {path}.", path=harmless(value)), NOTHING
        case click.Path(file_okay=False):
            return Said("{path} is no folder.", path=harmless(value)), NOTHING
        case click.Path(dir_okay=False) | click.File() if Path(value).is_dir():
            return Said("{path} is a folder.", path=harmless(value)), NOTHING
    return message, NOTHING


def _given(error: click.BadParameter) -> str:
    """What was given for the parameter: in click's own sentence it is in quotes, as `repr` writes it."""
    found = _IN_QUOTES.search(error.message)
    return str(literal_eval(found[0])) if found else ""


def _name(parameter: click.Parameter, context: click.Context | None) -> str:
    if isinstance(parameter, click.Option):
        return parameter.opts[-1]
    return spoken_values(parameter.make_metavar(context or click.Context(click.Command(None))))


def _options(context: click.Context | None) -> list[str]:
    if context is None:
        return []
    parameters = context.command.get_params(context)
    return [
        name
        for each in parameters
        if isinstance(each, click.Option) and not each.hidden
        for name in (*each.opts, *each.secondary_opts)
    ]


def _meant_option(value: str, context: click.Context | None) -> Said:
    """Another option that can have the value."""
    for each in context.command.get_params(context) if context else ():
        if isinstance(each.type, click.Choice) and value in each.type.choices:
            return Said("Did you mean {key}?", key=f"{each.opts[-1]} {value}")
    return NOTHING


def _meant_search(words: str, context: click.Context | None) -> Said:
    """What was given without an option, as what is searched for."""
    if _SEARCH not in _options(context):
        return NOTHING
    sought = harmless(words)
    quoted = f'"{sought}"' if " " in sought else sought  # as every shell takes it, that of Windows too
    return Said("Did you mean {key}?", key=f"{_SEARCH} {quoted}")


def _meant_command(name: str, context: click.Context | None) -> Said:
    """A command of the group that is like it; else that of another group which is called so."""
    if context is None or not isinstance(group := context.command, click.Group):
        return NOTHING
    if found := closest(name, _commands(group, context)):
        return Said("Did you mean {key}?", key=found)
    root = context.find_root().command
    assert isinstance(root, click.Group)
    others = {
        command: f"{each} {command}"
        for each in root.list_commands(context)
        if isinstance(inner := root.get_command(context, each), click.Group) and not inner.hidden
        for command in _commands(inner, context)
    }
    found = closest(name, others)
    return Said("Did you mean {key}?", key=others[found]) if found else NOTHING


def _commands(group: click.Group, context: click.Context) -> Iterator[str]:
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if command and not command.hidden:
            yield name
