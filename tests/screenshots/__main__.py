"""Takes the pictures: a process for each language, colour scheme and scale, over one server on loopback."""

import argparse
import itertools
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from desktop_app.cli.demo_server import DemoServer
from desktop_app.gui.widgets.colors import SCHEMES
from desktop_app.settings.paths import Paths
from tests.screenshots.names import lead_to
from tests.screenshots.past import FOLDER, HOST, USER, make_home, write_records
from tests.servers import asyncssh_server
from tests.translations.__main__ import SPOKEN

LANGUAGES, SCALES = SPOKEN, ("1", "2")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python3 dev.py screenshots", description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=Path("build/screenshots"))
    parser.add_argument("--languages", nargs="+", choices=LANGUAGES, default=LANGUAGES)
    parser.add_argument("--schemes", nargs="+", choices=SCHEMES, default=SCHEMES)
    parser.add_argument("--scales", nargs="+", default=SCALES)
    parser.add_argument("--size", default="1000x760", help="of the window, in pixels at 100 %%")
    given = parser.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    password = secrets.token_urlsafe(9)
    with tempfile.TemporaryDirectory(prefix="audit-trails-") as scratch:
        work = Path(scratch)
        served = work / "server"
        (served / FOLDER.lstrip("/")).mkdir(parents=True)
        write_records(work / "warehouse")
        with DemoServer(served, USER, password) as port, asyncssh_server(work / "other") as other:
            lead_to({HOST: port})
            make_home(Paths(work / "home", work / "home", work / "home"), password, work / "warehouse")

            def take(number: int, language: str, scheme: str, scale: str) -> int:
                home = work / f"home-{number}"
                shutil.copytree(work / "home", home)
                folder = given.folder / f"{language}-{scheme}-{scale}"
                folder.mkdir(exist_ok=True)
                environment = {
                    **os.environ,
                    "AUDIT_TRAILS_HOME": str(home),
                    "HOME": str(home),
                    "DBUS_SESSION_BUS_ADDRESS": "unix:path=/nonexistent",
                    "QT_QPA_PLATFORM": "offscreen",
                    "QT_SCALE_FACTOR": scale,
                    "SCREENSHOT_PASSWORD": password,
                }
                command = [sys.executable, "-m", "tests.screenshots.states", folder, language, scheme, given.size]
                command += [work / "warehouse", port, other.port]
                return subprocess.run([str(part) for part in command], env=environment, check=False).returncode

            shots = itertools.product(given.languages, given.schemes, given.scales)
            with ThreadPoolExecutor(2) as pool:
                codes = list(pool.map(lambda shot: take(shot[0], *shot[1]), enumerate(shots)))
    sys.exit(max(codes))


if __name__ == "__main__":
    main()
