"""systemd itself reads the units, for paths of every kind."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from desktop_app.schedule.systemd import unit_file
from desktop_app.schedule.systemd.unit_file import Service
from tests.servers import program
from tests.unit.schedule.test_unit_file import service

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="systemd is Linux's")

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
