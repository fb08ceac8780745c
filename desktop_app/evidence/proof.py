"""An event with what proves it: the archive that has it, on which line, and who signed that."""

import csv
import io
from collections.abc import Iterable, Iterator

import msgspec
from msgspec import Raw, Struct

from desktop_app.wording import Said

_HEAD = ("archive", "line", "lineSha256", "archiveSha256", "number", "manifestSha256", "signedBy", "event")


class Proof(Struct, frozen=True, rename="camel", kw_only=True):
    """An event as it was recorded, and where it was delivered: nowhere yet, where `archive` is None.

    `line` counts from 1 in the archive's data file; `line_sha256` is of that line, without comma and line break.
    `number`, `manifest_sha256` and `signed_by` are of the archive: 0 and nothing for an unsigned one.
    """

    event: Raw
    archive: str | None = None
    archive_sha256: str = ""
    line: int | None = None
    line_sha256: str = ""
    number: int = 0
    manifest_sha256: str = ""
    signed_by: str = ""


def proof_facts(proof: Proof) -> Iterator[Said]:
    """Where an event was delivered, in sentences."""
    if proof.archive is None:
        yield Said("not delivered yet")
        return
    yield Said(
        "{archive}, line {line}, SHA-256 of the line {sha256}",
        archive=proof.archive,
        line=str(proof.line),
        sha256=proof.line_sha256,
    )
    yield Said("SHA-256 of the archive {sha256}", sha256=proof.archive_sha256)
    if proof.number:
        yield Said("number {number} of the chain, signed by {key}", number=str(proof.number), key=proof.signed_by)
        yield Said("SHA-256 of the manifest {sha256}", sha256=proof.manifest_sha256)
    else:
        yield Said("not signed")


def proofs_as_csv(proofs: Iterable[Proof]) -> Iterator[str]:
    """Lines of CSV (RFC 4180) without their ends; the first has the names, as in JSON."""
    yield ",".join(_HEAD)
    for proof in proofs:
        line = io.StringIO()
        csv.writer(line, lineterminator="").writerow(
            (
                proof.archive, proof.line, proof.line_sha256, proof.archive_sha256, proof.number or "",
                proof.manifest_sha256, proof.signed_by, bytes(proof.event).decode(),
            )
        )  # fmt: skip
        yield line.getvalue()


def proofs_as_json(proofs: Iterable[Proof]) -> Iterator[str]:
    """One JSON array, one event a line, piece by piece."""
    before = "[\n"
    for proof in proofs:
        yield before + msgspec.json.encode(proof).decode()
        before = ",\n"
    yield "[]\n" if before == "[\n" else "\n]\n"
