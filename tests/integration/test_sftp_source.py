"""A folder on a real OpenSSH server as a source: the contract of all kinds, and what is its own."""

import gzip
import io
import json
import shutil
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from msgspec import structs

from desktop_app.actions.trust_host_key import look_at_host_key, trust_host_key
from desktop_app.errors import UserError
from desktop_app.secrets.keepers import save_password
from desktop_app.secrets.source_secrets import read_source_secret, source_account
from desktop_app.settings.model import Settings, SftpSource, SourceSettings
from desktop_app.settings.paths import Paths, find_paths
from desktop_app.settings.validation import source_problems
from desktop_app.sftp.errors import HostKeyUnknown, LoginRefused, NotPermitted, PathUnusable
from desktop_app.sources import files_reader, sftp_folder
from desktop_app.sources.collect import Collected, collect
from desktop_app.sources.kind import Reader, Secret
from desktop_app.sources.sftp_folder import server_of
from desktop_app.trails.store.store import Store, open_store
from tests.integration.exporter import Exporter
from tests.integration.test_delivery import answers, slow_link, wait_until
from tests.servers import Server, set_mode
from tests.stored import lines_in
from tests.unit.sources.contract import Rig
from tests.unit.sources.test_contract import *  # noqa: F403  the tests of the contract, over the rig here
from tests.unit.sources.test_contract import event
from tests.windows_gaps import needs

pytestmark = pytest.mark.usefixtures("toy")


@pytest.fixture
def paths(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Paths:
    monkeypatch.setenv("AUDIT_TRAILS_HOME", str(tmp_path / "home"))
    (tmp_path / "home").mkdir()
    return find_paths()


def source(sshd: Server, served: Path, **more: object) -> SftpSource:
    values = {"name": "s", "host": f"127.0.0.1:{sshd.port}", "user": sshd.user, "path": served.name, **more}
    return SftpSource(**values)  # type: ignore[arg-type]


def trust(source: SftpSource, paths: Paths) -> None:
    trust_host_key(look_at_host_key(Settings(server=server_of(source)), paths.known_hosts), paths)


class ServedFolder:
    """A folder on the server; each part is a file of JSON Lines."""

    def __init__(self, source: SftpSource, folder: Path) -> None:
        self.source: SourceSettings = source
        self._folder = folder

    def write(self, part: str, records: list[bytes]) -> None:
        (self._folder / f"{part}.jsonl").write_bytes(b"".join(each + b"\n" for each in records))

    def remove(self, part: str) -> None:
        (self._folder / f"{part}.jsonl").unlink()

    def remove_all(self) -> None:
        shutil.rmtree(self._folder)


@pytest.fixture
def rig(sshd: Server, served: Path, paths: Paths, monkeypatch: pytest.MonkeyPatch) -> Rig:
    monkeypatch.setattr(files_reader, "_BATCH_RECORDS", 3)
    really = sftp_folder.open

    @contextmanager
    def opened(source: SftpSource, _: Secret) -> Iterator[Reader]:
        with really(source, lambda: sshd.password) as reader:
            yield reader

    monkeypatch.setattr(sftp_folder, "open", opened)
    served_source = source(sshd, served)
    trust(served_source, paths)
    return ServedFolder(served_source, served)


def test_the_folders_of_the_sandbox(rig: Rig) -> None:
    assert sftp_folder.local_folders(rig.source) == ()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path / "store" / "trails.db") as store:
        yield store


@pytest.fixture
def trusted(sshd: Server, served: Path, paths: Paths) -> SftpSource:
    """A source whose server is trusted, and whose password is kept."""
    made = source(sshd, served)
    trust(made, paths)
    save_password(paths, source_account(made), sshd.password)
    return made


def collected(source: SftpSource, store: Store) -> Collected:
    paths = find_paths()
    return collect([source], store, lambda _: None, None, lambda each: read_source_secret(paths, each))


def names(store: Store) -> list[str]:
    return [json.loads(line)["entityName"] for line in lines_in(store)]


def lines(*texts: str) -> bytes:
    return b"".join(event(text) + b"\n" for text in texts)


def test_a_server_that_is_not_trusted_gets_no_password(
    sshd: Server, served: Path, paths: Paths, store: Store
) -> None:
    (served / "a.jsonl").write_bytes(lines("a"))
    made = source(sshd, served)
    asked: list[SourceSettings] = []
    (error,) = collect([made], store, lambda _: None, None, asked.append).errors
    assert isinstance(error, HostKeyUnknown) and error.field == "host" and asked == []
    assert error.command.startswith("audit-trails-export trust --source s --fingerprint SHA256:")
    trust(made, paths)
    (error,) = collected(made, store).errors
    assert error.command == "audit-trails-export source secret s" and error.field == "secret"
    save_password(paths, source_account(made), sshd.password)
    assert collected(made, store).errors == [] and names(store) == ["a"]


def test_a_wrong_password_is_tried_once(trusted: SftpSource, sshd: Server, served: Path, store: Store) -> None:
    for name in "abc":
        (served / f"{name}.jsonl").write_bytes(lines(name))
    save_password(find_paths(), source_account(trusted), "wrong")
    before = sshd.log.read_text().count("Failed password")
    (error,) = collected(trusted, store).errors
    assert isinstance(error, LoginRefused)
    assert sshd.log.read_text().count("Failed password") == before + 1


def test_nothing_is_changed_there_and_reading_is_enough(trusted: SftpSource, served: Path, store: Store) -> None:
    (served / "sub").mkdir()
    for path in (served / "a.jsonl", served / "sub" / "b.jsonl"):
        path.write_bytes(lines(path.stem))
        path.chmod(0o444)
    for folder in (served / "sub", served):
        folder.chmod(0o555)

    def state() -> list[tuple[str, int, int, int]]:
        found = sorted([served, *served.rglob("*")])
        return [(str(path), path.stat().st_mtime_ns, path.stat().st_size, path.stat().st_ino) for path in found]

    before = state()
    assert collected(trusted, store).errors == []
    assert sorted(names(store)) == ["a", "b"] and state() == before


def test_the_pattern(trusted: SftpSource, served: Path, store: Store) -> None:
    for name in ("a.json", "b.log", "x/c.json", "x/y/d.json"):
        (served / name).parent.mkdir(exist_ok=True)
        (served / name).write_bytes(lines(name))
    for pattern, found in (("*.log", ["b.log"]), ("*/*.json", ["x/c.json"]), ("**/[d]*", ["x/y/d.json"])):
        before = len(names(store))
        collected(structs.replace(trusted, pattern=pattern), store)
        assert names(store)[before:] == found
    assert collected(trusted, store).sources[0].read == 1, "what was read stays known"


def test_what_can_not_be_read_is_told_and_holds_up_nothing(
    trusted: SftpSource, served: Path, store: Store
) -> None:
    for name in ("closed", "open"):
        (served / name).mkdir()
        (served / name / "x.jsonl").write_bytes(lines(name))
    (served / "secret.jsonl").write_bytes(lines("secret"))
    set_mode(served / "closed", 0)
    set_mode(served / "secret.jsonl", 0)
    found = collected(trusted, store).sources[0]
    assert names(store) == ["open"]
    assert sorted(Path(gap.what).name for gap in found.gaps) == ["closed", "secret.jsonl"]
    assert found.error and "Permission denied" in found.error.message


@needs("links")
@pytest.mark.parametrize("follow", [False, True])
def test_links_that_lead_out(trusted: SftpSource, sshd: Server, served: Path, store: Store, follow: bool) -> None:
    outside = sshd.folder / f"outside-{served.name}.jsonl"
    outside.write_bytes(lines("outside"))
    (served / "real.jsonl").write_bytes(lines("inside"))
    (served / "in.jsonl").symlink_to("real.jsonl")
    (served / "out.jsonl").symlink_to(outside)
    (served / "dead.jsonl").symlink_to("nowhere")
    found = collected(structs.replace(trusted, follow_links=follow), store).sources[0]
    assert ("outside" in names(store)) is follow and "inside" in names(store)
    assert [gap.what for gap in found.gaps] == ([] if follow else [f"{served.name}/out.jsonl"])
    outside.unlink()


def test_files_that_grow_move_and_are_packed(trusted: SftpSource, served: Path, store: Store) -> None:
    long = [f"{'n' * 2000}{number}" for number in range(9)]
    (served / "log.jsonl").write_bytes(lines(*long[:3]))
    collected(trusted, store)
    (served / "log.jsonl").write_bytes(lines(*long[:5]))
    collected(trusted, store)
    (served / "log.jsonl").rename(served / "log.jsonl.1")
    (served / "log.jsonl").write_bytes(lines(*long[5:7]))
    collected(trusted, store)
    (served / "log.jsonl.2.gz").write_bytes(gzip.compress((served / "log.jsonl.1").read_bytes()))
    (served / "log.jsonl.1").unlink()
    (served / "log.jsonl").write_bytes(lines(*long[5:9]))
    assert collected(trusted, store).errors == []
    assert names(store) == long


def nightly(day: str, *texts: str) -> bytes:
    """A .zip with an array of events, as an export writes it every night."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"audit-trails-{day}.json", b"[\n" + b",\n".join(map(event, texts)) + b"\n]")
    return content.getvalue()


def test_a_nightly_archive_is_checked_and_read_once(trusted: SftpSource, served: Path, store: Store) -> None:
    (served / "2026-11-20.zip").write_bytes(nightly("2026-11-20", *(f"a{number}" for number in range(500))))
    damaged = bytearray(nightly("2026-11-21", "b"))
    damaged[60] ^= 0xFF
    (served / "2026-11-21.zip").write_bytes(damaged)
    (served / "2026-11-22.zip").write_bytes(nightly("2026-11-22", "c")[:-30])  # on its way
    found = collected(trusted, store)
    assert len(found.errors) == 1 and len(names(store)) == 500
    (served / "2026-11-21.zip").write_bytes(nightly("2026-11-21", "b"))
    (served / "2026-11-22.zip").write_bytes(nightly("2026-11-22", "c"))
    assert collected(trusted, store).errors == []
    assert names(store)[500:] == ["b", "c"]
    assert collected(trusted, store).sources[0].read == 0


def test_archives_of_another_exporter_are_exported_on(
    exporter: Exporter, trusted: SftpSource, served: Path, store: Store
) -> None:
    for day in ("2026-11-20", "2026-11-21"):
        exporter.record(day, [f"{day}-{number}" for number in range(3)])
    assert exporter.run().error is None
    found = collected(structs.replace(trusted, pattern="**/*.zip"), store).sources[0]
    assert (found.error, found.gaps, found.set_aside) == (None, [], 0)
    events = [json.loads(line) for line in lines_in(store)]
    wanted = [f"2026-11-2{day}-{number}" for day in (0, 1) for number in range(3)]
    assert [each["id"] for each in events if each["entityType"] == "T"] == wanted


@pytest.mark.parametrize("cut", [0, 500, 2_500, 3_500, 4_500])
def test_a_connection_that_is_cut_loses_and_repeats_nothing(
    trusted: SftpSource, sshd: Server, served: Path, paths: Paths, store: Store, cut: int
) -> None:
    wanted = [f"{name}{number}{'x' * 2000}" for name in "abcdef" for number in range(200)]
    for name in "abcdef":
        (served / f"{name}.jsonl").write_bytes(lines(*(each for each in wanted if each.startswith(name))))
    with slow_link(sshd.port, "--cut", str(cut)) as port:
        known = paths.known_hosts.read_text()
        paths.known_hosts.write_text(known + known.replace(str(sshd.port), str(port)))
        wait_until(lambda: not answers(port) if cut == 0 else answers(port), "slow-link")
        there = structs.replace(trusted, host=f"127.0.0.1:{port}")
        (error,) = collected(there, store).errors
        assert error.may_pass and error.field == "host"
    assert len(names(store)) < len(wanted)
    assert collected(trusted, store).errors == []
    assert sorted(names(store)) == sorted(wanted)


@pytest.mark.parametrize(("path", "kind"), [("missing", PathUnusable), ("closed", NotPermitted)])
def test_a_folder_that_can_not_be_read(
    trusted: SftpSource, served: Path, store: Store, path: str, kind: type[UserError]
) -> None:
    (served / "closed").mkdir()
    set_mode(served / "closed", 0)
    (error,) = collected(structs.replace(trusted, path=f"{served.name}/{path}"), store).errors
    assert isinstance(error, kind) and error.field == "path"


def test_its_own_algorithms(trusted: SftpSource, served: Path, store: Store) -> None:
    (served / "a.jsonl").write_bytes(lines("a"))
    narrow = structs.replace(trusted, ciphers=("aes128-ctr",), hmac=("hmac-sha2-256",))
    assert collected(narrow, store).errors == [] and names(store) == ["a"]
    for field, wrong in (("ciphers", ("rot13",)), ("hmac", ()), ("host", "a b:x")):
        problems = list(source_problems((structs.replace(trusted, **{field: wrong}),)))
        assert {problem.source_field for problem in problems} == {field}


def test_a_large_file_is_no_larger_here(
    trusted: SftpSource, served: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is read from the server piece by piece, and nothing of it is written to this disk."""
    monkeypatch.setattr("tempfile.tempdir", "/nonexistent")
    (served / "large.jsonl").write_bytes(b"".join(event(f"{n}{'x' * 5000}") + b"\n" for n in range(4000)))
    assert collected(trusted, store).sources[0].appended.stored == 4000
