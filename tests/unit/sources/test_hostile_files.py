"""Whatever bytes are in a file: reading it ends, holds nothing else up, and every record is counted."""

import gzip
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import zstandard
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desktop_app.settings.model import FolderSource
from desktop_app.sources.collect import collect
from desktop_app.sources.forms.form import any_piece
from desktop_app.sources.forms.json_values import cut_values
from desktop_app.sources.forms.lines import read_lines
from desktop_app.trails.store.store import open_store
from tests.evtx_file import evtx
from tests.stored import event

WHOLE = [
    event(id="1") + b"\n" + event(id="2") + b"\n",
    b"[" + event(id="1") + b"," + event(id="2") + b"]",
    json.dumps(json.loads(event(id="1")), indent=1).encode() * 2,
    event(id="1", x="日本").decode().encode("utf-16"),
    b'createdAt,entityType,entityName,actionType\n2026-11-22T08:15:30Z,"a ""b""\nc",N,A\n2026-11-22,T,N,A\n',
    b"# today\ncreatedAt,entityType,entityName,actionType\n2026-11-22T08:15:30Z,T,N,A\n# and\n2026-11-22,T,N,A\n",
    b" #Version: 1\n#Fields: createdAt entityName\n2026-11-22 N\n#Fields: a\n1\n",
    b"<34>Oct 11 22:14:15 mymachine su: it\nCEF:0|v|p|1|2|n|3|act=x cs1Label=y cs1={}\n",
    evtx([[(1, "a"), (2, "b")]])[: 4096 + 2048],
]
PACKS: list[Callable[[bytes], bytes]] = [
    lambda content: content,
    gzip.compress,
    zstandard.ZstdCompressor().compress,
    lambda content: zipped(content),
]


def zipped(content: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a", content)
    return file.getvalue()


@st.composite
def hostile(draw: st.DrawFn) -> bytes:
    """A file of some form in which bytes were replaced, left out, repeated; or bytes of no form."""
    content = draw(st.sampled_from(WHOLE))
    pieces = st.sampled_from(
        [b"", b"\0", b"\n", b'"', b"{", b"]", b"\\ud800", b"\xff", b"\xef\xbb\xbf", b",", b"\0" * 5000]
    )
    for _ in range(draw(st.integers(0, 4))):
        start = draw(st.integers(0, len(content)))
        end = draw(st.integers(start, min(len(content), start + 40)))
        content = content[:start] + draw(pieces | st.binary(max_size=8)) + content[end:]
    packed = draw(st.sampled_from(PACKS))(content)
    return draw(st.sampled_from([packed, packed[: draw(st.integers(0, len(packed)))], packed + b"\r\n"]))


@given(st.lists(hostile(), min_size=1, max_size=3))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_no_file_holds_another_up_and_all_records_are_counted(files: list[bytes]) -> None:
    with TemporaryDirectory() as home, open_store(Path(home) / "store" / "trails.db") as store:
        folder = Path(home) / "in"
        folder.mkdir()
        (folder / "fine.json").write_bytes(event(id="fine"))
        for number, content in enumerate(files):
            (folder / f"{number}.log").write_bytes(content)
        for _ in range(3):
            (found,) = collect([FolderSource(name="s", path=str(folder))], store, lambda _: None).sources
            assert found.read == found.appended.stored + found.appended.repeated + found.set_aside
        assert found.appended.stored == 0


@given(st.binary(max_size=60) | st.text(alphabet='{}[]",\\ \n\0a1', max_size=80).map(str.encode), st.data())
@pytest.mark.parametrize("cut", [read_lines, cut_values], ids=["lines", "values"])
def test_pieces_are_in_order_and_reading_on_gives_the_same(
    cut: Callable[..., object], content: bytes, data: st.DataObject
) -> None:
    pieces = list(cut(io.BytesIO(content), 0, any_piece))  # type: ignore[call-overload]
    assert all(piece.start < piece.end for piece in pieces)
    assert [each.start for each in pieces] == sorted(each.start for each in pieces)
    if pieces:
        first = data.draw(st.integers(0, len(pieces) - 1))
        again = list(cut(io.BytesIO(content), pieces[first].end, any_piece))  # type: ignore[call-overload]
        assert again == pieces[first + 1 :]
