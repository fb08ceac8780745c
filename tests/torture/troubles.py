"""The troubles: each function makes one for an installation, and leaves it so that it can be run."""

import os
import shutil
import subprocess
from pathlib import Path

from tests.servers import set_mode
from tests.torture.installation import Installation
from tests.torture.liar import LIES, Lie
from tests.torture.line import Line

# Seconds after which a run that waits to try again is killed: the next one goes on from there.
SOON, LATER = 6.0, 20.0
ENDLESS = 1 << 30


def kill(it: Installation) -> None:
    """Kill a run or a `record` at a random moment."""
    killed = False
    while not killed:
        lines = it.new_events()
        if it.dice.random() < 0.2:
            killed = _killed(it, "record", stdin=lines)
            it.record(lines)
        else:
            it.record(lines)
            killed = _killed(it, "run", *(["--now"] if it.dice.random() < 0.3 else []))
        if it.dice.random() < 0.1:
            it.change_format()


def _killed(it: Installation, *command: str, stdin: bytes = b"") -> bool:
    """Start a command and kill it; false where it ended before. Moments up to its end are all alike."""
    longest = it.lasts.get(command, 1.0)
    after = it.dice.uniform(0, longest)
    killed = it.ask(*command, stdin=stdin, killed_after=after).code is None
    it.lasts[command] = longest * (1.1 if killed else 0.8)
    it.done.append(f"{' '.join(command)}, killed after {after:.3f} s: {killed}")
    return killed


def cut(it: Installation, line: Line) -> None:
    """Cut the line to the server once after a random number of bytes, on a logarithmic scale."""
    before = line.cuts
    while line.cuts == before:
        it.record()
        line.cut_after = int(10 ** it.dice.uniform(0, 6))
        it.done.append(f"cut after {line.cut_after} bytes")
        it.ask("run", killed_after=it.dice.choice([SOON, it.dice.uniform(0.5, SOON)]))
        line.cut_after = None
        if it.dice.random() < 0.1:
            it.change_format()


def damage(it: Installation) -> None:
    """Damage one file, run, and put back a copy of it where the program asks for help."""
    it.record()
    wanted = it.dice.choice(["trails.db", "trails.db", "ledger.db", "ledger.db", "config.toml", "outbox"])
    if wanted == "outbox" or it.dice.random() < 0.3:
        set_mode(it.served, 0o555)
        it.ask("run")
        set_mode(it.served, 0o755)
    waiting = sorted((it.home / "outbox").glob("*"))
    file = waiting[0] if wanted == "outbox" and waiting else it.home / wanted.replace("outbox", "trails.db")
    copy = it.folder / "copy"
    shutil.copy2(file, copy)
    it.done.append(f"{file.name}: {_damage(file, it)}")
    it.ask("status", "--json")
    healthy = it.ask("run", "--json", killed_after=LATER).code == 0 and it.settle(runs=3)
    it.ask("history")
    if not healthy or file.name == "config.toml":
        for name in (file.name, f"{file.name}-wal", f"{file.name}-shm", f"{file.name}-journal"):
            file.with_name(name).unlink(missing_ok=True)
        shutil.copy2(copy, file)
        it.done.append("the copy is put back")
        it.settle()


def _damage(file: Path, it: Installation) -> str:
    """Change a file; what was done."""
    content = bytearray(file.read_bytes())
    size, dice = len(content), it.dice
    at = dice.randrange(size)
    what = dice.choice(["a bit", "bytes", "zeros", "cut"])
    count = 1
    match what:
        case "a bit":
            content[at] ^= 1 << dice.randrange(8)
        case "bytes":
            count = min(dice.randrange(1, 64), size - at)
            content[at : at + count] = dice.randbytes(count)
        case "zeros":
            at, count = at // 4096 * 4096, min(4096, size - at // 4096 * 4096)
            content[at : at + count] = bytes(count)
        case "cut":
            del content[at:]
    file.write_bytes(content)
    return f"{what} at {at} ({count} of {size})"


def lie(it: Installation, told: Lie) -> None:
    """Have the server tell one lie, once or through a whole run."""
    told.told = 0
    while not told.told:
        it.record()
        told.name, told.truths = it.dice.choice(LIES), it.dice.choice([0, 0, 1, 2, 5])
        told.times = it.dice.choice([1, 1, 2, ENDLESS])
        it.ask("run", killed_after=SOON)
        it.done.append(f"{told.name}: told {told.told} times")
        told.times = 0


def fill_server(it: Installation) -> None:
    """Fill the server's disk so that a part of what is due has room; then there is room again."""
    _fill(it, it.served)


def fill_home(it: Installation) -> None:
    """The same on this computer, where even recording may fail."""
    _fill(it, it.home)


def _fill(it: Installation, where: Path) -> None:
    ballast, lines = where / ".ballast", it.new_events()
    disk = os.statvfs(where)
    room = int(10 ** it.dice.uniform(3, 6))
    subprocess.run(
        ["fallocate", "-l", str(max(1, disk.f_bavail * disk.f_frsize - room)), str(ballast)], check=True
    )
    stored = it.ask("record", stdin=lines).code == 0
    code = it.ask("run", killed_after=SOON).code
    it.done.append(f"{room} bytes left in {where}: recorded {stored}, run {code}")
    ballast.unlink()
    if not stored:
        it.record(lines)
