import json

import pytest

from desktop_app.export.json_format import json_chunks
from tests.stored import batch_of

LINES = [b'{"id":"1"}', b'{"id":"2"}', b'{"id":"3"}']


@pytest.mark.parametrize("batches", [[], [LINES], [LINES[:1], LINES[1:]], [[line] for line in LINES]])
def test_one_array_one_event_a_line(batches: list[list[bytes]]) -> None:
    text = b"".join(chunk.text for chunk in json_chunks(map(batch_of, batches))).decode()
    first, *lines, last = text.splitlines()
    assert (first, last) == ("[", "]")
    assert [json.loads(line.removesuffix(",")) for line in lines] == json.loads(text)
    assert json.loads(text) == [json.loads(line) for batch in batches for line in batch]
