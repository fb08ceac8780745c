"""`audit-trails-export config`."""

from pathlib import Path

import click

from desktop_app.actions.keep_password import keep_password
from desktop_app.actions.save_settings import Saved, prepare
from desktop_app.cli import completed
from desktop_app.cli.output import print_json, say, tell
from desktop_app.cli.renamed import also_called
from desktop_app.cli.schedule import end_with_task
from desktop_app.cli.secret_input import AsksForSecret, read_secret
from desktop_app.cli.speech import spoken
from desktop_app.columns import columns, padded
from desktop_app.errors import BadSetting
from desktop_app.files import read_text
from desktop_app.secrets.keeper import KEEPER_NAMES, KeeperName, Protection
from desktop_app.secrets.keepers import account_name
from desktop_app.settings.describe import as_plain
from desktop_app.settings.edits import edited, imported, rolled_out
from desktop_app.settings.effective import load_settings, read_configuration
from desktop_app.settings.file import parse_toml, put_aside
from desktop_app.settings.key_path import key_path
from desktop_app.settings.keys import SOURCES, get_value, setting_keys, with_value
from desktop_app.settings.model import Settings, SourceSettings
from desktop_app.settings.paths import find_paths
from desktop_app.settings.policy import Policy, load_policy, unknown_keys
from desktop_app.settings.source_kinds import address_of
from desktop_app.settings.template import template
from desktop_app.wording import Said


@click.group("config")
def command() -> None:
    """Show and change the settings."""


@command.command("show", short_help="Print all settings.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document, laid out as config.toml.")
def show(as_json: bool) -> None:
    """Print all settings, and which of them your organisation has set. The password is never among them."""
    paths = find_paths()
    now = read_configuration(paths)
    settings, policy = now.settings, now.policy
    if as_json:
        print_json(as_plain(settings))
        return
    for key in setting_keys():
        say(f"{key} = {_text(get_value(settings, key))}{_mark(policy, key)}")
    for source in settings.sources:
        say(_source_line(source) + _mark(policy, SOURCES))


@command.command("get", short_help="Print one setting.")
@click.argument("key", shell_complete=completed.keys)
@click.option("--json", "as_json", is_flag=True, help="Print the value as JSON.")
def get(key: str, as_json: bool) -> None:
    """Print only the value of the setting KEY, for scripts. A list is comma-separated, as for `config set`."""
    value = get_value(read_configuration(find_paths()).settings, key)
    if as_json:
        print_json(value)
    else:
        say(_text(value))


@command.command("set", short_help="Change settings.", no_args_is_help=True)
@click.argument(
    "assignments", nargs=-1, required=True, metavar="KEY=VALUE...", shell_complete=completed.assignments
)
def set_(assignments: tuple[str, ...]) -> None:
    """Change settings: all of those named, or none when one of them can't be right.

    \b
    KEY is as `config show` prints it; a list is comma-separated:
      audit-trails-export config set server.host=sftp.example.com:2222 server.hmac=hmac-sha2-256,hmac-sha1
    """

    def change(settings: Settings) -> Settings:
        for assignment in assignments:
            key, equals, value = assignment.partition("=")
            if not equals:
                raise click.UsageError(Said("{text} is not of the form KEY=VALUE.", text=assignment))
            settings = with_value(settings, key.strip(), value)
        return settings

    _end_saved(prepare(find_paths(), edited(change)).commit())


_keep_in = click.option(
    "--keep-in",
    type=click.Choice(KEEPER_NAMES),
    help="Where to keep it, also in future; see `config password-stores`. Otherwise where it is protected best.",
)


@command.command("password", cls=AsksForSecret, short_help="Store the password of the server's user.")
@_keep_in
def password(keep_in: KeeperName | None) -> None:
    """Store the password of the server's user, from a prompt or from standard input (one line).

    While the export is on, this also finds out whether the daily task can read it while nobody is logged in.
    """

    paths = find_paths()
    settings = load_settings(paths)
    if not settings.server.host or not settings.server.user:
        raise BadSetting(
            Said("A password belongs to a server and a user, which are not set yet."),
            Said("Set them:"),
            command="audit-trails-export config set server.host=… server.user=…",
            field="server.host",
        )
    if settings.server.auth != "password":
        raise BadSetting(
            Said("The login is by {auth}, and needs no password.", auth=settings.server.auth),
            Said("Nothing was changed. For a password instead:"),
            command="audit-trails-export config set server.auth=password",
            field="server.auth",
        )
    account = account_name(settings.server)
    secret = read_secret(Said("Password of {account}", account=account))
    if not secret:
        raise BadSetting(Said("The password is empty."), Said("Nothing was changed."), field="server.password")
    kept = keep_password(paths, settings, secret, keep_in)
    _tell_kept(Said("The password of {account}", account=account), kept.protection)
    if kept.task.problem or kept.warnings:
        end_with_task(kept.task, kept.warnings)


@command.command("passphrase", cls=AsksForSecret, short_help="Store the passphrase of the key to log in with.")
@_keep_in
def passphrase(keep_in: KeeperName | None) -> None:
    """Store the passphrase of the key in server.key_file, from a prompt or from standard input (one line).

    It is kept only if it opens the key. While the export is on, this also finds out whether the daily task can use
    the key while nobody is logged in.
    """
    from desktop_app.sftp.private_key import has_passphrase

    paths = find_paths()
    settings = load_settings(paths)
    if settings.server.auth != "key":
        raise BadSetting(
            Said("A passphrase belongs to a key file, and the login is by {auth}.", auth=settings.server.auth),
            Said("Name the key file:"),
            command="audit-trails-export config set server.auth=key server.key_file=…",
            field="server.auth",
        )
    file = key_path(settings.server.key_file)
    if not has_passphrase(file):
        tell(Said("The key in {file} has no passphrase; there is nothing to keep.", file=file))
        return
    secret = read_secret(Said("Passphrase of {file}", file=file))
    if not secret:
        raise BadSetting(Said("The passphrase is empty."), Said("Nothing was changed."), field="server.passphrase")
    kept = keep_password(paths, settings, secret, keep_in)
    _tell_kept(Said("The passphrase of {file}", file=file), kept.protection)
    if kept.task.problem or kept.warnings:
        end_with_task(kept.task, kept.warnings)


@command.command("password-stores", short_help="Show where the password can be kept.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def password_stores(as_json: bool) -> None:
    """Show where the password can be kept on this computer, and whether the daily task can read it there.

    Whether it can while nobody is logged in is found out by trying, which takes some seconds.
    """
    from desktop_app.schedule.password_at_night import keepers

    paths = find_paths()
    found = keepers(load_settings(paths), paths)
    if as_json:
        print_json(found)
        return
    at_night = {True: Said("works at night"), False: Said("not at night"), None: Said("not tried at night")}
    width = max(columns(spoken(each)) for each in at_night.values()) + 1
    for keeper in found:
        sign, works = "*" if keeper.chosen else " ", padded(spoken(at_night[keeper.works_at_night]), width)
        say(f"{sign} {keeper.name:<14}{works} {spoken(keeper.title)}: {spoken(keeper.explains)}")


@command.command("start-over", short_help="Start over; keep the present file.")
def start_over() -> None:
    """Rename a config.toml that can't be read, so that a new configuration can begin. Nothing is deleted."""
    tell(Said("The old settings are in {path}.", path=put_aside(find_paths().config_file)))


also_called(command, password_stores, "keepers")
also_called(command, start_over, "put-aside")


@command.command("import", short_help="Take a whole config.toml.")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option(
    "--roll-out",
    is_flag=True,
    help="The switch stays OFF, to be switched on once `test` has passed; and where your organisation has set "
    "another value than FILE has, that one counts.",
)
def import_(file: Path, roll_out: bool) -> None:
    """Take FILE, a whole config.toml, in place of the present settings.

    What the file does not mention becomes as in a new configuration.
    """
    text = read_text(file) or ""  # once: a pipe gives it no second time
    saved = prepare(find_paths(), (rolled_out if roll_out else imported)(file, text)).commit()
    if unknown := unknown_keys(parse_toml(text, str(file))):
        tell(Said("Kept, but not known to this version: {keys}.", keys=tuple(unknown)))
    _end_saved(saved)


@command.command("export", short_help="Print a config.toml for other computers.")
def export() -> None:
    """Print the settings as a config.toml for `config import` on other computers.

    The instance name is left out where it is this computer's own name: each computer must have another. The
    password is not in it.
    """
    say(*template(load_settings(find_paths())).removesuffix("\n").split("\n"))


@command.command("policy", short_help="Show what your organisation has fixed.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def policy_(as_json: bool) -> None:
    """Show what your organisation has set for all users of this computer, and in which file.

    An administrator checks a new policy.toml with this: the exit code is 78 when it can't be used.
    """
    policy = load_policy(find_paths().policy_file)
    if as_json:
        print_json({"file": str(policy.file), "settings": dict(policy.values)})
        return
    for key in sorted(policy.keys - {SOURCES}):
        say(f"{key} = {_text(policy.values[key])}")
    for source in policy.values.get(SOURCES, ()):
        say(_source_line(source))
    if policy.keys:
        tell(Said("Set in {path}.", path=policy.file))
    else:
        tell(Said("Nothing is set; a policy would be in {path}.", path=policy.file))


def _source_line(source: SourceSettings) -> str:
    return spoken(Said("source {name}: {address}", name=source.name, address=address_of(source)))


def _tell_kept(what: Said, where: Protection) -> None:
    tell(Said("{what} is kept in {keeper}: {explains}", what=what, keeper=where.name, explains=where.explains))


def _end_saved(saved: Saved) -> None:
    if saved.task.problem:
        tell(Said("The settings are saved."))
    end_with_task(saved.task, saved.warnings)


def _mark(policy: Policy, key: str) -> str:
    if key not in policy.keys:
        return ""
    return f"  # {spoken(Said('set by your organisation in {path}', path=policy.file))}"


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return ",".join(value) if isinstance(value, tuple) else str(value)
