"""The Debian package."""

import gzip
import os
import re
import shutil
import subprocess
import sys
from email.utils import formatdate
from pathlib import Path

from bundle import make_icons
from bundle_contents import HERE, ROOT, version

_NAME = "audit-trails-export"
_LIB = f"usr/lib/{_NAME}"
_SCRIPTS = ("postinst", "prerm", "postrm")
_COMPLETIONS = {
    "bash": "bash-completion/completions",
    "zsh": "zsh/vendor-completions",
    "fish": "fish/vendor_completions.d",
}
_CHANGELOG = """\
{name} ({version}) stable; urgency=medium

  * The changes are listed in CHANGELOG.md beside this file.

 -- {maintainer}  {date}
"""
_COPYRIGHT = """\
Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: Audit Trails Export
Comment: The works of others in the package and their licences are in /usr/lib/audit-trails-export/bundle/licences.

Files: *
Copyright: The contributors to Audit Trails Export
License: Expat
"""


def make_deb(bundle: Path, work: Path, dist: Path) -> Path:
    """Pack `bundle` with what a Debian desktop wants, and return the package.

    The same bundle makes the same bytes.
    """
    root = work / "deb"
    shutil.rmtree(root, ignore_errors=True)
    shutil.copytree(bundle, root / _LIB / "bundle", symlinks=True)
    _link_programs(root)
    _desktop(root, work)
    _manuals(root, work)
    _documents(root)
    _settle(root)
    _control(root)
    package = dist / f"{_NAME}_{debian_version()}_{_architecture()}.deb"
    command = ["dpkg-deb", "--root-owner-group", "-Zxz", "-z6", "--build", root, package]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return package


def debian_version() -> str:
    """The version so that Debian orders it: 1.0rc1 and 1.0.dev1 before 1.0."""
    plain = version()
    for mark in (".dev", "a", "b", "rc"):
        plain = plain.replace(mark, f"~{mark.strip('.')}")
    return plain


def _link_programs(root: Path) -> None:
    """`current` is made on the user's system; see debian/postinst."""
    (root / "usr/bin").mkdir(parents=True)
    for program in ("audit-trails", "audit-trails-export"):
        (root / "usr/bin" / program).symlink_to(f"../lib/{_NAME}/current/{program}")


def _desktop(root: Path, work: Path) -> None:
    make_icons(work / "icons")
    shutil.copytree(work / "icons" / "hicolor", root / "usr/share/icons/hicolor")
    _copy(HERE / "linux/audit-trails.desktop", root / "usr/share/applications")
    _copy(HERE / "linux/audit-trails.metainfo.xml", root / "usr/share/metainfo")


def _manuals(root: Path, work: Path) -> None:
    made = work / "manuals"
    subprocess.run([sys.executable, HERE / "make_manuals.py", made], cwd=ROOT, check=True)
    for page in sorted((made / "man1").iterdir()):
        _zip(page.read_bytes(), root / "usr/share/man/man1" / f"{page.name}.gz")
    for shell, folder in _COMPLETIONS.items():
        shutil.copytree(made / "completion" / shell, root / "usr/share" / folder)


def _documents(root: Path) -> None:
    folder = root / "usr/share/doc" / _NAME
    for document in ("README.md", "CHANGELOG.md"):
        _copy(ROOT / document, folder)
    date = formatdate(int(os.environ["SOURCE_DATE_EPOCH"]))
    log = _CHANGELOG.format(name=_NAME, version=debian_version(), maintainer=_maintainer(), date=date)
    _zip(log.encode(), folder / "changelog.gz")
    licence = (ROOT / "LICENSE").read_text(encoding="utf-8")
    lines = [f" {line}" if line else " ." for line in licence.splitlines()]
    (folder / "copyright").write_text(_COPYRIGHT + "\n".join(lines) + "\n", encoding="utf-8")
    overrides = root / "usr/share/lintian/overrides" / _NAME
    overrides.parent.mkdir(parents=True)
    shutil.copy(HERE / "debian/lintian-overrides", overrides)


def _settle(root: Path) -> None:
    epoch = int(os.environ["SOURCE_DATE_EPOCH"])
    for path in root.rglob("*"):
        if not path.is_symlink():
            is_program = _LIB in str(path) and os.access(path, os.X_OK)
            path.chmod(0o755 if path.is_dir() or is_program else 0o644)
        os.utime(path, (epoch, epoch), follow_symlinks=False)


def _control(root: Path) -> None:
    kibibytes = sum(path.lstat().st_size for path in root.rglob("*") if path.is_file()) // 1024
    folder = root / "DEBIAN"
    folder.mkdir(mode=0o755)
    text = (HERE / "debian/control").read_text(encoding="utf-8")
    text = text.format(version=debian_version(), architecture=_architecture(), kibibytes=kibibytes)
    text = re.sub(r"(?<=,)\n(?= )", "", text)  # in a package a list is one line
    (folder / "control").write_text(text, encoding="utf-8")
    for script in _SCRIPTS:
        text = (HERE / "debian" / script).read_text(encoding="utf-8")
        (folder / script).write_text(text.replace("@VERSION@", debian_version()), encoding="utf-8")
        (folder / script).chmod(0o755)
    sums = [path for path in sorted(root.rglob("*")) if path.is_file() and not path.is_symlink()]
    names = [str(path.relative_to(root)) for path in sums if folder not in path.parents]
    listed = subprocess.run(["md5sum", *names], cwd=root, capture_output=True, check=True)
    (folder / "md5sums").write_bytes(listed.stdout)
    os.utime(folder, (int(os.environ["SOURCE_DATE_EPOCH"]),) * 2)


def _maintainer() -> str:
    text = (HERE / "debian/control").read_text(encoding="utf-8")
    return next(line.removeprefix("Maintainer: ") for line in text.splitlines() if line.startswith("Maintainer: "))


def _architecture() -> str:
    command = ["dpkg", "--print-architecture"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def _copy(file: Path, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(file, folder)


def _zip(content: bytes, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(gzip.compress(content, compresslevel=9, mtime=0))
