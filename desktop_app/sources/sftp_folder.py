"""The kind `sftp`: files in a folder on an SFTP server, which are read and never changed."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from desktop_app.errors import BadSetting
from desktop_app.settings.model import ServerSettings, SftpSource
from desktop_app.settings.paths import find_paths
from desktop_app.settings.validation import server_problems
from desktop_app.sources.folder import pattern_problems
from desktop_app.sources.kind import Reader, Secret


def problems(source: SftpSource) -> Iterator[BadSetting]:
    """What can't be right of server and pattern."""
    for problem in server_problems(server_of(source)):
        yield BadSetting(problem.message, problem.hint, field=(problem.field or "").removeprefix("server."))
    yield from pattern_problems(source.name, source.pattern)


def local_folders(source: SftpSource) -> tuple[Path, ...]:
    """None: nothing of it is on this computer."""
    return ()


@contextmanager
def open(source: SftpSource, secret: Secret) -> Iterator[Reader]:
    """A reader of its files. Nobody connects before it reads."""
    from desktop_app.sources.files_reader import FilesReader
    from desktop_app.sources.sftp_tree import SftpTree

    with SftpTree(source, server_of(source), secret, find_paths().known_hosts) as tree:
        yield FilesReader(source.name, tree, source.records)


def server_of(source: SftpSource) -> ServerSettings:
    """Its server, as the export's own is configured."""
    return ServerSettings(
        host=source.host,
        user=source.user,
        auth=source.auth,
        key_file=source.key_file,
        path=source.path,
        key_exchange=source.key_exchange,
        ciphers=source.ciphers,
        hmac=source.hmac,
    )
