"""A notification on the desktop of the user who runs this, if there is one."""

import json
import logging
import os
import subprocess
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from desktop_app.notify.message import Message
from desktop_app.own_program import running_program

_LOG = logging.getLogger(__name__)
_PROGRAM = "Audit Trails Export"
SHOWN = b"shown"  # what a process answers that shows a notification
_PATIENCE = 5.0  # seconds for a desktop that does not answer
_PROGRAM_PATIENCE = 15.0  # seconds for a process that shows it, which has to start first


def show(message: Message) -> bool:
    """Show a notification; whether somebody's desktop took it. Never raises; a desktop that hangs is given up."""
    try:
        return _show_on_windows(message) if sys.platform == "win32" else _show_by_dbus(message)
    except Exception as error:  # each bus and library has errors of its own; no desktop is none
        _LOG.info("no desktop to notify: %s", error)
        return False


def _show_by_dbus(message: Message) -> bool:
    """Desktop Notifications Specification 1.2, on the session bus, which also a task without a session finds."""
    from jeepney import DBusAddress, MessageType, new_method_call  # type: ignore[import-untyped]
    from jeepney.io.blocking import open_dbus_connection  # type: ignore[import-untyped]

    notifications = DBusAddress(
        "/org/freedesktop/Notifications",
        bus_name="org.freedesktop.Notifications",
        interface="org.freedesktop.Notifications",
    )
    with open_dbus_connection(bus=_session_bus()) as bus:
        asked = new_method_call(notifications, "GetCapabilities")
        capabilities = bus.send_and_get_reply(asked, timeout=_PATIENCE)
        if capabilities.header.message_type is not MessageType.method_return:
            return False
        body = _escaped(message.text) if "body-markup" in capabilities.body[0] else message.text
        actions: list[str] = []
        # Critical stays until somebody has seen it.
        urgency = {"urgency": ("y", 2 if message.kind in ("failure", "warning") else 1)}
        values = (_PROGRAM, 0, "audit-trails-export", message.title, body, actions, urgency, -1)
        call = new_method_call(notifications, "Notify", "susssasa{sv}i", values)
        answer = bus.send_and_get_reply(call, timeout=_PATIENCE)
        return answer.header.message_type is MessageType.method_return


def _session_bus() -> str:
    """The bus of this user's session; systemd has it at a place that is known without a login, too."""
    if sys.platform != "win32" and "DBUS_SESSION_BUS_ADDRESS" not in os.environ:
        own = Path(f"/run/user/{os.getuid()}/bus")
        if own.exists():
            return f"unix:path={own}"
    return "SESSION"


def _escaped(text: str) -> str:
    """Text as the kind of HTML that the body of a notification is on most desktops."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _show_on_windows(message: Message) -> bool:
    import win32ts

    if win32ts.ProcessIdToSessionId(os.getpid()) == 0:  # type: ignore[no-untyped-call]
        return False  # the task runs while nobody is signed in, where nobody would see it
    return shown_by((*running_program().argv, "notify", "toast"), message)


def shown_by(command: Sequence[str], message: Message) -> bool:
    """Whether a process of its own says that it shows a notification, which goes with that process.

    It is not waited for: the run ends, and the message is still to be seen. Nor is the end of what it writes: a
    process that it starts in turn, as Wine does a desktop, may hold its output open for ever.
    """
    process = subprocess.Popen(
        command,
        bufsize=0,  # no lock is held at the end of this process by a thread that still reads
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=running_program().folder,
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )

    answers: list[bytes] = []

    def talk() -> None:
        assert process.stdin and process.stdout
        with suppress(OSError):
            with process.stdin as words:
                words.write(json.dumps([message.title, message.text]).encode())
            answers.append(process.stdout.readline().strip())

    talks = threading.Thread(target=talk, name="notification", daemon=True)
    talks.start()
    talks.join(_PROGRAM_PATIENCE)
    if answers == [SHOWN]:
        return True
    process.kill()
    return False
