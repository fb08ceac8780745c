"""The exporter alone and the RPM packages in a clean system: what they bring along, one in the other's place."""

import shutil
import subprocess
from collections.abc import Iterator

import pytest

from desktop_app import __version__
from tests.boxes import Box, debian
from tests.packages import Built, built, built_headless

pytestmark = pytest.mark.timeout(900)
USER = "anna"
WHOLE, HEADLESS = "audit-trails-export", "audit-trails-export-headless"
SETTINGS = "server.host=h.example.com server.user=u server.path=. export.instance=box enabled=true"
POLICY = "etc/xdg/audit-trails-exporter/policy.toml"


@pytest.fixture(scope="module")
def editions() -> dict[str, Built]:
    return {WHOLE: built(), HEADLESS: built_headless()}


@pytest.fixture(scope="module")
def box(editions: dict[str, Built]) -> Iterator[Box]:
    with debian("atx-editions") as machine:
        for name, edition in editions.items():
            shutil.copy(edition.package, machine.root / "root" / f"{name}.deb")
            shutil.copy(edition.rpm, machine.root / "root" / f"{name}.rpm")
        machine.sh("apt-get update -qq")
        yield machine


def apt(box: Box, command: str) -> None:
    box.sh(f"apt-get {command}")


def tasks(box: Box) -> list[str]:
    """The timers of USER, where they are and where they are wanted."""
    return sorted(path.name for path in (box.root / "home" / USER).rglob("audit-trails-export*.timer"))


def prepare_task(box: Box) -> None:
    box.login(
        USER, f"echo secret | audit-trails-export config password; audit-trails-export config set {SETTINGS}"
    )
    assert len(tasks(box)) == 2


def assert_it_works(box: Box) -> None:
    assert box.login(USER, "audit-trails-export --version") == f"audit-trails-export {__version__}\n"
    assert "as archived" in box.login(USER, "audit-trails-export demo 2>&1")
    assert len(tasks(box)) == 2


def test_a_server_gets_nothing_of_a_desktop(box: Box) -> None:
    before = set(box.sh("dpkg-query --show --showformat '${Package}\n'").split())
    apt(box, f"install -y --no-install-recommends /root/{HEADLESS}.deb")
    added = set(box.sh("dpkg-query --show --showformat '${Package}\n'").split()) - before
    assert added <= {HEADLESS, "libgcc-s1", "zlib1g"}
    box.sh("command -v audit-trails", code=1)
    prepare_task(box)
    assert_it_works(box)


def test_either_package_takes_the_place_of_the_other(box: Box) -> None:
    (box.root / POLICY).parent.mkdir(parents=True, exist_ok=True)
    (box.root / POLICY).write_text("[export]\nformat = 'json'\n")
    for new, old in ((WHOLE, HEADLESS), (HEADLESS, WHOLE)):
        apt(box, f"install -y --no-install-recommends /root/{new}.deb")
        box.sh(f"dpkg-query --show --showformat '${{db:Status-Status}}' {old} | grep -qx installed", code=1)
        apt(box, f"purge -y {old}")
        assert (box.root / POLICY).exists()
        assert_it_works(box)
        assert (box.root / "usr/bin/audit-trails").is_symlink() == (new == WHOLE)


def test_after_a_purge_of_the_exporter_nothing_is_left(box: Box) -> None:
    apt(box, f"purge -y {HEADLESS}")
    assert tasks(box) == []
    left = "find / -xdev -name '*audit-trails*' -not -path '/home/*' -not -path '/root/*' -not -path '/proc/*'"
    assert box.sh(f"{left} -not -path '/sys/*'").splitlines() == []


@pytest.fixture(scope="module")
def rpm_box(box: Box) -> Box:
    """The same system, with rpm, whose own packages it does not know."""
    apt(box, "install -y --no-install-recommends rpm")
    return box


def asked(editions: dict[str, Built], name: str, question: str) -> list[str]:
    command = ["rpm", "--query", "--package", question, editions[name].rpm]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()


def test_the_rpm_asks_for_libraries_by_name_and_for_glibc_2_34(editions: dict[str, Built]) -> None:
    needed = [
        line for line in asked(editions, HEADLESS, "--requires") if not line.startswith(("rpmlib(", "/bin/sh"))
    ]
    assert "libc.so.6(GLIBC_2.34)(64bit)" in needed
    assert [name for name in needed if name.startswith(("libX", "libGL", "libxcb", "libQt"))] == []
    assert {"libX11.so.6()(64bit)", "libEGL.so.1()(64bit)"} <= set(asked(editions, WHOLE, "--requires"))
    assert asked(editions, WHOLE, "--conflicts") == [HEADLESS]


def test_the_rpm_has_what_the_debian_package_has(editions: dict[str, Built]) -> None:
    for name in (WHOLE, HEADLESS):
        listed = {
            line for line in asked(editions, name, "--list") if line.startswith("/usr/lib/audit-trails-export/")
        }
        bundle = editions[name].bundle
        files = {f"/usr/lib/audit-trails-export/bundle/{path.relative_to(bundle)}" for path in bundle.rglob("*")}
        assert files <= listed


def test_the_rpm_is_installed_replaced_and_removed(rpm_box: Box) -> None:
    box = rpm_box
    shutil.rmtree(box.root / "home" / USER / ".config", ignore_errors=True)
    box.sh(f"rpm --install --nodeps /root/{HEADLESS}.rpm")
    prepare_task(box)
    assert_it_works(box)
    box.sh(f"rpm --upgrade --nodeps --replacepkgs /root/{HEADLESS}.rpm")  # the scripts of an upgrade
    assert_it_works(box)
    # As package managers do it in one go: the new one comes, then the old one goes.
    box.sh(f"rpm --install --nodeps --replacefiles /root/{WHOLE}.rpm")
    box.sh(f"rpm --erase {HEADLESS}")
    assert_it_works(box)
    assert (box.root / "usr/bin/audit-trails").is_symlink()
    box.sh(f"rpm --erase {WHOLE}")
    assert tasks(box) == []
    assert not (box.root / "usr/lib/audit-trails-export").exists()
