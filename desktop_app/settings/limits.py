"""What bounds the reading of what others wrote, and what is kept: `resources/limits.toml`."""

from functools import cache

import msgspec
from msgspec import Struct

from desktop_app.resources import load_toml


class Limits(Struct, frozen=True):
    """Sizes are in bytes, unpacked; what each limits is said in the file."""

    line_bytes: int
    document_bytes: int
    document_digests: int
    csv_row_lines: int
    rest_seconds: int
    archive_members: int
    unpacked_bytes: int
    unpacked_ratio: int
    zstd_window_bytes: int
    manifest_bytes: int
    set_aside_records: int
    set_aside_bytes: int
    gone_file_days: int
    statement_seconds: int
    ledger_runs: int
    ledger_coverage: int


@cache
def limits() -> Limits:
    """All limits."""
    return msgspec.convert(load_toml("limits"), Limits)
