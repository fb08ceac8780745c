"""The bundle as it was built here: the exporter from it does all that it does from a checkout."""

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from desktop_app import __version__
from tests.e2e.conftest import Program
from tests.packages import Built, built
from tests.servers import Server, program, wait_until

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
    assert sum(path.stat().st_size for path in files) < 120 * MB
    assert bundle.package.stat().st_size < 45 * MB


def test_licences_of_all_are_in_it(bundle: Built) -> None:
    folder = bundle.bundle / "licences"
    named = (folder / "LIST.txt").read_text(encoding="utf-8")
    for work in ("paramiko", "pyside6_essentials", "cryptography", "python", "libssl3", "libsqlite3-0"):
        assert f"\n{work} " in named
    for text in (
        "LGPL-3.0.txt",
        "paramiko/LICENSE",
        "ICU.txt",
        "libssl3/copyright",
        "audit-trails-export/LICENSE",
    ):
        assert (folder / text).stat().st_size > 500


def test_lgpl_libraries_are_files_that_can_be_replaced(bundle: Built, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    subprocess.run(["cp", "--archive", "--link", bundle.bundle, copy], check=True)
    shutil.rmtree(copy / "_internal/paramiko")
    own = "raise SystemExit('another paramiko')"
    (copy / "_internal/paramiko.py").write_text(own, encoding="utf-8")
    done = subprocess.run([copy / "audit-trails-export", "demo"], capture_output=True, text=True, check=False)
    assert done.stderr.strip() == "another paramiko"


def test_it_exports_to_openssh(exporter: Bundled, sshd: Server, exports: Path) -> None:
    assert exporter.run("--version") == f"audit-trails-export {__version__}\n"
    exporter.configure(sshd, exports.name)
    event = {"createdAt": "2026-03-01T12:00:00Z", "entityType": "t", "entityName": "n", "actionType": "a"}
    exporter.run("record", stdin=json.dumps(event).encode())
    assert exporter.json("run")["outcome"] == "delivered"
    assert (exports / "audit-trails-ws-2026-03-01.zip").exists()
    exporter.run("verify", str(exports))


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
    """A screen of its own."""
    read, write = os.pipe()
    # Without -noreset it begins anew whenever the only client has gone, and drops who comes meanwhile.
    command = [
        program("Xvfb"),
        "-noreset",
        "-displayfd",
        str(write),
        "-screen",
        "0",
        "1280x800x24",
        "-nolisten",
        "tcp",
    ]
    server = subprocess.Popen(command, pass_fds=[write], stderr=subprocess.DEVNULL)
    os.close(write)
    try:
        with os.fdopen(read) as said:
            yield f":{said.readline().strip()}"
    finally:
        server.terminate()
        server.wait()


def test_the_form_opens(exporter: Bundled, bundle: Built, display: str) -> None:
    environment = {**exporter.environment, "DISPLAY": display, "QT_QPA_PLATFORM": "xcb", "LANG": "de_DE.UTF-8"}
    find = [program("xdotool"), "search", "--onlyvisible", "--name", "^Audit Trails"]
    form = subprocess.Popen([bundle.form], env=environment, stderr=subprocess.PIPE)
    try:
        wait_until(
            lambda: (
                form.poll() is not None or bool(subprocess.run(find, env=environment, capture_output=True).stdout)
            ),
            "a window",
            60,
        )
        assert form.poll() is None, form.stderr and form.stderr.read()
    finally:
        form.terminate()
        _, errors = form.communicate(timeout=30)
    assert b"Traceback" not in errors, errors
