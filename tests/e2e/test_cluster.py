"""A backfill by workers that the program starts itself, as a user has it, beside a run."""

from pathlib import Path

from tests.e2e.conftest import Program
from tests.integration.two_months import DAYS, FIRST, LAST, all_ids, data_of, day_events, write_trails
from tests.servers import Server, served_folder
from tests.windows_gaps import needs

pytestmark = needs("clusters")


def installation(home: Path, sshd: Server, folder: Path, trails: Path) -> Program:
    """One that exports to a folder of its own, and forgets what was delivered."""
    program = Program(home)
    program.configure(sshd, folder.name)
    program.run("config", "set", "store.keep_days=1")
    program.run("source", "add", "trails", "--path", str(trails), "--pattern", "**/*.jsonl")
    return program


def test_workers_of_its_own_make_the_archives_of_a_run(tmp_path: Path, sshd: Server) -> None:
    trails = tmp_path / "trails"
    trails.mkdir()
    write_trails(trails)
    by_run, by_workers = served_folder(sshd, "by-run"), served_folder(sshd, "by-workers")
    assert installation(tmp_path / "run", sshd, by_run, trails).json("run")["outcome"] == "delivered"
    program = installation(tmp_path / "workers", sshd, by_workers, trails)
    asked = ("--source", "trails", "--from", str(FIRST), "--to", str(LAST), "--cluster", "local")
    # That this returns says that the workers have ended as well: they share what it prints to.
    result = program.json("backfill", *asked)
    assert (result["outcome"], len(result["archives"])) == ("delivered", DAYS)
    assert dict(data_of(by_workers)) == dict(data_of(by_run))
    assert all_ids(by_workers).total() == sum(
        len(day_events(day, region, 20)) for day in range(DAYS) for region in range(2)
    )
    assert list((program.home / "pieces").iterdir()) == []
    assert program.json("run")["outcome"] == "nothing-due"
    signers = tmp_path / "allowed_signers"
    signers.write_text(program.run("sign", "show"), "utf-8")
    program.run("verify", str(by_workers), "--signers", str(signers), "--from", str(FIRST), "--to", str(LAST))
