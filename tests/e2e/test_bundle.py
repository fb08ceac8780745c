"""The bundle as it was built here: the exporter from it does all that it does from a checkout."""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from PyInstaller.archive.readers import ZlibArchiveReader

from desktop_app import __version__
from tests.e2e.conftest import Program
from tests.packages import Built, built
from tests.servers import Server, program, wait_until
from tests.x_display import is_shown, x_display

pytestmark = pytest.mark.timeout(900)
MB = 1_000_000


@dataclass(frozen=True)
class Bundled(Program):
    """The bundle's exporter, with its own home folder."""

    exporter: Path

    def command(self, *arguments: str) -> list[str]:
        return [str(self.exporter), *arguments]


@pytest.fixture(scope="module")
def bundle() -> Built:
    return built()


@pytest.fixture
def exporter(bundle: Built, tmp_path: Path) -> Bundled:
    return Bundled(tmp_path / "home", bundle.exporter)


def test_it_is_small(bundle: Built) -> None:
    files = [path for path in bundle.bundle.rglob("*") if path.is_file() and not path.is_symlink()]
    assert sum(path.stat().st_size for path in files) < 150 * MB
    assert bundle.package.stat().st_size < 70 * MB  # with little compression


def native_files(folder: Path) -> list[Path]:
    files = [path for path in folder.rglob("*") if path.is_file() and not path.is_symlink()]
    return [path for path in files if path.open("rb").read(4) == b"\x7fELF"]


def test_it_needs_no_newer_glibc_than_red_hat_9_has(bundle: Built) -> None:
    for path in native_files(bundle.bundle):
        said = subprocess.run(["objdump", "-T", path], capture_output=True, text=True, check=False).stdout
        asked = re.findall(r"\*UND\*.*\(GLIBC_2\.(\d+)[\d.]*\) +(\S+)", said)
        newer = [(name, minor) for minor, name in asked if int(minor) > 34]
        assert newer == [], path


@dataclass(frozen=True)
class Licences:
    """The list of licences: a line for each work, and by library the works in it."""

    works: list[str]
    libraries: dict[str, list[str]]

    def have(self, work: str) -> bool:
        return any(line.lower().startswith((f"{work.lower()} ", f"{work.lower()}: ")) for line in self.works)


@pytest.fixture(scope="module")
def licences(bundle: Built) -> Licences:
    works, _, libraries = (bundle.bundle / "licences/LIST.txt").read_text(encoding="utf-8").partition("\n\n")
    named = dict(line.split(": ", 1) for line in libraries.splitlines()[1:])
    return Licences(works.splitlines()[1:], {library: names.split(", ") for library, names in named.items()})


def test_every_native_library_is_in_the_list_of_licences(bundle: Built, licences: Licences) -> None:
    internal = bundle.bundle / "_internal"
    assert {str(path.relative_to(internal)) for path in native_files(internal)} <= licences.libraries.keys()
    named = {work for works in licences.libraries.values() for work in works}
    assert [work for work in named if not licences.have(work)] == []


# What tells in a library that a work is linked into it, unless that is a file of its own.
MARKS = {
    b"OpenSSL 4": "OpenSSL",
    b"isal_deflate": "ISA-L",
    b"ffi_prep_closure": "libffi",
    b"sodium_memzero": "libsodium",
    b"yaml_parser": "LibYAML",
    b"expat_2.": "Expat",
    b"mpd_qadd": "libmpdec",
    b"/rustc/": "Rust and its crates",
}


def test_works_that_are_linked_into_a_library_are_in_the_list_of_licences(
    bundle: Built, licences: Licences
) -> None:
    internal, found = bundle.bundle / "_internal", set()
    for path in native_files(internal):
        library, content = str(path.relative_to(internal)), path.read_bytes()
        for mark, work in MARKS.items():
            if path.name.startswith("lib") or f"{work.lower()}.so".encode() in content:
                continue
            if mark in content:
                assert work in licences.libraries[library], (library, work)
                found.add(work)
    assert {"OpenSSL", "ISA-L", "libffi", "libsodium", "LibYAML", "Rust and its crates"} <= found


def test_every_module_has_its_work_in_the_list_of_licences(bundle: Built, licences: Licences) -> None:
    owners = packages_distributions()
    not_of_a_package = {*sys.stdlib_module_names, "__future__", "desktop_app", "_pyi_rth_utils"}
    modules = ZlibArchiveReader(str(bundle.bundle / "_internal" / "modules.pyz")).toc
    tops = {name.partition(".")[0] for name in modules if not name.startswith("_sysconfigdata")}
    assert {"desktop_app", "sqlalchemy", "click"} <= tops
    for top in tops - not_of_a_package:
        assert any(licences.have(name) for name in owners[top]), top
    for folder in (bundle.bundle / "licences").iterdir():
        if folder.is_dir():
            assert sum(file.stat().st_size for file in folder.iterdir()) > 500, folder


def test_texts_that_the_lgpl_asks_for_are_in_it(bundle: Built) -> None:
    for text in ("LGPL-3.0.txt", "GPL-3.0.txt", "paramiko/LICENSE", "inside/ICU.txt", "libssl3/copyright"):
        assert (bundle.bundle / "licences" / text).stat().st_size > 500


def test_lgpl_libraries_are_files_that_can_be_replaced(bundle: Built, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    subprocess.run(["cp", "--archive", "--link", bundle.bundle, copy], check=True)
    shutil.rmtree(copy / "_internal/paramiko")
    own = "raise SystemExit('another paramiko')"
    (copy / "_internal/paramiko.py").write_text(own, encoding="utf-8")
    done = subprocess.run([copy / "audit-trails-export", "demo"], capture_output=True, text=True, check=False)
    assert done.stderr.strip() == "another paramiko"


def test_it_exports_to_openssh(exporter: Bundled, sshd: Server, served: Path) -> None:
    assert exporter.run("--version") == f"audit-trails-export {__version__}\n"
    exporter.configure(sshd, served.name)
    event = {"createdAt": "2026-03-01T12:00:00Z", "entityType": "t", "entityName": "n", "actionType": "a"}
    exporter.run("record", stdin=json.dumps(event).encode())
    assert exporter.json("run")["outcome"] == "delivered"
    assert (served / "audit-trails-ws-2026-03-01.zip").exists()
    exporter.run("verify", "--to", "2026-03-01", str(served))


def test_it_is_the_second_process_for_a_long_input(exporter: Bundled, tmp_path: Path) -> None:
    event = {"createdAt": "2026-03-01T12:00:00Z", "entityType": "t", "entityName": "n" * 2000, "actionType": "a"}
    file = tmp_path / "events.jsonl"
    file.write_bytes((json.dumps(event).encode() + b"\n") * 10_000)
    assert file.stat().st_size > 1 << 24
    assert exporter.run("record", str(file)) == "10,000 events stored.\n"


def test_the_demo_runs(exporter: Bundled) -> None:
    for format_ in ("json", "cef"):
        assert "as archived" in exporter.run("demo", "--format", format_)


def test_the_keyring_of_a_desktop_is_used(exporter: Bundled) -> None:
    exporter.run("config", "set", "server.host=h.example.com", "server.user=u", "server.path=/x")
    with tempfile.TemporaryDirectory(prefix="home-", ignore_cleanup_errors=True) as home:
        unlocked = "printf login | gnome-keyring-daemon --unlock --components=secrets >&2 && "
        program("gnome-keyring-daemon")
        done = subprocess.run(
            [
                *(program("dbus-run-session"), "--", "sh", "-c", unlocked + '"$@"', "sh"),
                *exporter.command("config", "password"),
            ],
            input=b"secret\n",
            env={**os.environ, "AUDIT_TRAILS_HOME": str(exporter.home), "HOME": home, "XDG_RUNTIME_DIR": home},
            capture_output=True,
            check=True,
        )
    assert b"Secret Service" in done.stdout + done.stderr
    assert not (exporter.home / "secrets.toml").exists()


@pytest.fixture
def display() -> Iterator[str]:
    with x_display() as name:
        yield name


def test_the_form_opens(exporter: Bundled, bundle: Built, display: str) -> None:
    environment = {**exporter.environment, "DISPLAY": display, "QT_QPA_PLATFORM": "xcb", "LANG": "de_DE.UTF-8"}
    form = subprocess.Popen([bundle.form], env=environment, stderr=subprocess.PIPE)
    try:
        wait_until(
            lambda: form.poll() is not None or is_shown(display, "Audit Trails"),
            "a window",
            60,
        )
        assert form.poll() is None, form.stderr and form.stderr.read()
    finally:
        form.terminate()
        _, errors = form.communicate(timeout=30)
    assert b"Traceback" not in errors, errors
