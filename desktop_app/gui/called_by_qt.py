"""Methods that Qt calls, such that a defect in one is told and is no crash."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

_Given = ParamSpec("_Given")
_Result = TypeVar("_Result")


def called_by_qt(method: Callable[_Given, _Result]) -> Callable[_Given, _Result]:
    """A method in place of one of Qt's.

    What is raised in C, such as an index out of range, is no whole exception yet where Python 3.11 hands it on.
    Shiboken 6.11 crashes when it looks into that, as it does with what Python called by way of Qt. Caught and
    raised again it is whole, and goes on to whoever called, or to the hook.
    """

    @wraps(method)
    def called(*args: _Given.args, **kwargs: _Given.kwargs) -> _Result:
        try:
            return method(*args, **kwargs)
        except Exception:
            raise

    return called
