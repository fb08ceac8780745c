"""What an installation is called where nobody has chosen a name."""

import getpass
import hashlib
import os
import re
import socket
import sys

_LONGEST = 63


def default_instance() -> str:
    """This computer's name, with its domain where it says that, and this user's: other computers, and other
    accounts of this one, get other names.

    There is a dash for what can't be in any file name; where that, or a cut, could make two names one, a hash of
    the whole name is at the end.
    """
    user = _user()
    whole = f"{socket.gethostname().lower()}_{user if sys.platform != 'win32' else user.lower()}"
    name = re.sub(r"[^a-z0-9._-]+", "-", whole.lower())
    if name == whole and re.fullmatch(r"[a-z0-9].*[a-z0-9]", name) and len(name) <= _LONGEST:
        return name
    digest = hashlib.sha256(whole.encode(errors="surrogatepass")).hexdigest()[:8]
    return f"{name[: _LONGEST - 9].strip('._-') or 'computer'}-{digest}"


def earlier_default_instance() -> str:
    """The same as earlier versions had it: only the computer's name, without its domain."""
    name = socket.gethostname().partition(".")[0].lower()
    return re.sub(r"[^a-z0-9_-]+", "-", name)[:_LONGEST].strip("-_") or "computer"


def _user() -> str:
    """This account's name, or its number where it has none; not what the environment says on Linux, which differs
    between a session and a scheduler."""
    if sys.platform != "win32":
        import pwd

        try:
            return pwd.getpwuid(os.geteuid()).pw_name
        except KeyError:
            return str(os.geteuid())
    try:
        return getpass.getuser()
    except (OSError, ImportError):  # Python 3.11 and 3.12 look for a module of Unix
        return ""
