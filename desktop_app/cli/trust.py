"""`audit-trails-export trust`."""

import sys

import click
from msgspec import structs

from desktop_app.actions.trust_host_key import SeenHostKey, look_at_host_key, require_fingerprint, trust_host_key
from desktop_app.cli import completed
from desktop_app.cli.output import say, tell
from desktop_app.cli.speech import spoken
from desktop_app.errors import BadSetting, ExitCode
from desktop_app.settings.effective import load_settings
from desktop_app.settings.model import ServerSettings, SftpSource, SourceSettings
from desktop_app.settings.paths import find_paths
from desktop_app.settings.sources import find_source
from desktop_app.sftp.errors import HostKeyUnknown
from desktop_app.sources.sftp_folder import server_of
from desktop_app.wording import Said


@click.command("trust", short_help="Show the server's host key, and pin it.")
@click.option("--yes", is_flag=True, help="Pin the key without asking.")
@click.option("--fingerprint", metavar="SHA256:…", help="Pin the key only if this is its fingerprint.")
@click.option(
    "--source",
    metavar="NAME",
    shell_complete=completed.sources,
    help="The server of source NAME, not the one that is exported to.",
)
def command(yes: bool, fingerprint: str | None, source: str | None) -> None:
    """Show the server's host key, and pin it.

    From then on, connections are only made to a server that has this key. Compare the fingerprint with the
    one that the server's administrator gave you; a Linux server shows it with
    `ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub`.
    """
    paths = find_paths()
    settings = load_settings(paths)
    if source:
        settings = structs.replace(settings, server=_server_of(find_source(settings, source)))
    if not settings.server.host:
        raise BadSetting(
            Said("There is no server yet."),
            Said("Set it:"),
            command="audit-trails-export config set server.host=…",
            field="server.host",
        )
    seen = look_at_host_key(settings, paths.known_hosts)
    say(f"{seen.address}  {seen.key.get_name()}  {seen.fingerprint}")
    if fingerprint:
        require_fingerprint(seen, fingerprint)
    if seen.is_known:
        tell(Said("This key is accepted already."))
        return
    if seen.known:
        tell(Said("Until now the key of this server was {keys}.", keys=tuple(seen.known)))
        tell(Said("Either the server was set up again, or someone is in between. Ask its administrator."))
    if not (yes or fingerprint or _is_accepted(seen, source)):
        tell(Said("It was not accepted."))
        sys.exit(ExitCode.PROTOCOL)
    trust_host_key(seen, paths)
    tell(Said("Accepted."))


def _server_of(source: SourceSettings) -> ServerSettings:
    if not isinstance(source, SftpSource):
        raise BadSetting(
            Said("The source {name} is on no SFTP server.", name=source.name), Said("It has no host key.")
        )
    return server_of(source)


def _is_accepted(seen: SeenHostKey, source: str | None) -> bool:
    try:
        return click.confirm(spoken(Said("Accept this key from now on?")), default=False, err=True)
    except click.Abort:
        if sys.stdin.isatty():
            raise
        raise HostKeyUnknown(
            Said("Nobody is there to say whether this key is the right one."),
            Said("Compare the fingerprint with the one its administrator gave you, then accept it."),
            command=f"audit-trails-export trust {f'--source {source} ' if source else ''}"
            f"--fingerprint {seen.fingerprint}",
            field="server.host",
        ) from None
