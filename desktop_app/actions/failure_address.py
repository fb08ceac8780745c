"""Who hears of runs besides this desktop: an address that is kept once it took a message, and settings."""

from collections.abc import Iterator

from msgspec import Struct, structs

from desktop_app.actions.save_settings import prepare
from desktop_app.errors import BadSetting
from desktop_app.notify.address import check_address, kept_mail, set_address, shown_address, try_url
from desktop_app.notify.mail import Mail, mail_address, mail_problems
from desktop_app.settings.edits import edited
from desktop_app.settings.effective import read_configuration
from desktop_app.settings.model import NotifySettings, Settings
from desktop_app.settings.paths import Paths
from desktop_app.settings.validation import notify_problems
from desktop_app.stop import Stop
from desktop_app.wording import Said


class Reports(Struct, frozen=True):
    """Who hears of runs: `address` as far as it shows no secret, or None, and its `mail` without the password.

    `fixed` are the keys of settings that the organisation has set.
    """

    address: str | None
    mail: Mail | None
    settings: NotifySettings
    fixed: frozenset[str]


def reports(paths: Paths) -> Reports:
    """What is kept. Raises BadSetting and LocalDiskError."""
    now = read_configuration(paths)
    mail = kept_mail(paths)
    shown = structs.replace(mail, password="") if mail else None
    return Reports(shown_address(paths), shown, now.settings.notify, frozenset(now.policy.keys))


def report_problems(paths: Paths, to: Mail | str | None, settings: NotifySettings) -> list[BadSetting]:
    """All that can't be right of what is to be kept, one for each field that is wrong. Raises LocalDiskError."""
    return _problems(_with_password(paths, to), settings)


def keep_reports(paths: Paths, to: Mail | str | None, settings: NotifySettings, stop: Stop) -> Reports:
    """Send a message to a mailbox or an address, and keep it, with the settings; None leaves the address as it is.

    A mail without a password has the one that is kept for the same server and user. Raises the first of
    `report_problems`, what `try_url`, `set_address` and a change of settings raise, and Stopped where somebody
    asked for the end meanwhile: then nothing is kept.
    """

    def change(now: Settings) -> Settings:
        return structs.replace(now, notify=settings)

    to = _with_password(paths, to)
    for problem in _problems(to, settings):
        raise problem
    url = mail_address(to) if isinstance(to, Mail) else to
    prepared = prepare(paths, edited(change))
    if url is not None:
        try_url(paths, url)
    stop.check()
    if prepared.before != prepared.after:
        prepared.commit()
    if url is not None:
        set_address(paths, url)
    return reports(paths)


def _problems(to: Mail | str | None, settings: NotifySettings) -> list[BadSetting]:
    address = _mail_problems(to) if isinstance(to, Mail) else _address_problems(to) if to else ()
    return [*address, *notify_problems(settings)]


def _mail_problems(mail: Mail) -> Iterator[BadSetting]:
    yield from mail_problems(mail)
    if mail.user and not mail.password:
        yield BadSetting(
            Said("The password of {user} on this mail server is needed.", user=mail.user),
            Said("Type it. Without a login, leave the user empty."),
            field="mail.password",
        )


def _address_problems(url: str) -> Iterator[BadSetting]:
    try:
        check_address(url)
    except BadSetting as problem:
        yield problem


def _with_password(paths: Paths, to: Mail | str | None) -> Mail | str | None:
    """A mail without a password with the one that is kept for its server and user, if there is one."""
    if not isinstance(to, Mail) or not to.user or to.password:
        return to
    kept = kept_mail(paths)
    same = kept is not None and (kept.server, kept.user) == (to.server.strip(), to.user)
    return structs.replace(to, password=kept.password) if kept and same else to
