"""The daily task under the real systemd and the real cron of a Debian of its own, for users who never logged in.

The tests are in the order in which they must run: what waits for the time of day is set up first, and looked at
last.
"""

import json
import os
import re
import shlex
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path

import PySide6
import pytest
import shiboken6

from tests.boxes import TOOL, Box, debian
from tests.e2e.box_users import CHECKOUT, EVENT, PROGRAM, User, Users, install_program
from tests.servers import Server, wait_until
from tests.windows_gaps import needs

pytestmark = [
    pytest.mark.timeout(600),
    needs("systemd"),
]

PACKAGES = "libgcr-base-3-1 p11-kit"
# What Qt wants of a screen's libraries, without the drivers behind them: nothing is drawn on a screen.
SCREEN = (
    "libgl1 libegl1 libglvnd0 libglx0 libx11-6 libxcb1 libxau6 libxdmcp6 libbsd0 libmd0 libexpat1"
    " libfontconfig1 libfreetype6 libpng16-16 libbrotli1 libxkbcommon0"
)
KEYRING = "gnome-keyring"  # without its prompts and their 60 packages: nobody is there to answer them
ODD_FOLDER = """we ird %h $HOME 'q' "d" ümläut"""
TABLE = b"# mine\r\n\n5 5 * * * echo 100\\% \xff\xfe\nMAILTO=nobody\nSHELL=/bin/false\n#last, not ended"


@pytest.fixture(scope="module")
def box(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Box]:
    """A system with the program, and with what Qt and a desktop's keyring want."""
    with debian(f"daily-task-{CHECKOUT.name}") as made:
        packages = install_program(made, tmp_path_factory.mktemp("wheel"))
        made.sh(f"apt-get -qqy install --no-install-recommends {PACKAGES}")
        made.sh(f"cd /tmp && apt-get -qq download {KEYRING} && dpkg --force-depends --install {KEYRING}_*.deb")
        made.sh(
            f"mkdir /tmp/screen && cd /tmp/screen && apt-get -qq download {SCREEN}"
            " && dpkg --force-depends --install *.deb"
        )
        for package in (PySide6, shiboken6):  # as they are here: they fit any Python of this kind
            folder = Path(package.__file__).parent
            subprocess.run(["cp", "--archive", "--reflink=auto", folder, packages / folder.name], check=True)
        yield made


@pytest.fixture(scope="module")
def users(box: Box, sshd: Server) -> Users:
    return Users(box, sshd)


def soon() -> str:
    """A time of day that leaves half a minute to set up."""
    return (datetime.now() + timedelta(seconds=90)).strftime("%H:%M")


@pytest.fixture(scope="module")
def by_timer(users: Users) -> User:
    user = users.new("timed")
    user.configure()
    assert "by systemd" in user.export(
        "config", "set", "enabled=true", "schedule.spread=0m", f"schedule.at={soon()}"
    )
    return user


@pytest.fixture(scope="module")
def by_cron(users: Users) -> User:
    user = users.new("croned", AUDIT_TRAILS_SCHEDULER="cron", AUDIT_TRAILS_HOME="/home/croned/" + ODD_FOLDER)
    (user.home / "table").write_bytes(TABLE)
    user.sh("crontab table")
    user.configure()
    assert "by cron" in user.export("config", "set", "enabled=true", "schedule.spread=0m", f"schedule.at={soon()}")
    return user


@pytest.fixture(scope="module")
def run_by_cron(users: Users) -> Iterator["Future[str]"]:
    """What `schedule run` prints, which waits for cron's next minute."""
    user = users.new("cronrun", AUDIT_TRAILS_SCHEDULER="cron")
    user.configure()
    user.export("config", "set", "enabled=true")
    with ThreadPoolExecutor() as waiting:
        yield waiting.submit(user.export, "schedule", "run")


def work_with_form(user: User, tamper: str) -> dict[str, str]:
    """What the form said on its way: saved, tampered with by the command line `tamper`, next, tested."""
    driver = user.box.root / "opt" / "form_driver.py"
    driver.write_bytes(Path(__file__).with_name(driver.name).read_bytes())
    user.record()
    given = (f"127.0.0.1:{user.server.port}", user.server.user, user.name, tamper)
    said = user.sh(
        f"printf %s {shlex.quote(user.server.password)} | QT_QPA_PLATFORM=offscreen"
        f" /opt/audit-trails/bin/python /opt/{driver.name} {shlex.join(given)}"
    )
    assert "Traceback" not in said
    return dict(json.loads(said.splitlines()[-1]))


@pytest.fixture(scope="module")
def form_with_cron(users: Users) -> Iterator["Future[tuple[User, dict[str, str]]]"]:
    """The form that had cron start the task, which waits for cron's next minute."""
    user = users.new("cronform", AUDIT_TRAILS_SCHEDULER="cron")
    with ThreadPoolExecutor() as waiting:
        yield waiting.submit(lambda: (user, work_with_form(user, "crontab -r")))


def test_what_fires_later_is_set_up(
    by_timer: User, by_cron: User, run_by_cron: "Future[str]", form_with_cron: "Future[object]"
) -> None:
    for user, scheduler in ((by_timer, "systemd"), (by_cron, "cron")):
        task = user.task()
        assert (task["scheduler"], task["installed"], task["problem"]) == (scheduler, True, None)
        assert not user.has_delivered()
    assert by_timer.sh("loginctl list-sessions --no-legend").strip() == ""


def test_schedule_run_has_systemd_start_the_task_and_waits_for_it(users: Users) -> None:
    user = users.new("odd", AUDIT_TRAILS_HOME="/home/odd/" + ODD_FOLDER)
    user.configure()
    user.export("config", "set", "enabled=true")
    assert "delivered, 1 event" in user.export("schedule", "run")
    assert user.has_delivered()
    units = ".config/systemd/user/audit-trails-export-*.*er*"
    assert user.sh(f"systemd-analyze --user verify {units}") == ""
    user.export("config", "set", "server.path=no-such-folder")
    user.record()
    assert "no-such-folder" in user.export("schedule", "run", code=78)
    assert "The last run failed" in user.export("status", "--check", code=78)

    user.export("config", "set", "enabled=false")
    assert user.sh("find . -path '*systemd*' -type f").strip() == ""
    assert user.sh("loginctl show-user --property=Linger --value odd || true").strip() != "yes"


def test_a_task_that_somebody_changed_is_noticed_and_mended(users: Users) -> None:
    user = users.new("tampered")
    user.configure()
    user.export("config", "set", "enabled=true", "schedule.at=02:00", "schedule.spread=0m")
    units = f"/home/{user.name}/.config/systemd/user/audit-trails-export"
    for change in (
        f"systemctl --user stop {Path(units).name}.timer",
        f"systemctl --user disable {Path(units).name}.timer",
        f"sed -i s/02:00/03:00/ {units}.timer",
        f"mkdir {units}.timer.d; printf '[Timer]\\nOnCalendar=03:00\\n' >{units}.timer.d/override.conf",
        f"sed -i /NoNewPrivileges/d {units}.service",
        f"rm {units}.timer {units}-start.service {units}.service {units}-failed.service",
    ):
        user.sh(change)
        assert user.task()["problem"], change
        assert user.export("status", "--check", code=78)
        user.export("schedule", "install")
        assert user.task()["problem"] is None, change


def test_the_form_mends_tests_and_removes_the_task_of_systemd(users: Users) -> None:
    user = users.new("atform")
    seen = work_with_form(user, "systemctl --user --quiet disable --now audit-trails-export.timer")
    assert "systemd" in seen["next"]
    assert "audit-trails-export.timer is not" in seen["tampered"]
    assert "The daily task works." in seen["tested"] and "1 event delivered." in seen["tested"]
    assert user.has_delivered()
    assert not user.task()["installed"]
    assert user.sh("find . -path '*systemd*' -type f").strip() == ""


def test_the_service_can_write_to_our_folders_alone(users: Users) -> None:
    user = users.new("closed")
    user.configure()
    user.export("config", "set", "enabled=true")
    ours = "/home/closed/.local/share/audit-trails-exporter"
    tries = " ".join(f"touch {place}/written;" for place in ("/home/closed", "/var/tmp", "/tmp"))
    drop_in = f"[Service]\nExecStart=\nExecStart=/bin/sh -c '{tries} cat /proc/self/status >{ours}/status'\n"
    folder = user.home / ".config/systemd/user/audit-trails-export.service.d"
    folder.mkdir()
    (folder / "try.conf").write_text(drop_in)
    user.sh("systemctl --user daemon-reload; systemctl --user start audit-trails-export.service")
    assert user.sh("ls /home/closed/written /var/tmp/written /tmp/written 2>/dev/null || true") == ""
    assert re.search(r"NoNewPrivs:\s+1", user.sh(f"cat {ours}/status"))
    exposure = user.sh("systemd-analyze --user security audit-trails-export.service | tail -n 1")
    assert float(re.findall(r"[\d.]+ ", exposure)[-1]) <= 5, exposure


def test_a_password_in_a_keyring_that_is_locked_at_night_is_told_at_once_and_cured(users: Users) -> None:
    user = users.new("desktop").has_own_bus()
    user.sh("printf login | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1")
    user.configure()
    told = "could not read the password while you are logged out"
    assert told in user.export("config", "set", "enabled=true", code=78)
    assert told in user.task()["problem"]
    keepers = {each["name"]: each for each in json.loads(user.export("config", "keepers", "--json"))}
    assert (keepers["keyring"]["chosen"], keepers["keyring"]["works_at_night"]) == (True, False)
    assert (keepers["file"]["chosen"], keepers["file"]["works_at_night"]) == (False, True)

    user.sh("pkill -KILL -x gnome-keyring-d; true")  # as after a logout: the next one finds its keyring locked
    assert "can be read now" in user.export("schedule", "run", code=78)
    assert not user.has_delivered()

    assert told not in user.export("config", "password", "--keep-in", "file", stdin=user.server.password)
    assert user.task()["problem"] is None
    user.export("schedule", "run")
    assert user.has_delivered()


def test_a_keyring_without_a_password_works_at_night(users: Users) -> None:
    user = users.new("autologin").has_own_bus()
    keyring = r"[keyring]\ndisplay-name=Login\nlock-on-idle=false\nlock-after=false\n"
    user.sh(f"mkdir -p .local/share/keyrings && printf '{keyring}' >.local/share/keyrings/login.keyring")
    user.configure()
    assert "Secret Service" in user.export("config", "set", "enabled=true") + user.export("status")
    assert user.task()["problem"] is None
    user.export("schedule", "run")
    assert user.has_delivered()


def test_root_has_a_system_service_and_a_credential_of_systemd(box: Box, sshd: Server) -> None:
    def export(*arguments: str, stdin: str = "", code: int = 0) -> str:
        return box.sh(f"printf %s {shlex.quote(stdin)} | {PROGRAM} {shlex.join(arguments)}", code)

    host, user = f"server.host=127.0.0.1:{sshd.port}", f"server.user={sshd.user}"
    export("config", "set", host, user, "server.path=.", "export.instance=rooted")
    export("trust", "--yes")
    export("config", "set", "enabled=true")
    assert "credential of systemd" in export(
        "config", "password", "--keep-in", "systemd-creds", stdin=sshd.password
    )
    export("record", stdin=json.dumps(EVENT))
    assert "delivered, 1 event" in export("schedule", "run")
    assert box.sh("systemd-analyze verify /etc/systemd/system/audit-trails-export-root*.*er*") == ""
    stored = box.sh("cat /root/.config/audit-trails-exporter/*")
    assert sshd.password not in stored
    export("config", "set", "enabled=false")
    assert box.sh("ls /etc/systemd/system/ /var/lib/systemd/timers | grep audit || true") == ""


def test_root_sets_a_task_up_for_a_user_who_may_have_none_without_a_login(users: Users, box: Box) -> None:
    user = users.new("served")
    user.configure()
    user.sh("sed -i 's/^enabled = false/enabled = true/' .config/audit-trails-exporter/config.toml")
    box.sh(f"{PROGRAM} schedule install --for served")
    assert (user.task()["name"], user.task()["problem"]) == ("audit-trails-export-served.timer", None)
    said = user.export("schedule", "run", code=77)
    assert "sudo systemctl start audit-trails-export-served-start.service" in said
    box.sh("systemctl start audit-trails-export-served.service")
    assert user.has_delivered()
    assert "sudo audit-trails-export schedule install --for served" in user.export(
        "config", "set", "schedule.at=05:00", code=77
    )
    assert "sudo audit-trails-export schedule remove --for served" in user.export(
        "config", "set", "enabled=false", code=78
    )
    box.sh(f"{PROGRAM} schedule remove --for served")
    assert not user.task()["installed"]


def test_root_refuses_a_user_with_lines_in_a_crontab_a_second_task(users: Users, box: Box) -> None:
    user = users.new("tabled", AUDIT_TRAILS_SCHEDULER="cron")
    user.configure()
    user.export("config", "set", "enabled=true")
    assert "tabled has a daily task of their own" in box.sh(f"{PROGRAM} schedule install --for tabled", 77)
    user.export("schedule", "remove")
    box.sh(f"{PROGRAM} schedule install --for tabled")
    box.sh(f"{PROGRAM} schedule remove --for tabled")


def test_root_sets_no_task_up_for_a_user_who_has_configured_nothing(users: Users, box: Box) -> None:
    user = users.new("blank")
    assert "blank has no settings yet" in box.sh(f"{PROGRAM} schedule install --for blank", 78)
    assert not (user.home / ".config").exists()
    assert "audit" not in box.sh("ls /etc/systemd/system")


def test_a_failure_under_cron_is_in_the_systems_log(users: Users, box: Box) -> None:
    user = users.new("mute", AUDIT_TRAILS_SCHEDULER="cron")
    user.configure()
    user.export("config", "set", "enabled=true", "server.user=nobodyknows")
    user.export("run", "--scheduled", code=78)
    logged = "journalctl --identifier audit-trails-export --output cat _UID=$(id -u mute)"
    wait_until(lambda: "There is no password for nobodyknows" in box.sh(logged), "the entry")


def test_a_run_that_the_system_ended_is_in_the_history(users: Users) -> None:
    user = users.new("killed")
    user.configure()
    user.export("config", "set", "enabled=true")
    folder = user.home / ".config/systemd/user/audit-trails-export.service.d"
    folder.mkdir()
    (folder / "try.conf").write_text("[Service]\nRestart=no\nExecStart=\nExecStart=/bin/sh -c 'kill -9 $$$$'\n")
    user.sh("systemctl --user daemon-reload; systemctl --user start audit-trails-export.service", code=1)
    wait_until(lambda: "ended by the system (signal" in user.export("history"), "the entry")
    assert "ended by the system" in user.export("status", "--check", code=75)


def test_the_timer_fires_for_a_user_who_never_logged_in(by_timer: User) -> None:
    wait_until(by_timer.has_delivered, "the archive", 240)
    assert '"started_by": "schedule"' in by_timer.export("history", "--json")
    logged = "journalctl --identifier audit-trails-export --output cat _UID=$(id -u timed)"
    wait_until(lambda: "number 1 of the chain, SHA-256 of its manifest" in by_timer.box.sh(logged), "the witness")


def test_cron_fires_and_leaves_all_else_in_the_table_as_it_was(by_cron: User) -> None:
    wait_until(by_cron.has_delivered, "the archive", 240)
    logged = "journalctl --identifier audit-trails-export --output cat _UID=$(id -u croned)"
    wait_until(lambda: "number 1 of the chain, SHA-256 of its manifest" in by_cron.box.sh(logged), "the witness")
    by_cron.export("config", "set", "enabled=false")
    by_cron.sh("VISUAL='copy() { cp \"$1\" /home/croned/after; }; copy' crontab -e")
    assert (by_cron.home / "after").read_bytes() == TABLE


def test_schedule_run_has_cron_start_the_task_and_waits_for_it(run_by_cron: "Future[str]") -> None:
    assert "delivered, 1 event" in run_by_cron.result(240)


def test_the_form_mends_tests_and_removes_the_task_of_cron(
    form_with_cron: "Future[tuple[User, dict[str, str]]]",
) -> None:
    user, seen = form_with_cron.result(300)
    assert "cron" in seen["next"]
    assert "not there" in seen["tampered"]
    assert "The daily task works." in seen["tested"] and "1 event delivered." in seen["tested"]
    assert not user.task()["installed"]
    assert "audit-trails" not in user.sh("crontab -l || true")


def test_a_changed_time_zone_of_the_system_is_noticed(users: Users, box: Box) -> None:
    user = users.new("traveller")
    user.configure()
    user.export("config", "set", "enabled=true", "schedule.at=02:00", "schedule.spread=0m")

    def start_in(zone: str) -> str:
        box.sh(f"ln -sfn /usr/share/zoneinfo/{zone} /etc/localtime")
        wait_until(lambda: " 02:00:" in user.export("schedule", "show"), f"02:00 in {zone}")
        return str(user.task()["next_run"])

    assert start_in("Asia/Tokyo")[11:16] == "17:00"
    assert start_in("UTC")[11:16] == "02:00"


def test_a_time_that_was_missed_while_the_computer_was_off_is_caught_up(users: Users, box: Box) -> None:
    user = users.new("offline")
    user.configure()
    past = (datetime.now() - timedelta(minutes=30)).strftime("%H:%M")
    user.export("config", "set", "enabled=true", "schedule.spread=0m", f"schedule.at={past}")
    assert not user.has_delivered()
    subprocess.run([TOOL, "stop", box.name], check=True)
    yesterday = time.time() - 86_400
    stamp = user.home / ".local/share/systemd/timers/stamp-audit-trails-export.timer"
    os.utime(stamp, (yesterday, yesterday))  # when it fired last
    subprocess.run([TOOL, "boot", box.name], check=True)
    wait_until(user.has_delivered, "the archive", 120)
