"""What a cluster gets to know, and what is told where it can't do its part."""

import json
import os
import sys
from datetime import timedelta
from pathlib import Path

import pytest
import trustme
from moto.server import ThreadedMotoServer
from msgspec import structs

from desktop_app.actions import backfill_days
from desktop_app.actions.backfill import Surroundings, backfill
from desktop_app.actions.backfill_days import Asked, Elsewhere
from desktop_app.actions.run import RunResult
from desktop_app.cluster import engine
from desktop_app.errors import ExitCode
from desktop_app.evidence import own_keys as own_keys_module
from desktop_app.evidence.own_keys import own_keys
from desktop_app.secrets.keepers import read_password
from desktop_app.settings.model import ObjectsSource, StoreSettings
from desktop_app.trails.store.set_aside import set_aside_records
from desktop_app.trails.store.store import open_store
from tests.clusters import dask
from tests.integration.exporter import NOW, QUICK, Exporter
from tests.integration.two_months import DAYS, FIRST, LAST, data_of, exporter, files_in, of
from tests.servers import Server, free_port
from tests.windows_gaps import needs

pytestmark = needs("clusters")


@pytest.fixture(autouse=True)
def small_rounds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backfill_days, "_EVENTS_AT_ONCE", 600)
    monkeypatch.setattr("desktop_app.cluster.wishes._MOST_FILES", 20)


def fill(made: Exporter, elsewhere: Elsewhere | None) -> RunResult:
    around = Surroundings(lambda: made.password, backoff=QUICK, clock=lambda: made.now.timestamp())
    return backfill(made.settings, made.paths, Asked("trails", FIRST, LAST, 1, elsewhere), around)


_SPY = """
import os, sys
log = open(os.environ["SPY_LOG"], "a", buffering=1)
def spy(event, arguments):
    if event in ("open", "sqlite3.connect", "os.listdir", "os.scandir") and arguments:
        log.write(f"{arguments[0]}\\n")
sys.addaudithook(spy)
"""


def test_workers_see_the_source_and_the_pieces_and_nothing_else_of_the_installation(
    tmp_path: Path, sshd: Server, served: Path, trails: Path, pieces: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = exporter(tmp_path, "many", sshd, served, files_in(trails))
    (tmp_path / "spy.py").write_text(_SPY, "utf-8")
    log = tmp_path / "spy.log"
    sent: list[bytes] = []
    ask = engine.Engine.ask

    def asking(on: engine.Engine, task: engine.Task, wish: bytes, priority: int = 0) -> engine.Pending:
        sent.append(wish)
        return ask(on, task, wish, priority)

    monkeypatch.setattr(engine.Engine, "ask", asking)
    with dask(tmp_path / "dask", 0) as cluster:
        cluster.start_worker("--preload", str(tmp_path / "spy.py"), SPY_LOG=str(log))
        assert fill(made, Elsewhere(cluster.address, str(pieces))).error is None
        (worker,) = cluster.workers
        environment = Path(f"/proc/{worker.pid}/environ").read_bytes()
        arguments = Path(f"/proc/{worker.pid}/cmdline").read_bytes()
    opened = log.read_text("utf-8").splitlines()
    home = str(made.paths.ledger.parent)
    assert any(line.startswith(str(trails)) for line in opened)
    assert any(line.startswith(str(pieces)) for line in opened)
    assert [line for line in opened if line.startswith(home)] == []
    (key,) = own_keys(made.paths)
    signing = read_password(made.paths, own_keys_module._account(key.fingerprint))
    assert signing
    secrets = [made.password.encode(), *(line.encode() for line in signing.splitlines() if len(line) > 20)]
    assert len(sent) > DAYS and not any(secret in text for secret in secrets for text in (*sent, environment))
    assert home.encode() not in b"".join((*sent, environment, arguments))


def test_what_is_no_event_or_comes_twice_is_told_as_by_one_process(
    tmp_path: Path, sshd: Server, served: Path, trails: Path, pieces: Path
) -> None:
    files = sorted(trails.rglob("*.jsonl"))
    first = files[10].read_text("utf-8").splitlines()
    event = json.loads(first[5])
    with files[11].open("a", encoding="utf-8") as file:
        file.write(f"{first[3]}\n")  # once more
        file.write(json.dumps(event | {"entityName": "other"}) + "\n")  # another with its id
        file.write('{"createdAt": "2025-01-06T00:00:00Z"}\n')
        file.write("no JSON\n")
    results = []
    for name, where in (("alone", None), ("many", "cluster")):
        made = exporter(tmp_path, name, sshd, served, files_in(trails))
        if where:
            with dask(tmp_path / "dask", 1) as cluster:
                result = fill(made, Elsewhere(cluster.address, str(pieces)))
        else:
            result = fill(made, None)
        with open_store(made.paths.store) as store:
            aside = set_aside_records(store, "trails", 10)
        (source,) = result.sources
        told = [(each.path, each.place, each.reason, each.content, each.seed) for each in aside]
        results.append((source.read, source.appended.repeated, source.set_aside, sorted(told)))
    assert results[0] == results[1]
    assert results[0][2] == 3
    assert dict(data_of(of(served, "many"))) == dict(data_of(of(served, "alone")))


def test_days_whose_events_stay_here_are_read_here(
    tmp_path: Path, sshd: Server, served: Path, trails: Path, pieces: Path
) -> None:
    kept = StoreSettings(keep_days=(NOW.date() - FIRST - timedelta(days=25)).days)
    alone, made = (exporter(tmp_path, name, sshd, served, files_in(trails)) for name in ("alone", "many"))
    for each in (alone, made):
        each.settings = structs.replace(each.settings, store=kept)
    assert fill(alone, None).error is None
    with dask(tmp_path / "dask", 1) as cluster:
        assert fill(made, Elsewhere(cluster.address, str(pieces))).error is None
    assert dict(data_of(of(served, "many"))) == dict(data_of(of(served, "alone")))
    made.settings = structs.replace(made.settings, store=StoreSettings(keep_days=0))
    with open_store(made.paths.store) as store:
        events = store.last_seq()
    assert 30 * 40 < events < 40 * 40 + 200


def test_by_certificates_over_tls_and_by_a_bucket(
    tmp_path: Path, sshd: Server, served: Path, trails: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority, other = trustme.CA(), trustme.CA()
    files = []
    for name, ca in (("own", authority), ("other", other)):
        ca.cert_pem.write_to_path(tmp_path / f"{name}-ca.pem")
        issued = ca.issue_cert("127.0.0.1")
        issued.cert_chain_pems[0].write_to_path(tmp_path / f"{name}.pem")
        issued.private_key_pem.write_to_path(tmp_path / f"{name}.key")
        files.append(tuple(str(tmp_path / f"{name}{end}") for end in ("-ca.pem", ".pem", ".key")))
    own, foreign = files
    bucket = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    bucket.start()
    host, port = bucket.get_host_and_port()
    credentials = {
        "AWS_ENDPOINT_URL": f"http://{host}:{port}", "AWS_ALLOW_HTTP": "true", "AWS_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "of-the-worker",
    }  # fmt: skip
    for name, value in credentials.items():
        monkeypatch.setenv(name, value)
    import boto3

    boto3.client("s3", endpoint_url=credentials["AWS_ENDPOINT_URL"]).create_bucket(Bucket="pieces")
    made = exporter(tmp_path, "many", sshd, served, files_in(trails))
    options = ["--tls-ca-file", own[0], "--tls-cert", own[1], "--tls-key", own[2]]
    monkeypatch.setattr(engine, "_CONNECT_WITHIN", 3)
    try:
        with dask(tmp_path / "dask", 0, options) as cluster:
            cluster.start_worker(**credentials)
            refused = fill(made, Elsewhere(cluster.address, "s3://pieces/here", foreign)).error
            assert refused and refused.exit_code == ExitCode.UNREACHABLE
            plain = fill(made, Elsewhere(cluster.address.replace("tls", "tcp"), "s3://pieces/here")).error
            assert plain and plain.exit_code == ExitCode.UNREACHABLE
            without = fill(made, Elsewhere(cluster.address, "s3://pieces/here")).error
            assert without and "wants certificates" in str(without)
            monkeypatch.setattr(engine, "_CONNECT_WITHIN", 60)
            assert fill(made, Elsewhere(cluster.address, "s3://pieces/here", own)).error is None
    finally:
        bucket.stop()
    assert len(dict(data_of(of(served, "many")))) == DAYS


def test_what_a_cluster_can_not_do_is_told_before_it_begins(
    tmp_path: Path, sshd: Server, served: Path, trails: Path, pieces: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = exporter(tmp_path, "many", sshd, served, files_in(trails))

    def problem(address: str, place: str | Path = pieces) -> tuple[int, str, str]:
        error = fill(made, Elsewhere(address, str(place))).error
        assert error
        return error.exit_code, str(error.message), str(error.advice)

    monkeypatch.setattr(engine, "_CONNECT_WITHIN", 1)
    code, message, _ = problem(f"tcp://127.0.0.1:{free_port()}")
    assert code == ExitCode.UNREACHABLE and message.startswith("No scheduler answers at tcp://127.0.0.1:")
    code, message, hint = problem("tcp://127.0.0.1:1", "")
    assert code == ExitCode.CONFIG and "--pieces" in hint
    code, message, hint = problem("tcp://127.0.0.1:1", "pieces")
    assert (code, message) == (ExitCode.CONFIG, "'pieces' is no place for pieces.")
    with dask(tmp_path / "dask", 0) as cluster:
        code, message, hint = problem(cluster.address)
        assert code == ExitCode.UNREACHABLE and "has no worker" in message and "dask worker" in hint
        monkeypatch.setattr(engine, "_CONNECT_WITHIN", 60)

        elsewhere = tmp_path / "elsewhere"  # another version of the program, of which the checks are there
        (elsewhere / "desktop_app").mkdir(parents=True)
        here = Path(engine.__file__).parents[1]
        for path in here.iterdir():
            if path.name != "__init__.py":
                (elsewhere / "desktop_app" / path.name).symlink_to(path)
        (elsewhere / "desktop_app" / "__init__.py").write_text('__version__ = "0.0.1"\n', "utf-8")
        cluster.start_worker(PYTHONPATH=str(elsewhere))
        code, message, hint = problem(cluster.address)
        assert code == ExitCode.CONFIG and "has audit-trails-export 0.0.1" in message and "same versions" in hint
        cluster.kill(cluster.workers.pop())

        nothing = tmp_path / "nothing"
        (nothing / "desktop_app").mkdir(parents=True)
        (nothing / "desktop_app" / "__init__.py").touch()
        cluster.start_worker(PYTHONPATH=str(nothing))
        code, message, hint = problem(cluster.address)
        assert code == ExitCode.CONFIG and "can't do its part" in message and "Install this version" in hint
        cluster.kill(cluster.workers.pop())
        cluster.start_worker()
        code, message, hint = problem(cluster.address, tmp_path / "not there")
        assert code == ExitCode.UNREACHABLE and "can't be read or written" in message
    made.settings = structs.replace(
        made.settings, sources=(ObjectsSource(name="trails", url="s3://trails", access_key="AKIDEXAMPLE"),)
    )
    code, message, hint = problem("tcp://127.0.0.1:1")
    assert code == ExitCode.CONFIG and "which workers do not get" in message


@pytest.mark.skipif(os.name == "nt" or os.geteuid() != 0, reason="a worker in a file system of its own wants root")
def test_a_folder_that_a_worker_does_not_share_is_told(
    tmp_path: Path, sshd: Server, served: Path, trails: Path, pieces: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = exporter(tmp_path, "many", sshd, served, files_in(trails))
    for folder, part in ((pieces, "can't see the pieces in"), (trails, "can't see")):
        with dask(tmp_path / f"dask-{folder.name}", 0) as cluster:
            with monkeypatch.context() as patched:
                patched.setattr(sys, "executable", _unshared(tmp_path, folder))
                cluster.start_worker()
            error = fill(made, Elsewhere(cluster.address, str(pieces))).error
        assert error and error.exit_code == ExitCode.CONFIG and part in str(error.message), error


def _unshared(folder: Path, hidden: Path) -> str:
    """A Python that does not see what is in a folder."""
    script = folder / f"python-{hidden.name}"
    inside = f'mount -t tmpfs none {hidden} && exec {sys.executable} "$@"'
    script.write_text(f"#!/bin/sh\nexec unshare -m sh -c '{inside}' - \"$@\"\n", "utf-8")
    script.chmod(0o755)
    return str(script)


def test_without_dask_it_says_what_to_install(
    tmp_path: Path, sshd: Server, served: Path, trails: Path, pieces: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = exporter(tmp_path, "many", sshd, served, files_in(trails))
    monkeypatch.setitem(sys.modules, "distributed", None)
    error = fill(made, Elsewhere("local")).error
    assert error and error.exit_code == ExitCode.CONFIG and "Dask" in str(error.message)
    assert "pip install 'audit-trails-export[cluster]'" in str(error.advice)
