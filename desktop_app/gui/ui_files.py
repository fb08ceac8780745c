"""Qt Designer's forms in `ui/`."""

from PySide6.QtCore import QObject
from PySide6.QtUiTools import QUiLoader
from PySide6.QtWidgets import QWidget

from desktop_app.gui.called_by_qt import called_by_qt
from desktop_app.gui.widgets.plain_label import plain_labels
from desktop_app.resources import ui_path


def load_ui(name: str, base: QWidget, *custom: type[QWidget]) -> None:
    """Build `ui/<name>.ui` into `base`, which takes the place of the form's top widget.

    Each named widget becomes an attribute of `base`; declare those that are used. `custom` are the classes
    of promoted widgets. Texts are translated in the context of the form's class. Raises FileNotFoundError, and
    ValueError where a widget's name would hide what `base` has under it already.
    """
    loader = _Loader(base, {each.__name__: each for each in custom})
    taken = set(dir(base))
    loader.load(str(ui_path(f"{name}.ui")))
    plain_labels(base)
    for child in base.findChildren(QObject):
        if (child_name := child.objectName()) and not child_name.startswith(("qt_", "_q_")):
            if child_name in taken:
                hidden = f"{type(base).__name__}.{child_name}"
                raise ValueError(f"ui/{name}.ui: the name {child_name} would hide {hidden}.")
            taken.add(child_name)
            setattr(base, child_name, child)


class _Loader(QUiLoader):
    def __init__(self, base: QWidget, custom: dict[str, type[QWidget]]) -> None:
        super().__init__()
        self._base = base
        self._custom = custom

    @called_by_qt
    def createWidget(self, class_name: str, parent: QWidget | None = None, name: str = "") -> QWidget:
        if parent is None:
            return self._base
        if class_name in self._custom:
            widget = self._custom[class_name](parent)
            widget.setObjectName(name)
            return widget
        return super().createWidget(class_name, parent, name)
