"""Our file of passwords as a keyring: beside the file itself, since to import `keyring` takes its time."""

from keyring.backend import KeyringBackend
from keyring.errors import PasswordDeleteError

from desktop_app.secrets.our_file import SecretFile


class FileKeyring(KeyringBackend):
    """A `SecretFile` behind keyring's interface."""

    def __init__(self, file: SecretFile) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._file = file

    def get_password(self, service: str, username: str) -> str | None:
        """None where there is none. Raises LocalDiskError when the files can't be used."""
        return self._file.get_password(service, username)

    def set_password(self, service: str, username: str, password: str) -> None:
        """Raises LocalDiskError."""
        self._file.set_password(service, username, password)

    def delete_password(self, service: str, username: str) -> None:
        """Raises PasswordDeleteError where there is none, and LocalDiskError."""
        if not self._file.delete_password(service, username):
            raise PasswordDeleteError("no such password")
