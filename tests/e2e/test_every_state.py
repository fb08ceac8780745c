"""How every state of the window looks in each language, by its widgets' own geometry and colours: what is cut off,
overlaps or is faint. `python3 dev.py screenshots` looks at all languages, schemes and scales together."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.translations.texts import ROOT
from tests.windows_gaps import needs


@needs("systemd")
@pytest.mark.parametrize(
    ("language", "scheme", "scale"), [("en", "contrast-light", "1"), ("de", "light", "2"), ("ja", "dark", "2")]
)
def test_nothing_is_wrong_with_how_any_state_looks(tmp_path: Path, language: str, scheme: str, scale: str) -> None:
    command = [sys.executable, "-m", "tests.screenshots", str(tmp_path)]
    command += ["--languages", language, "--schemes", scheme, "--scales", scale]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    told = [line for line in done.stderr.splitlines() if "This plugin does not support" not in line]
    assert done.returncode == 0, "\n".join(told)
