"""CEF: every value comes back, no line is forged, the limits hold."""

import json
import string
import tracemalloc
from collections.abc import Iterator
from typing import Any

import msgspec
import pycef
import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.export.cef_format import cef_chunks
from desktop_app.settings.model import CefSettings
from desktop_app.trails.event import parse_event
from desktop_app.trails.store.timeline import Batch
from tests.cef_reader import NotCef, read_cef_line
from tests.stored import batch_of

REPLACEMENT = "Value for this key exceeds mapped dictionary key allowed length"
UNPRINTABLE = {*map(chr, range(32)), "\x85", "\u2028", "\u2029"} - {"\t"}

nasty = st.text(
    st.one_of(st.sampled_from('\\|=\r\n\t "ns\u2028\x85\0\x01\x02🎈é'), st.characters(codec="utf-8")),
    max_size=40,
)
values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), nasty),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(nasty, inner, max_size=3)),
    max_leaves=8,
)
events = st.fixed_dictionaries(
    {
        "createdAt": st.just("2026-11-22T08:15:30.123Z"),
        "entityType": nasty.filter(str.strip),
        "entityName": nasty.filter(str.strip),
        "actionType": nasty.filter(str.strip),
    },
    optional={
        "entityId": nasty,
        "severity": st.sampled_from(["Unknown", "Low", "Medium", "High", "Very-High", 0, 7, 10]),
        "productVersion": nasty,
        "actor": values,
        "before": values,
        "after": values,
    },
)
BASE = {
    "createdAt": "2026-11-22T08:15:30.123Z",
    "entityType": "Configuration",
    "entityName": "Wi-Fi",
    "actionType": "Update",
}


def cef_text(event: dict[str, Any], settings: CefSettings = CefSettings()) -> str:
    line = parse_event(json.dumps(event).encode()).line
    return next(cef_chunks([batch_of([line])], settings)).text.decode()


def in_header(text: str) -> str:
    """What a header can hold of a text: each line break and control character is a space."""
    return "".join(" " if c in UNPRINTABLE else c for c in text.replace("\r\n", "\n"))


def test_the_whole_line_to_the_letter() -> None:
    event = {
        **BASE,
        "entityName": "Promotion distribution configuration settings",
        "actionType": "Create",
        "entityId": "cfg|17",
        "productVersion": "R\\100",
        "actor": {"user": "a=b"},
        "before": None,
        "after": ["C:\\x", "two\nlines"],
    }
    assert cef_text(event) == (
        r"CEF:25|Ivanti Inc|Ivanti Neurons for MDM|R\\100|cfg\|17|"
        r"Promotion distribution configuration settings Create|Low|"
        r'cs1Label=Audit Trails cs1={"createdAt":"2026-11-22T08:15:30.123Z","entityType":"Configuration",'
        r'"entityName":"Promotion distribution configuration settings","actionType":"Create"} '
        r'cs2Label=Actor cs2={"user":"a\=b"} cs3Label=Before cs3=null '
        r'cs4Label=After cs4=["C:\\\\x","two\\nlines"]' + "\n"
    )


@given(events)
def test_every_value_comes_back(event: dict[str, Any]) -> None:
    text = cef_text(event)
    assert text.endswith("\n")
    assert len(text.splitlines()) == 1, "no input can end a line early"
    read = read_cef_line(text[:-1])
    assert (read.version, read.vendor, read.product) == (25, "Ivanti Inc", "Ivanti Neurons for MDM")
    version, class_id = (in_header(event.get(key, "")) for key in ("productVersion", "entityId"))
    assert read.product_version == (version[:31] if version[:31].strip() else "1")
    names = (class_id, in_header(event["actionType"]), in_header(event["entityName"]), "-")
    assert read.class_id == next(name for name in names if name.strip())
    assert read.name == in_header(f"{event['entityName']} {event['actionType']}")
    assert read.severity == str(event.get("severity", "Low"))
    states = {"cs2": ("Actor", "actor"), "cs3": ("Before", "before"), "cs4": ("After", "after")}
    expected = {"cs1Label", "cs1"} | {k + s for k, (_, f) in states.items() if f in event for s in ("", "Label")}
    assert set(read.extension) == expected
    main = {key: event[key] for key in ("createdAt", "entityType", "entityName", "actionType")}
    assert json.loads(read.extension["cs1"]) == main
    for key, (label, field) in states.items():
        if field in event:
            assert read.extension[key + "Label"] == label
            value = read.extension[key]
            if value != REPLACEMENT:
                assert json.loads(value) == event[field]
                assert value == msgspec.json.format(value.encode(), indent=-1).decode(), "compact JSON"


@pytest.mark.parametrize("blank", ["", " ", "\n", "\t", "\u2028 "])
def test_nothing_in_a_header_is_blank(blank: str) -> None:
    event = {**BASE, "entityId": blank, "productVersion": blank, "deviceVendor": blank, "deviceProduct": blank}
    read = read_cef_line(cef_text(event)[:-1])
    assert (read.vendor, read.product) == ("Ivanti Inc", "Ivanti Neurons for MDM")
    assert (read.product_version, read.class_id) == ("1", "Update")
    read = read_cef_line(cef_text({**event, "actionType": blank or " ", "entityName": " "})[:-1])
    assert read.class_id == "-"


def test_vendor_and_product_of_an_event_come_first() -> None:
    event = {**BASE, "deviceVendor": "Ama|zon", "deviceProduct": "x" * 70}
    read = read_cef_line(cef_text(event)[:-1])
    assert (read.vendor, read.product) == ("Ama|zon", "x" * 63)
    for odd in (None, 5, {"a": [1]}, ["x"], True):
        read = read_cef_line(cef_text({**event, "deviceVendor": odd})[:-1])
        assert (read.vendor, read.product) == ("Ivanti Inc", "x" * 63)


@given(events)
def test_an_independent_reader_finds_the_same_values(event: dict[str, Any]) -> None:
    # pycef knows neither blank nor escaped header fields, so those are plain here; it leaves the escapes of
    # the extension as they stand, and names a value by its label.
    plain = {"entityName": "Wi-Fi", "actionType": "Update", "entityId": "7", "productVersion": "1"}
    text = cef_text({**event, **plain})
    theirs, ours = pycef.parse(text[:-1]), read_cef_line(text[:-1])
    assert (theirs["DeviceVendor"], theirs["Name"]) == (ours.vendor, ours.name)
    for key in ("cs1", "cs2", "cs3", "cs4"):
        if key in ours.extension:
            value = theirs[ours.extension[f"{key}Label"]]
            assert value.replace("\\=", "=").replace("\\\\", "\\") == ours.extension[key]


@pytest.mark.parametrize("field", ["actor", "before", "after"])
@pytest.mark.parametrize(("length", "kept"), [(3998, True), (3999, False)])
@pytest.mark.parametrize("character", ["x", "é", "=", "🎈"])
def test_a_value_over_4000_characters_is_replaced(field: str, length: int, kept: bool, character: str) -> None:
    text = character * length  # and two quotes
    event = json.dumps({**BASE, field: text}, ensure_ascii=False).encode()
    line = next(cef_chunks([batch_of([parse_event(event).line])], CefSettings())).text.decode()
    read = read_cef_line(line[:-1])
    key = {"actor": "cs2", "before": "cs3", "after": "cs4"}[field]
    assert read.extension[key] == (f'"{text}"' if kept else REPLACEMENT)


@pytest.mark.parametrize(("length", "kept"), [(1023, True), (1024, False)])
@pytest.mark.parametrize("character", ["x", "|", "é"])
def test_a_class_id_over_1023_characters_is_replaced(length: int, kept: bool, character: str) -> None:
    read = read_cef_line(cef_text({**BASE, "entityId": character * length})[:-1])
    assert read.class_id == (character * length if kept else REPLACEMENT)


@pytest.mark.parametrize(("length", "kept"), [(505, True), (506, False)])
def test_a_name_over_512_characters_is_replaced(length: int, kept: bool) -> None:
    read = read_cef_line(cef_text({**BASE, "entityName": "|" * length})[:-1])  # and " Update"
    assert read.name == ("|" * length + " Update" if kept else REPLACEMENT)


def test_an_entity_name_may_push_cs1_over_its_limit() -> None:
    read = read_cef_line(cef_text({**BASE, "entityName": "n" * 4000})[:-1])
    assert (read.name, read.extension["cs1"]) == (REPLACEMENT, REPLACEMENT)


@pytest.mark.parametrize("character", ["x", "é", "|", "\\"])
@pytest.mark.parametrize(("more", "kept"), [(0, True), (1, False)])
def test_cs1_over_4000_characters_is_replaced(character: str, more: int, kept: bool) -> None:
    keys = {**BASE, "entityName": ""}
    room = 4000 - len(json.dumps(keys, separators=(",", ":")))
    keys["entityName"] = character * (room // len(json.dumps(character, ensure_ascii=False)[1:-1]) + more)
    read = read_cef_line(cef_text(keys)[:-1])
    assert read.extension["cs1"] == (
        json.dumps(keys, separators=(",", ":"), ensure_ascii=False) if kept else REPLACEMENT
    )


def test_a_version_over_31_characters_is_cut() -> None:
    read = read_cef_line(cef_text({**BASE, "productVersion": "1.2|" * 10})[:-1])
    assert read.product_version == ("1.2|" * 10)[:31]


@pytest.mark.parametrize("version", [25, 0, 1])
def test_the_configured_header(version: Any) -> None:
    settings = CefSettings(version=version, device_vendor="A|B", device_product="C\\D")
    read = read_cef_line(cef_text(BASE, settings)[:-1])
    assert (read.version, read.vendor, read.product) == (version, "A|B", "C\\D")


def test_no_key_can_be_forged() -> None:
    read = read_cef_line(
        cef_text({**BASE, "actor": "x cs4Label=After cs4={} \ncs3=y", "entityName": "a|9|cs2=z"})[:-1]
    )
    assert set(read.extension) == {"cs1Label", "cs1", "cs2Label", "cs2"}


@pytest.mark.parametrize(
    "line",
    [
        "CEF:25|v|p|1|2|n|Low|cs1Label=A cs1=a=b",
        "CEF:25|v|p|1|2|n",
        "CEF:25|v|p|1|2|n|Low|cs1=a\nb",
        "CEF:25|v|p|1|2|n|Low|cs1=a cs1=b",
        "CEF:25|v\\x|p|1|2|n|Low|cs1=a",
    ],
)
def test_the_reader_is_strict(line: str) -> None:
    with pytest.raises(NotCef):
        read_cef_line(line)


def test_whole_numbers_have_a_place_in_the_header() -> None:
    read = read_cef_line(
        cef_text({**BASE, "entityId": 12345678901234567890123, "productVersion": 7, "severity": None})[:-1]
    )
    assert (read.class_id, read.product_version, read.severity) == ("12345678901234567890123", "7", "Low")


def test_long_names_are_not_kept_in_memory() -> None:
    def batches() -> Iterator[Batch]:
        for letter in string.ascii_letters:
            yield batch_of([parse_event(json.dumps({**BASE, "entityName": letter * 500_000}).encode()).line])

    tracemalloc.start()
    assert sum(len(chunk.text) for chunk in cef_chunks(batches(), CefSettings())) > 0
    kept, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert kept < 5_000_000
