"""One look into a folder says how it maps, what is in its records, and whose they are."""

import json
from pathlib import Path

from desktop_app.settings.model import FolderSource
from desktop_app.sources.sample import look_into


def test_a_look(tmp_path: Path) -> None:
    record = {"createdAt": "2026-11-22T08:15:30Z", "entityType": "T", "entityName": "N", "actionType": "A"}
    lines = [json.dumps({**record, "who": {"name": str(number)}}) for number in range(5)]
    (tmp_path / "a.jsonl").write_text("\n".join(lines), encoding="utf-8")
    look = look_into(FolderSource(name="s", path=str(tmp_path)), 3)
    assert len(look.preview.events) == 3
    assert {"createdAt", "who.name"} <= set(look.key_paths)
    assert look.shape is not None
    assert look.shape.id == "ivanti"
