"""What the documents name is there: files, tables of the databases and their versions, links."""

import re
import sqlite3
from functools import cache
from pathlib import Path

import pytest

from desktop_app.export.ledger import open_ledger
from desktop_app.trails.store.store import open_store

ROOT = Path(__file__).parents[2]
DOCUMENTS = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    *sorted((ROOT / "docs").glob("*.md")),
    *sorted((ROOT / "docs" / "guides").glob("*.md")),
    *sorted((ROOT / "docs" / "help").rglob("*.md")),
]
ARCHITECTURE = ROOT / "docs" / "architecture.md"
PLACES = [ROOT / place for place in ("", "desktop_app", "docs", "resources", "resources/installer", "tests")]
TOP = ("desktop_app", "resources", "tests", "ui", "docs", "requirements", ".github", ".ci")
_NAMED = re.compile(r"`([\w./-]+)`")
_FOR_ANY_NAME = re.compile("NAME|ROOM")


def named_files(document: Path) -> list[str]:
    """The files and folders of the checkout that a document names; those that the program writes are others."""
    names = _NAMED.findall(document.read_text(encoding="utf-8"))
    return [
        name
        for name in names
        if not _FOR_ANY_NAME.search(name)
        and (name.endswith((".py", ".ui", ".nsi", ".nsh", ".spec")) or (name.split("/")[0] in TOP and "/" in name))
    ]


def is_there(name: str) -> bool:
    if "/" in name:
        return any((place / name).exists() for place in PLACES)
    folders = (ROOT / each for each in ("desktop_app", "resources", "tests", "ui"))
    return (ROOT / name).exists() or any(next(folder.rglob(name), None) for folder in folders)


@cache
def _everything() -> str:
    """All code and data, but for texts and these tests."""
    files = [
        ROOT / "dev.py",
        *(each for top in ("desktop_app", "resources", "tests") for each in (ROOT / top).rglob("*")),
    ]
    kept = {".py", ".toml", ".xml", ".conf", ".service", ".timer"}
    return "\n".join(
        file.read_text(encoding="utf-8") for file in files if file.suffix in kept and file != Path(__file__)
    )


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_files_that_are_named_are_there(document: Path) -> None:
    assert [name for name in named_files(document) if not is_there(name)] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_within_the_checkout_lead_somewhere(document: Path) -> None:
    links = re.findall(r"\]\(([^)#:]+)\)", document.read_text(encoding="utf-8"))
    assert [link for link in links if not (document.parent / link).exists()] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_names_of_the_code_are_in_it(document: Path) -> None:
    names = set(re.findall(r"`_?([a-z]+(?:_[a-z]+)+)(?:\(\w*\))?`", document.read_text(encoding="utf-8")))
    assert {name for name in names if name not in _everything()} == set()


def test_files_are_looked_for() -> None:
    assert "trails/event.py" in named_files(ARCHITECTURE)
    assert not is_there("trails/nothing.py") and not is_there("nothing.py")


@pytest.mark.parametrize(("name", "open_"), [("trails.db", open_store), ("ledger.db", open_ledger)])
def test_a_database_is_as_it_is_written_down(tmp_path: Path, name: str, open_: object) -> None:
    with open_(tmp_path / name):  # type: ignore[operator]
        pass
    database = sqlite3.connect(tmp_path / name)
    (version,) = database.execute("PRAGMA user_version").fetchone()
    tables = {
        table: {column for _, column, *_ in database.execute(f"PRAGMA table_info({table})")}
        for (table,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        if not table.startswith("sqlite_")
    }
    database.close()
    text = ARCHITECTURE.read_text(encoding="utf-8")
    section = text[text.index(f"### {name} ") :]
    section = section[: section.index("\n### ", 1)]
    assert f"user_version {version})" in section.splitlines()[0]
    assert set(re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE)) == tables.keys()
