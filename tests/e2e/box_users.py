"""Users of a Debian of its own, who never open a session, and the program as they start it there."""

import json
import shlex
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.boxes import Box
from tests.servers import Server, wait_until

CHECKOUT = Path(__file__).parents[2]
PROGRAM = "/opt/audit-trails/bin/audit-trails-export"
PACKAGES = "python3 python3-venv cron polkitd dbus-daemon"
EVENT = {
    "createdAt": "2026-11-20T10:00:00Z",
    "entityType": "Configuration",
    "entityName": "Wi-Fi",
    "actionType": "Edit",
}
FIRST_UID = 58_000  # other tests kill what runs as users whom this computer made itself


def install_program(box: Box, folder: Path) -> Path:
    """Put the program into a virtual environment of the box, as pip installs its wheel there, which is built in
    `folder`; where the packages are."""
    box.sh(f"apt-get -qq update && apt-get -qqy install --no-install-recommends {PACKAGES}")
    box.sh("python3 -m venv /opt/audit-trails")
    uv = Path(sys.executable).with_name("uv")
    (packages,) = box.root.glob("opt/audit-trails/lib/python*/site-packages")
    locked = ("--only-binary", ":all:", "--require-hashes", "-r", CHECKOUT / "requirements/run.txt")
    into = ("--target", packages, "--python-version", packages.parent.name.removeprefix("python"))
    subprocess.run([uv, "pip", "install", "--quiet", "--no-config", *into, *locked], check=True)
    build = ("build", "--quiet", "--no-config", "--wheel", "--no-build-isolation", "--out-dir", folder)
    subprocess.run([uv, *build, CHECKOUT], check=True)
    (wheel,) = folder.glob("*.whl")
    (box.root / "opt" / wheel.name).write_bytes(wheel.read_bytes())
    box.sh(f"/opt/audit-trails/bin/pip install --quiet --no-deps --no-index /opt/{wheel.name}")
    return packages


@dataclass
class User:
    """A user of the box, who never opens a session, and the program as that user starts it."""

    box: Box
    server: Server
    name: str
    uid: int
    environment: dict[str, str] = field(default_factory=dict)

    @property
    def home(self) -> Path:
        return self.box.root / "home" / self.name

    def sh(self, command: str, code: int = 0) -> str:
        """What a command line prints. Nothing of PAM or logind is asked: there is no session."""
        where = {"HOME": f"/home/{self.name}", "USER": self.name, "XDG_RUNTIME_DIR": f"/run/user/{self.uid}"}
        words = [f"{name}={value}" for name, value in {**where, **self.environment}.items()]
        return self.box.sh(
            f"cd /home/{self.name} && setpriv --reuid {self.uid} --regid {self.uid} --init-groups env -i"
            f" PATH=/usr/bin:/bin LANG=C.UTF-8 {shlex.join(words)} sh -c {shlex.quote(command)}",
            code,
        )

    def export(self, *arguments: str, stdin: str = "", code: int = 0) -> str:
        """What the program prints; it must end with `code`."""
        said = self.sh(f"printf %s {shlex.quote(stdin)} | {PROGRAM} {shlex.join(arguments)}", code)
        assert "Traceback" not in said
        return said

    def task(self) -> Any:
        return json.loads(self.sh(f"{PROGRAM} schedule show --json 2>/dev/null || test $? = 78"))

    def configure(self, keep_in: str | None = None) -> None:
        """Everything but the switch, and one event that waits."""
        server = self.server
        self.export(
            *("config", "set", f"server.host=127.0.0.1:{server.port}", f"server.user={server.user}"),
            *("server.path=.", f"export.instance={self.name}"),
        )
        choice = ["--keep-in", keep_in] if keep_in else []
        self.export("config", "password", *choice, stdin=server.password)
        self.export("trust", "--yes")
        self.record()

    def record(self) -> None:
        self.export("record", stdin=json.dumps(EVENT))

    def has_delivered(self, archives: int = 1) -> bool:
        return len(list(self.server.folder.glob(f"audit-trails-{self.name}-*.zip"))) >= archives

    def has_own_bus(self) -> "User":
        """The same user on the session bus of the own systemd manager, which is there without a login."""
        self.sh(f"loginctl enable-linger {self.name}")
        wait_until(lambda: "yes" in self.sh(f"test -S /run/user/{self.uid}/bus && echo yes || true"), "the bus")
        address = {"DBUS_SESSION_BUS_ADDRESS": f"unix:path=/run/user/{self.uid}/bus"}
        return User(self.box, self.server, self.name, self.uid, {**self.environment, **address})


class Users:
    """Makes a user of the box for each name."""

    def __init__(self, box: Box, server: Server) -> None:
        self._box, self._server, self._made = box, server, 0

    def new(self, name: str, **environment: str) -> User:
        self._made += 1
        uid = FIRST_UID + self._made
        self._box.sh(f"useradd --uid {uid} --user-group --create-home --shell /bin/sh {name}")
        return User(self._box, self._server, name, uid, environment)
