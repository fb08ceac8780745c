"""A home that can't be written, or that others may write."""

import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.e2e.conftest import Program
from tests.windows_gaps import needs

pytestmark = needs("modes")


def read_only(program: Program, *arguments: str) -> str:
    """What a command tells on standard error where the home is on a disk that is read-only."""
    home = shlex.quote(str(program.home))
    inside = f"mount --bind {home} {home} && mount -o remount,bind,ro {home} && exec {shlex.join(arguments)}"
    unshare = ["unshare", "--map-root-user", "--mount", "sh", "-c"]
    if not shutil.which("unshare") or subprocess.run([*unshare, "mount -t tmpfs x /mnt"], check=False).returncode:
        pytest.skip("no disk can be made read-only here")
    done = subprocess.run([*unshare, inside], capture_output=True, env=program.environment, check=False)
    assert done.returncode == 74, done
    return done.stderr.decode()


@pytest.mark.parametrize("used", [False, True])
@pytest.mark.parametrize("command", [("run",), ("status",), ("record", "/dev/null")])
def test_a_read_only_home_is_told_once_and_plainly(program: Program, command: tuple[str, ...], used: bool) -> None:
    program.home.mkdir(mode=0o700)
    if used:
        program.run("config", "set", "server.host=127.0.0.1", "server.user=u", "server.path=.")
        program.run("status")
    else:
        (program.home / "config.toml").write_text(
            "version = 2\n[server]\nhost = '127.0.0.1'\nuser = 'u'\npath = '.'\n", encoding="utf-8"
        )
    told = read_only(program, *program.command(*command))
    assert told.splitlines()[0] == f"The folder {program.home} can't be written."
    assert len(told.splitlines()) == 2
    assert "Errno" not in told and "copy" not in told


def test_a_home_that_others_may_write_is_told_with_every_command(program: Program) -> None:
    program.home.mkdir()
    Path(program.home).chmod(0o777)
    told = f"Others than this user may write to {program.home}."
    assert program.errors("config", "show").count(told) == 1
    program.run("config", "set", "server.host=127.0.0.1", "server.user=u", "server.path=.", "enabled=true")
    assert program.errors("status", "--check", code=77).count(told) == 1
