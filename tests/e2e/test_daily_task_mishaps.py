"""The daily task where something is not as it was thought to be: slow lines, deleted folders, odd places."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.boxes import Box, debian
from tests.e2e.box_users import CHECKOUT, PROGRAM, User, Users, install_program
from tests.servers import Server, wait_until
from tests.windows_gaps import needs

pytestmark = [
    pytest.mark.timeout(600),
    needs("systemd"),
]

DATA, LOGS = ".local/share/audit-trails-exporter", ".local/state/audit-trails-exporter"


@pytest.fixture(scope="module")
def box(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Box]:
    with debian(f"mishaps-{CHECKOUT.name}") as made:
        install_program(made, tmp_path_factory.mktemp("wheel"))
        yield made


@pytest.fixture(scope="module")
def users(box: Box, sshd: Server) -> Users:
    return Users(box, sshd)


@pytest.fixture(scope="module")
def newer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Box]:
    """With a systemd that starts OnFailure= after every attempt (from 254), and encrypts for every user (256)."""
    with debian(f"newer-{CHECKOUT.name}", "trixie") as made:
        install_program(made, tmp_path_factory.mktemp("wheel"))
        yield made


@pytest.fixture(scope="module")
def newer_users(newer: Box, sshd: Server) -> Users:
    return Users(newer, sshd)


def quickened_limit(user: User) -> str:
    """The limit of the installed service, an hour of which is a second."""
    text = (user.home / ".config/systemd/user/audit-trails-export.service").read_text()
    (value,) = re.findall("^StartLimitIntervalSec=(.*)$", text, re.MULTILINE)
    (microseconds,) = re.findall(r"μs: (\d+)", user.sh(f"systemd-analyze timespan {value}"))
    return f"StartLimitIntervalSec={int(microseconds) // 3600}us"


@pytest.mark.parametrize("system", ["users", "newer_users"])
def test_a_run_that_fails_slowly_is_tried_four_times_a_day_and_told_once(
    system: str, request: pytest.FixtureRequest
) -> None:
    user = request.getfixturevalue(system).new("slow")
    user.configure()
    user.export("config", "set", "enabled=true")
    drop_ins = {
        "service": f"[Unit]\n{quickened_limit(user)}\n[Service]\nRestartSec=3s\n"
        f"ExecStart=\nExecStart=/bin/sh -c 'echo >>{DATA}/tries; sleep 1; kill -9 $$$$'\nWorkingDirectory=%h\n",
        "timer": "[Timer]\nOnCalendar=\nOnActiveSec=0\nRandomizedDelaySec=0\n",
    }
    for kind, text in drop_ins.items():
        folder = user.home / f".config/systemd/user/audit-trails-export.{kind}.d"
        folder.mkdir()
        (folder / "quick.conf").write_text(text)
    user.sh("systemctl --user daemon-reload")

    def wait_for(days: int) -> None:
        wait_until(lambda: user.export("history").count("ended by the system") == days, "the end", 60)
        assert len((user.home / DATA / "tries").read_text()) == 4 * days

    for day in (1, 2):
        user.sh("systemctl --user restart audit-trails-export.timer")
        wait_for(day)
    assert "ended without a run" in user.export("schedule", "run", code=77)
    wait_for(3)


@pytest.mark.parametrize("manager", ["own", "system"])
def test_a_folder_that_was_deleted_is_made_anew(users: Users, box: Box, manager: str) -> None:
    user = users.new(f"tidy-{manager}")
    user.configure()

    def start() -> None:
        if manager == "own":
            user.sh("systemctl --user start audit-trails-export.service; true")
        else:
            box.sh(f"systemctl start audit-trails-export-{user.name}.service; true")

    if manager == "own":
        user.export("config", "set", "enabled=true")
    else:
        user.sh("sed -i 's/^enabled = false/enabled = true/' .config/audit-trails-exporter/config.toml")
        box.sh(f"{PROGRAM} schedule install --for {user.name}")
    user.sh(f"rm -rf {LOGS}")
    start()
    assert user.has_delivered()
    user.sh(f"rm -rf {LOGS} {DATA}")
    start()
    assert user.sh(f"stat --format '%U %a' {LOGS}/log {DATA}") == f"{user.name} 700\n" * 2
    assert "nothing due" in user.export("history")


def test_units_of_an_earlier_version_are_brought_up_to_date(users: Users) -> None:
    user = users.new("earlier")
    user.configure()
    user.export("config", "set", "enabled=true")
    units, timer = ".config/systemd/user/audit-trails-export", "audit-trails-export.timer"
    user.sh(f"rm {units}-start.service; sed -i /^Unit=/d {units}.timer; systemctl --user daemon-reload")
    assert user.task()["problem"].endswith(f"{timer} is not as it should be.")
    user.export("schedule", "install")
    assert user.task()["problem"] is None
    assert "audit-trails-export-start.service" in user.sh(f"systemctl --user show --property=Triggers {timer}")


def test_a_task_that_was_removed_leaves_no_failed_units(users: Users) -> None:
    user = users.new("gone").has_own_bus()
    user.configure()
    user.export("config", "set", "enabled=true")
    for unit in ("audit-trails-export-start.service", "audit-trails-export-failed.service"):
        user.sh(
            f"sed -i s/^ExecStart=.*/ExecStart=false/ .config/systemd/user/{unit}; systemctl --user daemon-reload"
        )
        user.sh(f"systemctl --user start {unit}", code=1)
    user.export("config", "set", "enabled=false")
    assert user.sh("systemctl --user list-units --all --plain --no-legend 'audit-trails-export*'") == ""


def test_a_trial_that_hangs_has_an_end(users: Users) -> None:
    user = users.new("hangs").has_own_bus()
    (user.home / "trial.py").write_text(
        "from desktop_app.schedule.systemd import trial, units\n"
        "from desktop_app.settings.paths import find_paths\n"
        "trial._LONGEST = 1\n"
        "print(trial._run_once(units.find(find_paths()), [], ('/bin/sleep', '600')))\n"
    )
    assert user.sh(f"{Path(PROGRAM).with_name('python')} trial.py") == "False\n"
    assert user.sh("pgrep -u hangs sleep", code=1) == ""


def test_a_manager_that_is_not_there_yet_is_waited_for(users: Users, box: Box) -> None:
    user = users.new("early")
    user.configure()
    slow = box.root / f"etc/systemd/system/user@{user.uid}.service.d/slow.conf"
    slow.parent.mkdir()
    slow.write_text("[Service]\nExecStartPre=/bin/sleep 3\n")
    box.sh(f"systemctl daemon-reload; loginctl enable-linger {user.name}")
    assert "by systemd" in user.export("config", "set", "enabled=true")


def test_a_user_whose_nights_will_not_run_is_told_so_by_the_exit_code(box: Box, users: Users) -> None:
    """Linger is off, may not be switched on, and there is no cron for this user."""
    user = users.new("daily", AUDIT_TRAILS_SCHEDULER="systemd")
    user.configure()
    rule = box.root / "etc/polkit-1/rules.d/10-no-linger.rules"
    rule.parent.mkdir(parents=True, exist_ok=True)
    rule.write_text(
        'polkit.addRule(function(action, subject) { if (action.id == "org.freedesktop.login1.set-self-linger")'
        " return polkit.Result.NO; });\n"
    )
    legacy = box.root / "etc/polkit-1/localauthority/50-local.d/no-linger.pkla"
    legacy.parent.mkdir(parents=True, exist_ok=True)
    legacy.write_text(
        "[no linger]\nIdentity=unix-user:*\nAction=org.freedesktop.login1.set-self-linger\n"
        "ResultAny=no\nResultInactive=no\nResultActive=no\n"
    )
    box.sh("systemctl try-restart polkit")
    try:
        for logged_in in (False, True):
            if logged_in:
                box.sh(f"systemctl start user@{user.uid}.service")
            told = user.export("config", "set", "enabled=true", code=78 if logged_in else 77)
            for way in (
                "cron",
                "audit-trails-export run --scheduled",
                "sudo loginctl enable-linger daily",
                "sudo audit-trails-export schedule install --for daily",
            ):
                assert way in told
            assert ("The settings are saved." in told) == logged_in
        assert "only while you are logged in" in user.export("schedule", "show", code=78)
        assert user.export("status", "--check", code=78)
        user.export("schedule", "remove")
    finally:
        rule.unlink()
        legacy.unlink()
        box.sh("systemctl try-restart polkit")


def test_root_sets_up_the_task_of_a_user_whose_export_is_off(box: Box, users: Users) -> None:
    user = users.new("planned")
    user.configure()
    said = box.sh(f"{PROGRAM} schedule install --for planned")
    assert "It does nothing while the export is off." in said and "still there" not in said
    user.export("config", "set", "enabled=true")
    assert user.task()["problem"] is None
    box.sh("systemctl start audit-trails-export-planned.service")
    assert user.has_delivered()


@pytest.mark.parametrize("scheduler", ["systemd", "cron"])
def test_a_task_whose_time_became_unusable_is_shown(users: Users, scheduler: str) -> None:
    user = users.new(f"noon-{scheduler}", AUDIT_TRAILS_SCHEDULER=scheduler)
    user.configure()
    user.export("config", "set", "enabled=true")
    user.sh("sed -i 's/^at = .*/at = \"noon\"/' .config/audit-trails-exporter/config.toml")
    wrong = "'noon' is no time of day."
    assert wrong in user.task()["problem"]
    assert f"({scheduler})" in user.export("status")
    assert wrong in user.export("status", "--check", code=78)
    assert wrong in user.export("schedule", "install", code=78)
    user.export("config", "set", "schedule.at=12:00")
    assert user.task()["problem"] is None


def test_a_credential_of_the_user_is_read_by_the_service_that_root_set_up(newer: Box, newer_users: Users) -> None:
    user = newer_users.new("creds")
    user.configure("systemd-creds")
    user.sh("sed -i 's/^enabled = false/enabled = true/' .config/audit-trails-exporter/config.toml")
    newer.sh(f"{PROGRAM} schedule install --for creds")
    newer.sh("systemctl start audit-trails-export-creds.service")
    assert user.has_delivered()
    assert user.task()["problem"] is None


@pytest.mark.parametrize(
    ("name", "home", "source"), [("read", "/home/read/ours", "/tmp/read"), ("kept", "/var/tmp/kept", "/srv")]
)
def test_a_source_or_a_home_among_temporary_files_works_at_night(
    users: Users, name: str, home: str, source: str
) -> None:
    user = users.new(name, AUDIT_TRAILS_HOME=home)
    user.sh(f"mkdir -p {source}")
    user.configure()
    user.export("source", "add", "app", f"--path={source}")
    user.export("config", "set", "enabled=true")
    assert user.task()["problem"] is None
    assert "delivered, 1 event" in user.export("schedule", "run")
