"""`audit-trails-export demo`."""

import json
import secrets
import tempfile
import zipfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import get_args

import click

from desktop_app.actions.run import Request, run_once
from desktop_app.actions.trust_host_key import look_at_host_key, trust_host_key
from desktop_app.cli.demo_server import DemoServer
from desktop_app.cli.output import say
from desktop_app.cli.speech import events, joined, number, size
from desktop_app.cli.test import show_step
from desktop_app.evidence.manifest import MANIFEST_NAME
from desktop_app.evidence.verify import verify
from desktop_app.resources import resource_path
from desktop_app.settings.model import ArchiveFormat, ExportSettings, ServerSettings, Settings
from desktop_app.settings.paths import Paths
from desktop_app.sftp.probe import probe_connection
from desktop_app.trails.record import record
from desktop_app.trails.store.store import open_store
from desktop_app.wording import Said

_LINES_SHOWN = 3


@click.command("demo")
@click.option("--format", "format_", type=click.Choice(get_args(ArchiveFormat)), default="json", show_default=True)
def command(format_: ArchiveFormat) -> None:
    """Try everything without a server.

    Starts an SFTP server on this computer only, records sample events of yesterday, tests the connection,
    exports, and shows where the archive is and what is in it. Your own settings are neither used nor
    changed; everything lies in one folder, which you may delete.
    """
    folder = Path(tempfile.mkdtemp(prefix="audit-trails-demo-"))
    server_folder = folder / "server"
    (server_folder / "Export").mkdir(parents=True)
    client = folder / "client"
    paths = Paths(client, client, client)
    password = secrets.token_urlsafe(12)
    with DemoServer(server_folder, "audit", password) as port:
        settings = Settings(
            export=ExportSettings(format=format_, instance="demo"),
            server=ServerSettings(host=f"127.0.0.1:{port}", user="audit", path="/Export"),
        )
        _record_samples(paths)
        _probe(settings, paths, password)
        _export(settings, paths, password)
    _show(server_folder / "Export")
    say("", Said("All of it lies in {folder}, which you may delete.", folder=folder))


def _record_samples(paths: Paths) -> None:
    with open_store(paths.store) as store:
        appended = record(store, _samples())
    say(Said("1. Sample events of yesterday recorded: {count}.", count=number(appended.stored)))


def _samples() -> Iterator[bytes]:
    """The sample events, as if they were of yesterday."""
    yesterday = datetime.now().date() - timedelta(days=1)
    with resource_path("demo/events.jsonl").open(encoding="utf-8") as file:
        for line in file:
            event = json.loads(line)
            at = datetime.fromisoformat(f"{yesterday}T{event.pop('at')}").astimezone()
            yield json.dumps({"createdAt": at.isoformat(), **event}).encode()


def _probe(settings: Settings, paths: Paths, password: str) -> None:
    say("", Said("2. Test Connection to the SFTP server on {host}:", host=settings.server.host))
    trust_host_key(look_at_host_key(settings, paths.known_hosts), paths)
    report = probe_connection(settings.server, lambda: password, paths.known_hosts, None, show_step)
    if report.error:
        raise report.error


def _export(settings: Settings, paths: Paths, password: str) -> None:
    say("", Said("3. Export:"))
    result = run_once(settings, paths, Request(), lambda: password)
    if result.error:
        raise result.error
    for archive in result.archives:
        say(f"   {archive.name}: {joined(events(archive.events), size(archive.bytes), ', ')}")


def _show(folder: Path) -> None:
    for path in sorted(folder.iterdir()):
        say("", Said("4. The archive is {path} and holds:", path=path))
        with zipfile.ZipFile(path) as archive:
            for info in archive.infolist():
                say("", f"   {info.filename} ({size(info.file_size)})")
                lines = archive.read(info).decode().splitlines()
                shown = lines if info.filename == MANIFEST_NAME else lines[:_LINES_SHOWN]
                say(*(f"   | {line[:140]}" for line in shown))
    checked = verify([folder])
    say("", Said("5. Verified: as archived.") if checked.ok else Said("5. Verification failed."))
