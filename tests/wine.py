"""Wine's Task Scheduler for tests: an installation of Windows of their own, and `schtasks` on the search path."""

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.servers import program

# Hands over to Wine; what is a file here is one on drive Z there. Its output goes through a file, for the services
# that Wine starts with the first program hold on to a pipe for ever.
_SCHTASKS = """#!/bin/sh
for each; do
    shift
    [ -f "$each" ] && each="Z:$each"
    set -- "$@" "$each"
done
said=$(mktemp)
"$WINE" schtasks "$@" >"$said" 2>&1
code=$?
cat "$said"
rm "$said"
exit $code
"""


@contextmanager
def task_scheduler() -> Iterator[Path]:
    """Wine's Task Scheduler, for this process and its children; the folder in which it keeps its tasks."""
    wine = program("wine")
    folder = Path(tempfile.mkdtemp(prefix="atx-wine-"))
    prefix, commands = folder / "prefix", folder / "bin"
    commands.mkdir()
    (commands / "schtasks").write_text(_SCHTASKS, encoding="utf-8")
    (commands / "schtasks").chmod(0o755)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WINE", wine)
        patch.setenv("WINEPREFIX", str(prefix))
        patch.setenv("WINEDEBUG", "-all")
        patch.setenv("WINEDLLOVERRIDES", "mscoree,mshtml=")  # neither .NET nor a browser
        patch.setenv("PATH", str(commands), prepend=os.pathsep)
        patch.delenv("DISPLAY", raising=False)
        try:
            _quietly("wineboot", "--init")
            _quietly("wineserver", "--wait")  # the service of the Task Scheduler is found from the next start on
            yield prefix / "drive_c" / "windows" / "system32" / "tasks"
        finally:
            _quietly("wineserver", "--kill")
            shutil.rmtree(folder, ignore_errors=True)


def stored(tasks: Path, name: str) -> str | None:
    """The definition that Wine keeps of a task, or None."""
    file = tasks / name.replace("\\", "/")
    if not file.exists():
        return None
    return re.sub(r"^\s*<!--.*?-->\s*", "", file.read_text(encoding="utf-8-sig"))


def _quietly(*command: str) -> None:
    subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=False,
        timeout=200,
    )
