"""Numbers that Python has none for are shown as they were recorded, wherever an event is looked at."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from msgspec import Raw

from desktop_app.cli.source import command
from desktop_app.settings.effective import save_settings
from desktop_app.settings.model import FolderSource, Settings
from desktop_app.settings.paths import find_paths
from desktop_app.sources.sample import look_into
from desktop_app.trails.differences import differences_of
from desktop_app.trails.event import parse_event
from desktop_app.trails.store.browse import Listing, actor_text, sections
from desktop_app.trails.store.search import Sought, search
from desktop_app.trails.store.span import Span
from desktop_app.trails.store.store import open_store
from desktop_app.trails.values import event_values, text_of, values_of, whole_text, with_texts_for_numbers

NUMBERS = ["1e999", "-1e999", "1.10", "1" + "0" * 5000, "12345678901234567890123", "1E5"]


def line(number: str) -> bytes:
    return (
        '{"createdAt":"2026-11-22T08:15:30Z","entityType":"T","entityName":"N","actionType":"A",'
        f'"actor":{{"level":{number}}},"before":{{"n":{number}}},"after":{{"n":0}},"{"n"}":{number}}}'
    ).encode()


@pytest.mark.parametrize("number", NUMBERS)
def test_everywhere(number: str, tmp_path: Path) -> None:
    event = parse_event(line(number))
    assert text_of(values_of(event.line)["n"]) == number
    assert str(with_texts_for_numbers(number.encode())) == number
    assert actor_text(Raw(b'{"level":%b}' % number.encode())) == f'{{"level":{number}}}'
    assert [(each.before, each.after) for each in differences_of(event.line)] == [(number, "0")]
    with open_store(tmp_path / "trails.db") as store:
        store.append([event])
        assert Listing(store, sections(store, [Span()])).rows(0, 9)[0].actor == f'{{"level":{number}}}'
        assert [key.seq for found in search(store, [Span()], Sought(number)) for key in found.keys] == [1]


@pytest.mark.parametrize("number", ["-0", "0", "12345678901234567890123"])
def test_the_id_of_an_entity(number: str, tmp_path: Path) -> None:
    event = parse_event(line("1").replace(b'"entityType"', b'"entityId":%b,"entityType"' % number.encode()))
    assert text_of(event_values(event.line).entityId) == number
    with open_store(tmp_path / "trails.db") as store:
        store.append([event])
        assert [key.seq for found in search(store, [Span()], Sought(number)) for key in found.keys] == [1]


@pytest.mark.parametrize("number", NUMBERS)
def test_a_preview(number: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUDIT_TRAILS_HOME", str(tmp_path / "home"))
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / "a.jsonl").write_bytes(line(number) + b"\n")
    source = FolderSource(name="s", path=str(tmp_path / "files"))
    save_settings(find_paths(), Settings(sources=(source,)))
    assert "actor.level" in look_into(source, 9).key_paths
    shown = CliRunner().invoke(command, ["preview", "s"])
    assert shown.exit_code == 0 and "2026-11-22T08:15:30.000Z  T  N  A" in shown.output
    document = CliRunner().invoke(command, ["preview", "s", "--json"])
    (event,) = json.loads(document.stdout, parse_int=str, parse_float=str)["events"]
    assert event["n"] == number and event["before"] == {"n": number}


def test_a_value_over_several_lines_has_everything_as_it_stands() -> None:
    text = b'{"n":1e999,"a":[1.10,"\\u00e9"],"none":{}}'
    assert whole_text(text) == '{\n  "n": 1e999,\n  "a": [\n    1.10,\n    "\\u00e9"\n  ],\n  "none": {}\n}'
    assert whole_text(Raw(b'"x"')) == '"x"'
