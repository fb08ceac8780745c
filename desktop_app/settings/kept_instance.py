"""The instance name under which this installation exports, also where no setting has it: it must never change by
itself, or what is on the server would end there.

It is kept in the data folder from the first run on. A folder with a ledger and without this file is of an earlier
version, which took the computer's name each time.
"""

from pathlib import Path

from desktop_app.files import read_bytes, write_atomically
from desktop_app.settings.instance_name import default_instance, earlier_default_instance
from desktop_app.settings.paths import INSTANCE_FILE, Paths


def unchosen_instance(paths: Paths) -> str:
    """The name that counts where the settings have none."""
    try:
        kept = paths.instance_file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return earlier_default_instance() if paths.ledger.exists() else default_instance()
    return kept or default_instance()


def begin_instance(data: Path) -> None:
    """A ledger of this version begins in the data folder: no name is kept yet. Raises OSError."""
    (data / INSTANCE_FILE).touch(mode=0o600)


def keep_instance(paths: Paths, name: str) -> None:
    """A run exports under `name`. Raises LocalDiskError."""
    content = f"{name}\n".encode()
    if read_bytes(paths.instance_file) != content:
        write_atomically(paths.instance_file, content)
