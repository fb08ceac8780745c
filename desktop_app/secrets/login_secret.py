"""The secret of the login to the server: the user's password, or the passphrase of the key."""

from desktop_app.errors import BadSetting
from desktop_app.secrets.keepers import account_name, read_password
from desktop_app.settings.key_path import key_path
from desktop_app.settings.model import ServerSettings
from desktop_app.settings.paths import Paths
from desktop_app.wording import Said


def login_account(server: ServerSettings) -> str:
    """The name under which the secret is kept: `<user>@<host>:<port>` of a password, `key:<path>` of a passphrase.

    Under `agent` there never is one. Raises BadSetting.
    """
    if server.auth == "key":
        return f"key:{key_path(server.key_file)}"
    return "agent" if server.auth == "agent" else account_name(server)


def login_secret(paths: Paths, server: ServerSettings) -> str:
    """The password, or the passphrase, which is empty where none is kept.

    Raises BadSetting where there is no password, and LocalDiskError when our file can't be read.
    """
    secret = read_password(paths, login_account(server))
    if secret is None and server.auth == "password":
        raise BadSetting(
            Said("There is no password for {account} that can be read now.", account=account_name(server)),
            Said(
                "One in a desktop's keyring can be read only while its user is signed in. Otherwise, set it again."
            ),
            command="audit-trails-export config password",
            field="server.password",
        )
    return secret or ""
