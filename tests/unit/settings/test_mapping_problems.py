"""Which mappings of a source can't be right, and by which field that is told."""

import pytest

from desktop_app.settings.file import parse_settings
from desktop_app.settings.mapping_problems import mapping_problems
from desktop_app.settings.model import FieldPlaces, FieldRule, FolderSource, SqlSource


def problems(**said: object) -> list[tuple[str | None, str]]:
    source = FolderSource(name="crm", path="/var/log/crm", **said)  # type: ignore[arg-type]
    found = list(mapping_problems(source))
    assert all(problem.hint for problem in found)
    return [(problem.field, problem.message) for problem in found]


@pytest.mark.parametrize(
    "said",
    [
        {},
        *({"zone": zone} for zone in ("UTC", "Europe/Berlin")),
        *({"time": time} for time in ("iso", "epoch-s", "epoch-ms", "epoch-us", "epoch-ns", "text:%d/%m/%Y %H")),
        {"split": "détails.événements"},
    ],
)
def test_what_can_be_right(said: dict[str, object]) -> None:
    assert problems(**said) == []


def test_what_a_file_says_of_times_can_be_right() -> None:
    text = "version = 2\n[[sources]]\nname = 'crm'\npath = '/var/log/crm'\ntime = '{time}'\nzone = 'UTC'\n"
    for time in ("iso", "epoch-ms"):
        (source,) = parse_settings(text.format(time=time), "config.toml").sources
        assert list(mapping_problems(source)) == []


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("zone", "Mars/Olympus", "There is no time zone 'Mars/Olympus'."),
        ("time", "epoch", "'epoch' is no way to write times."),
        ("time", "ISO", "'ISO' is no way to write times."),
        ("time", "text:", "'text:' is no way to write times."),
        ("time", "text:%H:%M", "'text:%H:%M' is no way to write times."),
        ("split", "a\n", "There is a control character in this."),
        ("split", "\x9f", "There is a control character in this."),
    ],
)
def test_what_can_not_be_right_is_told_at_its_field(field: str, value: str, told: str) -> None:
    assert problems(**{field: value}) == [(field, told)]


RULES = (
    FieldRule(const="Login"),
    FieldRule(text="{user} of {team}"),
    FieldRule(pairs="details", key="name", value="text"),
    FieldRule(pairs="details", key="name", value=""),  # the thing itself is the value
    FieldRule(path="level", words={"1": "Low"}),
    FieldRule(path="level", most=1),
)


@pytest.mark.parametrize("place", ["a.b", *RULES, ("a", FieldRule(const="-"))])
def test_a_rule_that_is_whole(place: FieldPlaces) -> None:
    assert problems(fields={"actionType": place}) == []


@pytest.mark.parametrize(
    "place",
    [
        FieldRule(),
        FieldRule(const=""),
        FieldRule(text=""),
        FieldRule(const="Login", text="Login"),
        FieldRule(pairs="details", key="name"),
        FieldRule(pairs="details", key="", value="text"),
        FieldRule(pairs="", key="name", value="text"),
        FieldRule(path="level"),
        FieldRule(path="", most=10),
        FieldRule(path="level", words={}),
        FieldRule(path="level", words={"1": "Low"}, most=10),
        FieldRule(path="level", most=0),
        FieldRule(path="level", most=-1),
        ("a", FieldRule(const="")),
    ],
)
def test_a_rule_that_is_not_whole(place: FieldPlaces) -> None:
    assert problems(fields={"id": "uuid", "actionType": place}) == [
        ("fields", "The rule for actionType in the mapping of source 'crm' can't be right.")
    ]


@pytest.mark.parametrize(
    "fields",
    [
        {"action\nType": "a"},
        {"actionType": "a\x7f"},
        {"actionType": ("a", "\udcff")},
        {"actionType": FieldRule(const="\x1f")},
        {"actionType": FieldRule(text="\t")},
        {"actionType": FieldRule(pairs="\0", key="name", value="text")},
        {"actionType": FieldRule(pairs="details", key="\0", value="text")},
        {"actionType": FieldRule(pairs="details", key="name", value="\0")},
        {"actionType": FieldRule(path="\0", most=10)},
        {"actionType": FieldRule(path="level", words={"\0": "Low"})},
        {"actionType": FieldRule(path="level", words={"1": "Low\0"})},
    ],
)
def test_a_control_character_anywhere_in_a_mapping(fields: dict[str, FieldPlaces]) -> None:
    assert problems(fields=fields) == [("fields", "The mapping of source 'crm' has a control character in it.")]


def test_a_table_is_its_own_mapping_unless_something_else_is_said() -> None:
    said = {"url": "sqlite:///a.db", "time_column": "at", "id_column": "no"}
    assert SqlSource(name="a", table="log", **said).mapping == {"createdAt": "at", "id": "no"}
    assert SqlSource(name="a", select="SELECT 1", **said).mapping == {"createdAt": "at", "id": "no"}
    assert SqlSource(name="a", table="log, old", **said).mapping == {"createdAt": "at"}
    fields: dict[str, FieldPlaces] = {"id": "uuid", "actionType": "what"}
    assert SqlSource(name="a", table="log", fields=fields, **said).mapping == {"createdAt": "at", **fields}
    assert FolderSource(name="a", path="/a", fields=fields).mapping == fields
