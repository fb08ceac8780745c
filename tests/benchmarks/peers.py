"""What people use otherwise."""

import os
import sys
from pathlib import Path
from shlex import quote

from tests.benchmarks.measuring import Spent, run
from tests.servers import Server

SCRIPT = Path(__file__).with_name("admins_script.py")


def admins_script(store: Path, server: Server, format_: str, folder: Path) -> Spent:
    """From store to server by the script; a process of its own."""
    login = f"{server.user}\n{server.password}\n".encode()
    archive = str(folder / "script.zip")
    return run([sys.executable, str(SCRIPT), str(store), format_, archive, str(server.port)], stdin=login)


def sqlite_zip_sftp(store: Path, server: Server, folder: Path) -> Spent:
    """From store to server by three programs and a pipe: the lines of JSON as they are in the store."""
    packed = folder / "pipe.zip"
    put = " ".join(_sftp(server, server.port))
    command = (
        f"sqlite3 {quote(str(store))} 'SELECT line FROM events ORDER BY created_ms' | zip -q > {packed}"
        f" && echo 'put {packed}' | {put}"
    )
    return run(["bash", "-o", "pipefail", "-c", command], _answering_for(server, folder))


def openssh_sftp(server: Server, port: int, file: Path, folder: Path) -> Spent:
    """OpenSSH's sftp puts one file."""
    return run(_sftp(server, port), _answering_for(server, folder), f"put {file} peer.zip\n".encode())


def _sftp(server: Server, port: int) -> list[str]:
    anybody = ["-oStrictHostKeyChecking=no", "-oUserKnownHostsFile=/dev/null"]
    return ["sftp", "-q", "-P", str(port), *anybody, f"{server.user}@127.0.0.1"]


def _answering_for(server: Server, folder: Path) -> dict[str, str]:
    """An environment in which OpenSSH gets the password from a program."""
    askpass = folder / "askpass"
    askpass.write_text(f"#!/bin/sh\necho '{server.password}'\n", encoding="utf-8")
    askpass.chmod(0o700)
    return {**os.environ, "SSH_ASKPASS": str(askpass), "SSH_ASKPASS_REQUIRE": "force"}
