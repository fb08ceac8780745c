"""Our part of an upload alone, without building and reading back: our_transfer FILE NAME."""

import sys
from pathlib import Path

from desktop_app.memory import leave_all_at_exit, reuse_large_pieces
from desktop_app.secrets.login_secret import login_secret
from desktop_app.settings.effective import load_settings
from desktop_app.settings.paths import find_paths
from desktop_app.sftp.connection import connect
from desktop_app.sftp.parallel_write import other_channels, size_of, write_parallel
from desktop_app.sftp.upload import check_folder


def main(file: str, name: str) -> None:
    reuse_large_pieces()
    leave_all_at_exit()
    paths = find_paths()
    server = load_settings(paths).server
    with connect(server, lambda: login_secret(paths, server), paths.known_hosts) as connection:
        check_folder(connection)  # as a delivery does, which learns by it how long the line is
        local = Path(file)
        with other_channels(connection, size_of(local)) as others:
            handle = connection.sftp.create_file(name)
            write_parallel(connection, others, local, name, handle, lambda _: None)


if __name__ == "__main__":
    main(*sys.argv[1:])
