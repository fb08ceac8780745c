"""How the next archive goes on with the chain: its number, the manifest before it, and what signs it.

All of it follows from the archive that was delivered last. So one that was built and is still to be delivered has
its place in the chain by its row in the ledger; whatever is built in its stead gets the same, or a later one if
others were delivered meanwhile.
"""

import hashlib
from collections.abc import Mapping

from msgspec import Struct

from desktop_app.evidence.coverage import SourceCoverage, by_source
from desktop_app.evidence.manifest import (
    MANIFEST_NAME,
    SIGNATURE_NAME,
    Link,
    Manifest,
    PreviousArchive,
    encode_manifest,
)
from desktop_app.evidence.own_keys import Signing, signing
from desktop_app.export.job import Job
from desktop_app.export.ledger import Archive
from desktop_app.secrets.login_secret import login_account


class NextLink(Struct, frozen=True):
    """What the manifest of the next archive says of the chain, and the key that signs it."""

    chain: Link
    previous: PreviousArchive | None
    signing: Signing
    every_day_since: str | None
    coverage: tuple[SourceCoverage, ...]
    coverage_upto: int

    def signed(self, manifest: Manifest) -> Mapping[str, bytes]:
        """The members that follow the data file."""
        content = encode_manifest(manifest)
        return {MANIFEST_NAME: content, SIGNATURE_NAME: self.signing.key.sign(content)}


def next_link(job: Job, coverage_upto: int | None = None) -> NextLink:
    """`coverage_upto` is that of the archive which is built again, so that it tells the same.

    Raises KeyUnreadable where the key can't be read now, LocalDiskError.
    """
    last = job.ledger.last_delivered()
    in_force = (last.next_key or last.signed_by or None) if last else None
    by = signing(job.paths, in_force, job.now_ms(), login_account(job.settings.server))
    since = job.ledger.switched_on_since()
    coverage, upto = job.ledger.coverage(coverage_upto)
    return NextLink(
        chain=Link(
            number=_number_after(last) if by.lost is None else 1,
            manifest_sha256=(last.manifest_sha256 or None) if last and by.lost is None else None,
            lost_key=by.lost,
        ),
        previous=PreviousArchive(last.name, last.sha256) if last else None,
        signing=by,
        every_day_since=since.isoformat() if since else None,
        coverage=by_source(coverage),
        coverage_upto=upto,
    )


def follows(archive: Archive, last: Archive | None) -> bool:
    """Whether an archive that was built has the place in the chain right after the last that was delivered.

    An unsigned one of an earlier version has, while no signed one was delivered; one that begins a chain because a
    key was lost has, after any.
    """
    if archive.chain_number == 0:
        return last is None or last.chain_number == 0
    return archive.chain_number == _number_after(last) or _begins_again(archive, last)


def sha256_of_manifest(members: Mapping[str, bytes]) -> str:
    """The SHA-256 of the manifest among the members of an archive."""
    return hashlib.sha256(members[MANIFEST_NAME]).hexdigest()


def _number_after(last: Archive | None) -> int:
    return last.chain_number + 1 if last else 1


def _begins_again(archive: Archive, last: Archive | None) -> bool:
    key = (last.next_key or last.signed_by) if last else ""
    return archive.chain_number == 1 and archive.signed_by != key
