"""`docs/fleet/install.sh` in a clean Debian, with the Debian package of this checkout."""

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.boxes import Box, debian
from tests.packages import built
from tests.servers import Server
from tests.windows_gaps import needs

pytestmark = [pytest.mark.timeout(900), needs("shell")]
SCRIPT = Path(__file__).parents[2] / "docs" / "fleet" / "install.sh"
ACCOUNT = "audit-export"
# A switch, and another time of day than the file has that is rolled out.
POLICY = "enabled = true\n[server]\nhost = '127.0.0.1:{port}'\npath = '.'\n[schedule]\nat = '03:00'\n"
SITE = "etc/xdg/audit-trails-exporter/policy.toml"
EVENT = {"createdAt": "2026-03-01T12:00:00Z", "entityType": "t", "entityName": "n", "actionType": "a"}


@pytest.fixture(scope="module")
def box() -> Iterator[Box]:
    with debian("atx-fleet") as machine:
        shutil.copy(built().package, machine.root / "root" / "new.deb")
        shutil.copy(SCRIPT, machine.root / "root" / "install.sh")
        machine.sh("apt-get update -qq")
        yield machine


@pytest.fixture(scope="module")
def fingerprint(sshd: Server) -> str:
    key = sshd.log.with_name("host_key.pub")
    listed = subprocess.run(["ssh-keygen", "-lf", key], capture_output=True, text=True, check=True)
    return listed.stdout.split()[1]


def install(box: Box, sshd: Server, fingerprint: str, password: str, code: int = 0) -> str:
    files = {
        "config.toml": f"version = 2\nenabled = true\n[export]\ninstance = 'box'\ntimezone = 'UTC'\n"
        f"[server]\nuser = '{sshd.user}'\nhmac = ['hmac-sha2-256']\n[schedule]\nat = '02:00'\n",
        "policy.toml": POLICY.format(port=sshd.port),
        "password": password + "\n",
    }
    for name, content in files.items():
        path = box.root / "root" / name
        path.write_text(content, encoding="utf-8")
        path.chmod(0o600)
    options = f"--package new.deb --user {ACCOUNT} --config config.toml --policy policy.toml"
    return box.sh(f"cd /root && ./install.sh {options} --fingerprint {fingerprint} <password", code=code)


def as_account(box: Box, command: str, code: int = 0) -> str:
    """What the account's program prints; the account has no login of its own."""
    home = f"/home/{ACCOUNT}"
    return box.sh(f"runuser -u {ACCOUNT} -- env -C {home} HOME={home} audit-trails-export {command}", code=code)


def test_another_server_gets_no_password(box: Box, sshd: Server) -> None:
    told = install(box, sshd, "SHA256:" + "A" * 43, sshd.password, code=76)
    assert "Nothing was changed." in told
    assert "Accepted password" not in sshd.log.read_text(encoding="utf-8")


def test_a_wrong_password_is_tried_once_and_never_at_night(box: Box, sshd: Server, fingerprint: str) -> None:
    told = install(box, sshd, fingerprint, "not it", code=77)
    assert f"not finished (exit code 77). The export of {ACCOUNT} is off, and nothing runs at night." in told
    assert "Failed password" in sshd.log.read_text(encoding="utf-8")
    assert sshd.log.read_text(encoding="utf-8").count("Failed password") == 1
    assert json.loads(as_account(box, "schedule show --json || test $? = 78"))["installed"] is False
    assert not (box.root / "var/lib/systemd/linger" / ACCOUNT).exists()
    assert "enabled = false" in box.sh(f"cat /home/{ACCOUNT}/.config/audit-trails-exporter/config.toml")
    assert (box.root / SITE).read_text(encoding="utf-8") == POLICY.format(port=sshd.port)


@pytest.mark.parametrize("options", ["--package", "--package --user x", "--config", "--else x"])
def test_an_option_without_a_value_is_wrong_usage(box: Box, options: str) -> None:
    assert "install.sh:" in box.sh(f"/root/install.sh {options}", code=2)


def test_it_ends_with_a_daily_task_that_works(box: Box, sshd: Server, fingerprint: str) -> None:
    told = install(box, sshd, fingerprint, sshd.password)
    assert "The daily task works" in told
    assert sshd.password not in told
    assert (box.root / SITE).read_text(encoding="utf-8") == POLICY.format(port=sshd.port)
    assert "= 03:00" in as_account(box, "config show")
    as_account(box, f"record <<'END'\n{json.dumps(EVENT)}\nEND")
    install(box, sshd, fingerprint, sshd.password)
    assert (sshd.folder / "audit-trails-box-2026-03-01.zip").exists()


def test_the_account_cannot_change_what_the_policy_fixes(box: Box) -> None:
    told = as_account(box, "config set server.path=/elsewhere", code=77)
    assert "/etc/xdg/audit-trails-exporter/policy.toml" in told


def test_a_purge_switches_off_what_the_installation_switched_on(box: Box) -> None:
    linger = box.root / "var/lib/systemd/linger" / ACCOUNT
    assert linger.exists()
    box.sh("DEBIAN_FRONTEND=noninteractive apt-get purge --yes --quiet audit-trails-export")
    assert not linger.exists()
    assert not (box.root / SITE).exists()
