"""`audit-trails`: the form."""

import os
import sys
from io import TextIOWrapper
from pathlib import Path
from typing import Any, NoReturn

import click

from desktop_app import __version__
from desktop_app.encoding import take_all_texts
from desktop_app.help_texts import speaking
from desktop_app.language import language_asked
from desktop_app.settings.paths import find_paths, keep_all_in
from desktop_app.spoken import speak_in
from desktop_app.wording import Said


class _FormCommand(click.Command):
    """Started from a terminal, it speaks there as the exporter does."""

    def main(self, *args: Any, **kwargs: Any) -> Any:
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, TextIOWrapper):  # without a console, Windows gives none
                take_all_texts(stream)
        return super().main(*args, **kwargs)


@click.command("audit-trails", cls=_FormCommand, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, message="audit-trails %(version)s")
@click.option(
    "--home",
    type=click.Path(path_type=Path, file_okay=False),
    help="Keep all files in this folder, as with AUDIT_TRAILS_HOME.",
)
def main(home: Path | None) -> None:
    """Open the form of the audit trails export.

    In it the daily export is configured, tested and switched on; it also shows what ran, the audit events, and
    the folders that they are collected from. Where this user has it open already, that window comes to the front.
    """
    from desktop_app.logs import log_to_file

    if home:
        keep_all_in(home)
    _require_screen()
    try:
        from PySide6.QtCore import QLocale
        from PySide6.QtWidgets import QApplication
    except ImportError as error:
        _leave(
            Said(
                "The form needs Qt, which can't be loaded here ({error}). The exporter works without it.",
                error=error,
            )
        )

    from desktop_app.gui import build_window
    from desktop_app.gui.garbage import collect_on_this_thread
    from desktop_app.gui.interrupt import end_on_interrupt
    from desktop_app.gui.language import speak
    from desktop_app.gui.single_instance import SingleInstance
    from desktop_app.gui.unexpected import tell_unexpected

    app = QApplication(sys.argv[:1])
    collect_on_this_thread(app)
    app.setApplicationName("Audit Trails Export")
    app.setDesktopFileName("audit-trails")
    paths = find_paths()
    log_to_file(paths)
    tell_unexpected(paths)
    instance = SingleInstance(paths)
    if instance.bring_first_to_front():
        return
    speak(app, QLocale.system())
    window = build_window()
    instance.be_first(window)
    end_on_interrupt(app)
    window.show()
    code = app.exec()
    window.end()
    sys.exit(code)


def _require_screen() -> None:
    """Qt would abort the process where there is nothing to show a window on."""
    wanted = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    if sys.platform.startswith("linux") and not any(map(os.environ.get, wanted)):
        _leave(
            Said(
                "There is no screen to show the form on. The exporter needs none: {command}",
                command="audit-trails-export --help",
            )
        )


def _leave(why: Said) -> NoReturn:
    sys.exit(speak_in(language_asked())(why))


speaking(main)
