"""The whole program as a user has it: processes with settings of their own, and a real OpenSSH server."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.servers import Server


@dataclass(frozen=True)
class Program:
    """The program with its own home folder, and with no keyring, as on a server without a session."""

    home: Path

    @property
    def environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "AUDIT_TRAILS_HOME": str(self.home),
            "DBUS_SESSION_BUS_ADDRESS": "unix:path=/nonexistent",
            "HOME": str(self.home),
        }

    def command(self, *arguments: str) -> list[str]:
        return [sys.executable, "-m", "desktop_app.cli", *arguments]

    def run(self, *arguments: str, stdin: bytes = b"", code: int = 0) -> str:
        """Run a command; its standard output. It must end with `code`, and never with a traceback."""
        return self._both(*arguments, stdin=stdin, code=code)[0]

    def errors(self, *arguments: str, stdin: bytes = b"", code: int = 0) -> str:
        """The same; its standard error."""
        return self._both(*arguments, stdin=stdin, code=code)[1]

    def _both(self, *arguments: str, stdin: bytes, code: int) -> tuple[str, str]:
        done = subprocess.run(
            self.command(*arguments), input=stdin, capture_output=True, env=self.environment, check=False
        )
        output, errors = (
            stream.decode(errors="replace").replace(os.linesep, "\n") for stream in (done.stdout, done.stderr)
        )
        assert "Traceback" not in errors, errors
        assert done.returncode == code, (done.returncode, errors, output)
        return output, errors

    def json(self, *arguments: str, code: int = 0) -> Any:
        return json.loads(self.run(*arguments, "--json", code=code))

    def configure(self, server: Server, path: str = ".", port: int | None = None) -> None:
        self.run(
            "config",
            "set",
            f"server.host=127.0.0.1:{port or server.port}",
            f"server.user={server.user}",
            f"server.path={path}",
            "export.instance=ws",
            "export.timezone=UTC",
        )
        self.run("config", "password", stdin=server.password.encode() + b"\n")
        self.run("trust", "--yes")


@pytest.fixture
def program(tmp_path: Path) -> Program:
    return Program(tmp_path / "home")
