"""Where each file of a bundle comes from: noted while it is made, read when its licences are gathered."""

import json
from pathlib import Path
from typing import Any

from editions import Edition


def write_origins(work: Path, edition: Edition, *analyses: Any) -> None:
    """Note in the folder `work` what PyInstaller's analyses put into an edition's bundle."""
    found = {
        destination.replace("\\", "/"): source
        for analysis in analyses
        for entries in (analysis.pure, analysis.scripts, analysis.binaries, analysis.datas)
        for destination, source, kind in entries
        if kind != "SYMLINK"
    }
    _file(work, edition).write_text(json.dumps(found, indent=0, sort_keys=True), encoding="utf-8")


def read_origins(work: Path, edition: Edition) -> dict[str, Path]:
    """By module or file of the bundle, the file of the building system that it was made of."""
    noted = json.loads(_file(work, edition).read_text(encoding="utf-8"))
    return {destination: Path(source) for destination, source in noted.items() if source not in ("", "-")}


def _file(work: Path, edition: Edition) -> Path:
    return work / f"{edition.name}.json"
