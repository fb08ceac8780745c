"""`audit-trails`: the form."""

import sys


def main() -> None:
    """Say that the form is not part of this version."""
    sys.exit("The form is not part of this version yet. The exporter is: audit-trails-export --help")
