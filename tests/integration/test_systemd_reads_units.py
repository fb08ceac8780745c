"""systemd itself reads the units, for paths of every kind."""

import os
import re
import subprocess
import time
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from desktop_app.schedule.systemd import unit_file
from desktop_app.schedule.systemd.skipped import skipping_days
from desktop_app.schedule.systemd.unit_file import Service
from desktop_app.schedule.time_of_day import next_time
from tests.servers import program
from tests.unit.schedule.test_unit_file import service
from tests.windows_gaps import needs

pytestmark = needs("systemd")

ODD = ["plain", "a b", "100%h", "$HOME ${HOME} $$", "q'uote\"s", "back\\slash", "ümläut ✓", "tab\there", "#;=,:"]


def complaints(folder: Path, checked: Service, scope: str) -> str:
    """What systemd says of the four units of a service; nothing when all is well."""
    texts = {
        "atx.timer": unit_file.timer_text("02:00", "atx-start.service"),
        "atx-start.service": unit_file.start_text(scope, "atx.service"),
        "atx.service": unit_file.service_text(checked, "atx-failed.service"),
        "atx-failed.service": unit_file.failed_text(checked, scope, "atx.service"),
    }
    units = folder / "units"
    units.mkdir()
    for name, text in texts.items():
        (units / name).write_text(text, encoding="utf-8")
    done = subprocess.run(
        [program("systemd-analyze"), scope, "verify", *(units / name for name in texts)],
        env={**os.environ, "XDG_RUNTIME_DIR": str(folder), "SYSTEMD_UNIT_PATH": f"{units}:"},
        capture_output=True,
        text=True,
        check=False,
    )
    return "\n".join(line for line in done.stderr.splitlines() if "atx" in line)


@pytest.mark.parametrize("name", ODD)
def test_systemd_finds_the_program_wherever_it_is(tmp_path: Path, name: str) -> None:
    assert complaints(tmp_path, service(tmp_path / name), "--user") == ""


def test_systemd_would_complain_of_a_path_that_is_not_escaped(tmp_path: Path) -> None:
    odd = service(tmp_path / "100%h")
    (tmp_path / "units").mkdir()
    unit = tmp_path / "units" / "atx.service"
    unit.write_text(unit_file.service_text(odd, "atx.timer").replace("%%", "%"), encoding="utf-8")
    command = [program("systemd-analyze"), "--user", "verify", unit]
    environment = {**os.environ, "XDG_RUNTIME_DIR": str(tmp_path)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert "is not executable" in done.stderr


def test_a_service_of_the_system_with_its_credential(tmp_path: Path) -> None:
    odd = service(tmp_path / "a b", user="root", credential=tmp_path / "a b" / "p%.cred")
    assert complaints(tmp_path, odd, "--system") == ""


@pytest.mark.parametrize(
    ("zone", "at", "noon_before", "run"),
    [
        ("Europe/Berlin", "02:00", "2027-03-27", "2027-03-28 01:00:00 UTC"),
        ("Europe/Berlin", "02:30", "2028-03-25", "2028-03-26 01:00:00 UTC"),
        ("America/New_York", "02:00", "2027-03-13", "2027-03-14 07:00:00 UTC"),
        ("Europe/London", "01:30", "2027-03-27", "2027-03-28 01:00:00 UTC"),
        ("Atlantic/Azores", "00:00", "2027-03-27", "2027-03-28 01:00:00 UTC"),
        ("Australia/Lord_Howe", "02:00", "2026-10-03", "2026-10-03 15:30:00 UTC"),
        ("Europe/Berlin", "02:00", "2027-06-05", "2027-06-06 00:00:00 UTC"),
    ],
)
def test_the_timer_elapses_as_status_says_also_where_the_clock_jumps_over_its_time(
    zone: str, at: str, noon_before: str, run: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = unit_file.timer_text(at, "atx-start.service", skipping_days(at, ZoneInfo(zone)))
    calendars = [line.removeprefix("OnCalendar=") for line in text.splitlines() if line.startswith("OnCalendar=")]
    command = [program("systemd-analyze"), "calendar", f"--base-time={noon_before} 12:00", *calendars]
    environment = {**os.environ, "TZ": zone, "LC_ALL": "C"}
    said = subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout
    elapses = re.findall(r"(?:Next elapse|\(in UTC\)): \w+ (\S+ \S+) UTC", said)
    assert min(elapses) + " UTC" == run
    with monkeypatch.context() as patched:
        patched.setenv("TZ", zone)
        noon = datetime.fromisoformat(f"{noon_before}T12:00").replace(tzinfo=ZoneInfo(zone))
        found = datetime.fromtimestamp(next_time(at, noon.timestamp()), UTC)
    time.tzset()
    assert f"{found:%Y-%m-%d %H:%M:%S} UTC" == run
