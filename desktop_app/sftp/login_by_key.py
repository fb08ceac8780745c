"""Log in with a key: one in a file, or those of an SSH agent."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from paramiko import PKey, SSHException
from paramiko.ssh_exception import AuthenticationException, BadAuthenticationType

from desktop_app.errors import UserError
from desktop_app.settings.key_path import key_path
from desktop_app.settings.model import ServerSettings
from desktop_app.sftp.agent import agent_keys
from desktop_app.sftp.errors import LoginRefused
from desktop_app.sftp.host_keys import fingerprint
from desktop_app.sftp.private_key import read_private_key
from desktop_app.sftp.transport import AuditTransport
from desktop_app.wording import Said


@contextmanager
def login_keys(server: ServerSettings, passphrase: str) -> Iterator[Sequence[PKey]]:
    """The keys that `server` is to be offered, the first one first; they can sign as long as the context lasts.

    Raises BadSetting and WrongPassphrase.
    """
    if server.auth == "key":
        yield [read_private_key(key_path(server.key_file), passphrase)]
        return
    with agent_keys(key_path(server.key_file) if server.key_file else None) as keys:
        yield keys


def log_in_by_key(transport: AuditTransport, server: ServerSettings, passphrase: str) -> str:
    """Offer the keys until one is accepted; which, as `publickey`, its type and fingerprint.

    Raises LoginRefused, what `login_keys` does, and what paramiko does where the connection is lost.
    """
    with login_keys(server, passphrase) as keys:
        for key in keys:
            try:
                left = transport.auth_publickey(server.user, key)
            except BadAuthenticationType as refusal:
                raise _refused(server, _other_methods(refusal.allowed_types)) from None
            except AuthenticationException:
                if not transport.is_active():
                    break
                continue
            except UnicodeDecodeError:  # the server's list of algorithms
                raise SSHException("a list of algorithms that is no text") from None
            if left:
                raise _refused(
                    server,
                    Said("It wants {methods} as well, which this program does not do.", methods=tuple(left)),
                )
            return f"publickey ({_named(key)})"
        raise refused_key(server, keys)


def refused_key(server: ServerSettings, keys: Sequence[PKey] = ()) -> UserError:
    """What to tell where the server does not take the keys."""
    named = tuple(map(_named, keys))
    if not named:
        return _refused(server, Said("Is the public key among those that the server has for this user?"))
    return _refused(
        server,
        Said("Is the public key among those that the server has for this user? It is: {key}", key=named[0])
        if len(named) == 1
        else Said(
            "Is one of the public keys among those that the server has for this user? They are: {keys}", keys=named
        ),
    )


def _named(key: PKey) -> str:
    return f"{key.get_name()} {fingerprint(key)}"


def _other_methods(methods: Sequence[str]) -> Said:
    if "password" in methods or "keyboard-interactive" in methods:
        return Said("It accepts {methods}, but no key. Log in with a password.", methods=tuple(methods))
    return Said("It accepts {methods}, but no key.", methods=tuple(methods))


def _refused(server: ServerSettings, hint: Said) -> LoginRefused:
    return LoginRefused(
        Said("The server did not accept user {user} and this key.", user=server.user),
        hint,
        field="server.key_file" if server.auth == "key" else "server.auth",
    )
