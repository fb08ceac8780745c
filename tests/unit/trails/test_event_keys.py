"""The keys that a mapping offers are those of an event."""

import pytest

from desktop_app.trails.event import NotAnEvent, parse_event
from desktop_app.trails.event_keys import event_keys

VALUES = {"createdAt": '"2026-11-22T08:15:30Z"', "entityType": '"T"', "entityName": '"N"', "actionType": '"A"'}


def test_those_that_are_needed_are_what_no_event_is_without() -> None:
    assert {key.name for key in event_keys() if key.needed} == set(VALUES)
    for left_out in VALUES:
        text = ",".join(f'"{key}":{value}' for key, value in VALUES.items() if key != left_out)
        with pytest.raises(NotAnEvent):
            parse_event(f"{{{text}}}".encode())


def test_each_is_explained_once() -> None:
    keys = event_keys()
    assert len({key.name for key in keys}) == len(keys)
    assert all(str(key.explanation) == key.help != "" for key in keys)


def test_they_are_read_once() -> None:
    assert event_keys() is event_keys()
