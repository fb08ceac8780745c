"""Documents with very many records."""

import json
import tracemalloc
import zipfile
from pathlib import Path

from desktop_app.settings.model import FolderSource
from desktop_app.sources.collect import collect
from desktop_app.sources.kind import NothingRemembered
from desktop_app.sources.kinds import open_source
from desktop_app.stop import Stop
from desktop_app.trails.store.append import Appended
from desktop_app.trails.store.store import open_store

MANY = 30_000


def document(name: str, count: int) -> bytes:
    values = {"createdAt": "2026-11-22T08:15:30.123Z", "entityType": "T", "actionType": "A"}
    return json.dumps([{**values, "entityName": f"{name} {number}"} for number in range(count)]).encode()


def test_all_records_of_all_members_are_stored_once(tmp_path: Path) -> None:
    """A small document, one of more records than a step has otherwise, and a small one again."""
    with zipfile.ZipFile(tmp_path / "some.zip", "w") as archive:
        for name, count in (("a", 2), ("b", 2500), ("c", 3)):
            archive.writestr(f"{name}.json", document(name, count))
    source = FolderSource(name="s", path=str(tmp_path), pattern="*.zip")
    with open_store(tmp_path / "trails.db") as store:
        (found,) = collect([source], store, lambda _: None).sources
        assert (found.read, found.appended) == (2505, Appended(2505, 0))
        (found,) = collect([source], store, lambda _: None).sources
        assert found.read == 0


def test_a_record_is_made_when_it_is_taken(tmp_path: Path) -> None:
    """Not all of them at once, which takes several times what the document does."""
    (tmp_path / "many.json").write_bytes(document("m", MANY))
    with open_source(FolderSource(name="s", path=str(tmp_path))) as reader:
        places = NothingRemembered()
        (part,) = reader.parts(places)
        (step,) = reader.steps(part, places, Stop())
        assert len(step.records) == MANY
        tracemalloc.start()
        try:
            assert sum(1 for record in step.records if b"m " in record.content) == MANY
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert peak < 1 << 20
    first, last = step.records[0], step.records[MANY - 1]
    assert (str(first.place), str(last.place)) == ("record 1", f"record {MANY}")
    assert [str(each.place) for each in step.records[1:3]] == ["record 2", "record 3"]


def test_a_document_takes_a_few_times_its_size(tmp_path: Path) -> None:
    """Its text, its records, and a few bytes for each of them; what `docs/forms.md` says of memory is by this."""
    values = {"createdAt": "2026-11-22T08:15:30.123Z", "entityType": "T", "entityName": "n", "actionType": "A"}
    content = json.dumps([{**values, "no": number, "before": "x" * 800} for number in range(9000)]).encode()
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "large.json").write_bytes(content)
    with open_store(tmp_path / "trails.db") as store:
        tracemalloc.start()
        try:
            (found,) = collect([FolderSource(name="s", path=str(tmp_path / "in"))], store, lambda _: None).sources
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert found.appended.stored == 9000
    assert peak < 3 * len(content) + (10 << 20)  # and what is mapped and stored at a time
