"""The user's own manager of systemd: whether it runs without a login, and whether it can be spoken to."""

import os
import pwd
import sys
import time

from desktop_app.schedule.processes import ask

assert sys.platform != "win32"  # there is no systemd there, and mypy need not look

_POLL = 0.2  # seconds
_SLOW_START = 20.0


def environment() -> dict[str, str]:
    """Where it listens, also for a process that no login started."""
    return {"XDG_RUNTIME_DIR": os.environ.get("XDG_RUNTIME_DIR") or f"/run/user/{os.geteuid()}"}


def can_be_reached() -> bool:
    """Whether it can be spoken to. One that runs without a login may be about to start, and is waited for."""
    deadline = time.monotonic() + _SLOW_START
    while not _answers():
        if not lingers() or time.monotonic() > deadline:
            return False
        time.sleep(_POLL)
    return True


def lingers() -> bool:
    """Whether it runs without a login."""
    answer = ask(("loginctl", "show-user", "--property=Linger", "--value", str(os.geteuid())))
    return answer.said.strip() == b"yes"


def switch_linger_on() -> bool:
    """Have it run without a login; whether that worked."""
    return ask(("loginctl", "enable-linger", _own_name())).code == 0 and can_be_reached()


def switch_linger_off() -> bool:
    """Have it end with the last login, as before; whether that worked."""
    return ask(("loginctl", "disable-linger", _own_name())).code == 0


def _answers() -> bool:
    return ask(("systemctl", "--user", "show-environment"), environment=environment()).code == 0


def _own_name() -> str:
    """This user, whom loginctl wants to be named where there is no session."""
    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        return str(os.geteuid())
