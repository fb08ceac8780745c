"""What is made of the bundle: the whole, and the exporter alone for computers without a desktop."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Edition:
    """A package: its name, which is that of its bundle too, and that of the one it can take the place of."""

    name: str
    other: str
    programs: tuple[str, ...]
    summary: str
    description: str


_PURPOSE = """\
Hands an organisation's audit trails (who changed what, when, from which
state to which) to an archive or a SIEM, every day and without a gap: audit
events in, one .zip of JSON or CEF a day out, on an SFTP server.
"""

WHOLE = Edition(
    name="audit-trails-export",
    other="audit-trails-export-headless",
    programs=("audit-trails", "audit-trails-export"),
    summary="export of audit trails, every day, to an SFTP server",
    description=_PURPOSE
    + """
audit-trails is a form in which the export is configured and tested;
audit-trails-export does the same on the command line, and is what the daily
task of systemd or cron runs.
""",
)
HEADLESS = Edition(
    name="audit-trails-export-headless",
    other="audit-trails-export",
    programs=("audit-trails-export",),
    summary="export of audit trails, every day, to an SFTP server (no desktop)",
    description=_PURPOSE
    + """
This package is for computers without a desktop: the command line alone, which
does all that the form of audit-trails-export does. Either package can take the
place of the other; settings, events and daily tasks stay.
""",
)
EDITIONS = (WHOLE, HEADLESS)
