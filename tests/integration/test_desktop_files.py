"""What a desktop and a shell know of the program: icons, menu entry, manual pages, completion."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from PySide6.QtGui import QImage, QImageReader

from desktop_app.cli.main import program as command_line
from tests.servers import program
from tests.windows_gaps import needs

INSTALLER = Path(__file__).resolve().parents[2] / "resources" / "installer"
on_linux = needs("desktops of Linux")


def made(script: str, folder: Path) -> Path:
    subprocess.run([sys.executable, str(INSTALLER / script), str(folder)], check=True)
    return folder


def every_command(
    group: click.Group, path: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        if command.hidden:
            continue
        if isinstance(command, click.Group):
            yield from every_command(command, (*path, name))
        else:
            yield (*path, name), command


@pytest.fixture(scope="module")
def manuals(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made("make_manuals.py", tmp_path_factory.mktemp("manuals"))


def test_every_command_and_option_is_in_the_manual(manuals: Path) -> None:
    text = (manuals / "man1" / "audit-trails-export.1").read_text(encoding="utf-8").replace("\\-", "-")
    sections = dict(re.findall(r'^\.SS "([^"]*?) \[OPTIONS\][^"]*"\n(.*?)(?=^\.S[SH] )', text, re.M | re.S))
    commands = {" ".join(path): command for path, command in every_command(command_line)}
    assert sections.keys() == commands.keys()
    for name, command in commands.items():
        for parameter in command.params:
            if isinstance(parameter, click.Option):
                assert all(option in sections[name] for option in parameter.opts), (name, parameter.opts)
    for title in ("NAME", "SYNOPSIS", "EXAMPLES", "ENVIRONMENT", "FILES", "EXIT STATUS"):
        assert f"\n.SH {title}\n" in text
    assert "policy.toml" in text


@on_linux
@pytest.mark.parametrize("page", ["audit-trails-export.1", "audit-trails.1"])
def test_the_manual_is_read_without_a_warning(manuals: Path, page: str) -> None:
    done = subprocess.run(
        [program("man"), "--warnings", "-E", "UTF-8", "-l", "-Tutf8", "-Z", str(manuals / "man1" / page)],
        env={**os.environ, "LC_ALL": "C.UTF-8", "MANROFFSEQ": "", "MANWIDTH": "80"},
        capture_output=True,
        check=True,
    )
    assert (done.stderr, b"audit" in done.stdout) == (b"", True)


@on_linux
def test_bash_completes_commands_and_options(manuals: Path) -> None:
    script = manuals / "completion" / "bash" / "audit-trails-export"
    asked = f"""
        source {script}
        COMP_WORDS=(audit-trails-export config im); COMP_CWORD=2
        _audit_trails_export_completion audit-trails-export
        echo "${{COMPREPLY[@]}}"
        COMPREPLY=() COMP_WORDS=(audit-trails-export run --s); COMP_CWORD=2
        _audit_trails_export_completion audit-trails-export
        echo "${{COMPREPLY[@]}}"
    """
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        [program("bash"), "-c", asked],
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == ["import", "--scheduled"]


def test_zsh_and_fish_have_their_files(manuals: Path) -> None:
    zsh = (manuals / "completion" / "zsh" / "_audit-trails-export").read_text(encoding="utf-8")
    assert zsh.startswith("#compdef audit-trails-export")
    fish = (manuals / "completion" / "fish" / "audit-trails-export.fish").read_text(encoding="utf-8")
    assert "--command audit-trails-export" in fish


def test_the_icon_is_there_in_every_size(tmp_path: Path) -> None:
    made("make_icons.py", tmp_path)
    for size in (16, 22, 24, 32, 48, 64, 128, 256, 512):
        image = QImage(str(tmp_path / "hicolor" / f"{size}x{size}" / "apps" / "audit-trails.png"))
        assert (image.width(), image.height()) == (size, size)
        assert image.pixelColor(0, 0).alpha() < 255  # round corners
        assert image.pixelColor(size // 2, size * 8 // 10).blue() > 150
    reader = QImageReader(str(tmp_path / "audit-trails.ico"))
    sizes = []
    for index in range(reader.imageCount()):
        reader.jumpToImage(index)
        image = reader.read()
        assert image.pixelColor(0, 0).alpha() < 255
        assert image.pixelColor(image.width() // 2, image.height() * 8 // 10).blue() > 150
        sizes.append(image.width())
    assert sizes == [16, 20, 24, 32, 40, 48, 64, 256]


@on_linux
def test_the_menu_entry_and_its_description_are_valid() -> None:
    entry, about = (INSTALLER / "linux" / f"audit-trails.{kind}" for kind in ("desktop", "metainfo.xml"))
    checked = subprocess.run(
        [program("desktop-file-validate"), str(entry)], capture_output=True, text=True, check=False
    )
    assert (checked.returncode, checked.stdout) == (0, "")
    checked = subprocess.run(
        [program("appstreamcli"), "validate", "--no-net", str(about)], capture_output=True, text=True, check=False
    )
    assert checked.returncode == 0, checked.stdout
