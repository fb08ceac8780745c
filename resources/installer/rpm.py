"""The RPM packages, for Red Hat Enterprise Linux 9, Fedora, SUSE and their like."""

import platform
import shutil
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

from bundle_contents import CONTENTS, HERE, compression_level, version
from editions import WHOLE, Edition
from elf_needs import libraries_of_the_system, newest_glibc
from linux_tree import make_tree, script, settle

_COMPLETIONS = {
    "bash": "bash-completion/completions",
    "zsh": "zsh/site-functions",
    "fish": "fish/vendor_completions.d",
}
# An edition in whose place the other has come leaves the tasks and the running programs to it: the new package's
# files are there before the old one's script runs.
_GONE = '[ "$1" = 0 ] && [ ! -e /usr/share/doc/@OTHER@ ]'


def make_rpm(edition: Edition, bundle: Path, work: Path, dist: Path) -> Path:
    """Pack the bundle of an edition for RPM, and return the package. The same bundle makes the same bytes.

    Raises RuntimeError with what rpmbuild said.
    """
    folder = work / "rpm" / edition.name
    root = folder / "root"
    make_tree(edition, bundle, work, root, _COMPLETIONS)
    settle(root)
    spec = folder / f"{edition.name}.spec"
    spec.write_text(_spec(edition, root, bundle), encoding="utf-8")
    with TemporaryDirectory() as place:  # rpmbuild takes no folder with a space in its name
        top, made = Path(place), Path(place) / "made"
        (top / "tree").symlink_to(root)
        folders = {"_topdir": top, "_rpmdir": made, "_dbpath": top / "db", "tree": top / "tree"}
        defined = {**folders, "_buildhost": "localhost"}
        options = [part for name, value in defined.items() for part in ("--define", f"{name} {value}")]
        done = subprocess.run(
            ["rpmbuild", "-bb", "--target", platform.machine(), *options, spec],
            capture_output=True,
            text=True,
            check=False,
        )
        for package in made.glob("*.rpm"):
            shutil.move(package, dist / package.name)
    if done.returncode:
        raise RuntimeError(done.stdout + done.stderr)
    return dist / f"{edition.name}-{rpm_version()}-1.{platform.machine()}.rpm"


def rpm_version() -> str:
    """The version so that RPM orders it: 1.0rc1 and 1.0.dev1 before 1.0."""
    plain = version()
    for mark in (".dev", "a", "b", "rc"):
        plain = plain.replace(mark, f"~{mark.strip('.')}")
    return plain


def _spec(edition: Edition, root: Path, bundle: Path) -> str:
    text = (HERE / "rpm/package.spec").read_text(encoding="utf-8")
    needed = [f"{name}()(64bit)" for name in libraries_of_the_system(bundle, CONTENTS["linux"]["optional"])]
    needed += [f"libc.so.6(GLIBC_{newest_glibc(bundle)})(64bit)"]
    if edition is WHOLE:
        needed += ["xkeyboard-config"]
    values = {
        "NAME": edition.name,
        "OTHER": edition.other,
        "VERSION": rpm_version(),
        "SUMMARY": edition.summary[:1].upper() + edition.summary[1:],
        "DESCRIPTION": edition.description,
        "REQUIRES": "\n".join(f"Requires: {name}" for name in needed),
        "AFTER_INSTALL": _script("after-install", "true"),
        "BEFORE_REMOVAL": _script("before-removal", _GONE.replace("@OTHER@", edition.other)),
        "LEVEL": str(compression_level()),
        "FILES": "\n".join(_files(root)),
    }
    for name, value in values.items():
        text = text.replace(f"@{name}@", value)
    return text


def _script(name: str, condition: str) -> str:
    return (
        script(name, condition, "/dev/null").partition("\n")[2].replace("%", "%%")
    )  # without #!/bin/sh, which it is anyway


def _files(root: Path) -> list[str]:
    """What the package owns: each file, and the folders that are its alone."""
    own = ("usr/lib/audit-trails-export", "usr/share/doc/audit-trails-export")
    lines = []
    for path in sorted(root.rglob("*")):
        place = str(path.relative_to(root))
        if path.is_symlink() or not path.is_dir():
            lines.append(f'"/{place}"')
        elif place.startswith(own):
            lines.append(f'%dir "/{place}"')
    return lines
