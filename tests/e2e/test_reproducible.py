"""The same commit makes the same bytes, wherever it is built."""

import hashlib
import subprocess
import sys
from pathlib import Path

import pytest

from tests.on_debian import copy_checkout
from tests.packages import ROOT, Built, build, built

pytestmark = pytest.mark.timeout(900)


def sums(checkout: Path) -> dict[str, str]:
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in (checkout / "dist").iterdir()
        if path.suffix in (".deb", ".rpm", ".xz")
    }


def test_two_folders_make_the_same_packages(tmp_path: Path) -> None:
    whole = built()
    other = tmp_path / "in" / "another folder"
    other.mkdir(parents=True)
    copy_checkout(other)
    subprocess.run(["cp", "--archive", "--link", sys.prefix, other / ".venv"], check=True)
    build(other, str(other / ".venv" / "bin" / "python"))
    made = sums(other)
    assert len(made) == 6
    assert made == {name: digest for name, digest in sums(ROOT).items() if name in made}
    for bundle in (whole.bundle, Built(whole.name, other).bundle):
        assert list(bundle.rglob("RECORD")) == []
