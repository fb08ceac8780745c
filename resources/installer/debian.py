"""The Debian packages."""

import os
import shutil
import subprocess
import tomllib
from email.utils import formatdate
from pathlib import Path

from bundle_contents import CONTENTS, HERE, ROOT, compression_level, version
from editions import Edition
from elf_needs import libraries_of_the_system, newest_glibc
from linux_tree import make_tree, script, settle, write_zipped

_COMPLETIONS = {
    "bash": "bash-completion/completions",
    "zsh": "zsh/vendor-completions",
    "fish": "fish/vendor_completions.d",
}
# apt removes an edition before it brings the other in its place.
_TAKEN = "/var/lib/audit-trails-export/tasks"
# For dpkg's script, the one of linux/ that it is made of, and when that has something to do.
_SCRIPTS = {
    "postinst": ("after-install", "true"),
    "prerm": ("before-removal", '[ "$1" = remove ]'),
    "postrm": ("after-purge", '[ "$1" = purge ] && [ ! -e /usr/share/doc/@OTHER@ ]'),
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


def make_deb(edition: Edition, bundle: Path, work: Path, dist: Path) -> Path:
    """Pack the bundle of an edition with what Debian wants, and return the package.

    The same bundle makes the same bytes.
    """
    root = work / "deb" / edition.name
    make_tree(edition, bundle, work, root, _COMPLETIONS)
    _documents(root, edition)
    settle(root)
    _control(root, edition, bundle)
    package = dist / f"{edition.name}_{debian_version()}_{_architecture()}.deb"
    command = ["dpkg-deb", "--root-owner-group", "-Zxz", f"-z{compression_level()}", "--build", root, package]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return package


def debian_version() -> str:
    """The version so that Debian orders it: 1.0rc1 and 1.0.dev1 before 1.0."""
    plain = version()
    for mark in (".dev", "a", "b", "rc"):
        plain = plain.replace(mark, f"~{mark.strip('.')}")
    return plain


def _documents(root: Path, edition: Edition) -> None:
    folder = root / "usr/share/doc" / edition.name
    date = formatdate(int(os.environ["SOURCE_DATE_EPOCH"]))
    log = _CHANGELOG.format(name=edition.name, version=debian_version(), maintainer=_maintainer(), date=date)
    write_zipped(log.encode(), folder / "changelog.gz")
    licence = _indented((ROOT / "LICENSE").read_text(encoding="utf-8"))
    (folder / "copyright").write_text(_COPYRIGHT + licence + "\n", encoding="utf-8")
    overrides = root / "usr/share/lintian/overrides" / edition.name
    overrides.parent.mkdir(parents=True)
    shutil.copy(HERE / "debian/lintian-overrides", overrides)


def _control(root: Path, edition: Edition, bundle: Path) -> None:
    kibibytes = sum(path.lstat().st_size for path in root.rglob("*") if path.is_file()) // 1024
    folder = root / "DEBIAN"
    folder.mkdir(mode=0o755)
    text = (HERE / "debian/control").read_text(encoding="utf-8")
    text = text.format(
        package=edition.name,
        version=debian_version(),
        architecture=_architecture(),
        kibibytes=kibibytes,
        relations=_relations(edition, bundle),
        other=edition.other,
        summary=edition.summary,
        description=_indented(edition.description),
    )
    (folder / "control").write_text(text, encoding="utf-8")
    for name, (source, condition) in _SCRIPTS.items():
        text = script(source, condition.replace("@OTHER@", edition.other), _TAKEN)
        (folder / name).write_text(text, encoding="utf-8")
        (folder / name).chmod(0o755)
    sums = [path for path in sorted(root.rglob("*")) if path.is_file() and not path.is_symlink()]
    names = [str(path.relative_to(root)) for path in sums if folder not in path.parents]
    listed = subprocess.run(["md5sum", *names], cwd=root, capture_output=True, check=True)
    (folder / "md5sums").write_bytes(listed.stdout)
    for path in (folder, *folder.iterdir()):
        os.utime(path, (int(os.environ["SOURCE_DATE_EPOCH"]),) * 2)


def _relations(edition: Edition, bundle: Path) -> str:
    listed = tomllib.loads((HERE / "debian/relations.toml").read_text(encoding="utf-8"))
    needed = libraries_of_the_system(bundle, CONTENTS["linux"]["optional"])
    packages = listed[edition.name]
    packages["Depends"] += [package for library, package in listed["libraries"].items() if library in needed]
    lines = [f"{relation}: {', '.join(names)}" for relation, names in packages.items()]
    return "\n".join(lines).format(glibc=newest_glibc(bundle))


def _indented(text: str) -> str:
    """Lines as a field of a control file continues them."""
    return "\n".join(f" {line}" if line else " ." for line in text.splitlines())


def _maintainer() -> str:
    text = (HERE / "debian/control").read_text(encoding="utf-8")
    return next(line.removeprefix("Maintainer: ") for line in text.splitlines() if line.startswith("Maintainer: "))


def _architecture() -> str:
    command = ["dpkg", "--print-architecture"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
