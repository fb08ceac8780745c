"""Log in, once; and why that failed, as it is told."""

from collections.abc import Callable, Sequence

from paramiko.ssh_exception import AuthenticationException, BadAuthenticationType

from desktop_app.errors import UserError
from desktop_app.settings.model import ServerSettings
from desktop_app.sftp.channel import NoSftp
from desktop_app.sftp.errors import ConnectionLost, LoginCut, LoginRefused, LoginUnanswered, ProtocolError
from desktop_app.sftp.negotiation_errors import too_busy
from desktop_app.sftp.printable import printable
from desktop_app.sftp.transport import AuditTransport
from desktop_app.wording import Said

# What questions say that ask for a second factor, which must not get the password; the words of the other list
# may be in names of users and hosts, too, and count only where no password is spoken of.
_NEVER = ("one-time", "one time", "otp", "second factor")
_WITHOUT_PASSWORD = ("code", "token", "verification", "pin", "duo")


def log_in(transport: AuditTransport, server: ServerSettings, secret: Callable[[], str]) -> str:
    """Log in as `server` says, with the password or the passphrase of the key; by which method, for people."""
    if server.auth == "password":
        return _by_password(transport, server.user, secret())
    from desktop_app.sftp.login_by_key import log_in_by_key

    return log_in_by_key(transport, server, secret())


def _by_password(transport: AuditTransport, user: str, secret: str) -> str:
    """Password, or keyboard-interactive where the server has no password method: one attempt in all."""
    try:
        left = transport.auth_password(user, secret, fallback=False)
        if not left:
            return "password"
    except BadAuthenticationType as refusal:
        left = refusal.allowed_types
        if "keyboard-interactive" not in left:
            raise _no_password(user, left) from None
    if "keyboard-interactive" in left:
        questions = _OneQuestion(secret)
        left = transport.auth_interactive(user, questions.answer)
    if left:
        raise _refused(
            user, Said("It wants {methods} as well, which this program does not have.", methods=tuple(left))
        )
    return "keyboard-interactive"


def _no_password(user: str, methods: Sequence[str]) -> LoginRefused:
    refused = _refused(user, Said("It accepts {methods}, but no password.", methods=tuple(methods)))
    if "publickey" in methods:
        refused.hint = Said("It accepts {methods}, but no password. Log in with a key.", methods=tuple(methods))
        refused.command = "audit-trails-export config set server.auth=key server.key_file=…"
        refused.field = "server.auth"
    return refused


class _NotAPassword(AuthenticationException):
    """The server asks for something else, or once more."""

    def __init__(self, question: str) -> None:
        super().__init__("a question that the password does not answer")
        self.question = question


class _OneQuestion:
    """Answers one question, and only where it asks for a password: without echo, and not for a second factor."""

    def __init__(self, secret: str) -> None:
        self._secret = secret
        self._answered = False

    def answer(self, _title: str, _instructions: str, prompts: list[tuple[str, bool]]) -> list[str]:
        """Raises _NotAPassword. A round without questions is answered without answers (RFC 4256, section 3.2)."""
        for number, (prompt, echo) in enumerate(prompts):
            if self._answered or number or echo or not _asks_for_password(prompt.lower()):
                raise _NotAPassword(printable(prompt.encode(), 80))
        self._answered = self._answered or bool(prompts)
        return [self._secret for _ in prompts]


def _asks_for_password(question: str) -> bool:
    other = _NEVER if "password" in question else (*_NEVER, *_WITHOUT_PASSWORD)
    return not any(word in question for word in other)


def login_error(failure: BaseException, server: ServerSettings, transport: AuditTransport) -> UserError:
    """What to tell when logging in, or opening SFTP, ended with `failure`."""
    if isinstance(failure, _NotAPassword):
        return _refused(
            server.user,
            Said(
                'It asks "{question}", which is not for the password. This needs a user without a second factor.',
                question=failure.question,
            ),
        )
    if isinstance(failure, AuthenticationException):
        return _refused(server.user, Said("It was tried once. Are both right, and is the account not locked?"))
    if isinstance(failure, NoSftp) and failure.line:
        return ProtocolError(
            Said(
                'The server lets {user} in, but what answers there is not SFTP (it says "{line}").',
                user=server.user,
                line=failure.line,
            ),
            Said("Its administrator should look at the shell of this user, and at what that prints."),
            field="server.user",
        )
    if isinstance(failure, NoSftp) or transport.channel_refused:
        return ProtocolError(
            Said("The server lets {user} in, but not to SFTP.", user=server.user),
            Said("Is its SFTP service on?"),
            field="server.user",
        )
    if transport.login_unanswered and server.auth != "password":
        return _unanswered_key(server, transport)
    if transport.login_unanswered and not transport.is_active():
        return LoginCut(
            Said("{host} cut the connection when it had got the password.", host=server.host),
            Said("It was tried once. Is the password right? The server's log may say why it cut."),
            field="server.password",
        )
    if transport.login_unanswered:
        return LoginUnanswered(
            Said("{host} got the password and did not answer.", host=server.host),
            Said("It was tried once. The server's log may say what it waits for; the next run tries again."),
            field="server.host",
        )
    if transport.too_many_connections:
        return too_busy(server.host)
    return ConnectionLost(
        Said("The connection to {host} was cut while logging in.", host=server.host),
        Said("The server's log may say why."),
        field="server.host",
    )


def _unanswered_key(server: ServerSettings, transport: AuditTransport) -> UserError:
    field = "server.key_file" if server.auth == "key" else "server.auth"
    if not transport.is_active():
        return LoginCut(
            Said("{host} cut the connection when it had got the key.", host=server.host),
            Said("Is the key right? The server's log may say why it cut."),
            field=field,
        )
    return LoginUnanswered(
        Said("{host} got the key and did not answer.", host=server.host),
        Said("The server's log may say what it waits for; the next run tries again."),
        field="server.host",
    )


def _refused(user: str, hint: Said) -> LoginRefused:
    return LoginRefused(
        Said("The server did not accept user {user} and this password.", user=user), hint, field="server.password"
    )
