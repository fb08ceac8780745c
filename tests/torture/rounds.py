"""Who is tortured how often: installations that bear a few troubles of one kind each."""

import random
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.servers import Server, asyncssh_server, openssh, served_folder
from tests.torture import troubles
from tests.torture.counts import Counts
from tests.torture.installation import Installation
from tests.torture.liar import Lie, liar
from tests.torture.line import line_to

Sizes = dict[str, int]
Trouble = Callable[[Installation], None]
DISK = "24m"


@dataclass(frozen=True)
class Kind:
    """`full` is how often in a whole torture, `each` how many troubles one installation bears."""

    name: str
    full: int
    each: int
    bear: Callable[[Installation, int], None]


def torture(
    folder: Path,
    sizes: Sizes,
    seed: int,
    jobs: int,
    say: Callable[[str], None],
    until: float = float("inf"),
    load: int = 1,
) -> dict[str, Counts]:
    """Make so many troubles of each kind; what came of them, by kind. `say` is called with what went wrong.

    No installation is begun after `until` (of time.monotonic). `load` times as many events as usual are recorded.
    """
    counts = {kind.name: Counts() for kind in KINDS if sizes.get(kind.name)}
    with openssh(folder / "sshd") as server, ThreadPoolExecutor(jobs) as pool:

        def bear(kind: Kind, number: int, many: int) -> tuple[Kind, Counts]:
            if time.monotonic() > until:
                return kind, Counts()
            name = f"{kind.name}-{number}"
            it = _installation(folder / name, server, random.Random(f"{seed}-{name}"), load)
            kind.bear(it, many)
            it.counts.troubles = many
            if not it.counts.findings:
                shutil.rmtree(it.folder)
            return kind, it.counts

        rounds = [
            (kind, first // kind.each, min(kind.each, sizes[kind.name] - first))
            for kind in KINDS
            for first in range(0, sizes.get(kind.name, 0), kind.each)
        ]
        random.Random(seed).shuffle(rounds)  # so that an end before the end has some of each kind
        for each in as_completed([pool.submit(bear, *each) for each in rounds]):
            kind, came = each.result()
            counts[kind.name] += came
            for finding in came.findings:
                say(f"{kind.name}: {finding}")
    shutil.rmtree(folder / "sshd", ignore_errors=True)
    return counts


def _installation(folder: Path, server: Server, dice: random.Random, load: int) -> Installation:
    """An installation with a folder of its own on the server, not yet configured."""
    folder.mkdir()
    served = served_folder(server, folder.name)
    return Installation(folder, server, served, folder.name, dice, load)


def _plainly(trouble: Trouble) -> Callable[[Installation, int], None]:
    def bear(it: Installation, many: int) -> None:
        it.configure()
        for _ in range(many):
            trouble(it)
        it.count()

    return bear


def _on_a_line(it: Installation, many: int) -> None:
    with line_to(it.server.port) as (line, port):
        it.configure(port)
        for _ in range(many):
            troubles.cut(it, line)
        it.count()


def _with_a_liar(it: Installation, many: int) -> None:
    told = Lie()
    with asyncssh_server(it.folder / "liar", liar(told)) as server:
        it.served.rmdir()
        it.server, it.served, it.path = server, server.folder, "/"
        it.configure()
        for _ in range(many):
            troubles.lie(it, told)
        it.count()


def _on_small_disks(it: Installation, many: int) -> None:
    it.home.mkdir()
    with _small_disk(it.served), _small_disk(it.home):
        shutil.chown(it.served, it.server.user, it.server.user)
        it.configure()
        for _ in range(many):
            it.dice.choice([troubles.fill_server, troubles.fill_home])(it)
        it.count()


@contextmanager
def _small_disk(folder: Path) -> Iterator[None]:
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={DISK}", "tmpfs", str(folder)], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


KINDS = (
    Kind("kills", 1000, 20, _plainly(troubles.kill)),
    Kind("cuts", 500, 10, _on_a_line),
    Kind("damages", 400, 4, _plainly(troubles.damage)),
    Kind("lies", 50, 3, _with_a_liar),
    Kind("disks", 20, 4, _on_small_disks),
)
