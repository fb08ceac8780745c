"""A mailbox, a web hook or a chat that is told of failures, by its apprise URL (mailto://, json://, slack:// …).

Such a URL carries passwords and tokens. So it is kept where the server's password is kept, never in config.toml.
"""

import logging
import re
from typing import Any

from desktop_app.errors import BadSetting, ExitCode, UserError
from desktop_app.notify.mail import Mail, mail_in
from desktop_app.notify.message import Message, this_installation, trial_message
from desktop_app.secrets.keeper import Protection
from desktop_app.secrets.keepers import delete_password, read_password, save_password
from desktop_app.settings.paths import Paths
from desktop_app.wording import Said

ACCOUNT = "notify"


class NotTold(UserError):
    """The address did not take a message."""

    exit_code = ExitCode.UNREACHABLE


def check_address(url: str) -> None:
    """Raises BadSetting for an address that can't be right."""
    if not _is_address(url):
        raise BadSetting(
            Said("This is no address that can be told."),
            Said("Write it as apprise does: mailto://user:password@mail.example.com, or jsons://example.com/hook"),
            field="notify.address",
        )


def set_address(paths: Paths, url: str) -> Protection:
    """Keep the address; what keeps it. Raises BadSetting for one that can't be right, and LocalDiskError."""
    check_address(url)
    return save_password(paths, ACCOUNT, url)


def has_address(paths: Paths) -> bool:
    """Whether there is an address. Raises LocalDiskError when our file can't be read."""
    return read_password(paths, ACCOUNT) is not None


def kept_mail(paths: Paths) -> Mail | None:
    """The fields of the mail that is kept, or None where there is no address or another. Raises LocalDiskError."""
    url = read_password(paths, ACCOUNT)
    return mail_in(url) if url else None


def shown_address(paths: Paths) -> str | None:
    """The address as far as it shows no secret (the recipients of a mail, else service, user and host), or None.

    Raises LocalDiskError.
    """
    url = read_password(paths, ACCOUNT)
    if url is None:
        return None
    if mail := mail_in(url):
        return mail.recipients.replace(",", ", ")
    from apprise import Apprise

    service: Any = Apprise.instantiate(url)
    # The path of a web hook may be a token.
    return "/".join(str(service.url(privacy=True)).partition("?")[0].split("/")[:3]) if service else None


def remove_address(paths: Paths) -> None:
    """Tell no address any more. Raises LocalDiskError."""
    delete_password(paths, ACCOUNT)


def try_address(paths: Paths) -> None:
    """Send a message now. Raises BadSetting where there is no address, and NotTold."""
    url = read_password(paths, ACCOUNT)
    if url is None:
        raise BadSetting(
            Said("There is no address to report to."),
            Said("Set one."),
            command="audit-trails-export notify set",
            field="notify.address",
        )
    try_url(paths, url)


def try_url(paths: Paths, url: str) -> None:
    """Send a message to an address that need not be kept. Raises BadSetting for a wrong one, and NotTold."""
    check_address(url)
    if not _send_to(url, trial_message(this_installation(paths))):
        raise NotTold(
            Said("The message was not taken."),
            Said("Are server, user, password and token in the address right, and does this computer reach it?"),
            field="notify.address",
        )


def send(paths: Paths, message: Message) -> bool:
    """Send a message to the address; whether it was taken. Without an address, nothing is."""
    url = read_password(paths, ACCOUNT)
    return url is not None and _send_to(url, message)


def _send_to(url: str, message: Message) -> bool:
    from apprise import Apprise, NotifyFormat, NotifyType

    logging.getLogger("apprise").setLevel(logging.CRITICAL)  # what it logs may have the address in it
    return bool(
        Apprise([url]).notify(
            title=message.title,
            body=message.whole,
            body_format=NotifyFormat.TEXT,  # else a mail, which is HTML, shows it in one line
            notify_type=NotifyType(message.kind),
        )
    )


def _is_address(url: str) -> bool:
    """One service of apprise that speaks to another computer, and no more."""
    from apprise import Apprise

    logging.getLogger("apprise").setLevel(logging.CRITICAL)
    if re.search(r"[\s\ud800-\udfff]", url) or not re.match(r"[A-Za-z0-9]+://", url):
        return False
    return Apprise.instantiate(url) is not None
