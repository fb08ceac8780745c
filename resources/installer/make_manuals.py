"""The manual pages and the shell completion, from the command line's own help: they can't go stale.

python resources/installer/make_manuals.py FOLDER    writes man1/*.1 and completion/{bash,zsh,fish} below it
"""

import re
import sys
from collections.abc import Iterator
from inspect import cleandoc
from pathlib import Path

import click

from desktop_app import __version__
from desktop_app.cli.completion import completion_script
from desktop_app.cli.main import program
from desktop_app.gui.main import main as form
from desktop_app.settings.paths import HOME_VARIABLE, site_policy_file

NAME = "audit-trails-export"
# Blocks of the program's help that manual pages have a section of their own for, by how their first line begins.
_SECTIONS = {"First steps": "EXAMPLES", "Files": "FILES", "Exit codes": "EXIT STATUS"}
# Where each shell looks for the completion of a program.
_COMPLETIONS = {"bash": NAME, "zsh": f"_{NAME}", "fish": f"{NAME}.fish"}


def make_manuals(folder: Path) -> None:
    """Write the manual pages and completion files below `folder`."""
    pages, completion = folder / "man1", folder / "completion"
    pages.mkdir(parents=True, exist_ok=True)
    (pages / f"{NAME}.1").write_text(exporter_manual(), encoding="utf-8")
    (pages / "audit-trails.1").write_text(form_manual(), encoding="utf-8")
    for shell, name in _COMPLETIONS.items():
        (completion / shell).mkdir(parents=True, exist_ok=True)
        (completion / shell / name).write_text(completion_script(shell) + "\n", encoding="utf-8")


def exporter_manual() -> str:
    """`audit-trails-export(1)`: the program's help and that of every command, as roff."""
    context = click.Context(program, info_name=NAME, **program.context_settings)
    summary, *blocks = _blocks(program.help or "")
    sections = {"DESCRIPTION": [block for block in blocks if _section(block) == "DESCRIPTION"]}
    sections.update({_section(block): [block] for block in blocks if _section(block) != "DESCRIPTION"})
    lines = [
        *_head(NAME, summary),
        *(".SH SYNOPSIS", f".B {_escape(NAME)}", r"\fICOMMAND\fR [\fIARGUMENT\fR...]"),
        *(".SH DESCRIPTION", *_text(sections.pop("DESCRIPTION"))),
        *(".SH OPTIONS", *_options(program, context)),
        ".SH COMMANDS",
        *_commands(program, context),
        *(".SH ENVIRONMENT", ".TP", f".B {HOME_VARIABLE}"),
        "A folder for all files of the program, in place of the user's own folders.",
        "The daily task carries it along.",
    ]
    for title, body in sections.items():
        lines += [f".SH {title}", *_text(body)]
        if title == "FILES":
            lines += [".TP", f".I {_escape(str(site_policy_file()))}"]
            lines += ["Settings that the organisation has fixed for all users of this computer."]
    return "\n".join([*lines, ".SH SEE ALSO", r".BR audit\-trails (1)", ""])


def form_manual() -> str:
    """`audit-trails(1)`: the form's help, as roff."""
    summary, *blocks = _blocks(form.help or "")
    lines = [
        *_head("audit-trails", summary),
        *(".SH SYNOPSIS", r".B audit\-trails", r"[\fIOPTION\fR...]"),
        *(".SH DESCRIPTION", *_text(blocks)),
        *(".PP", "All that can be done in the window can be done from the command line as well, with"),
        r".BR audit\-trails\-export (1).",
        *(".SH OPTIONS", *_options(form, click.Context(form, **form.context_settings))),
        *(".SH SEE ALSO", r".BR audit\-trails\-export (1)", ""),
    ]
    return "\n".join(lines)


def _head(name: str, summary: str) -> list[str]:
    title = f'.TH {name.upper()} 1 "" "audit-trails-export {__version__}" "User Commands"'
    about = summary[:1].lower() + summary[1:].rstrip(".")
    # The second is how groff 1.23 is told: its paragraphs go back to what is there.
    return [title, ".ad l", ".ds AD l", ".SH NAME", f"{_escape(name)} \\- {_escape(about)}"]


def _commands(group: click.Group, context: click.Context) -> Iterator[str]:
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if command is None or command.hidden:
            continue
        inner = click.Context(command, info_name=name, parent=context)
        if isinstance(command, click.Group):
            yield from _commands(command, inner)
            continue
        usage = [inner.command_path.removeprefix(f"{NAME} "), *command.collect_usage_pieces(inner)]
        yield f'.SS "{_escape(" ".join(usage))}"'
        yield from _text(_blocks(command.help or ""))
        yield from _options(command, inner)


def _options(command: click.Command, context: click.Context) -> Iterator[str]:
    for parameter in command.get_params(context):
        record = parameter.get_help_record(context)
        if (
            isinstance(parameter, click.Option)
            and record
            and (parameter.name != "help" or command in (program, form))
        ):
            names, meaning = record
            yield ".TP"
            yield f".B {_escape(names)}"
            yield _line(meaning)


def _blocks(text: str) -> list[str]:
    """The paragraphs of a help text; one that begins with `\\b` has fixed lines."""
    return [block.strip("\n") for block in re.split(r"\n\s*\n", cleandoc(text))]


def _section(block: str) -> str:
    first = block.removeprefix("\b\n").lstrip()
    return next((name for start, name in _SECTIONS.items() if first.startswith(start)), "DESCRIPTION")


def _text(blocks: list[str]) -> Iterator[str]:
    for block in blocks:
        yield ".PP"
        if block.startswith("\b"):
            lines = block.splitlines()[1:]
            yield _line(lines[0].strip())
            yield from (".nf", ".RS 2", *(_line(line) for line in lines[1:]), ".RE", ".fi")
        else:
            yield from (_line(line.strip()) for line in block.splitlines())


def _line(text: str) -> str:
    """A line of text, words in back quotes in bold."""
    return re.sub(r"`([^`]+)`", r"\\fB\1\\fR", _escape(text))


def _escape(text: str) -> str:
    """Text as roff takes it: nothing in it is a command, and what is typed is ASCII."""
    for sign, roff in (("\\", r"\e"), ("-", r"\-"), ("'", r"\(aq"), ("…", "..."), ("·", r"\(pc"), ("–", r"\(en")):
        text = text.replace(sign, roff)
    text = re.sub(r"(?<=\S),(?=\S)", r",\\:", text)  # where a long list may be broken
    return re.sub(r"^(?=\.)", r"\\&", text)


if __name__ == "__main__":
    make_manuals(Path(sys.argv[1]))
