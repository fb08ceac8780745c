"""Takes the pictures: a process for each language, colour scheme and scale, each with its server on loopback. It
names what is cut off, overlaps or is faint in any of them, and fails then."""

import argparse
import itertools
import json
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
_SCREEN = {"name": "screen", "x": 0, "y": 0, "width": 3840, "height": 2160, "logicalDpi": 96}

Shot = tuple[str, str, str]


def pairs() -> list[Shot]:
    """Of all languages, schemes and scales the fewest shots in which each two of them meet."""
    numbered = itertools.product(enumerate(LANGUAGES), enumerate(SCHEMES))
    return [(language, scheme, SCALES[(one + other) % 2]) for (one, language), (other, scheme) in numbered]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python3 dev.py screenshots", description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=Path("build/screenshots"))
    parser.add_argument("--languages", nargs="+", choices=LANGUAGES, default=LANGUAGES)
    parser.add_argument("--schemes", nargs="+", choices=SCHEMES, default=SCHEMES)
    parser.add_argument("--scales", nargs="+", default=SCALES)
    parser.add_argument("--pairs", action="store_true", help="only as many as each two of these meet in")
    parser.add_argument("--jobs", type=int, default=4, help="how many windows at once")
    parser.add_argument("--size", default="1000x760", help="of the window, in pixels at 100 %%")
    given = parser.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    password = secrets.token_urlsafe(9)
    with tempfile.TemporaryDirectory(prefix="audit-trails-") as scratch:
        work = Path(scratch)
        screen = work / "screen.json"  # Qt's own has no room for a window at 200 %
        screen.write_text(json.dumps({"screens": [{**_SCREEN, "logicalBaseDpi": 96, "dpr": 1}]}))
        served = work / "server"
        (served / FOLDER.lstrip("/")).mkdir(parents=True)
        write_records(work / "warehouse")
        with DemoServer(served, USER, password) as port:
            lead_to({HOST: port})
            make_home(Paths(work / "home", work / "home", work / "home"), password, work / "warehouse")

        def take(number: int, language: str, scheme: str, scale: str, other: int) -> int:
            home, own = work / f"home-{number}", work / f"server-{number}"
            shutil.copytree(work / "home", home)
            shutil.copytree(served, own)
            folder = given.folder / f"{language}-{scheme}-{scale}"
            folder.mkdir(exist_ok=True)
            environment = {
                **os.environ,
                "AUDIT_TRAILS_HOME": str(home),
                "HOME": str(home),
                "DBUS_SESSION_BUS_ADDRESS": "unix:path=/nonexistent",
                "QT_QPA_PLATFORM": f"offscreen:configfile={screen}",
                "QT_SCALE_FACTOR": scale,
                "SCREENSHOT_PASSWORD": password,
            }
            command = [sys.executable, "-m", "tests.screenshots.states", folder, language, scheme, given.size]
            with DemoServer(own, USER, password) as port:
                command += [work / "warehouse", port, other]
                return subprocess.run([str(part) for part in command], env=environment, check=False).returncode

        wanted = itertools.product(given.languages, given.schemes, given.scales)
        shots = pairs() if given.pairs else list(wanted)
        with asyncssh_server(work / "other") as other, ThreadPoolExecutor(given.jobs) as pool:
            codes = list(pool.map(lambda shot: take(shot[0], *shot[1], other.port), enumerate(shots)))
    sys.exit(max(codes))


if __name__ == "__main__":
    main()
