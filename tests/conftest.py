"""What all tests need: none of them registers a task with the scheduler of this computer, keeps passwords in its
Credential Manager, or fails because it is busy. And a real OpenSSH server, for those that ask for one.
"""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest

from tests.servers import Server, openssh, served_folder

os.environ["AUDIT_TRAILS_SCHEDULER"] = "none"
if sys.platform == "win32":
    os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"

hypothesis.settings.register_profile("however busy", deadline=None)
hypothesis.settings.load_profile("however busy")


@pytest.fixture(scope="module")
def sshd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """An OpenSSH server on loopback, for the tests of one module."""
    with openssh(tmp_path_factory.mktemp("sshd")) as server:
        yield server


@pytest.fixture
def served(sshd: Server, tmp_path: Path) -> Path:
    """A folder of its own on the server for one test; its name is what the server path must be."""
    return served_folder(sshd, tmp_path.name)
