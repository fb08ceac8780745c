"""The secrets of sources: a password or a token each, kept where that of the server is."""

from desktop_app.errors import BadSetting
from desktop_app.secrets.keepers import read_password
from desktop_app.settings.model import SourceSettings
from desktop_app.settings.paths import Paths
from desktop_app.wording import Said


def source_account(source: SourceSettings) -> str:
    """The name under which the secret of a source is kept: `<kind>:<name>`."""
    return f"{source.kind}:{source.name}"


def read_source_secret(paths: Paths, source: SourceSettings) -> str | None:
    """The secret of a source, or None. Raises LocalDiskError when our file can't be read."""
    return read_password(paths, source_account(source))


def no_source_secret(name: str) -> BadSetting:
    """What to tell where a source needs a secret and has none that can be read."""
    return BadSetting(
        Said("The source {name} has no password that can be read now.", name=name),
        Said("Set it. One in a desktop's keyring can be read only while its user is signed in."),
        command=f"audit-trails-export source secret {name}",
        field="secret",
    )
