"""The manifest by which winget installs the program (schema 1.6): for one user, and with --scope machine for all.

python resources/installer/winget.py INSTALLER URL FOLDER    of INSTALLER, which is to be had at URL, into FOLDER
"""

import hashlib
import sys
from pathlib import Path
from string import Template

from bundle_contents import version

_HEAD = """\
PackageIdentifier: AuditTrailsExport.AuditTrailsExport
PackageVersion: $version
"""
_FILES = {
    "": """\
DefaultLocale: en-US
ManifestType: version
ManifestVersion: 1.6.0
""",
    ".locale.en-US": """\
PackageLocale: en-US
Publisher: Audit Trails Export
PublisherSupportUrl: https://github.com/audit-trails-export/audit-trails-export/issues
PackageName: Audit Trails Export
PackageUrl: https://github.com/audit-trails-export/audit-trails-export
License: MIT
ShortDescription: Export of audit trails, every day, to an SFTP server
ManifestType: defaultLocale
ManifestVersion: 1.6.0
""",
    ".installer": """\
InstallerType: nullsoft
UpgradeBehavior: install
Commands:
- audit-trails-export
ExpectedReturnCodes:
- InstallerReturnCode: 1602
  ReturnResponse: cancelledByUser
- InstallerReturnCode: 1618
  ReturnResponse: packageInUse
- InstallerReturnCode: 1638
  ReturnResponse: alreadyInstalled
AppsAndFeaturesEntries:
- DisplayName: Audit Trails Export
  Publisher: Audit Trails Export
  ProductCode: AuditTrailsExport
Installers:
- Architecture: x64
  Scope: user
  InstallerUrl: $url
  InstallerSha256: $sha256
- Architecture: x64
  Scope: machine
  InstallerUrl: $url
  InstallerSha256: $sha256
  InstallerSwitches:
    Custom: /ALLUSERS
  ElevationRequirement: elevationRequired
ManifestType: installer
ManifestVersion: 1.6.0
""",
}


def write_manifest(installer: Path, url: str, folder: Path) -> None:
    """Write the three files of the manifest into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    sha256 = hashlib.sha256(installer.read_bytes()).hexdigest().upper()
    for kind, text in _FILES.items():
        filled = Template(_HEAD + text).substitute(version=version(), url=url, sha256=sha256)
        file = folder / f"AuditTrailsExport.AuditTrailsExport{kind}.yaml"
        file.write_text(filled, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    write_manifest(Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3]))
