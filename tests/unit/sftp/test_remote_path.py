"""Folders on the server, as people write them."""

import pytest

from desktop_app.sftp.remote_path import join, remote_folder


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("/Users/Test/Export/", "/Users/Test/Export"),
        ("Export", "Export"),
        ("/", "/"),
        (".", "."),
        ("~", "."),
        ("~/Export", "Export"),
        ("~\\Export", "Export"),
        ("C:\\Exports\\Audit\\", "/C:/Exports/Audit"),
        ("c:/Exports", "/c:/Exports"),
        ("/C:/Exports", "/C:/Exports"),
        ("D:", "/D:"),
        ("D:\\", "/D:"),
        ("\\\\nas\\audit", "//nas/audit"),
        ("Exports\\Audit", "Exports/Audit"),
    ],
)
def test_what_is_sent_for_a_path(written: str, sent: str) -> None:
    assert remote_folder(written) == sent
    assert join(remote_folder(written), "a.zip") == f"{sent.rstrip('/')}/a.zip"
