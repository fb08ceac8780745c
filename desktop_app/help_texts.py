"""`--help` in the language asked for. The texts of commands and options are written in English where the commands
are; here they are looked up piece by piece: a paragraph, an option, a line of a list."""

import re
from collections.abc import Iterable, Iterator
from inspect import cleandoc

import click

from desktop_app.columns import columns, padded, wrapped
from desktop_app.language import language_asked
from desktop_app.spoken import said_texts

_USAGE = "Usage:"
_METAVARS = ("[OPTIONS]", "COMMAND [ARGS]...")
# What stands for a value that is typed, and is no value itself.
_STANDS_FOR = (
    *("ADDRESS", "ARGS", "CERTS", "COMMAND", "DAY", "DIRECTORY", "FILE", "FINGERPRINT", "FOLDER", "INTEGER RANGE"),
    *("INTEGER", "KEY", "KIND", "LANGUAGE", "NAME", "NUMBER", "PATH", "PLACE", "SHAPE", "SOURCE", "TABLE", "TEXT"),
    *("UNIT", "USER", "VALUE", "ZONE"),
)
_STANDING = re.compile(rf"(?<![\w-])(?:{'|'.join(_STANDS_FOR)})(?![\w-])")
OF_CLICK = (_USAGE, "Options", "Commands", *_METAVARS, "default", "required", *_STANDS_FOR)
_FIXED = "\b"  # begins a paragraph whose lines stay as they are
_PARAGRAPHS = re.compile(r"\n\s*\n")
_GAP = re.compile(r"( {3,})")  # between what is typed and what it means
_TYPED = re.compile(r'audit-trails-export |--|[{"]|eval |\w+://')


class SpokenHelp(click.HelpFormatter):
    """Writes help in the language asked for."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        for metavar in _METAVARS:
            args = args.replace(metavar, spoken_help(metavar))
        args = spoken_values(args)
        super().write_usage(prog, args, f"{spoken_help(_USAGE)} ")

    def write_heading(self, heading: str) -> None:
        super().write_heading(spoken_help(heading))

    def write_text(self, text: str) -> None:
        indent = " " * self.current_indent
        paragraphs = [
            "\n".join(f"{indent}{line}" for line in _spoken_lines(paragraph, self.width - self.current_indent))
            for paragraph in _PARAGRAPHS.split(text)
        ]
        self.write("\n\n".join(paragraphs) + "\n")

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        table = [(spoken_values(name), spoken_option(help_)) for name, help_ in rows]
        first = min(max(columns(name) for name, _ in table), col_max) + col_spacing
        width = max(self.width - first - 2, 10)
        indent = " " * self.current_indent
        for name, help_ in table:
            lines = wrapped(help_, width)
            if columns(name) > first - col_spacing:  # what it means begins below it
                self.write(f"{indent}{name}\n")
                name = ""
            for line in lines or [""]:
                self.write(f"{indent}{padded(name, first)}{line}".rstrip() + "\n")
                name = ""


class SpokenContext(click.Context):
    """The context of a command whose help is in the language asked for."""

    formatter_class = SpokenHelp


def speaking(command: click.Command) -> click.Command:
    """The command, whose help and that of the commands in it is from now on in the language asked for."""
    command.context_class = SpokenContext
    if isinstance(command, click.Group):
        for inner in command.commands.values():
            speaking(inner)
    return command


def spoken_help(text: str) -> str:
    """A piece of help in the language asked for; in English where there is no text in that."""
    if (language := language_asked()) == "en":
        return text
    try:
        said = said_texts(language)
        return (
            said.get(text, text)
            if text in _STANDS_FOR
            else _STANDING.sub(lambda found: said.get(found[0], found[0]), said.get(text, text))
        )
    except (OSError, ValueError):  # texts that are damaged
        return text


def spoken_values(text: str) -> str:
    """A text of which what stands for a value is in the language asked for: NAME, FILE, KEY=VALUE."""
    return _STANDING.sub(lambda found: spoken_help(found[0]), text)


def spoken_option(text: str) -> str:
    """What an option or a command is for, with what click adds in brackets."""
    help_, more = _split(text)
    return "  ".join(
        filter(None, [spoken_help(help_), f"[{'; '.join(map(_spoken_extra, more))}]" if more else ""])
    )


def pieces(command: click.Command) -> Iterator[str]:
    """All that is looked up for the help of a command."""
    yield from OF_CLICK
    for paragraph in _PARAGRAPHS.split(cleandoc(command.help or "")):
        yield from (piece for piece in _pieces_of(paragraph) if _is_text(piece))
    yield command.get_short_help_str(limit=200)
    for parameter in command.get_params(click.Context(command)):
        help_, more = _split(getattr(parameter, "help", None) or "")
        yield from (help_, *(each.partition(": ")[0] for each in more))


def _split(text: str) -> tuple[str, list[str]]:
    """A text, and the parts that stand in brackets behind it."""
    found = re.fullmatch(r"(.*?)(?:^|  )\[(.*)\]", text, re.DOTALL)
    return (found[1], found[2].split("; ")) if found else (text, [])


def _spoken_extra(extra: str) -> str:
    label, colon, value = extra.partition(": ")
    return f"{spoken_help(label)}{colon}{value}"


def _pieces_of(paragraph: str) -> list[str]:
    if not paragraph.startswith(_FIXED):
        return [" ".join(paragraph.split())]
    return [piece for line in paragraph.splitlines()[1:] for piece in _GAP.split(line.strip())]


def _is_text(piece: str) -> bool:
    """Whether this is not typed, or a name, but read."""
    return " " in piece.strip() and not _TYPED.match(piece)


def _spoken_lines(paragraph: str, width: int) -> Iterator[str]:
    if not paragraph.startswith(_FIXED):
        yield from wrapped(spoken_help(" ".join(paragraph.split())), width)
        return
    for line in paragraph.splitlines()[1:]:
        text = line.lstrip()
        indent = line[: len(line) - len(text)]
        if _is_text(text) and not _GAP.search(text):
            yield from (indent + each for each in wrapped(spoken_help(text), width - len(indent)))
        else:
            yield indent + "".join(map(spoken_help, _GAP.split(text)))
