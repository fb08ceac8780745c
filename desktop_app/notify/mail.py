"""A mailbox that failures are reported to, by the fields of a mail program; kept as an address of apprise."""

import re
from collections.abc import Iterator
from typing import Literal, get_args
from urllib.parse import parse_qs, quote, unquote, urlencode, urlsplit

from msgspec import Struct

from desktop_app.errors import BadSetting
from desktop_app.wording import Said

Security = Literal["starttls", "tls", "none"]
"""How the way to a mail server is encrypted: after STARTTLS, from the beginning, or not at all."""

_PORTS: dict[Security, int] = {"starttls": 587, "tls": 465, "none": 25}
_MODES: dict[Security, str] = {"starttls": "starttls", "tls": "ssl", "none": "insecure"}  # in apprise's words
_SERVER = re.compile(r"([A-Za-z0-9][A-Za-z0-9._-]{0,252})(?::([0-9]{1,5}))?")
_MAILBOX = re.compile(r"[^\s@,;:<>()\"]+@[^\s@,;:<>()\"]+")
_LOGIN = re.compile("[ -~]*")
_NEEDED = Said("This is needed.")


class Mail(Struct, frozen=True, kw_only=True):
    """Where mails go, and by whom. `server` is a name, with a port unless it is the usual one of its `security`.

    `recipients` are apart by commas. Without a `user`, nobody logs in.
    """

    server: str
    security: Security = "starttls"
    sender: str
    recipients: str
    user: str = ""
    password: str = ""


def mail_problems(mail: Mail) -> Iterator[BadSetting]:
    """What can't be right, one for each field that is wrong: its `field` is as in `mail.server`."""
    if _host_and_port(mail) is None:
        yield BadSetting(
            Said("{server!r} is no mail server.", server=mail.server[:100]) if mail.server.strip() else _NEEDED,
            Said("Write its name, as in mail.example.com, or mail.example.com:2525."),
            field="mail.server",
        )
    for name, mailboxes in (("sender", [mail.sender.strip()]), ("recipients", _recipients(mail) or [""])):
        wrong = next((each for each in mailboxes if not _MAILBOX.fullmatch(each)), None)
        if wrong is not None:
            yield BadSetting(
                Said("{text!r} is no mail address.", text=wrong[:100]) if wrong else _NEEDED,
                Said("Write it as in admins@example.com."),
                field=f"mail.{name}",
            )
    for name in ("user", "password"):
        if not _LOGIN.fullmatch(getattr(mail, name)):  # all that smtplib sends
            yield BadSetting(
                Said("Only ASCII characters can log in to a mail server."),
                Said("Type it again, or use another account there."),
                field=f"mail.{name}",
            )


def mail_address(mail: Mail) -> str:
    """The address to keep. Raises the first of `mail_problems`."""
    for problem in mail_problems(mail):
        raise problem
    server = _host_and_port(mail)
    assert server
    host, port = server
    sender, recipients = mail.sender.strip(), _recipients(mail)
    login = f"{quote(mail.user, safe='')}:{quote(mail.password, safe='')}@" if mail.user else ""
    wanted = {"smtp": host, "mode": _MODES[mail.security], "from": sender, "to": ",".join(recipients)}
    scheme = "mailto" if mail.security == "none" else "mailtos"
    return f"{scheme}://{login}{host}:{port}/?{urlencode(wanted)}"


def mail_in(address: str) -> Mail | None:
    """The fields of an address that `mail_address` made, or None: another may say more than they can."""
    try:
        parts = urlsplit(address)
        wanted = {key: values[0] for key, values in parse_qs(parts.query, strict_parsing=True).items()}
        security = next(each for each in get_args(Security) if _MODES[each] == wanted["mode"])
        host = wanted["smtp"]
        mail = Mail(
            server=host if parts.port == _PORTS[security] else f"{host}:{parts.port}",
            security=security,
            sender=wanted["from"],
            recipients=wanted["to"],
            user=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
        )
        return mail if mail_address(mail) == address else None
    except (ValueError, KeyError, StopIteration, BadSetting):
        return None


def _host_and_port(mail: Mail) -> tuple[str, int] | None:
    """None where the server can't be one."""
    found = _SERVER.fullmatch(mail.server.strip())
    port = int(found[2]) if found and found[2] else _PORTS[mail.security]
    return (found[1], port) if found and 1 <= port <= 65535 else None


def _recipients(mail: Mail) -> list[str]:
    return [each.strip() for each in re.split("[,;]", mail.recipients) if each.strip()]
