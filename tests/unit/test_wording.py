import copy
import json
import pickle
import sqlite3

import msgspec
import pytest

from desktop_app.errors import BadData
from desktop_app.wording import Said, plain


def test_a_sentence_is_a_text_and_knows_how_it_was_made():
    said = Said("Line {number} can't be an event: {reason}.", number=3, reason=Said("{key} is missing", key="id"))
    assert said == "Line 3 can't be an event: id is missing."
    assert said.template == "Line {number} can't be an event: {reason}."
    assert said.values["reason"].values == {"key": "id"}


def test_a_tuple_is_a_list_with_commas():
    assert Said("Missing: {fields}.", fields=(Said("user"), Said("server path"))) == "Missing: user, server path."


def test_braces_in_values_stay():
    assert Said("There is no folder {path}.", path="/{home}/{0}") == "There is no folder /{home}/{0}."


@pytest.mark.parametrize("again", [copy.copy, copy.deepcopy, lambda said: pickle.loads(pickle.dumps(said))])
def test_copies_keep_the_template(again):
    said = again(Said("{events} events", events=7))
    assert (said, said.template, said.values) == ("7 events", "{events} events", {"events": 7})


def test_it_is_stored_and_encoded_as_the_plain_sentence():
    said = Said("{events} events", events=7)
    assert json.loads(json.dumps({"message": said})) == {"message": "7 events"}
    assert msgspec.to_builtins({"message": said}, enc_hook=plain) == {"message": "7 events"}
    assert msgspec.json.decode(msgspec.json.encode([said], enc_hook=plain)) == ["7 events"]
    stored = sqlite3.connect(":memory:").execute("SELECT ?, typeof(?)", (said, said)).fetchone()
    assert stored == ("7 events", "text")
    with pytest.raises(NotImplementedError):
        msgspec.json.encode(object(), enc_hook=plain)


def test_errors_print_their_sentence():
    assert str(BadData(Said("{name} is empty.", name="a"))) == "a is empty."
