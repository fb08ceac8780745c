"""`audit-trails-export notify`."""

import json
import sys
from typing import TYPE_CHECKING

import click

from desktop_app.cli.output import print_json, say, tell
from desktop_app.cli.secret_input import AsksForSecret, read_secret
from desktop_app.secrets.keeper import Protection
from desktop_app.settings.paths import find_paths
from desktop_app.wording import Said

if TYPE_CHECKING:
    from desktop_app.notify.mail import Security


@click.group("notify", short_help="Choose where failures are reported.")
def command() -> None:
    """Choose where a daily run that fails is reported.

    A desktop notification reaches you while you are signed in, once for each cause. It can also be
    reported to an address: a mailbox (notify mail), a web hook or a chat (notify set), by its apprise URL.

    A failure is reported again after a week while it lasts, and so is its end. With the setting notify.weekly,
    the address gets a message each week while all is well; notify.ping_url is called after each daily run, for
    a monitor that raises an alarm where no ping comes.

    \b
      mailto://user:password@mail.example.com?to=admins@example.com
      jsons://hooks.example.com/audit     (a POST with a JSON document)
      slack://…, msteams://…              (and what else apprise knows)
    """


@command.command("set", cls=AsksForSecret, short_help="Set the address to report to.")
def set_() -> None:
    """Set the address, from a prompt or from standard input (one line): it may carry a password."""
    from desktop_app.notify.address import set_address

    protection = set_address(find_paths(), read_secret(Said("Address (apprise URL)")))
    _tell_kept(protection)


@command.command("mail", cls=AsksForSecret, short_help="Report failures by mail.")
@click.option("--server", required=True, help="The mail server, as in mail.example.com or mail.example.com:2525.")
@click.option(
    "--security",
    type=click.Choice(["starttls", "tls", "none"]),
    default="starttls",
    show_default=True,
    help="How the way there is encrypted: port 587, 465 or 25 unless the server says another.",
)
@click.option("--from", "sender", required=True, help="The address that mails come from.")
@click.option("--to", "recipients", required=True, help="The addresses that get them, comma-separated.")
@click.option("--user", default="", help="Who logs in; its password comes from a prompt or standard input.")
def mail(server: str, security: "Security", sender: str, recipients: str, user: str) -> None:
    """Report failures by mail. With a user, the password is asked for, or read from standard input (one line)."""
    from desktop_app.notify.address import set_address
    from desktop_app.notify.mail import Mail, mail_address

    password = read_secret(Said("Password of {user} on {server}", user=user, server=server)) if user else ""
    fields = Mail(
        server=server, security=security, sender=sender, recipients=recipients, user=user, password=password
    )
    protection = set_address(find_paths(), mail_address(fields))
    _tell_kept(protection)


def _tell_kept(where: Protection) -> None:
    tell(Said("The address is kept in {keeper}: {explains}", keeper=where.name, explains=where.explains))
    tell(Said("Try it:"), "audit-trails-export notify test")


@command.command("show", short_help="Show the address, without secrets.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def show(as_json: bool) -> None:
    """Show the address, without the secrets in it."""
    from desktop_app.notify.address import shown_address

    address = shown_address(find_paths())
    if as_json:
        print_json({"address": address})
    elif address:
        say(address)
    else:
        tell(Said("Failures are reported to no address."))


@command.command("test", short_help="Send a message now.")
def test() -> None:
    """Show a desktop notification, send a message to the address, and ping the monitor, now."""
    from desktop_app.notify import desktop
    from desktop_app.notify.address import has_address, try_address
    from desktop_app.notify.message import this_installation, trial_message
    from desktop_app.notify.ping import try_ping
    from desktop_app.settings.effective import load_settings

    paths = find_paths()
    message = trial_message(this_installation(paths))
    shown = desktop.show(message)
    if shown:
        tell(Said("The desktop shows a notification."))
    else:
        tell(Said("No desktop here shows notifications."))
    url = load_settings(paths).notify.ping_url
    if url:
        try_ping(url, message.whole)
        tell(Said("The monitor took the ping."))
    if has_address(paths) or not (shown or url):
        try_address(paths)
        tell(Said("The address took the message."))


@command.command("remove", short_help="Report to no address any more.")
def remove() -> None:
    """Report to no address any more."""
    from desktop_app.notify.address import remove_address

    remove_address(find_paths())
    tell(Said("Failures are reported to no address any more."))


@command.command("toast", hidden=True)
def toast() -> None:
    """What a failed run starts on Windows: shows the title and the text that standard input has, for a while."""
    from desktop_app.notify.desktop import SHOWN
    from desktop_app.notify.windows_toast import show_toast

    title, text = json.load(sys.stdin.buffer)
    show_toast(title, text, lambda: say(SHOWN.decode()))
