"""The changes: cosmic-ray's operators, and one of our own that leaves a statement out."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code
from cosmic_ray.operators.operator import Operator
from cosmic_ray.plugins import get_operator, operator_names
from parso.python.tree import Keyword

from tests.mutants.rooms import ROOT

LEFT_OUT = {"atom_expr", "raise_stmt", "del_stmt", "return_stmt"}

# Changes that change nothing: `is` compares with None and members of enums; the others are promises.
SAME = {"core/ReplaceComparisonOperator_Is_Eq", "core/ReplaceComparisonOperator_IsNot_NotEq"}
PROMISES = ("frozen", "gc", "kw_only", "slots")


class LeaveOut(Operator):
    """Leaves out a call, a raise, a return, a deletion, or what is assigned to an attribute or added to a name."""

    def mutation_positions(self, node: Any) -> Iterator[tuple[Any, Any]]:
        if node.parent is not None and node.parent.type == "simple_stmt" and self._matters(node):
            yield node.start_pos, node.end_pos

    def mutate(self, node: Any, index: int) -> Any:
        return Keyword("pass", node.start_pos, prefix=node.get_first_leaf().prefix)

    @classmethod
    def examples(cls) -> tuple[()]:
        return ()

    @staticmethod
    def _matters(node: Any) -> bool:
        if node.type != "expr_stmt":
            return node.type in LEFT_OUT
        target, operator = node.children[:2]
        return target.type == "atom_expr" or (operator.type == "operator" and operator.value != "=")


OPERATORS: dict[str, type[Operator]] = {
    "leave out": LeaveOut,
    **{name: cls for name in operator_names() if name not in SAME and not (cls := get_operator(name)).arguments()},
}


@dataclass(frozen=True)
class Mutant:
    """One change of one module: the `occurrence`th place (from 0) at which `operator` can change it."""

    module: Path
    line: int
    operator: str
    occurrence: int

    def applied_to(self, source: str) -> str:
        """The module's text with the change."""
        return str(mutate_code(source, OPERATORS[self.operator](), self.occurrence))


def draw(modules: list[Path], number: int, dice: Random) -> list[Mutant]:
    """As many mutants, each at another place, all places alike: some could be changed in a dozen ways."""
    places = [changes for module in modules for changes in _places(module)]
    return [dice.choice(changes) for changes in dice.sample(places, min(number, len(places)))]


def _places(module: Path) -> list[list[Mutant]]:
    """The mutants of a module by the place that they change."""
    tree = get_ast((ROOT / module).read_text(encoding="utf-8"))
    nodes = list(ast_nodes(tree))
    places: dict[tuple[Any, Any], list[Mutant]] = defaultdict(list)
    for name, operator_class in OPERATORS.items():
        operator = operator_class()
        found = ((node, place) for node in nodes for place in operator.mutation_positions(node))
        for occurrence, (node, place) in enumerate(found):
            if not (_says_a_type(node) or _is_a_promise(node) or _is_of_a_module(node, name)):
                places[place].append(Mutant(module, place[0][0], name, occurrence))
    return list(places.values())


def _says_a_type(node: Any) -> bool:
    """Whether a node is part of an annotation: nothing reads it when the program runs."""
    while node.parent is not None:
        parent = node.parent
        if parent.type == "annassign" and node is parent.children[1]:
            return True
        if parent.type == "tfpdef" or (parent.type == "param" and getattr(parent, "annotation", None) is node):
            return True
        if parent.type == "funcdef" and node is parent.annotation:
            return True
        node = parent
    return False


def _is_a_promise(node: Any) -> bool:
    argument = node.parent
    return (
        argument is not None
        and argument.type == "argument"
        and argument.children[0].get_code().strip() in PROMISES
    )


def _is_of_a_module(node: Any, operator: str) -> bool:
    """Whether an exception is named as `module.Error`, over which Cosmic Ray's replacer of exceptions trips."""
    return operator == "core/ExceptionReplacer" and "." in node.children[1].get_code()
