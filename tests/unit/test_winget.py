import hashlib
import subprocess
import sys
from pathlib import Path

import yaml

from desktop_app import __version__

SCRIPT = Path(__file__).parents[2] / "resources" / "installer" / "winget.py"
URL = "https://downloads.example.com/setup.exe"


def test_the_manifest_names_the_installer_for_one_user_and_for_all(tmp_path: Path) -> None:
    setup = tmp_path / "setup.exe"
    setup.write_bytes(b"the installer")
    subprocess.run([sys.executable, SCRIPT, setup, URL, tmp_path / "manifest"], check=True)
    documents = [yaml.safe_load(file.read_text(encoding="utf-8")) for file in (tmp_path / "manifest").iterdir()]
    assert {each["ManifestType"] for each in documents} == {"version", "defaultLocale", "installer"}
    assert {each["PackageVersion"] for each in documents} == {__version__}
    (manifest,) = (each for each in documents if each["ManifestType"] == "installer")
    sha256 = hashlib.sha256(b"the installer").hexdigest().upper()
    assert [(each["Scope"], each["InstallerUrl"], each["InstallerSha256"]) for each in manifest["Installers"]] == [
        ("user", URL, sha256),
        ("machine", URL, sha256),
    ]
