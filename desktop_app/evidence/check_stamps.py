"""Check the time stamps that lie beside archives: which span they prove, and by whom."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from msgspec import Struct

from desktop_app.evidence.check_archive import CheckedArchive
from desktop_app.evidence.check_chain import Findings, manifest_of
from desktop_app.evidence.timestamp import BadStamp, Stamp, check_stamp
from desktop_app.wording import Said

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

_CLOCKS_DIFFER = timedelta(minutes=10)


class StampedArchive(Struct, frozen=True):
    """A signed archive and its time stamp, which goes for all that are ahead of it in the chain as well."""

    archive: CheckedArchive
    stamp: Stamp


def check_stamps(
    archives: Sequence[CheckedArchive], roots: "list[Certificate] | None"
) -> tuple[list[StampedArchive], Findings]:
    """The time stamps that are right, and what is wrong with others. `roots` are those whom the reader trusts."""
    found = Findings()
    stamped: list[StampedArchive] = []
    for archive in archives:
        if archive.stamp is None or not archive.signature:
            continue
        try:
            stamp = check_stamp(archive.stamp, archive.signature, roots)
        except BadStamp as error:
            found.problems.append(
                Said("The time stamp of {name} is not valid ({reason}).", name=archive.name, reason=error)
            )
            continue
        stamped.append(StampedArchive(archive, stamp))
        created = datetime.fromisoformat(manifest_of(archive).created)
        if stamp.at < created - _CLOCKS_DIFFER:
            found.notes.append(
                Said(
                    "{name} says that it was made at {created}, after its time stamp of {at}: a clock was wrong.",
                    name=archive.name, created=manifest_of(archive).created, at=stamp.at.isoformat(),
                )
            )  # fmt: skip
    return stamped, found
