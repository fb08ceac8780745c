"""Run all benchmarks and print the ratios; nothing here passes or fails."""

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import paramiko

from tests.e2e.conftest import Program
from tests.servers import Server, openssh

DAY_MS = 86_400_000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=500_000)
    arguments = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="atx-bench-"))
    try:
        with openssh(folder / "sshd") as server:
            measure(folder, server, arguments.events)
    finally:
        shutil.rmtree(folder)


def measure(folder: Path, server: Server, count: int) -> None:
    events = folder / "events.jsonl"
    write_events(events, count)
    home = Program(folder / "home")
    home.configure(server)
    recording, _ = timed(lambda: home.run("record", str(events)))
    say("record", f"{count / recording:,.0f} events/s")
    for format_ in ("json", "cef"):
        compare_with_script(folder, home, server, format_, count)
    piped, _ = timed(lambda: pipe(home.home / "trails.db", server, folder))
    say("sqlite3 | zip | sftp", f"{count / piped:,.0f} events/s")
    idle, _ = timed(lambda: home.run("--version"))
    say("--version", f"{idle:.2f} s")
    nothing, _ = timed(lambda: Program(folder / "home-json").run("run"))
    say("run with nothing due", f"{nothing:.2f} s")


def compare_with_script(folder: Path, home: Program, server: Server, format_: str, count: int) -> None:
    fresh = Program(folder / f"home-{format_}")
    shutil.copytree(home.home, fresh.home)
    fresh.run("config", "set", f"export.format={format_}", f"export.instance={format_}")
    ours, memory = timed(lambda: fresh.run("run"))
    script, _ = timed(lambda: admins_script(fresh.home / "trails.db", server, format_, folder))
    say(
        f"{format_}, store to server",
        f"{count / ours:,.0f} events/s, {script / ours:.1f} times the admin's script, {memory} MB at most",
    )


def timed(action: Callable[[], Any]) -> tuple[float, int]:
    """Seconds, and the most memory (MB) that any child process has had so far."""
    start = time.perf_counter()
    action()
    taken = time.perf_counter() - start
    return taken, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024


def write_events(path: Path, count: int) -> None:
    with path.open("w", encoding="utf-8") as file:
        for n in range(count):
            at = 1_795_300_000_000 + n * (DAY_MS // 2) // count
            moment = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(at // 1000))
            event = {
                "createdAt": f"{moment}.{at % 1000:03}Z",
                "entityType": "Configuration",
                "entityName": "Promotion distribution configuration settings",
                "actionType": "Update",
                "entityId": f"cfg-{n % 977}",
                "productVersion": "R110",
                "actor": {"user": "anna@example.com", "ip": f"192.0.2.{n % 255}", "roles": ["admin", "audit"]},
                "before": {"name": "a=b", "enabled": True, "path": "C:\\x"},
                "after": {"name": "a|b", "enabled": False, "priority": n, "list": [1, 2, 3, 4, 5]},
            }
            file.write(json.dumps(event) + "\n")


def admins_script(store: Path, server: Server, format_: str, folder: Path) -> None:
    """What an admin would write: a child process, so that nothing of ours helps it."""
    call = f"script({str(store)!r}, {format_!r}, {str(folder)!r}, {server.port})"
    code = f"from tests.benchmarks.__main__ import script; {call}"
    login = f"{server.user}\n{server.password}\n".encode()
    subprocess.run([sys.executable, "-c", code], check=True, input=login)


def script(store: str, format_: str, folder: str, port: int) -> None:
    import sqlite3

    user, password = sys.stdin.read().split()
    rows = (
        json.loads(line)
        for (line,) in sqlite3.connect(store).execute("SELECT line FROM events ORDER BY created_ms")
    )
    path = Path(folder) / "script.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("events", "w") as file:
        for event in rows:
            text = json.dumps(event) if format_ == "json" else script_cef(event)
            file.write(text.encode() + b"\n")
    transport = paramiko.Transport(("127.0.0.1", port))
    transport.connect(username=user, password=password)
    paramiko.SFTPClient.from_transport(transport).put(str(path), "script.zip")  # type: ignore[union-attr]
    transport.close()


def script_cef(event: dict[str, Any]) -> str:
    def pair(number: int, label: str, value: Any) -> str:
        text = json.dumps(value).replace("\\", "\\\\").replace("=", "\\=")
        return f"cs{number}Label={label} cs{number}={text}"

    main_keys = {key: event[key] for key in ("createdAt", "entityType", "entityName", "actionType")}
    head = "|".join(
        text.replace("\\", "\\\\").replace("|", "\\|")
        for text in (
            "Ivanti Inc",
            "Ivanti Neurons for MDM",
            event.get("productVersion", ""),
            event.get("entityId", ""),
            f"{event['entityName']} {event['actionType']}",
            "Low",
        )
    )
    states = [
        pair(2, "Actor", event.get("actor")),
        pair(3, "Before", event.get("before")),
        pair(4, "After", event.get("after")),
    ]
    return f"CEF:25|{head}|{pair(1, 'Audit Trails', main_keys)} {' '.join(states)}"


def pipe(store: Path, server: Server, folder: Path) -> None:
    askpass = folder / "askpass"
    askpass.write_text(f"#!/bin/sh\necho '{server.password}'\n")
    askpass.chmod(0o700)
    command = (
        f"sqlite3 {store} 'SELECT line FROM events ORDER BY created_ms' | zip -q > {folder}/pipe.zip && "
        f"echo 'put {folder}/pipe.zip' | sftp -q -P {server.port} -oStrictHostKeyChecking=no"
        f" -oUserKnownHostsFile=/dev/null -b - {server.user}@127.0.0.1"
    ).replace("-b - ", "")
    environment = {**os.environ, "SSH_ASKPASS": str(askpass), "SSH_ASKPASS_REQUIRE": "force"}
    subprocess.run(["sh", "-c", command], check=True, env=environment, capture_output=True)


def say(what: str, found: str) -> None:
    sys.stdout.write(f"{what:<24}{found}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
