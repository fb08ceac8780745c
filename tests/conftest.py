"""What all tests need: none of them registers a task with the scheduler of the computer they run on, or fails
because that is busy. And a real OpenSSH server, for those that ask for one.
"""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest

from tests.servers import Server, openssh

os.environ["AUDIT_TRAILS_SCHEDULER"] = "none"

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
    folder = sshd.folder / tmp_path.name
    folder.mkdir()
    shutil.chown(folder, sshd.user, sshd.user)
    return folder
