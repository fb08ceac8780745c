"""Write the report of a verification to a file."""

from pathlib import Path

import msgspec

from desktop_app.evidence.report import Report
from desktop_app.evidence.report_page import report_page
from desktop_app.files import writing_for_user
from desktop_app.spoken import Speak
from desktop_app.wording import plain


def write_report(report: Report, file: Path, speak: Speak = str, language: str = "en") -> None:
    """As JSON where the name ends so, else as an HTML page in the language of `speak`. Raises LocalDiskError."""
    if file.suffix == ".json":
        content = msgspec.json.format(msgspec.json.encode(report, enc_hook=plain), indent=2) + b"\n"
    else:
        content = report_page(report, speak, language).encode(errors="backslashreplace")
    with writing_for_user(file) as written:
        written.write(content)
