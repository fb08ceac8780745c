"""A computer whose administrator has fixed settings, through the command line."""

import os
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.e2e.conftest import Program
from tests.servers import Server

# The program as it is, but for where the computer's policy is: no option and no variable can tell it that.
_ELSEWHERE = """
import sys
from pathlib import Path
from desktop_app.settings import paths
policy = Path(sys.argv.pop(1))
found = paths.find_paths()
paths.find_paths = lambda: paths.Paths(found.config, found.data, found.logs, policy)
from desktop_app.cli.main import main
main()
"""

pytestmark = pytest.mark.skipif(
    sys.platform == "win32" or os.geteuid() != 0, reason="only root can make a policy that is taken"
)


@dataclass(frozen=True)
class Managed(Program):
    """The program on such a computer."""

    @property
    def policy(self) -> Path:
        return self.home.parent / "site" / "policy.toml"

    def fix(self, text: str) -> None:
        self.policy.parent.mkdir(exist_ok=True)
        self.policy.write_text(text, encoding="utf-8")
        self.policy.parent.chmod(0o755)
        self.policy.chmod(0o644)

    def command(self, *arguments: str) -> list[str]:
        return [sys.executable, "-c", _ELSEWHERE, str(self.policy), *arguments]


@pytest.fixture
def managed(tmp_path: Path) -> Managed:
    return Managed(tmp_path / "home")


def test_a_user_cannot_change_what_the_policy_fixes(managed: Managed, tmp_path: Path) -> None:
    managed.run("config", "set", "server.host=sftp.mine.example", "server.user=me")
    managed.fix("[server]\nhost = 'sftp.corp.example'\n\n[[sources]]\nname = 'corp'\npath = '/corp'\n")

    told = managed.errors("config", "set", "server.path=/in", "server.host=sftp.mine.example", code=77)
    assert "Your organisation has set this: server.host." in told
    assert str(managed.policy) in told
    managed.errors("source", "add", "mine", "--path", "/mine", code=77)
    managed.errors("source", "remove", "corp", code=77)
    ready = tmp_path / "ready.toml"
    ready.write_text("version = 2\n[server]\nhost = 'sftp.mine.example'\n", encoding="utf-8")
    managed.errors("config", "import", str(ready), code=77)

    managed.run("config", "set", "server.path=/out")
    shown = managed.json("config", "show")
    assert shown["server"]["host"] == "sftp.corp.example"
    assert (shown["server"]["user"], shown["server"]["path"]) == ("me", "/out")
    lines = managed.run("config", "show").splitlines()
    marked = {
        line.partition(" ")[0] for line in lines if f"# set by your organisation in {managed.policy}" in line
    }
    assert marked == {"server.host", "source"}
    assert managed.json("config", "policy")["settings"]["server.host"] == "sftp.corp.example"
    assert "sftp.mine.example" in (managed.home / "config.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize("arguments", [("config", "show"), ("status",), ("run",), ("config", "policy")])
def test_a_broken_policy_stops_every_command(managed: Managed, arguments: tuple[str, ...]) -> None:
    managed.fix("[server]\nhost = \n")
    told = managed.errors(*arguments, code=78)
    assert str(managed.policy) in told
    assert "line 2" in told


def test_an_export_by_a_policy_alone(managed: Managed, sshd: Server, served: Path) -> None:
    managed.fix(
        f"enabled = true\n[export]\ninstance = 'corp'\nformat = 'cef'\n"
        f"[server]\nhost = '127.0.0.1:{sshd.port}'\nuser = '{sshd.user}'\npath = '{served.name}'\n"
    )
    managed.run("config", "password", stdin=sshd.password.encode() + b"\n")
    managed.run("trust", "--yes")
    event = b'{"createdAt": "2026-03-01T12:00:00Z", "entityType": "a", "entityName": "b", "actionType": "c"}\n'
    managed.run("record", stdin=event)
    assert managed.json("run", "--scheduled")["events"] == 1
    assert (served / "audit-trails-corp-2026-03-01.zip").is_file()
