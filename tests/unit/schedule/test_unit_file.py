"""The units, for paths of every kind; whether systemd reads them as they are meant: tests/integration."""

from pathlib import Path

import pytest

from desktop_app.own_program import Command
from desktop_app.schedule.systemd import unit_file
from desktop_app.schedule.systemd.unit_file import Service
from desktop_app.schedule.task_state import SchedulerError
from tests.windows_gaps import needs

pytestmark = needs("systemd")


def service(folder: Path, **changes: object) -> Service:
    folder.mkdir(parents=True, exist_ok=True)
    exporter = folder / "audit-trails-export"
    exporter.write_text("#!/bin/sh\n")
    exporter.chmod(0o755)
    made = Service(
        command=Command((str(exporter), "--home", str(folder), "run"), folder),
        writable=(folder,),
        made=(folder / "made",),
        user=None,
        credential=None,
        private_tmp=True,
        sandboxed=True,
    )
    return Service(**{**{name: getattr(made, name) for name in Service.__annotations__}, **changes})  # type: ignore[arg-type]


def test_a_system_service_has_its_user_and_its_credential(tmp_path: Path) -> None:
    served = service(tmp_path / "a b", user="root", credential=tmp_path / "a b" / "p%.cred")
    text = unit_file.service_text(served, "atx-failed.service")
    assert "User=root\n" in text
    assert f"LoadCredentialEncrypted=audit-trails-export:{tmp_path}/a b/p%%.cred\n" in text
    assert "PrivateUsers" not in text


def test_a_service_that_can_not_be_closed_off_still_runs(tmp_path: Path) -> None:
    open_ = service(tmp_path / "x", sandboxed=False)
    text = unit_file.service_text(open_, "atx-failed.service")
    assert "ProtectSystem" not in text
    assert "NoNewPrivileges=yes" in text


def test_a_transient_service_is_closed_off_the_same_way(tmp_path: Path) -> None:
    odd = service(tmp_path / "100%")
    properties = unit_file.transient_properties(odd)
    assert f'ReadWritePaths="{tmp_path}/100%" "-{tmp_path}/100%/made"' in properties
    assert all("#" not in line[:1] for line in properties)
    closed = unit_file.sandbox_text(odd).replace("%%", "%").splitlines()
    assert set(properties) == {"NoNewPrivileges=yes", *(line for line in closed if line[:1] != "#")}


@pytest.mark.parametrize("name", ["two\nlines", "bad\udcff"])
def test_a_path_that_no_unit_can_hold_is_refused(tmp_path: Path, name: str) -> None:
    bad = service(tmp_path / "x", command=Command(("/bin/true", name)))
    with pytest.raises(SchedulerError):
        unit_file.service_text(bad, "atx-failed.service")


@pytest.mark.parametrize("name", ["/ends with space ", "/ends with\\"])
def test_a_folder_that_can_not_end_a_line_is_refused(tmp_path: Path, name: str) -> None:
    bad = service(tmp_path / "x", command=Command(("/bin/true",), Path(name)))
    with pytest.raises(SchedulerError):
        unit_file.service_text(bad, "atx-failed.service")
