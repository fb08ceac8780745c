"""`audit-trails-export config`."""

import sys
from pathlib import Path

import click

from desktop_app.cli.output import print_json, tell
from desktop_app.errors import BadSetting
from desktop_app.export.configure import change_settings, import_settings
from desktop_app.settings.describe import as_plain
from desktop_app.settings.file import load_settings
from desktop_app.settings.keys import get_value, setting_keys, with_value
from desktop_app.settings.paths import find_paths


@click.group("config")
def command() -> None:
    """Show and change the settings."""


@command.command("show")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document, laid out as config.toml.")
def show(as_json: bool) -> None:
    """Print all settings. The password is never among them."""
    settings = load_settings(find_paths().config_file)
    if as_json:
        print_json(as_plain(settings))
        return
    for key in setting_keys():
        value = get_value(settings, key)
        click.echo(f"{key} = {_text(value)}")
    for source in settings.sources:
        click.echo(f"source {source.name}: {source.path}")


@command.command("set", no_args_is_help=True)
@click.argument("assignments", nargs=-1, required=True, metavar="KEY=VALUE...")
def set_(assignments: tuple[str, ...]) -> None:
    """Change settings: all of those named, or none when one of them can't be right.

    \b
    KEY is as `config show` prints it; a list is comma-separated:
      audit-trails-export config set server.host=sftp.example.com:2222 server.hmac=hmac-sha2-256,hmac-sha1
    """
    paths = find_paths()
    before = after = load_settings(paths.config_file)
    for assignment in assignments:
        key, equals, value = assignment.partition("=")
        if not equals:
            raise click.UsageError(f"{assignment} is not of the form KEY=VALUE.")
        after = with_value(after, key.strip(), value)
    change_settings(paths, before, after)


@command.command("password")
def password() -> None:
    """Store the password of the server's user, from a prompt or from standard input (one line)."""
    from desktop_app.settings.secrets import account_name, save_password

    paths = find_paths()
    settings = load_settings(paths.config_file)
    if not settings.server.host or not settings.server.user:
        raise BadSetting(
            "A password belongs to a server and a user, which are not set yet.",
            "Set them with: audit-trails-export config set server.host=… server.user=…",
            field="server.host",
        )
    account = account_name(settings.server)
    if sys.stdin.isatty():
        secret = click.prompt(f"Password of {account}", hide_input=True, err=True)
    else:
        secret = sys.stdin.readline().rstrip("\r\n")
    if not secret:
        raise BadSetting("The password is empty.", "Nothing was changed.", field="server.password")
    protection = save_password(paths, account, secret)
    tell(f"The password of {account} is kept in {protection.name}: {protection.explains}")


@command.command("import")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
def import_(file: Path) -> None:
    """Take FILE, a whole config.toml, in place of the present settings."""
    import_settings(find_paths(), file)


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return ",".join(value) if isinstance(value, tuple) else str(value)
