"""Whether a file is the archive that was delivered."""

from pathlib import Path

from desktop_app.errors import LocalDiskError
from desktop_app.export.ledger import Archive
from desktop_app.files import file_sha256
from desktop_app.held import reason
from desktop_app.wording import Said


def is_copy(file: Path, archive: Archive) -> bool:
    """Whether `file` is `archive`, byte for byte. Raises LocalDiskError."""
    try:
        return file_sha256(file) == archive.sha256
    except OSError as error:
        raise LocalDiskError(Said("{file} can't be read ({reason}).", file=file, reason=reason(error))) from error
