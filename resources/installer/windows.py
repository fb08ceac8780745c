"""The Windows installer, compiled by NSIS (makensis), which runs on Linux too.

python resources/installer/windows.py BUNDLE ICON VERSION INSTALLER    over whatever BUNDLE holds

ATX_SIGN=COMMAND signs programs, uninstaller and installer: it is started by the shell with the file as its last
argument, and signs that in place.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from bundle_contents import HERE, version
from editions import Edition


def make_installer(edition: Edition, bundle: Path, work: Path, dist: Path) -> Path:
    """Pack the Windows bundle of an edition, and return the installer."""
    installer = dist / f"{edition.name}-{version()}-windows-x64-setup.exe"
    compile_installer(bundle, work / "icons" / "audit-trails.ico", version(), installer)
    return installer


def compile_installer(bundle: Path, icon: Path, version: str, installer: Path) -> None:
    """Write `installer`, which installs the files of `bundle`. Raises CalledProcessError with what was said."""
    sign = os.environ.get("ATX_SIGN")
    for each in sorted(bundle.glob("*.exe")) if sign else ():
        subprocess.run(f'{sign} "{each.resolve()}"', shell=True, check=True)
    defined = {
        "VERSION": version,
        "VERSION_NUMBERS": ".".join([*(part for part in version.split(".") if part.isdigit()), *"0000"][:4]),
        "BUNDLE": bundle.resolve(),
        "ICON": icon.resolve(),
        "OUTPUT": installer.resolve(),
        **({"SIGN": sign} if sign else {}),
    }
    options = [f"-D{name}={value}" for name, value in defined.items()]
    command = [
        find_makensis(),
        "-V2",
        "-WX",
        "-INPUTCHARSET",
        "UTF8",
        *options,
        HERE / "windows" / "installer.nsi",
    ]
    subprocess.run(command, check=True)


def find_makensis() -> str:
    """NSIS's compiler: on the search path, or where its own installer puts it. Ends the build without one."""
    usual = Path(os.environ.get("PROGRAMFILES(X86)", "")) / "NSIS" / "makensis.exe"
    if found := shutil.which("makensis"):
        return found
    if usual.is_absolute() and usual.exists():
        return str(usual)
    sys.exit("makensis, which makes the installer for Windows, is missing. Install NSIS 3 (Debian: nsis).")


if __name__ == "__main__":
    compile_installer(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], Path(sys.argv[4]))
