"""Folders on the server, as people write them and as SFTP has them."""

import re

_DRIVE = re.compile(r"/?([A-Za-z]):(?:[/\\]|$)")


def remote_folder(text: str) -> str:
    """The path to send for `server.path`.

    SFTP knows only `/` between names; a Windows drive becomes the first folder, as OpenSSH for Windows and
    most Windows servers have it (`C:\\Exports` is `/C:/Exports`). Without a leading slash, a path is relative
    to the user's home folder.
    """
    if _DRIVE.match(text) or "\\" in text:
        text = text.replace("\\", "/")
    if _DRIVE.match(text) and not text.startswith("/"):
        text = f"/{text}"
    if text == "~" or text.startswith("~/"):
        text = text[1:].lstrip("/")
    return text.rstrip("/") or ("/" if text.startswith("/") else ".")


def join(folder: str, name: str) -> str:
    """The path of a file in a folder."""
    return f"{folder}{name}" if folder.endswith("/") else f"{folder}/{name}"
