"""The Windows installer, compiled by NSIS (makensis), which runs on Linux too.

python resources/installer/windows.py BUNDLE ICON VERSION INSTALLER    over whatever BUNDLE holds
"""

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
    """Write `installer`, which installs the files of `bundle`. Raises CalledProcessError with what NSIS said."""
    defined = {
        "VERSION": version,
        "VERSION_NUMBERS": ".".join([*(part for part in version.split(".") if part.isdigit()), *"0000"][:4]),
        "BUNDLE": bundle.resolve(),
        "ICON": icon.resolve(),
        "OUTPUT": installer.resolve(),
    }
    options = [f"-D{name}={value}" for name, value in defined.items()]
    command = ["makensis", "-V2", "-WX", "-INPUTCHARSET", "UTF8", *options, HERE / "windows" / "installer.nsi"]
    subprocess.run(command, check=True)


if __name__ == "__main__":
    compile_installer(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], Path(sys.argv[4]))
