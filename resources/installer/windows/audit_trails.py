"""audit-trails.exe: the form; or the exporter without a console, as the Task Scheduler starts it."""

import sys

if sys.argv[1:2] == ["exporter"]:
    del sys.argv[1]
    from desktop_app.cli.main import main
else:
    from desktop_app.gui.main import main

main()
