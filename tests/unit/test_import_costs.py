"""What is run every night, or in scripts, loads no library that it does not need."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = {
    "PySide6", "apprise", "cryptography", "evtx", "keyring", "obstore", "oracledb", "paramiko", "pg8000",
    "pymysql", "pytds", "rfc3161_client", "sqlalchemy", "tomlkit", "truststore", "urllib3", "zstandard",
}  # fmt: skip

_EVENT = (
    '{"createdAt": "2026-11-22T08:15:30Z", "entityType": "User", "entityName": "ann", "actionType": "Create"}\n'
)
_SETTINGS = '[server]\nhost = "sftp.example.com"\nuser = "audit"\npath = "/in"\n'

# What a run needs that has something to collect, to build, to deliver or to report.
NOT_FOR_NOTHING = {
    "desktop_app.export.archived_lines", "desktop_app.export.build", "desktop_app.export.outgoing",
    "desktop_app.export.stamping", "desktop_app.notify.after_run", "desktop_app.secrets.keepers",
    "desktop_app.sources.collect", "desktop_app.sources.connectors", "desktop_app.sources.mapping",
}  # fmt: skip
if sys.platform != "win32":  # there, time zones are read from a package, with it
    NOT_FOR_NOTHING.add("zipfile")


@pytest.mark.parametrize("command", ["run", "record", "history", "config show", "source list", "--version"])
def test_a_command_loads_nothing_heavy(command: str, tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text(_SETTINGS, encoding="utf-8")
    loaded = {name.partition(".")[0] for name in _loaded(command, tmp_path)}
    assert "desktop_app" in loaded
    assert HEAVY & loaded == set()


def test_a_run_with_nothing_due_loads_nothing_to_collect_build_or_deliver_with(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text(_SETTINGS, encoding="utf-8")
    loaded = _loaded("run", tmp_path)
    assert "desktop_app.export.exporter" in loaded
    assert NOT_FOR_NOTHING & loaded == set()


def _loaded(command: str, home: Path) -> set[str]:
    """The modules that a command loads, by what Python itself says."""
    for _ in range(2):  # the first one brings the settings up to date
        done = subprocess.run(
            [sys.executable, "-X", "importtime", "-m", "desktop_app.cli", *command.split()],
            input=_EVENT if command == "record" else "",
            env={**os.environ, "AUDIT_TRAILS_HOME": str(home)},
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )
    assert done.returncode == 0, done.stderr
    told = [line.rpartition("|")[2] for line in done.stderr.splitlines() if line.startswith("import time:")]
    return {name.strip() for name in told}
