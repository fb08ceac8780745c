"""The Windows installer over stand-ins for the programs, under Wine: installed, upgraded, removed."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.servers import program, wait_until
from tests.windows_machine import Windows, files, new_windows

pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="CI on Windows installs the real bundle"),
]
INSTALLER = Path(__file__).parents[2] / "resources" / "installer"
OLD, NEW = "1.9.0", "1.10.0"
BUSY, OTHER_INSTALLED = 1618, 1638
FAILED = 1603
EVENT_SOURCE = r"HKLM\SYSTEM\CurrentControlSet\Services\EventLog\Application\Audit Trails Export"
PARTS = ("_internal", "licences", "audit-trails-export.exe", "audit-trails.exe")
# Signs a file as osslsigncode does, and says which.
SIGN = """#!/bin/sh
for file; do :; done
echo "$file" >>"$(dirname "$0")/signed.txt"
"""


@pytest.fixture(scope="module")
def machine() -> Iterator[Windows]:
    """With two installers, `setup-<version>.exe`; made once, for it takes seconds."""
    program("makensis")
    with new_windows() as windows:
        for version in (OLD, NEW):
            compile_setup(bundle_folder(windows, version).parent, version, windows.disk / f"setup-{version}.exe")
        compile_stand_in("hold.nsi", windows.disk / "hold.exe")
        yield windows


def bundle_folder(windows: Windows, version: str) -> Path:
    return windows.disk.parents[1] / version / "bundle"


def said(windows: Windows) -> list[str]:
    """How the programs were called since this was asked last, without where they were to keep their files."""
    file = windows.disk / "said.txt"
    lines = file.read_text().splitlines() if file.exists() else []
    file.unlink(missing_ok=True)
    return [re.sub(r'--home "[^"]*" ', "", line).strip() for line in lines]


def compile_setup(folder: Path, version: str, setup: Path) -> None:
    """An installer of stand-ins, with a file that the other version does not have."""
    bundle = folder / "bundle"
    for name in ("_internal/deep", "licences"):
        (bundle / name).mkdir(parents=True)
    (bundle / "_internal/deep/library.dll").write_text(version)
    (bundle / f"_internal/only-{version}.dll").write_text(version)
    (bundle / "licences/LIST.txt").write_text(version)
    for name in ("audit-trails", "audit-trails-export"):
        compile_stand_in("stand_in.nsi", bundle / f"{name}.exe", f"-DVERSION={version}")
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    subprocess.run([sys.executable, INSTALLER / "make_icons.py", folder / "icons"], env=environment, check=True)
    command = [sys.executable, INSTALLER / "windows.py", bundle, folder / "icons/audit-trails.ico", version, setup]
    signer = folder / "sign it"
    signer.write_text(SIGN)
    signer.chmod(0o755)
    subprocess.run(command, env={**os.environ, "ATX_SIGN": f"'{signer}' --in"}, check=True)


def compile_stand_in(script: str, to: Path, *options: str) -> None:
    subprocess.run(["makensis", "-V1", *options, f"-DOUTPUT={to}", Path(__file__).with_name(script)], check=True)


@pytest.fixture
def windows(machine: Windows) -> Iterator[Windows]:
    """With nothing installed, before and after."""
    said(machine)
    for name in ("end.txt", "held.txt"):
        (machine.disk / name).unlink(missing_ok=True)
    yield machine
    (machine.disk / "end.txt").touch()
    for root, option in (("HKCU", ""), ("HKLM", "/ALLUSERS")):
        if place := machine.registered(root).get("InstallLocation"):
            machine.run(rf'"{place}\uninstall.exe" /S {option} _?={place}')
    for folder in (machine.programs, machine.disk / "Pro gram"):
        shutil.rmtree(folder, ignore_errors=True)


def bundle_of(windows: Windows, version: str) -> dict[str, bytes]:
    return files(bundle_folder(windows, version))


def installed(windows: Windows, folder: Path | None = None) -> dict[str, bytes]:
    return {name: data for name, data in files(folder or windows.programs).items() if name != "uninstall.exe"}


def uninstall(windows: Windows, folder: Path, *options: str) -> int:
    place = windows.windows_path(folder)
    return windows.run(rf'"{place}\uninstall.exe" /S {" ".join(options)} _?={place}')


def test_one_user_installs_and_removes_it_silently(windows: Windows) -> None:
    assert windows.run(rf"C:\setup-{OLD}.exe /S") == 0
    assert installed(windows) == bundle_of(windows, OLD)
    entry = windows.registered()
    assert (entry["DisplayName"], entry["DisplayVersion"]) == ("Audit Trails Export", OLD)
    assert int(entry["EstimatedSize"], 16) > 100  # KiB
    assert entry["InstallLocation"] == windows.windows_path(windows.programs)
    assert windows.shortcut.exists()
    assert {"Publisher", "URLInfoAbout", "HelpLink", "URLUpdateInfo"} <= entry.keys()
    assert said(windows) == [f"audit-trails-export.exe {OLD} installer add-to-path"]

    settings = windows.user / "AppData/Local/audit-trails-exporter/config.toml"
    settings.parent.mkdir(exist_ok=True)
    settings.write_text("version = 2")
    (windows.programs / "of-the-user.txt").touch()
    quiet = entry["QuietUninstallString"]
    assert windows.run(quiet) == 0
    assert said(windows) == [
        f"audit-trails-export.exe {OLD} installer {told}" for told in ("remove-from-path", "leave")
    ]
    assert settings.exists()
    assert windows.registered() == {}
    assert not windows.shortcut.exists()
    wait_until(lambda: list(files(windows.programs)) == ["of-the-user.txt"], "the uninstaller to delete itself")


def test_settings_go_when_somebody_says_so(windows: Windows) -> None:
    windows.run(rf"C:\setup-{NEW}.exe /S")
    settings = windows.user / "AppData/Local/audit-trails-exporter"
    settings.mkdir(exist_ok=True)
    assert uninstall(windows, windows.programs, "/REMOVESETTINGS") == 0
    assert said(windows)[-1] == f"audit-trails-export.exe {NEW} installer leave --passwords"
    assert not settings.exists()


def test_terminals_do_not_find_it_where_somebody_says_so_and_upgrades_keep_that(windows: Windows) -> None:
    windows.run(rf"C:\setup-{OLD}.exe /S /PATH=no")
    windows.run(rf"C:\setup-{NEW}.exe /S")
    windows.run(rf"C:\setup-{NEW}.exe /S /PATH=yes")
    windows.run(rf"C:\setup-{NEW}.exe /S")
    calls = [line.split()[-1] for line in said(windows)]
    assert calls == ["remove-from-path", "remove-from-path", "add-to-path", "add-to-path"]


def test_an_upgrade_replaces_all_files_and_no_daily_task(windows: Windows) -> None:
    windows.run(rf"C:\setup-{OLD}.exe /S")
    assert windows.run(rf"C:\setup-{NEW}.exe /S") == 0
    assert installed(windows) == bundle_of(windows, NEW)
    assert windows.registered()["DisplayVersion"] == NEW
    assert not any("leave" in call for call in said(windows))


def hold(windows: Windows, name: str) -> None:
    """Somebody reads a file of the installation, until the test ends."""
    place = windows.windows_path(windows.programs)
    windows.start(rf"C:\hold.exe {place}\{name}")
    wait_until((windows.disk / "held.txt").exists, "the file to be held")


@pytest.mark.parametrize("name", ["audit-trails-export.exe", "audit-trails.exe", "uninstall.exe"])
def test_an_upgrade_that_fails_in_the_middle_leaves_the_older_version_whole(windows: Windows, name: str) -> None:
    windows.run(rf"C:\setup-{OLD}.exe /S")
    before = files(windows.programs)
    hold(windows, name)
    assert windows.run(rf"C:\setup-{NEW}.exe /S") == FAILED
    assert files(windows.programs) == before
    assert windows.registered()["DisplayVersion"] == OLD


def test_what_a_killed_upgrade_left_is_put_back_before_the_next_begins(windows: Windows) -> None:
    windows.run(rf"C:\setup-{OLD}.exe /S")
    before, place = files(windows.programs), windows.programs
    shutil.copytree(bundle_folder(windows, NEW), place / ".new")
    (place / ".new/uninstall.exe").touch()
    (place / ".old").mkdir()
    for part in PARTS[:2]:  # so far it came
        (place / part).rename(place / ".old" / part)
        (place / ".new" / part).rename(place / part)
    (place / PARTS[2]).rename(place / ".old" / PARTS[2])
    hold(windows, "audit-trails.exe")
    assert windows.run(rf"C:\setup-{NEW}.exe /S") == FAILED
    assert files(windows.programs) == before


def test_a_first_installation_that_fails_leaves_nothing(windows: Windows) -> None:
    windows.programs.mkdir(parents=True)
    (windows.programs / "uninstall.exe").touch()  # of another program
    hold(windows, "uninstall.exe")
    assert windows.run(rf"C:\setup-{NEW}.exe /S") == FAILED
    assert list(files(windows.programs)) == ["uninstall.exe"]
    assert windows.registered() == {}


def test_an_older_version_is_refused(windows: Windows) -> None:
    windows.run(rf"C:\setup-{NEW}.exe /S")
    assert windows.run(rf"C:\setup-{OLD}.exe /S") == OTHER_INSTALLED
    assert installed(windows) == bundle_of(windows, NEW)


def test_it_waits_for_a_running_export(windows: Windows) -> None:
    windows.run(rf"C:\setup-{OLD}.exe /S")
    place = windows.windows_path(windows.programs)
    windows.run(rf'start "" "{place}\audit-trails.exe" exporter run')
    wait_until(lambda: (windows.disk / "said.txt").exists(), "the export to run")
    assert windows.run(rf"C:\setup-{NEW}.exe /S /WAIT=1") == BUSY
    assert uninstall(windows, windows.programs, "/WAIT=1") == BUSY
    assert installed(windows) == bundle_of(windows, OLD)

    upgrade = windows.start(rf"C:\setup-{NEW}.exe /S")
    wait_until((windows.programs / ".new/licences/LIST.txt").exists, "the upgrade to be under way")
    assert windows.run(rf"C:\setup-{NEW}.exe /S") == BUSY  # one at a time
    (windows.disk / "end.txt").touch()
    assert upgrade.wait(120) == 0
    assert installed(windows) == bundle_of(windows, NEW)


def test_for_all_users(windows: Windows) -> None:
    folder = windows.disk / "Program Files/Audit Trails Export"
    assert windows.run(rf"C:\setup-{NEW}.exe /S /ALLUSERS") == 0
    assert installed(windows, folder) == bundle_of(windows, NEW)
    assert windows.registered() == {}
    assert windows.registered("HKLM")["DisplayVersion"] == NEW
    assert windows.registry(EVENT_SOURCE)["EventMessageFile"] == r"%SystemRoot%\System32\EventCreate.exe"
    assert list(windows.policies.iterdir()) == []
    assert uninstall(windows, folder, "/ALLUSERS") == 0
    calls = [line.partition("installer ")[2] for line in said(windows)]
    assert calls == ["add-to-path --all-users", "remove-from-path --all-users", "leave"]
    assert windows.registered("HKLM") == {} == windows.registry(EVENT_SOURCE)
    assert not windows.policies.exists()


def test_a_policy_stays_when_the_program_goes(windows: Windows) -> None:
    windows.run(rf"C:\setup-{NEW}.exe /S /ALLUSERS")
    policy = windows.policies / "policy.toml"
    policy.write_text("[export]")
    assert uninstall(windows, windows.disk / "Program Files/Audit Trails Export", "/ALLUSERS") == 0
    assert policy.read_text() == "[export]"
    shutil.rmtree(windows.policies)


def test_the_two_kinds_of_installation_see_each_other(windows: Windows) -> None:
    assert windows.run(rf"C:\setup-{NEW}.exe /S") == 0
    assert windows.run(rf"C:\setup-{NEW}.exe /S /ALLUSERS") == 0  # no user can stop that
    assert uninstall(windows, windows.programs) == 0
    assert installed(windows, windows.disk / "Program Files/Audit Trails Export") == bundle_of(windows, NEW)
    assert windows.registered("HKLM")["DisplayVersion"] == NEW
    assert windows.run(rf"C:\setup-{NEW}.exe /S") == OTHER_INSTALLED
    assert windows.registered() == {}


def test_all_programs_installer_and_uninstaller_are_signed_by_a_given_command(machine: Windows) -> None:
    folder = bundle_folder(machine, NEW).parent
    signed = [Path(line).name for line in (folder / "signed.txt").read_text().splitlines()]
    assert sorted(signed[:2]) == sorted(part for part in PARTS if part.endswith(".exe"))
    assert len(signed) == 4  # and the uninstaller, under a name of NSIS's
    assert signed[-1] == f"setup-{NEW}.exe"


def test_in_a_folder_of_choice_which_upgrades_keep(windows: Windows) -> None:
    assert windows.run(rf"C:\setup-{OLD}.exe /S /D=C:\Pro gram\Audit") == 0
    assert windows.run(rf"C:\setup-{NEW}.exe /S") == 0
    folder = windows.disk / "Pro gram" / "Audit"
    assert installed(windows, folder) == bundle_of(windows, NEW)
    assert not windows.programs.exists()
