"""Where the key of a login is."""

from pathlib import Path

from desktop_app.errors import BadSetting
from desktop_app.settings.model import Settings, SftpSource
from desktop_app.wording import Said


def key_path(key_file: str) -> Path:
    """The file that a setting names, `~` being the user's home folder.

    Raises BadSetting for a name that depends on the folder in which the program is started.
    """
    try:
        path = Path(key_file).expanduser()
        if path.is_absolute() and key_file.isprintable():
            return path
    except RuntimeError:  # this user has no home folder
        pass
    raise BadSetting(
        Said("The key file {path!r} is not named by its whole path.", path=key_file),
        Said("Write the whole path, or one that begins with ~ for your home folder."),
        field="server.key_file",
    )


def key_files(settings: Settings) -> list[Path]:
    """The files on this computer that logins read: that of the export, and those of sources."""
    of_sources = [each.key_file for each in settings.sources if isinstance(each, SftpSource)]
    return [key_path(each) for each in (settings.server.key_file, *of_sources) if each]
