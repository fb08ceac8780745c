"""`audit-trails-export test`."""

import sys
from typing import Any

import click

from desktop_app.actions.probe_server import try_connection
from desktop_app.cli.output import error_document, print_json, say_signed, tell, tell_error, tell_warning
from desktop_app.cli.speech import spoken
from desktop_app.errors import ExitCode
from desktop_app.settings.effective import load_settings
from desktop_app.settings.paths import find_paths
from desktop_app.sftp.probe import ProbeReport
from desktop_app.sftp.steps import Step
from desktop_app.wording import Said


@click.command("test", short_help="Test the connection, step by step.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as one JSON document.")
@click.option(
    "--accept-host-key",
    metavar="FINGERPRINT",
    help="Pin the server's host key if its fingerprint (SHA256:…) is this one.",
)
def command(as_json: bool, accept_host_key: str | None) -> None:
    """Test the connection, step by step, without changing any setting.

    The steps: resolve, connect, negotiate, host-key, authenticate, path, and with a small file of its own
    write, rename and delete.
    """
    paths = find_paths()
    settings = load_settings(paths)
    report = try_connection(settings, paths, accept_host_key, _ignore if as_json else show_step)
    if as_json:
        print_json(_document(report))
    else:
        tell_warning(*report.warnings)
        if report.error:
            tell_error(report.error)
        else:
            tell(Said("All steps passed."))
    sys.exit(report.error.exit_code if report.error else ExitCode.DONE)


def show_step(step: Step) -> None:
    """Print a step that has ended; why one failed, the error says, once."""
    sign, colour = ("✓", "green") if step.ok else ("✗", "red")
    say_signed(sign, colour, f"{step.name:<13} {spoken(step.detail if step.ok else Said('failed'))}")


def _ignore(_: Step) -> None:
    pass


def _document(report: ProbeReport) -> dict[str, Any]:
    return {
        "ok": report.ok,
        "steps": report.steps,
        "host_key": report.host_key,
        "negotiated": report.negotiated,
        "server_offers": report.server_offers,
        "warnings": report.warnings,
        "error": error_document(report.error),
    }
