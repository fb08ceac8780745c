"""Journals of systemd, written by systemd's own program for those of other computers."""

import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path

from tests.servers import program

_PROGRAM = "/lib/systemd/systemd-journal-remote"
BOOT = "11111111111111111111111111111111"
FIRST_US = 1_795_915_782_000_000  # 2026-11-29T01:29:42Z


def write_journal(file: Path, entries: Iterable[Mapping[str, str]], first_us: int = FIRST_US) -> None:
    """Append entries, a millisecond apart, in the Journal Export Format."""
    text = ""
    for number, entry in enumerate(entries):
        fields = {"__REALTIME_TIMESTAMP": str(first_us + 1000 * number), "_BOOT_ID": BOOT, **entry}
        text += "".join(f"{key}={value}\n" for key, value in fields.items()) + "\n"
    command = [program(_PROGRAM), f"--output={file}", "-"]
    subprocess.run(command, input=text.encode(), capture_output=True, check=True)
