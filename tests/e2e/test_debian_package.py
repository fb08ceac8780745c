"""The Debian package in a clean Debian: installed, used by a daily task, upgraded in mid-run, removed."""

import json
import shutil
import subprocess
from collections.abc import Iterator
from typing import Any

import pytest

from tests.boxes import Box, debian
from tests.packages import Built, built, older
from tests.servers import Server, program, wait_until

pytestmark = pytest.mark.timeout(900)
USER = "anna"
BASE = "usr/lib/audit-trails-export"
# Recommended, or only suggested: Qt does without.
OPTIONAL = ("libqgtk3.so",)


@pytest.fixture(scope="module")
def package() -> Built:
    return built()


@pytest.fixture(scope="module")
def box(package: Built, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Box]:
    """A clean system with an older version installed, and the new one in /root."""
    with debian("atx-package") as machine:
        shutil.copy(package.package, machine.root / "root/new.deb")
        shutil.copy(older(package.package, tmp_path_factory.mktemp("older")), machine.root / "root/old.deb")
        machine.sh("apt-get update -qq")
        machine.sh("apt-get install -y --no-install-recommends /root/old.deb")
        yield machine


def test_lintian_finds_no_error(package: Built) -> None:
    command = [program("lintian"), "--allow-root", "--fail-on", "error", package.package]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_it_needs_no_python_and_all_libraries_are_there(box: Box) -> None:
    box.sh("command -v python3", code=1)
    box.login(USER, "audit-trails-export --version && audit-trails-export demo")
    libraries = "find . -type f -name '*.so*' -exec ldd {} +"
    listed = box.sh(f"cd /{BASE}/current && LD_LIBRARY_PATH=$PWD/_internal {libraries} 2>/dev/null")
    missing = set()
    for line in listed.splitlines():
        if line.startswith("./"):
            place = line.rstrip(":")
        elif "not found" in line:
            missing.add(place)
    assert [place for place in missing if not place.endswith(OPTIONAL)] == []


def test_time_zones_are_in_it(box: Box) -> None:
    box.sh("mv /usr/share/zoneinfo /usr/share/zoneinfo.away")
    try:
        box.login(USER, "AUDIT_TRAILS_HOME=$HOME/z audit-trails-export config set export.timezone=Pacific/Chatham")
    finally:
        box.sh("mv /usr/share/zoneinfo.away /usr/share/zoneinfo")


def test_manuals_menu_icons_and_completion_are_where_a_system_looks(box: Box) -> None:
    for place in (
        "man/man1/audit-trails.1.gz",
        "man/man1/audit-trails-export.1.gz",
        "applications/audit-trails.desktop",
        "metainfo/audit-trails.metainfo.xml",
        "icons/hicolor/48x48/apps/audit-trails.png",
        "icons/hicolor/scalable/apps/audit-trails.svg",
        "bash-completion/completions/audit-trails-export",
        "zsh/vendor-completions/_audit-trails-export",
        "fish/vendor_completions.d/audit-trails-export.fish",
        "doc/audit-trails-export/copyright",
    ):
        assert (box.root / "usr/share" / place).stat().st_size > 100, place


@pytest.fixture(scope="module")
def daily(box: Box, sshd: Server) -> Server:
    """The server that the daily task of USER exports to, as the command line has set it up."""
    settings = f"server.host=127.0.0.1:{sshd.port} server.user={sshd.user} server.path=. export.instance=box"
    box.login(USER, f"audit-trails-export config set {settings} export.timezone=UTC")
    box.login(USER, f"echo {sshd.password} | audit-trails-export config password")
    box.login(USER, "audit-trails-export trust --yes")
    box.login(USER, f"echo '{event(1)}' | audit-trails-export record")
    box.login(USER, "audit-trails-export config set enabled=true")
    box.login(USER, "mkdir 'an other'; cp .config/audit-trails-exporter/* 'an other'")
    box.login(USER, "audit-trails-export --home 'an other' schedule install")
    return sshd


def event(day: int) -> str:
    kind = {"entityType": "t", "entityName": "n", "actionType": "a"}
    return json.dumps({"createdAt": f"2026-03-{day:02}T12:00:00Z", **kind})


def asked(box: Box, command: str) -> Any:
    return json.loads(box.login(USER, f"audit-trails-export {command} --json 2>/dev/null"))


@pytest.fixture(scope="module")
def others(box: Box, daily: Server) -> None:
    """Tasks of users whom a removal finds in other ways: one of the system, and one whose manager does not run."""
    settings = f"server.host=127.0.0.1:{daily.port} server.user={daily.user} server.path=."
    box.sh(f"useradd --create-home served; su served -c 'audit-trails-export config set {settings}'")
    box.sh("audit-trails-export schedule install --for served")
    box.login("idle", f"audit-trails-export config set {settings} enabled=true")
    box.sh("loginctl disable-linger idle; systemctl stop user@$(id -u idle)")


# Like a directory service that does not list its users, among whom is USER.
UNLISTED = f"""#!/bin/sh
case $# in
1) /usr/bin/getent passwd | grep -v ^{USER}: ;;
*) exec /usr/bin/getent "$@" ;;
esac
"""


def test_the_daily_task_exports(box: Box, daily: Server) -> None:
    box.login(USER, "audit-trails-export schedule run")
    assert (daily.folder / "audit-trails-box-2026-03-01.zip").exists()
    assert asked(box, "schedule show")["problem"] is None


def test_an_upgrade_keeps_everything_and_disturbs_nothing(box: Box, daily: Server) -> None:
    """`record` waits for its input meanwhile; most of what it imports, it imports after that."""
    history, settings = asked(box, "history"), asked(box, "config show")
    record = "audit-trails-export record <events >said 2>&1; echo $? >code"
    in_background = "systemd-run --user --working-directory=$HOME --unit"
    box.login(USER, f"mkfifo events; {in_background} recorder sh -c '{record}'")
    box.login(USER, f"{in_background} holder sh -c 'exec sleep 600 >events'")
    versions = box.root / BASE / "versions"
    (old,) = versions.iterdir()
    box.sh("apt-get install -y --no-install-recommends /root/new.deb")
    assert len(list(versions.iterdir())) == 2
    home = box.root / "home" / USER
    box.login(USER, f"echo '{event(2)}' >events; systemctl --user stop holder")
    wait_until((home / "code").exists, "record to end")
    assert (home / "code").read_text().strip() == "0", (home / "said").read_text()

    assert asked(box, "history") == history
    assert asked(box, "config show") == settings
    assert asked(box, "schedule show")["problem"] is None
    box.login(USER, "audit-trails-export schedule run")
    assert (daily.folder / "audit-trails-box-2026-03-02.zip").exists()
    box.sh("dpkg-reconfigure audit-trails-export")
    assert not old.exists()
    assert len(list(versions.iterdir())) == 1


def test_removal_takes_the_tasks_and_leaves_the_data(box: Box, daily: Server, others: None) -> None:
    home = box.root / "home" / USER
    getent = box.root / "usr/local/sbin/getent"
    getent.write_text(UNLISTED, encoding="utf-8")
    getent.chmod(0o755)
    path = "/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin"
    assert len(list(home.rglob("audit-trails-export*.timer"))) == 2 * 2  # each is linked to where it is wanted
    assert (box.root / "etc/systemd/system/audit-trails-export-served.timer").exists()
    box.sh(f"apt-get -o DPkg::Path={path} remove -y audit-trails-export")
    assert list((box.root / "home").rglob("audit-trails-export*.timer")) == []
    assert "audit-trails" not in box.sh("ls -R /etc/systemd/system; systemctl list-timers --all")
    assert "audit-trails" not in box.login(USER, "systemctl --user list-timers --all")
    assert (home / ".config/audit-trails-exporter/config.toml").exists()
    assert (home / ".local/share/audit-trails-exporter/trails.db").exists()


def test_after_a_purge_nothing_is_left(box: Box, daily: Server) -> None:
    box.sh("apt-get purge -y audit-trails-export")
    left = box.sh(
        "find / -xdev -name '*audit-trails*' -not -path '/home/*' -not -path '/root/*'"
        " -not -path '/proc/*' -not -path '/sys/*'"
    )
    assert left.splitlines() == []
