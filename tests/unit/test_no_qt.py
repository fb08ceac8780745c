"""The exporter must start on a server that has no Qt."""

import subprocess
import sys

_IMPORT_ALL = """
import importlib, pkgutil, sys
import desktop_app.cli, desktop_app.schedule
for package in (desktop_app.cli, desktop_app.schedule):
    for module in pkgutil.iter_modules(package.__path__, package.__name__ + "."):
        if not module.name.endswith("__main__") and module.name.rpartition(".")[2] not in ONLY_THERE:
            importlib.import_module(module.name)
print([name for name in sys.modules if name.startswith(("PySide6", "shiboken6"))])
"""


def test_the_command_line_imports_no_qt() -> None:
    # Modules that only one system has are the type checker's to look at.
    only_there = {"systemd", "cron", "task_scheduler", "task_service"}
    code = f"ONLY_THERE = {only_there!r}\n{_IMPORT_ALL}"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.strip()) == (0, "[]"), done.stderr
