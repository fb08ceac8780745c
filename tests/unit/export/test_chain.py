"""The chain of signed archives has no gap and no fork, whatever is killed, held up or lost."""

import hashlib
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs

from desktop_app.evidence import own_keys
from desktop_app.evidence.coverage import SourceCoverage, SourceGap, by_source, told_gaps
from desktop_app.evidence.own_keys import KeyUnreadable, declare_lost, make_key, signing
from desktop_app.evidence.ssh_signature import SigningKey, signer_of
from desktop_app.export import continued, outgoing
from desktop_app.export.chain import follows
from desktop_app.export.job import Job
from desktop_app.export.ledger import Archive, Ledger, open_ledger
from desktop_app.secrets.keepers import save_password
from desktop_app.trails.store.store import open_store
from tests.installation import FolderDelivery, Installation, Killed, kill_at
from tests.unit.export.test_due import DAY, archive

MEMBERS = ["manifest.json", "manifest.json.sig"]


@pytest.fixture
def installation(tmp_path: Path) -> Installation:
    return Installation(tmp_path / "home", tmp_path / "server")


def manifests(folder: Path) -> list[dict[str, Any]]:
    """Those of all signed archives, in the order of the chain; each is signed by the key that it names."""
    found = []
    for path in folder.glob("*.zip"):
        with zipfile.ZipFile(path) as archive:
            manifest = archive.read(MEMBERS[0])
            if MEMBERS[1] in archive.namelist():
                document = json.loads(manifest)
                assert signer_of(archive.read(MEMBERS[1]), manifest).fingerprint == document["key"]
                found.append({**document, "sha256": hashlib.sha256(manifest).hexdigest()})
    return sorted(found, key=lambda manifest: (manifest["created"], manifest["chain"]["number"]))


def require_whole(found: list[dict[str, Any]]) -> None:
    before = None
    for number, manifest in enumerate(found, 1):
        assert manifest["chain"] == {"number": number, "manifestSha256": before}
        before = manifest["sha256"]


def test_each_archive_names_the_manifest_before_it(installation: Installation) -> None:
    paths = installation.days(1, 4)
    with zipfile.ZipFile(paths[0]) as archive:
        assert archive.namelist() == ["audit-trails-ws-2026-03-01.json", *MEMBERS]
    found = manifests(installation.server)
    require_whole(found)
    assert len({manifest["key"] for manifest in found}) == 1
    assert {manifest["everyDaySince"] for manifest in found} == {"2026-03-01"}


STEPS = (
    (own_keys, "keep_secret"),
    (own_keys, "_write"),
    (SigningKey, "sign"),
    (outgoing, "note_archive"),
    (Ledger, "set_built"),
    (FolderDelivery, "put"),
    (Ledger, "mark_delivered"),
    (outgoing, "discard"),
)


@pytest.mark.parametrize("step", range(2, 26))
def test_a_kill_anywhere_makes_neither_gap_nor_fork(
    installation: Installation, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    with monkeypatch.context() as patched:
        calls = kill_at(step, patched, *STEPS)
        with pytest.raises(Killed):
            installation.days(1, 2)
        assert calls() == step // 2
    installation.run("2026-03-03T03:00:00", [("2026-03-02T08:00:00", "2026-03-02-8")])
    found = manifests(installation.server)
    require_whole(found)
    assert {manifest["day"] for manifest in found} == {"2026-03-01", "2026-03-02"}
    assert len({manifest["key"] for manifest in found}) == 1


def test_a_day_that_was_held_up_takes_the_next_place(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    installation.days(1, 1)

    def refuse(*_: object) -> None:
        raise Killed

    installation.delivery.put = refuse  # type: ignore[method-assign]
    with pytest.raises(Killed):
        installation.days(2, 2)
    installation.delivery = FolderDelivery(installation.server)

    def damaged(job: Job, _: Archive) -> bool:
        raise job.ledger.damage("for the test")

    with monkeypatch.context() as patched:
        patched.setattr(continued, "_is_intact", damaged)
        with pytest.raises(AssertionError, match="for the test"):  # which is what the run tells
            installation.days(3, 3)
    installation.run("2026-03-05T02:00:00")
    found = manifests(installation.server)
    require_whole(found)
    assert [manifest["day"] for manifest in found] == [f"2026-03-0{day}" for day in (1, 3, 2, 4)]


def in_chain(number: int, signed_by: str = "key", next_key: str = "") -> Archive:
    return structs.replace(archive(DAY, 1), chain_number=number, signed_by=signed_by, next_key=next_key)


@pytest.mark.parametrize(
    ("waits", "last", "expected"),
    [
        # Of a version that did not sign: as long as nothing that is signed was delivered.
        (in_chain(0, ""), None, True),
        (in_chain(0, ""), in_chain(0, ""), True),
        (in_chain(0, ""), in_chain(1), False),
        # The first, and the next after each.
        (in_chain(1), None, True),
        (in_chain(1), in_chain(0, ""), True),
        (in_chain(2), None, False),
        (in_chain(8), in_chain(7), True),
        (in_chain(7), in_chain(7), False),
        (in_chain(9), in_chain(7), False),
        (in_chain(8, "new"), in_chain(7, "key", "new"), True),
        # The first again, by another key than the one that is in force.
        (in_chain(1, "new"), in_chain(7), True),
        (in_chain(1), in_chain(7), False),
        (in_chain(1, "new"), in_chain(7, "key", "new"), False),
        (in_chain(2, "new"), in_chain(7), False),
    ],
)
def test_whether_an_archive_that_waits_still_has_its_place(
    waits: Archive, last: Archive | None, expected: bool
) -> None:
    assert follows(waits, last) is expected


def test_a_new_key_is_announced_by_the_old_one(installation: Installation) -> None:
    installation.days(1, 2)
    new = make_key(installation.paths, 0, None).fingerprint
    installation.days(3, 5)
    found = manifests(installation.server)
    require_whole(found)
    old = found[0]["key"]
    assert [manifest["key"] for manifest in found] == [old, old, old, new, new]
    assert [manifest.get("nextKey") for manifest in found] == [None, None, new, None, None]


def test_a_lost_key_begins_a_chain_that_says_so(
    installation: Installation, caplog: pytest.LogCaptureFixture
) -> None:
    installation.days(1, 2)
    installation.paths.secret_file.unlink()
    installation.days(3, 3)
    (warning,) = installation.warnings
    assert "is lost" in warning and warning in caplog.messages
    installation.days(4, 4)
    assert installation.warnings == []
    first, second = manifests(installation.server)[:2], manifests(installation.server)[2:]
    require_whole(first)
    assert second[0]["chain"] == {"number": 1, "manifestSha256": None, "lostKey": first[0]["key"]}
    assert second[0]["previous"]["name"] == "audit-trails-ws-2026-03-02.zip"
    assert second[1]["chain"] == {"number": 2, "manifestSha256": second[0]["sha256"]}
    assert second[0]["key"] == second[1]["key"] != first[0]["key"]


def test_a_list_of_keys_that_is_lost_loses_no_key(installation: Installation) -> None:
    installation.days(1, 2)
    installation.paths.signing_keys.unlink()
    installation.days(3, 3)
    require_whole(manifests(installation.server))
    assert len({manifest["key"] for manifest in manifests(installation.server)}) == 1


def test_an_older_list_of_keys_announces_no_older_key(installation: Installation) -> None:
    installation.days(1, 1)
    older = installation.paths.signing_keys.read_bytes()
    make_key(installation.paths, 0, None)
    installation.days(2, 3)
    installation.paths.signing_keys.write_bytes(older)
    installation.days(4, 5)
    found = manifests(installation.server)
    require_whole(found)
    assert len({manifest["key"] for manifest in found[2:]}) == 1
    assert "nextKey" not in found[3]


def test_a_key_that_is_out_of_reach_is_not_lost(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As in a keyring that is locked at night; nor can the password be read then."""
    paths, account = installation.paths, "audit@sftp.example.com:22"
    made = make_key(paths, 0, account)
    monkeypatch.setattr(own_keys, "read_password", lambda *_: None)
    with pytest.raises(KeyUnreadable):
        own_keys._write(paths, [own_keys.OwnKey(made.public_key, "keyring", made.made)])
        signing(paths, made.fingerprint, 0, account)
    declare_lost(paths, made.fingerprint)
    monkeypatch.undo()
    assert signing(paths, made.fingerprint, 0, account).lost == made.fingerprint


def test_the_key_is_kept_beside_the_password_and_moves_with_it(installation: Installation) -> None:
    account = "audit@sftp.example.com:22"
    save_password(installation.paths, account, "secret", "file")
    key = make_key(installation.paths, 0, account)
    assert key.keeper == "file"
    own_keys.keep_keys_in(installation.paths, "file")
    assert signing(installation.paths, None, 0, account).key.public == key.public


def test_no_secret_is_in_the_list_of_keys(installation: Installation) -> None:
    installation.days(1, 1)
    key = signing(installation.paths, None, 0, None).key
    assert key.secret not in installation.paths.signing_keys.read_text()
    assert key.secret not in repr(key) + repr(signing(installation.paths, None, 0, None))


def test_archives_that_were_delivered_unsigned_are_gone_on_with(installation: Installation) -> None:
    """As an upgrade finds them: what waits is delivered as it is, the next one is the first of the chain."""
    installation.days(1, 1)
    with open_ledger(installation.paths.ledger) as ledger:
        ledger.db.execute("UPDATE archives SET chain_number = 0, manifest_sha256 = '', signed_by = ''")
    with open_store(installation.paths.store) as store:
        store.db.execute("DELETE FROM archives")
    installation.paths.signing_keys.unlink()
    (path,) = installation.days(2, 2)
    with zipfile.ZipFile(path) as archive:
        manifest = json.loads(archive.read("manifest.json"))
    assert manifest["chain"] == {"number": 1, "manifestSha256": None}
    assert manifest["previous"]["name"] == "audit-trails-ws-2026-03-01.zip"


def coverage(source: str = "aws", **counts: Any) -> SourceCoverage:
    at = "2026-03-02T02:00:00.000Z"
    return SourceCoverage(source=source, first=at, last=at, **counts)


def test_each_collection_is_told_of_once(installation: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where an archive is built again, and where more was collected while one waited."""

    def collect(*found: SourceCoverage) -> None:
        with open_ledger(installation.paths.ledger) as ledger:
            ledger.note_coverage(found, {})

    collect(coverage(read=3, stored=2, set_aside=1), coverage("okta"))
    with monkeypatch.context() as patched:
        kill_at(2, patched, (FolderDelivery, "put"))
        with pytest.raises(Killed):
            installation.days(1, 1)
    gap = SourceGap("a.json", "It is damaged.")
    collect(coverage(read=1, repeated=1, complete=False, gaps=(gap,)))
    collect(coverage(read=1, stored=1))
    for file in installation.paths.outbox.iterdir():
        file.write_bytes(b"")  # so that it is built again
    installation.days(2, 2)
    installation.days(3, 3)
    first, second, third = (manifest.get("coverage", []) for manifest in manifests(installation.server))
    assert [(each["source"], each["read"], each["collections"]) for each in first] == [
        ("aws", 3, 1),
        ("okta", 0, 1),
    ]
    (aws,) = second
    assert (aws["read"], aws["stored"], aws["repeated"], aws["collections"]) == (2, 1, 1, 2)
    assert (aws["complete"], aws["gaps"]) == (False, [{"what": "a.json", "reason": "It is damaged."}])
    assert third == []


def test_of_a_million_gaps_some_are_named() -> None:
    gaps, more = told_gaps((f"{number}.json", "x" * 1000) for number in range(1000))
    (together,) = by_source([coverage(gaps=gaps, more_gaps=more), coverage(gaps=gaps, more_gaps=more)])
    assert (len(together.gaps), together.more_gaps) == (10, 1980)
    assert len(together.gaps[0].reason) == 300
