"""The steps of *Test Connection* at the server path: what a run does there, with a small file of their own."""

import hashlib
import secrets
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

from desktop_app.errors import UserError
from desktop_app.sftp.client import Entry
from desktop_app.sftp.connection import Connection
from desktop_app.sftp.errors import NameTaken, NotPermitted, SftpFailure
from desktop_app.sftp.folder_care import list_folder
from desktop_app.sftp.packets import Code
from desktop_app.sftp.remote_path import join
from desktop_app.sftp.steps import OnStep, Step, StepName
from desktop_app.sftp.telling import telling
from desktop_app.sftp.upload import (
    check_folder,
    create_file,
    full_path,
    remove_quietly,
    rename,
    require_arrived,
)
from desktop_app.wording import Said

_CONTENT = b"Audit Trails Export tests the connection.\n"
_SHA256 = hashlib.sha256(_CONTENT).hexdigest()
_DONE = Said("done")


@dataclass
class FolderReport:
    """What lies at the server path, as far as it may be listed; `warnings` names what a run does without."""

    entries: list[Entry] = field(default_factory=list)
    warnings: list[Said] = field(default_factory=list)


def probe_folder(connection: Connection, on_step: OnStep) -> FolderReport:
    """Go through the steps path, write, rename and delete, telling each as it ends.

    Nothing of it stays there, unless the server lets nobody delete at all. Raises the UserError of the first step
    that fails.
    """
    probe = _Probe(connection)
    steps: list[tuple[StepName, Callable[[], str]]] = [
        ("path", probe.look),
        ("write", probe.write),
        ("rename", probe.rename),
        ("delete", probe.delete),
    ]
    try:
        for step, do in steps:
            try:
                detail = do()
            except UserError as error:
                on_step(Step(step, False, error.message))
                raise
            on_step(Step(step, True, detail))
    finally:
        probe.tidy()
    return probe.report


class _Probe:
    """The file of a test. Where nobody may delete a file, a folder takes its part, for it would stay."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._sftp = connection.sftp
        self._name = f"audit-trails-probe-{secrets.token_hex(6)}"
        self._renamed = join(connection.folder, f"{self._name}.renamed")
        self._there = ""
        self._is_folder = False
        self.report = FolderReport()

    def look(self) -> str:
        check_folder(self._connection)
        full = full_path(self._connection)
        entries = list_folder(self._connection)
        if entries is None:
            self._do_without(Said("list files"))
        else:
            self.report.entries = entries
        return full

    def write(self) -> Said:
        with telling(self._connection, "write"):
            if not self._may_delete():
                self._is_folder = True
                folder = join(self._connection.folder, f".{self._name}")
                self._sftp.make_folder(folder)
                self._there = folder
                return _DONE
            self._there, handle = create_file(self._connection, [f".{self._name}", self._name])
            self._sftp.write(handle, _CONTENT)
        require_arrived(self._connection, self._there, len(_CONTENT), _SHA256)
        return Said("{count} bytes", count=len(_CONTENT))

    def rename(self) -> Said:
        try:
            rename(self._connection, self._there, self._renamed)
        except NameTaken:
            raise NotPermitted(
                Said("The server neither renamed a file nor said that it can't."),
                Said("Ask its administrator."),
                field="server.path",
            ) from None
        self._there = self._renamed
        return _DONE

    def delete(self) -> Said:
        if self._is_folder:
            self._do_without(Said("delete files"))
            return Said("not permitted")
        with telling(self._connection, "delete"):
            try:
                self._sftp.remove(self._there)
            except SftpFailure:
                self._do_without(Said("delete files"))
                return Said("not permitted; {name} stays", name=f"{self._name}.renamed")
        self._there = ""
        return _DONE

    def tidy(self) -> None:
        with suppress(Exception):
            for path in {self._there, self._renamed} - {""}:
                if self._is_folder:
                    with suppress(SftpFailure):
                        self._sftp.remove_folder(path)
                else:
                    remove_quietly(self._connection, path)

    def _may_delete(self) -> bool:
        """Whether the server lets files be deleted, by its answer about one that there is not."""
        try:
            self._sftp.remove(self._renamed)
        except SftpFailure as refusal:
            return refusal.code not in (Code.PERMISSION_DENIED, Code.UNSUPPORTED)
        return True

    def _do_without(self, right: Said) -> None:
        server = self._connection.server
        self.report.warnings.append(
            Said(
                "User {user} may not {right} in {path} on the server. The export does without; what an interrupted"
                " run leaves there stays.",
                user=server.user,
                right=right,
                path=server.path,
            )
        )
