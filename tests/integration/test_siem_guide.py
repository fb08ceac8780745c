"""The script of docs/guides/siem.md: each event of each archive is a line, and no line is written twice."""

import json
import re
import subprocess
from pathlib import Path

from tests.installation import Installation
from tests.servers import program
from tests.windows_gaps import needs

GUIDE = Path(__file__).parents[2] / "docs" / "guides" / "siem.md"


def unpack(archives: Path, lines: Path) -> None:
    program("unzip")
    (script,) = re.findall(r"```sh\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    subprocess.run(["sh", "-c", script, "unpack-archives", archives, lines], check=True)


def lines_in(folder: Path, ending: str) -> list[str]:
    return [line for file in sorted(folder.glob(f"*.{ending}")) for line in file.read_text("utf-8").splitlines()]


@needs("shell")
def test_json_becomes_json_lines(tmp_path: Path) -> None:
    installation = Installation(tmp_path / "home", tmp_path / "server")
    installation.days(1, 2)
    unpack(tmp_path / "server", tmp_path / "lines")
    before = lines_in(tmp_path / "lines", "ndjson")
    installation.days(3, 3)
    for _ in range(2):
        unpack(tmp_path / "server", tmp_path / "lines")
    events = [json.loads(line) for line in lines_in(tmp_path / "lines", "ndjson")]
    assert len(before) == 4 and len(events) == 6
    assert len({event["id"] for event in events}) == 6
    assert {file.name[0] for file in (tmp_path / "lines").iterdir()} == {"a"}  # nothing half-written


@needs("shell")
def test_cef_stays_cef(tmp_path: Path) -> None:
    installation = Installation(tmp_path / "home", tmp_path / "server")
    for day in (1, 2):
        installation.run(f"2026-03-0{day + 1}T02:00:00", [(f"2026-03-0{day}T08:00:00", str(day))], "cef")
    unpack(tmp_path / "server", tmp_path / "lines")
    lines = lines_in(tmp_path / "lines", "cef")
    assert len(lines) == 2 and all(line.startswith("CEF:25|") for line in lines)
