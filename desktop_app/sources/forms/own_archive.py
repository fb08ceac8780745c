"""What in a .zip is no record, where it is an archive of this program: its manifest, and the signature of that."""

import zipfile

import msgspec

from desktop_app.evidence.manifest import MANIFEST_NAME, SIGNATURE_NAME, decode_manifest
from desktop_app.settings.limits import limits


def without_records(archive: zipfile.ZipFile, names: set[str]) -> set[str]:
    """Which of the members have none. Raises what is UNREADABLE."""
    if MANIFEST_NAME not in names:
        return set()
    with archive.open(MANIFEST_NAME) as file:
        content = file.read(limits().manifest_bytes + 1)
    try:
        data = decode_manifest(content).data.name
    except msgspec.DecodeError:
        return set()  # something else has the name
    return {MANIFEST_NAME, SIGNATURE_NAME} if data in names else set()
