"""`python -m desktop_app.cli` is `audit-trails-export`."""

from desktop_app.cli.main import main

main()
