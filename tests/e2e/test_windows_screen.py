"""Some of the form's tests once more, on the real screen of a Windows."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [
    pytest.mark.skipif(sys.platform != "win32", reason="a window there needs a window manager for its focus"),
    pytest.mark.timeout(900),
]
ROOT = Path(__file__).parents[2]
SOME = [
    "tests/gui/test_window.py",
    "tests/gui/test_accessibility.py::test_tab_goes_through_all_and_downwards",
    "tests/gui/test_export_page.py::test_from_first_configuration_to_a_delivered_archive",
]


def test_the_form_works_on_the_real_screen() -> None:
    command = [sys.executable, "-m", "pytest", "-q", *SOME]
    environment = {**os.environ, "QT_QPA_PLATFORM": "windows"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=False)
    assert done.returncode == 0, done.stdout.decode(errors="replace")[-5000:]
