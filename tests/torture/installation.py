"""An installation with a folder of its own on a server, and all that was recorded there."""

import json
import shutil
import subprocess
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from tests.e2e.conftest import Program
from tests.servers import Server
from tests.torture.counts import Counts, Event

LIMIT = 180.0  # seconds; a process that takes longer hangs
DAYS = 12
MOST_EVENTS = (20, 400, 400, 4000)
MOST_RUNS = 8


@dataclass(frozen=True)
class Done:
    """How a process ended; `code` is None where it was killed."""

    code: int | None
    output: str


@dataclass
class Installation:
    """`served` is its folder on the server, `path` the name of that folder there, `load` how many times as many
    events as usual it records. `done` is told where something is found wrong; `lasts` has the seconds that a
    command is thought to take at most.
    """

    folder: Path
    server: Server
    served: Path
    path: str
    dice: Random
    load: int = 1
    counts: Counts = field(default_factory=Counts)
    recorded: dict[str, Event] = field(default_factory=dict)
    done: list[str] = field(default_factory=list)
    lasts: dict[tuple[str, ...], float] = field(default_factory=dict)

    @property
    def program(self) -> Program:
        return Program(self.folder / "home")

    @property
    def home(self) -> Path:
        return self.program.home

    def configure(self, port: int | None = None) -> None:
        self.program.configure(self.server, self.path, port)

    def ask(self, *arguments: str, stdin: bytes = b"", killed_after: float | None = None) -> Done:
        """Run a command of the program; count a traceback and a hang. `killed_after` seconds it is killed."""
        self.counts.processes += 1
        process = subprocess.Popen(
            self.program.command(*arguments),
            env=self.program.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        code: int | None = None
        try:
            output, errors = process.communicate(stdin, LIMIT if killed_after is None else killed_after)
            code = process.returncode
        except subprocess.TimeoutExpired:
            process.kill()
            output, errors = process.communicate()
            if killed_after is None:
                self.counts.hangs += 1
                self.counts.findings.append(f"hangs: {' '.join(arguments)}")
        if b"Traceback" in errors:
            self.counts.tracebacks += 1
            self.counts.findings.append(f"traceback: {' '.join(arguments)}\n{errors.decode(errors='replace')}")
        return Done(code, output.decode(errors="replace"))

    def new_events(self) -> bytes:
        """Events of days gone by, of yesterday and of today, as lines for `record`: most come late."""
        now = datetime.now(UTC)
        lines = []
        for _ in range(self.load * self.dice.randrange(1, self.dice.choice(MOST_EVENTS))):
            name = f"e{len(self.recorded)}"
            created = now - timedelta(days=self.dice.randrange(DAYS), seconds=self.dice.randrange(3600))
            event: Event = {
                "id": name,
                "createdAt": created.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
                "entityType": "Device",
                "entityName": name,
                "actionType": self.dice.choice(["Create", "Update", "Delete"]),
                "after": {"secret": self.dice.randbytes(self.dice.choice([5, 200, 900])).hex(), "a|b=c\\": "é\n"},
            }
            self.recorded[name] = event
            lines.append(json.dumps(event))
        return "\n".join(lines).encode()

    def record(self, lines: bytes | None = None) -> None:
        """Record events, new ones unless given. Those that are stored already are not stored again."""
        done = self.ask("record", stdin=lines or self.new_events())
        if done.code != 0:
            self.counts.unsettled += 1
            self.counts.findings.append(f"record ends with {done.code}")

    def change_format(self) -> None:
        self.ask("config", "set", f"export.format={self.dice.choice(['json', 'cef'])}")

    def settle(self, runs: int = MOST_RUNS) -> bool:
        """Run as on other days until nothing is due. Whether that is reached."""
        for _ in range(runs):
            done = self.ask("run", "--now", "--json")
            if done.code == 0 and json.loads(done.output)["outcome"] == "nothing-due":
                return True
        return False

    def count(self) -> None:
        """Settle, then compare what is on the server with what was recorded."""
        if not self.settle():
            self.counts.unsettled += 1
            self.counts.findings.append(f"not settled: {self.ask('run', '--now', '--json').output}")
        if self.ask("verify", "--to", "2000-01-01", str(self.served)).code != 0:
            self.counts.unverified += 1
            self.counts.findings.append("not verified")
        self.counts.count_server(self.served, self.recorded)
        left = [path.name for path in self.served.iterdir() if path.suffix != ".zip"]
        if left:
            self.counts.findings.append(f"left over: {left}")
        if self.counts.findings:
            self.counts.findings.append(f"kept in {self.folder}, after:\n  " + "\n  ".join(self.done))
            for each in (self.served, self.home):
                shutil.copytree(each, self.folder / "kept" / each.name)
