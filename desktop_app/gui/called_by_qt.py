"""Methods that Qt calls: an exception in one is reported, and does not crash the program."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

_Given = ParamSpec("_Given")
_Result = TypeVar("_Result")


def called_by_qt(method: Callable[_Given, _Result]) -> Callable[_Given, _Result]:
    """A method in place of one of Qt's.

    In Python 3.11, an exception raised in C, such as an index out of range, is not normalized yet when it leaves
    the method. Shiboken 6.11 crashes on that where Python itself had called Qt. Raised again, it is normalized,
    and reaches the caller or the hook.
    """

    @wraps(method)
    def called(*args: _Given.args, **kwargs: _Given.kwargs) -> _Result:
        try:
            return method(*args, **kwargs)
        except Exception:
            raise

    return called
