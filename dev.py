#!/usr/bin/env python3
"""For people who work from a checkout: sets everything up, then does one thing.

    python3 dev.py demo            try the exporter, without a server
    python3 dev.py test [ARGS]     run all tests (ARGS are pytest's); tests/unit needs no system package
    python3 dev.py test --windows [ARGS]  run them in a Python for Windows, under Wine
    python3 dev.py test-on trixie  run them in a clean Debian of that release, all but e2e
    python3 dev.py lint            style, types (Linux and Windows), import directions, Windows wheels
    python3 dev.py bench [ARGS]    run the benchmarks
    python3 dev.py mutants [N]     change the program in N small ways, and see whether the tests notice
    python3 dev.py torture [ARGS]  kill, cut, damage and lie; then count what was lost and what came twice
    python3 dev.py translations    bring new texts into the Qt Linguist files, and compile those
    python3 dev.py build [NAME]    what admins install, in dist/: deb, rpm, portable (Linux), windows (where named)
    python3 dev.py screenshots [FOLDER]  take pictures of every state of the window
    python3 dev.py lock            pin the newest dependencies that fit

Needs Python 3.11 or newer and nothing else. What it sets up is in .venv; delete that to start over.
"""

import ctypes
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
RUN_LOCK, DEV_LOCK, MUTANTS_LOCK = (ROOT / "requirements" / f"{name}.txt" for name in ("run", "dev", "mutants"))

# What Qt's wheels leave to the system, by the library that shows that a Debian package is there.
QT_LIBRARIES = {
    "libglib-2.0.so.0": "libglib2.0-0",
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
    "libfontconfig.so.1": "libfontconfig1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
}

# What the tests talk to, by the program that shows that a Debian package is there.
SERVERS = {
    "sshd": "openssh-server",
    "sftp": "openssh-client",
    "rclone": "rclone",
}
TEST_PROGRAMS = SERVERS | {
    "sqlite3": "sqlite3",
    "zip": "zip",
    "unzip": "unzip",
    "7z": "p7zip-full",
    "bsdtar": "libarchive-tools",
    "dbus-run-session": "dbus",
    "gnome-keyring-daemon": "gnome-keyring",
    "man": "man-db",
    "desktop-file-validate": "desktop-file-utils",
    "appstreamcli": "appstream",
    "systemd-analyze": "systemd",
    "/lib/systemd/systemd-journal-remote": "systemd-journal-remote",
    "dunst": "dunst",
    "pg_ctlcluster": "postgresql",
    "mariadbd": "mariadb-server",
    "Xvfb": "xvfb",
}

# What a Windows asks of the Linux around it, likewise; tests/tools/windows-python installs the Windows.
AROUND_WINDOWS = SERVERS | {"Xvfb": "xvfb"}

# What clean Debian systems are made with, likewise.
BOX_PROGRAMS = {"debootstrap": "debootstrap", "systemd-nspawn": "systemd-container"}

# What the tests of packages, of whole systems and of Windows want beyond that, likewise.
E2E_PROGRAMS = BOX_PROGRAMS | {
    "wine": "wine",
    "xdotool": "xdotool",
    "makensis": "nsis",
    "lintian": "lintian",
}

# What pictures are written in, likewise, by a font's file.
FONTS = {"/usr/share/fonts/opentype/ipafont-gothic/ipag.ttf": "fonts-ipafont-gothic"}

# What makes the packages, likewise.
BUILD_PROGRAMS = {
    "icupkg": "icu-devtools",
    "ld": "binutils",
    "xz": "xz-utils",
    "dpkg-deb": "dpkg",
    "rpmbuild": "rpm",
    f"libpython3.{sys.version_info.minor}.so.1.0": f"libpython3.{sys.version_info.minor}",
}

# What makes the installer for Windows on Debian, likewise, beyond what tests/tools/windows-python installs itself.
WINDOWS_BUILD_PROGRAMS = {"makensis": "nsis"}

# What each kind of tests, a folder in tests, talks to.
NEEDS = {
    "unit": {},
    "gui": {"sshd": "openssh-server", "ssh-keygen": "openssh-client"} | QT_LIBRARIES,
    "integration": TEST_PROGRAMS | QT_LIBRARIES,
    "e2e": TEST_PROGRAMS | E2E_PROGRAMS | BUILD_PROGRAMS | QT_LIBRARIES,
}

# Two processes, each file of tests in one of them, in the order of the folders: the longest first, so that neither
# waits for the other in the end. Where one crashes, that is the end: xdist would wait for ever.
IN_TWO_PROCESSES = ["-n", "2", "--dist", "loadfile", "--no-loadscope-reorder", "--max-worker-restart", "0"]


def main() -> int:
    command, *arguments = sys.argv[1:] or ["--help"]
    if sys.version_info < (3, 11):
        sys.exit(f"This needs Python 3.11 or newer; {sys.executable} is {sys.version.split()[0]}.")
    match command:
        case "demo":
            set_up(RUN_LOCK)
            return run(PYTHON, "-m", "desktop_app.cli", "demo", *arguments)
        case "test" if arguments[:1] == ["--windows"]:
            set_up(DEV_LOCK)
            install_system_packages(AROUND_WINDOWS)
            return run(PYTHON, "-m", "tests.on_windows", *arguments[1:])
        case "test":
            set_up(DEV_LOCK)
            needs = needs_of(arguments)
            install_system_packages(needs)
            without_qt = [] if needs.keys() & QT_LIBRARIES.keys() else ["-p", "no:pytest-qt"]
            return run(PYTHON, "-m", "pytest", *without_qt, *(arguments or IN_TWO_PROCESSES))
        case "test-on" if arguments:
            set_up(DEV_LOCK)
            install_system_packages(BOX_PROGRAMS)
            return run(PYTHON, "-m", "tests.on_debian", *arguments)
        case "lint":
            set_up(DEV_LOCK)
            return lint()
        case "bench":
            set_up(DEV_LOCK)
            install_system_packages(TEST_PROGRAMS | E2E_PROGRAMS)
            return run(PYTHON, "-m", "tests.benchmarks", *arguments)
        case "mutants":
            set_up(DEV_LOCK)
            set_up(MUTANTS_LOCK, "--no-deps")
            install_system_packages(TEST_PROGRAMS)
            return run(PYTHON, "-m", "tests.mutants", *arguments)
        case "torture":
            set_up(DEV_LOCK)
            install_system_packages(TEST_PROGRAMS)
            return run(PYTHON, "-m", "tests.torture", *arguments)
        case "translations":
            set_up(DEV_LOCK)
            return run(PYTHON, "-m", "tests.translations")
        case "build":
            set_up(DEV_LOCK)
            ours = {} if arguments == ["windows"] else BUILD_PROGRAMS | QT_LIBRARIES
            install_system_packages(ours | (WINDOWS_BUILD_PROGRAMS if "windows" in arguments else {}))
            return run(PYTHON, ROOT / "resources" / "installer" / "build.py", *arguments)
        case "screenshots":
            set_up(DEV_LOCK)
            install_system_packages(TEST_PROGRAMS | E2E_PROGRAMS | QT_LIBRARIES | FONTS)
            return run(PYTHON, "-m", "tests.screenshots", *arguments)
        case "lock":
            set_up(DEV_LOCK)
            return lock()
        case _:
            print(__doc__)
            return 0 if command in ("-h", "--help", "help") else 2


def set_up(lock_file: Path, *options: str) -> None:
    """Make .venv with the packages of a lock file, unless it has them; an interrupted set-up is made again."""
    wanted = hashlib.sha256(lock_file.read_bytes() + (ROOT / "pyproject.toml").read_bytes()).hexdigest()
    stamp = VENV / f"{lock_file.stem}.stamp"
    if PYTHON.exists() and stamp.exists() and stamp.read_text(encoding="utf-8") == wanted:
        return
    if not PYTHON.exists() or not (VENV / "made.stamp").exists():
        make_venv()
    say(f"Installing the packages of {lock_file.relative_to(ROOT)} …")
    wheels = ("--quiet", "--require-hashes", "--only-binary=:all:", *options)
    step(PYTHON, "-m", "pip", "install", *wheels, "-r", lock_file)
    if lock_file == DEV_LOCK:
        step(PYTHON, "-m", "pip", "install", "--quiet", "--no-deps", "--no-build-isolation", "--editable", ROOT)
    stamp.write_text(wanted, encoding="utf-8")


def make_venv() -> None:
    if importlib.util.find_spec("ensurepip") is None:
        install_debian_packages(["python3-venv"])
    say("Making .venv …")
    step(sys.executable, "-m", "venv", "--clear", VENV)
    (VENV / "made.stamp").write_text(sys.version, encoding="utf-8")


def needs_of(arguments: list[str]) -> dict[str, str]:
    """What the tests that pytest's arguments name talk to; all tests where they name none."""
    paths = [Path(argument.partition("::")[0]) for argument in arguments if not argument.startswith("-")]
    kinds = [NEEDS.keys() & path.parts for path in paths if (ROOT / path).exists()]
    wanted = set().union(*kinds) if kinds and all(kinds) else NEEDS
    return {name: package for kind in wanted for name, package in NEEDS[kind].items()}


def install_system_packages(wanted: dict[str, str]) -> None:
    """Install the Debian packages that are missing. Elsewhere the tests say what they miss."""
    if sys.platform != "linux":
        return
    there = (has_program, has_library, has_file)
    missing = [package for name, package in wanted.items() if not any(has(name) for has in there)]
    if missing:
        install_debian_packages(missing)


def has_program(name: str) -> bool:
    path = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin"])
    return shutil.which(name, path=path) is not None


def has_file(name: str) -> bool:
    return Path(name).is_absolute() and Path(name).exists()


def has_library(name: str) -> bool:
    if ".so." not in name:
        return False
    try:
        ctypes.CDLL(name)
    except OSError:
        return False
    return True


def install_debian_packages(packages: list[str]) -> None:
    """Through apt-get where this user may; otherwise end with the command that an administrator can run."""
    command = ["apt-get", "install", "--yes", "--no-install-recommends", *packages]
    if shutil.which("apt-get") is None:
        sys.exit(f"Missing on this system: {', '.join(packages)} (by the names that Debian gives them).")
    prefix: list[str] = []
    if os.geteuid() != 0:
        prefix = ["sudo", "--non-interactive"]
        if shutil.which("sudo") is None or subprocess.run([*prefix, "true"], capture_output=True).returncode:
            sys.exit(
                f"System packages are missing. Install them, then run this again:\n  sudo {' '.join(command)}"
            )
    say(f"Installing the system packages {', '.join(packages)} …")
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    step(*prefix, "apt-get", "update", env=quiet)
    step(*prefix, *command, env=quiet)


def lint() -> int:
    checks = [
        (BIN / "ruff", "check", "."),
        (BIN / "ruff", "format", "--check", "."),
        (BIN / "mypy", "--platform", "linux"),
        (BIN / "mypy", "--platform", "win32"),
        (BIN / "lint-imports", "--no-cache"),
        # Whether a Windows computer can install every pinned package without a compiler.
        *(
            (
                *(
                    BIN / "uv",
                    "pip",
                    "install",
                    "--dry-run",
                    "--quiet",
                    "--no-config",
                    "--only-binary",
                    ":all:",
                ),
                *("--python", PYTHON, "--python-platform", "windows", "--python-version", version),
                *("--target", ROOT / "build" / "windows", "--require-hashes", "-r", DEV_LOCK),
            )
            for version in ("3.11", "3.13")
        ),
    ]
    return max([run(*check) for check in checks])


def lock() -> int:
    common = ("pip", "compile", "--universal", "--python-version", "3.11", "--generate-hashes", "--upgrade")
    quiet = ("--quiet", "--no-header", "--no-annotate", "--no-config", "--only-binary", ":all:")
    project = ROOT / "pyproject.toml"
    whole = (project, "--extra", "gui", "--extra", "cluster", "--group", f"{project}:dev")
    return max(
        run(BIN / "uv", *common, *quiet, *whole, "-o", DEV_LOCK),
        # What is installed is what was tested: no version but those of the tests.
        run(BIN / "uv", *common, *quiet, project, "--constraint", DEV_LOCK, "-o", RUN_LOCK),
        run(BIN / "uv", *common, *quiet, "--no-deps", "--group", f"{project}:mutants", "-o", MUTANTS_LOCK),
    )


def run(*command: "str | Path") -> int:
    """Run a tool in the checkout; its output is ours, and so is its exit code."""
    return subprocess.run([str(part) for part in command], cwd=ROOT, check=False).returncode


def step(*command: "str | Path", env: "dict[str, str] | None" = None) -> None:
    """Run a part of the set-up quietly; end with what it said when it fails."""
    done = subprocess.run(
        [str(part) for part in command],
        cwd=ROOT,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    if done.returncode:
        tail = done.stdout.decode(errors="replace").splitlines()[-15:]
        sys.exit("\n".join([*tail, f"This step of the set-up failed: {' '.join(map(str, command))}"]))


def say(message: str) -> None:
    print(message, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
