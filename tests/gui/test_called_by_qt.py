"""An exception in a method that Qt calls is reported; the window goes on."""

import importlib
import pkgutil
import subprocess
import sys
from collections.abc import Iterator
from types import FunctionType

import desktop_app.gui

_BROKEN = """
from PySide6.QtWidgets import QApplication, QTableView
from desktop_app.gui.called_by_qt import called_by_qt
from desktop_app.gui.widgets.table_model import TableModel

class Broken(TableModel):
    @called_by_qt
    def data(self, index, role=0):
        return ()[index.row()]

app = QApplication([])
table, model = QTableView(), Broken(None, ["Name"])
table.setModel(model)
model.show(["row"])
try:
    table.resizeColumnsToContents()
except IndexError:
    print("heard")
"""


def _in_place_of_qts() -> Iterator[tuple[str, object]]:
    """The methods of the window's classes that Qt calls, or might."""
    for module in pkgutil.walk_packages(desktop_app.gui.__path__, "desktop_app.gui."):
        if module.name.endswith("__main__"):
            continue
        for cls in vars(importlib.import_module(module.name)).values():
            if not isinstance(cls, type) or cls.__module__ != module.name:
                continue
            qts = [base for base in cls.__mro__ if base.__module__.startswith("PySide6.")]
            for name, value in vars(cls).items():
                is_method = isinstance(value, FunctionType) and not name.startswith("_")
                if is_method and any(hasattr(qt, name) for qt in qts):
                    yield f"{module.name}.{cls.__name__}.{name}", value


def test_a_defect_in_a_table_does_not_end_the_window() -> None:
    done = subprocess.run([sys.executable, "-c", _BROKEN], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.strip()) == (0, "heard"), done.stderr


def test_all_that_qt_calls_is_told_where_it_breaks() -> None:
    found = list(_in_place_of_qts())
    assert len(found) > 80
    assert [name for name, method in found if not hasattr(method, "__wrapped__")] == []
