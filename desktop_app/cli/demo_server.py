"""An SFTP server on loopback for trying the program without one; it serves one folder to one user."""

import hmac
import os
import socket
import threading
from contextlib import suppress
from pathlib import Path
from typing import Any

import paramiko
from paramiko import SFTPAttributes, SFTPHandle, SFTPServer, SFTPServerInterface
from paramiko.common import (
    AUTH_FAILED,
    AUTH_SUCCESSFUL,
    OPEN_FAILED_ADMINISTRATIVELY_PROHIBITED,
    OPEN_SUCCEEDED,
)
from paramiko.sftp import SFTP_FAILURE, SFTP_OK

from desktop_app.settings.algorithms import LIST_NAMES, all_names
from desktop_app.sftp.transport import Algorithms, AuditTransport


class DemoServer:
    """A context manager that serves `folder` while it lasts, and gives the port."""

    def __init__(self, folder: Path, user: str, password: str) -> None:
        self._folder = folder.resolve()
        self._login = (user, password)
        self._host_key = paramiko.ECDSAKey.generate()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._transports: list[AuditTransport] = []

    def __enter__(self) -> int:
        threading.Thread(target=self._accept, daemon=True).start()
        port: int = self._listener.getsockname()[1]
        return port

    def __exit__(self, *_: object) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for transport in self._transports:
            transport.close()

    def _accept(self) -> None:
        while True:
            try:
                sock, _ = self._listener.accept()
            except OSError:
                return
            transport = AuditTransport(sock)
            transport.offer(Algorithms(*(all_names(name) for name in LIST_NAMES)))
            transport.add_server_key(self._host_key)
            transport.set_subsystem_handler("sftp", SFTPServer, _Folder, self._folder)
            with suppress(paramiko.SSHException, EOFError):
                transport.start_server(server=_Login(*self._login))
            self._transports.append(transport)


class _Login(paramiko.ServerInterface):
    def __init__(self, user: str, password: str) -> None:
        self._user = user
        self._password = password

    def get_allowed_auths(self, username: str) -> str:
        return "password"

    def check_auth_password(self, username: str, password: str) -> int:
        same = hmac.compare_digest(password.encode(), self._password.encode())
        return AUTH_SUCCESSFUL if same and username == self._user else AUTH_FAILED

    def check_channel_request(self, kind: str, chanid: int) -> int:
        return OPEN_SUCCEEDED if kind == "session" else OPEN_FAILED_ADMINISTRATIVELY_PROHIBITED


class _Folder(SFTPServerInterface):
    """SFTP requests on the files of one folder; its root is the folder."""

    def __init__(self, server: paramiko.ServerInterface, folder: Path, *args: Any, **options: Any) -> None:
        super().__init__(server, *args, **options)
        self._folder = folder

    def list_folder(self, path: str) -> list[SFTPAttributes] | int:
        try:
            return [SFTPAttributes.from_stat(entry.stat(), entry.name) for entry in os.scandir(self._real(path))]
        except OSError as error:
            return SFTPServer.convert_errno(error.errno or 0)

    def stat(self, path: str) -> SFTPAttributes | int:
        try:
            return SFTPAttributes.from_stat(self._real(path).stat())
        except OSError as error:
            return SFTPServer.convert_errno(error.errno or 0)

    lstat = stat

    def open(self, path: str, flags: int, attr: SFTPAttributes) -> SFTPHandle | int:
        try:
            file = os.fdopen(
                os.open(self._real(path), flags | getattr(os, "O_BINARY", 0), 0o600),
                "r+b" if flags & 3 else "rb",
            )
        except OSError as error:
            return SFTPServer.convert_errno(error.errno or 0)
        handle = SFTPHandle(flags)
        handle.readfile = handle.writefile = file  # type: ignore[attr-defined]
        return handle

    def rename(self, oldpath: str, newpath: str) -> int:
        if self._real(newpath).exists():
            return SFTP_FAILURE
        return self._try(lambda: self._real(oldpath).rename(self._real(newpath)))

    def remove(self, path: str) -> int:
        return self._try(self._real(path).unlink)

    def _real(self, path: str) -> Path:
        return self._folder / self.canonicalize(path).lstrip("/")

    def _try(self, do: Any) -> int:
        try:
            do()
        except OSError as error:
            return SFTPServer.convert_errno(error.errno or 0)
        return SFTP_OK
