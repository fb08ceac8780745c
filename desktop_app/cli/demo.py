"""`audit-trails-export demo`."""

import json
import secrets
import tempfile
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import click
from msgspec import structs

from desktop_app.cli.output import counted, size, tell_error
from desktop_app.cli.test import show_step
from desktop_app.errors import UserError
from desktop_app.export.exporter import Access, Request, run_export
from desktop_app.resources import resource_path
from desktop_app.settings.model import ExportSettings, ServerSettings, Settings
from desktop_app.settings.paths import Paths
from desktop_app.sftp.demo_server import DemoServer
from desktop_app.sftp.probe import test_connection
from desktop_app.trails.record import record
from desktop_app.trails.store import open_store

_LINES_SHOWN = 3


@click.command("demo")
@click.option("--format", "format_", type=click.Choice(["json", "cef"]), default="json", show_default=True)
def command(format_: str) -> None:
    """Try everything without a server.

    Starts an SFTP server on this computer alone, records sample events of yesterday, tests the connection,
    exports, and shows where the archive is and what is in it. Your own settings are neither used nor
    changed; everything lies in one folder, which you may delete.
    """
    folder = Path(tempfile.mkdtemp(prefix="audit-trails-demo-"))
    password = secrets.token_urlsafe(12)
    server_folder = folder / "server"
    (server_folder / "Export").mkdir(parents=True)
    paths = Paths(folder / "client", folder / "client", folder / "client")
    with DemoServer(server_folder, "audit", password) as port:
        settings = Settings(
            export=ExportSettings(format=format_, instance="demo"),
            server=ServerSettings(host=f"127.0.0.1:{port}", user="audit", path="/Export"),
        )
        _record_samples(paths)
        _test(settings, paths, password)
        _export(settings, paths, password)
    _show(server_folder / "Export")
    click.echo(f"\nAll of it is in {folder}, which you may delete.")
