"""The bundle for Windows, made on Debian by PyInstaller in the Python for Windows of `windows-python`."""

import os
import subprocess
from pathlib import Path

from bundle import bundles_in
from bundle_contents import HERE, ROOT
from editions import Edition

_PYTHON = ROOT / "tests" / "tools" / "windows-python"


def make_windows_bundles(work: Path) -> dict[Edition, Path]:
    """As `bundle.make_bundles`, for Windows. The Python for Windows is made first, unless it is there.

    Raises CalledProcessError with what was said.
    """
    subprocess.run([_PYTHON, "make", ROOT / "requirements" / "dev.txt"], check=True)
    elsewhere = {"PYTHONPYCACHEPREFIX": r"C:\pycache"}  # not beside the files of this system's Python
    environment = {name: value for name, value in (os.environ | elsewhere).items() if name != "DISPLAY"}
    command = [_PYTHON, "run", (HERE / "bundle.py").relative_to(ROOT), work.relative_to(ROOT)]
    subprocess.run(command, cwd=ROOT, env=environment, check=True)
    return bundles_in(work)
