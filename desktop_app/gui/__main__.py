"""`python -m desktop_app.gui` is `audit-trails`."""

from desktop_app.gui.main import main

main()
