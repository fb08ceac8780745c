"""All texts of the program that people may read in their language."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import click

from desktop_app.cli.main import program
from desktop_app.gui.main import main as form
from desktop_app.help_texts import pieces
from desktop_app.resources import load_toml, resource_path

ROOT = Path(__file__).resolve().parents[2]
FORMS = sorted((ROOT / "ui").glob("*.ui"))
_PACKAGE = ROOT / "desktop_app"
# Contexts whose texts are not all literals in code, but come from `resources/`, and where those are read.
_FROM_DATA = ("Said", "Settings")
_OWN_TR = ("tr", "_tr")
_MAKES_SAID_OF_DATA = (
    "wording.py",
    "event_keys.py",
    "algorithms.py",
    "kept_sentence.py",
    "definition.py",
    "source_kinds.py",
    "connectors.py",
    "signatures.py",
)


@dataclass(frozen=True, order=True)
class Text:
    """A text in English, the context under which Qt looks it up, and whether it has a plural form."""

    context: str
    source: str
    comment: str = ""
    plural: bool = False


def texts() -> list[Text]:
    """Every text in code and data; those of the forms are Qt's own to find."""
    found = {text for path in _sources() for text in _Texts.of(path)} | set(_of_data()) | set(_of_help())
    return sorted(text for text in found if text.source)


def _sources() -> list[Path]:
    return sorted(_PACKAGE.rglob("*.py"))


def _of_help() -> Iterator[Text]:
    """Of both programs and every command that is not hidden."""
    for command in (form, *commands(program)):
        yield from (Text("Said", piece) for piece in pieces(command))


def commands(command: click.Command) -> Iterator[click.Command]:
    """A command, and all that are in it and not hidden."""
    yield command
    if isinstance(command, click.Group):
        context = click.Context(command)
        inner = (command.get_command(context, name) for name in command.list_commands(context))
        yield from (found for each in inner if each and not each.hidden for found in commands(each))


def _of_data() -> Iterator[Text]:
    yield Text("Said", ", ", "between the parts of a list")
    for setting in load_toml("settings")["setting"]:
        yield from (Text("Settings", setting[part]) for part in ("label", "help"))
    for choices in load_toml("algorithms").values():
        yield from (Text("Said", choice["weak"]) for choice in choices if "weak" in choice)
    for answer in load_toml("schedule/task-scheduler")["answer"]:
        yield from (Text("Said", answer[part]) for part in ("message", "hint"))
    yield from (Text("Said", each["name"]) for each in load_toml("file_signatures")["signatures"])
    yield from (Text("Said", key["help"]) for key in load_toml("event_keys")["key"])
    for kind in load_toml("source_kinds")["kind"]:
        yield from (Text("Said", kind[part]) for part in ("label", "things", "about"))
        asked = [*kind["fields"], *kind.get("tables", []), *([kind["secret"]] if "secret" in kind else [])]
        yield from (Text("Said", field[part]) for field in asked for part in ("label", "help"))
        yield from (Text("Said", field["group"]) for field in asked if "group" in field)
        yield from (Text("Said", label) for field in asked for _, label in field.get("values", ()))
    for file in sorted(resource_path("connectors").glob("*.toml")):
        connector = load_toml(f"connectors/{file.stem}")
        yield from (Text("Said", asked) for asked in connector.get("asks", {}).values())
        yield from (Text("Said", connector["docs"][part]) for part in ("create", "right"))


class _Texts(ast.NodeVisitor):
    """Finds `self.tr(…)`, `QCoreApplication.translate(…)`, `Said(…)`, and `tr(…)` of a module's own making."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._classes: list[str] = []
        self._own_context = ""
        self.found: list[Text] = []

    @classmethod
    def of(cls, path: Path) -> list[Text]:
        visitor = cls(path)
        module = ast.parse(path.read_text(encoding="utf-8"))
        visitor._own_context = visitor._context_of_tr(module)
        visitor.visit(module)
        return visitor.found

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        self._classes.append(node.name)
        self.generic_visit(node)
        self._classes.pop()

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        if node.name not in _OWN_TR:
            self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> None:
        match _name(node), node.func, node.args:
            case "translate", _, [context, source, *rest] if _is_literal(context):
                if self._literal(context) not in _FROM_DATA or _is_literal(source):
                    self._add(self._literal(context), source, rest)
            case "tr", ast.Attribute(value=ast.Name(id="self")), [source, *rest]:
                self._add(self._classes[-1], source, rest)
            case (("tr" | "_tr"), ast.Name(), [source, *rest]):
                self._add(self._own_context, source, rest)
            case "Said", ast.Name(), [source]:
                if _is_literal(source) or self._path.name not in _MAKES_SAID_OF_DATA:
                    self._add("Said", source, [])
            case "tr", _, _:
                raise ValueError(f"{self._path}:{node.lineno}: only self.tr tells in which context the text is")
        self.generic_visit(node)

    def _context_of_tr(self, module: ast.Module) -> str:
        """The context of the function `tr` that a module has for itself, if it has one."""
        for node in ast.walk(module):
            if isinstance(node, ast.FunctionDef) and node.name in _OWN_TR:
                calls = (
                    each for each in ast.walk(node) if isinstance(each, ast.Call) and _name(each) == "translate"
                )
                return next((self._literal(each.args[0]) for each in calls), "")
        return ""

    def _add(self, context: str, source: ast.expr, rest: list[ast.expr]) -> None:
        text = self._literal(source)
        comment = self._literal(rest[0]) if rest and _is_literal(rest[0]) else ""
        self.found.append(Text(context, text, comment, plural="%n" in text or "%Ln" in text))

    def _literal(self, node: ast.expr) -> str:
        if not _is_literal(node):
            raise ValueError(f"{self._path}:{node.lineno}: a text to translate must be a literal")
        value = ast.literal_eval(node)
        assert isinstance(value, str)
        return value


def _name(call: ast.Call) -> str:
    match call.func:
        case ast.Attribute(attr=name) | ast.Name(id=name):
            return name
    return ""


def _is_literal(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)
