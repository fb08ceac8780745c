"""Inputs that nobody would wish for, by the command line: every record is stored, repeated or set aside, and told.

Each has what is stored of it, and what is set aside.
"""

import bz2
import gzip
import io
import json
import lzma
import shlex
import tarfile
import zipfile
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import zstandard
from click.testing import CliRunner, Result

from desktop_app.cli.main import program
from desktop_app.settings.effective import load_settings
from desktop_app.settings.paths import find_paths
from desktop_app.sources.collect import collect, try_again
from desktop_app.trails.store.store import open_store
from tests.windows_gaps import needs

TIME = "2026-11-03T08:59:26Z"
AT = TIME.encode()
HEADER = "createdAt,entityType,entityName,actionType"
Files = dict[str, bytes]


class Case(NamedTuple):
    name: str
    files: Files
    options: str
    stored_and_aside: tuple[int, int]


def made(**others: Any) -> dict[str, Any]:
    return {"createdAt": TIME, "entityType": "T", "entityName": "n", "actionType": "A", **others}


def lines(*records: object) -> bytes:
    return b"".join(json.dumps(record).encode() + b"\n" for record in records)


def times(*values: object) -> Files:
    """A record for each time, as it is in JSON, or bytes as they are."""
    texts = [value if isinstance(value, bytes) else json.dumps(value).encode() for value in values]
    line = b'{"createdAt":%b,"entityType":"T","entityName":"n%d","actionType":"A"}\n'
    return {"a.jsonl": b"".join(line % (text, number) for number, text in enumerate(texts))}


def zipped(members: list[tuple[str, bytes]]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return packed.getvalue()


def tar(members: list[tuple[str, bytes]]) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        for name, content in members:
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return packed.getvalue()


def skippable(content: bytes) -> bytes:
    """A frame that programs write between those of Zstandard, for themselves."""
    return b"\x50\x2a\x4d\x18" + len(content).to_bytes(4, "little") + content


TWO = lines(made(entityName="a"), made(entityName="b"))
CASES = [
    Case(
        "epoch text/float",
        times(
            "1793611162.123",
            1762160366,
            1762160366.5,
            "1762160366",
            "1762160366123",
            1762160366123456,
            1762160366123456789,
            "1762160366.123456",
        ),
        "",
        (8, 0),
    ),
    Case("neg/zero epoch", times(-5, 0, "0", 1), "", (0, 4)),
    Case(
        "iso spellings",
        times(
            "2026-11-03T08:59:26,123+01:00",
            "20261103T085926Z",
            "2026-11-03T08:59:26+0100",
            "2026-11-03T08:59:26+01",
            "2026-11-03 08:59:26 UTC",
            "2026-11-03 08:59:26Z",
            "2026-11-03t08:59:26z",
            "2026-11-03T08:59Z",
            "2026-11-03T08:59:26.123456789Z",
            " 2026-11-03T08:59:26Z ",
            "2026-11-03T08:59:26 +01:00",
            "2026-11-03 08:59:26.5 +0100",
            "2026-307T08:59:26Z",
            "2026-W45-2T08:59:26Z",
        ),
        "",
        (12, 2),
    ),
    Case(
        "rfc2822 etc",
        times(
            "Tue, 03 Nov 2026 08:59:26 +0100",
            "Tue, 3 Nov 2026 08:59:26 GMT",
            "Tue Nov  3 08:59:26 2026",
            "03/Nov/2026:08:59:26 +0100",
            "Nov 3 2026 08:59:26 UTC",
            "November 3, 2026 8:59:26 AM UTC",
            "3 November 2026 08:59:26 +01:00",
        ),
        "--zone UTC",
        (7, 0),
    ),
    Case(
        "leap, 24h",
        times(
            "2016-12-31T23:59:60Z",
            "2026-11-03T24:00:00Z",
            "2026-11-03T08:60:00Z",
            "2026-02-30T08:00:00Z",
            "2026-11-03T08:59:26+25:00",
        ),
        "",
        (2, 3),
    ),
    Case("no zone", times("2026-11-03T08:59:26", "2026-11-03 08:59:26", "2026-11-03"), "", (0, 3)),
    Case(
        "zone Berlin",
        times("2026-11-03T08:59:26", "03.11.2026 08:59:26", "03.11.2026 08:59", "2026-11-03"),
        "--zone Europe/Berlin",
        (3, 1),
    ),
    Case(
        "gap and twice",
        times("2026-03-29 02:30:00", "2026-10-25 02:30:00"),
        "--zone Europe/Berlin",
        (2, 0),
    ),
    Case(
        "us told",
        times("11/03/2026 08:59:26 AM", "11/03/2026 08:59:26 PM"),
        "--zone America/New_York --time 'text:%m/%d/%Y %I:%M:%S %p'",
        (2, 0),
    ),
    Case(
        "us untold",
        times("11/03/2026 08:59:26 AM"),
        "--zone UTC",
        (0, 1),
    ),
    Case(
        "abbreviations",
        times(
            "2026-11-03 08:59:26 CET",
            "2026-11-03 08:59:26 EST",
            "2026-11-03 08:59:26 +0000 UTC",
            "2026-11-03 08:59:26.123456 +0000 UTC m=+0.1",
        ),
        "",
        (4, 0),
    ),
    Case(
        "odd types as time",
        times(True, None, {"a": 1}, [TIME], [], "", "  ", b"1e9", b"1.7e9", b"1762160366e3"),
        "",
        (3, 7),
    ),
    Case(
        "future, filetime, excel",
        times(
            "2099-01-01T00:00:00Z",
            134067851660000000,
            "134067851660000000",
            45000.5,
            "1601-01-01T00:00:00Z",
            "1969-12-31T23:59:59Z",
        ),
        "",
        (0, 6),
    ),
    Case(
        "time list path",
        {
            "a.jsonl": lines(
                {"e": [{"t": TIME}], "k": "K", "n": "x"},
                {"e": [], "k": "K", "n": "x"},
                {"e": None, "k": "K", "n": "x"},
            )
        },
        "--field 'createdAt=e[0].t' --field entityType=k --field entityName=n --field actionType==A",
        (1, 2),
    ),
    Case(
        "own createdAt invalid",
        {
            "a.jsonl": lines(
                {"createdAt": "yesterday", "t": TIME, "entityType": "T", "entityName": "n", "actionType": "A"}
            )
        },
        "--field createdAt=t",
        (1, 0),
    ),
    Case("utf16be nobom", {"a.json": json.dumps([made()]).encode("utf-16-be")}, "", (1, 0)),
    Case(
        "utf16le nobom lines",
        {"a.jsonl": lines(made(), made(entityName="ü")).decode().encode("utf-16-le")},
        "",
        (2, 0),
    ),
    Case("utf32", {"a.jsonl": TWO.decode().encode("utf-32")}, "", (2, 0)),
    Case(
        "utf16 csv",
        {"a.csv": "createdAt;entityType;entityName;actionType\r\n2026-11-03T08:59:26Z;T;é;A\r\n".encode("utf-16")},
        "",
        (1, 0),
    ),
    Case(
        "csv quoted newlines crlf bom",
        {
            "a.csv": (
                "\ufeff" + HEADER + "\r\n" + TIME + ',T,"a ""x""\r\nb,c",A\r\n' + TIME + ",T,b,A\r\n"
            ).encode()
        },
        "",
        (2, 0),
    ),
    Case("csv dup columns", {"a.csv": (HEADER + ",x,x\n" + TIME + ",T,a,A,1,2\n").encode()}, "", (1, 0)),
    Case(
        "csv ragged",
        {
            "a.csv": (
                HEADER
                + "\n"
                + TIME
                + ",T,a,A\n"
                + TIME
                + ",T,a\n"
                + TIME
                + ",T,a,A,z\n\n,,,\n"
                + TIME
                + ",T,b,A\n"
            ).encode()
        },
        "",
        (2, 2),
    ),
    Case(
        "csv open quote",
        {"a.csv": (HEADER + "\n" + TIME + ',T,"a,A\n' + TIME + ",T,b,A\n" + TIME + ",T,c,A\n").encode()},
        "",
        (2, 1),
    ),
    Case("tsv", {"a.tsv": (HEADER.replace(",", "\t") + "\n" + TIME + "\tT\ta\tA\n").encode()}, "", (1, 0)),
    Case("csv header only", {"a.csv": (HEADER + "\n").encode()}, "", (0, 0)),
    Case("csv no header", {"a.csv": (f"{TIME},T,a,A\n{TIME},T,b,A\n{TIME},T,c,A\n").encode()}, "", (0, 1)),
    Case(
        "csv json col",
        {"a.csv": ("t,AuditData\n" + TIME + ',"{""Op"":""X"",""Obj"":""o""}"\n').encode()},
        "--field createdAt=t --field entityType==M --field entityName=AuditData.Obj "
        "--field actionType=AuditData.Op",
        (1, 0),
    ),
    Case("csv cr only", {"a.csv": (HEADER + "\r" + TIME + ",T,a,A\r" + TIME + ",T,b,A\r").encode()}, "", (2, 0)),
    Case(
        "csv lone header name spaces",
        {"a.csv": (" createdAt , entityType , entityName , actionType \n" + TIME + ", T , a , A \n").encode()},
        "",
        (1, 0),
    ),
    Case("json trailing comma", {"a.json": b'[{"a":1},]'}, "", (0, 1)),
    Case(
        "json comments nan",
        {
            "a.json": b'// x\n[{"createdAt":"' + AT + b'","entityType":"T","entityName":"n","actionType":"A"}]',
            "b.jsonl": b'{"createdAt":"'
            + AT
            + b'","entityType":"T","entityName":"n","actionType":"A","x":NaN}\n'
            + lines(made()),
        },
        "",
        (1, 2),
    ),
    Case(
        "dup keys",
        {
            "a.jsonl": b'{"createdAt":"'
            + AT
            + b'","entityType":"T","entityName":"n","entityName":"m","actionType":"A"}\n'
        },
        "",
        (1, 0),
    ),
    Case(
        "deep nest",
        {
            "a.jsonl": b'{"x":' + b"[" * 100000 + b"]" * 100000 + b"}\n" + lines(made()),
            "b.json": b"[" * 100000 + b"]" * 100000,
        },
        "",
        (1, 2),
    ),
    Case(
        "huge int",
        {
            "a.jsonl": b'{"createdAt":"'
            + AT
            + b'","entityType":"T","entityName":"n","actionType":"A","n":'
            + b"9" * 5000
            + b',"f":1e999}\n'
        },
        "",
        (1, 0),
    ),
    Case(
        "empties",
        {
            "a.json": b"",
            "b.jsonl": b" \n\n",
            "c.json": b"\xef\xbb\xbf",
            "d.jsonl": b"\0" * 5000,
            "e.csv": b"\n",
            "f.json": b"[]",
            "g.json": b"{}",
        },
        "",
        (0, 1),
    ),
    Case(
        "zip in zip etc",
        {
            "a.zip": zipped(
                [
                    ("in.zip", zipped([("x.jsonl", TWO)])),
                    ("d/", b""),
                    ("../up.jsonl", lines(made(entityName="u"))),
                    ("/abs.jsonl", lines(made(entityName="v"))),
                    ("x.jsonl", TWO),
                    ("x2.json.gz", gzip.compress(json.dumps([made(entityName="g")]).encode())),
                ]
            )
        },
        "",
        (5, 1),
    ),
    Case("gz truncated", {"a.jsonl.gz": gzip.compress(TWO * 50)[:-20]}, "", (0, 0)),
    Case(
        "gz multi",
        {
            "a.jsonl.gz": gzip.compress(lines(made(entityName="1")))
            + gzip.compress(lines(made(entityName="2")))
            + b"\0\0\0"
        },
        "",
        (2, 0),
    ),
    Case("double packed", {"a.jsonl.gz.zst": zstandard.compress(gzip.compress(TWO))}, "", (0, 1)),
    Case(
        "bz2 xz tar",
        {
            "a.jsonl.bz2": bz2.compress(TWO),
            "b.jsonl.xz": lzma.compress(TWO),
            "c.tar": tar([("x.jsonl", TWO)]),
            "d.tar.gz": gzip.compress(tar([("x.jsonl", TWO)])),
            "e.7z": b"7z\xbc\xaf\x27\x1c" + b"\0" * 60,
            "f.rar": b"Rar!\x1a\x07\x01\0" + b"x" * 60,
        },
        "",
        (0, 6),
    ),
    Case("jsonl cr only", {"a.jsonl": TWO.replace(b"\n", b"\r")}, "", (2, 0)),
    Case(
        "u2028",
        {"a.jsonl": json.dumps(made(entityName="a\u2028b"), ensure_ascii=False).encode() + b"\n"},
        "",
        (1, 0),
    ),
    Case("scalars", {"a.json": b'"x"', "b.json": b"5", "c.json": b"null", "d.json": b"true"}, "", (0, 4)),
    Case(
        "mixed array",
        {"a.json": json.dumps([made(), "x", 5, None, [made()], made(entityName="m")]).encode()},
        "",
        (2, 4),
    ),
    Case(
        "envelope lines",
        {
            "a.jsonl": lines(
                {"r": [made(entityName="1"), made(entityName="2")]},
                {"r": []},
                {"q": 1},
                {"r": {"a": 1}},
                {"r": [made(entityName="3")]},
            )
        },
        "--records r",
        (3, 2),
    ),
    Case(
        "records path wrong",
        {"a.json": json.dumps({"a": {"b": [made()]}}).encode()},
        "--records a.c",
        (0, 1),
    ),
    Case(
        "records path object",
        {"a.json": json.dumps({"a": {"b": made()}}).encode()},
        "--records a.b",
        (0, 1),
    ),
    Case(
        "arrays a line",
        {
            "a.jsonl": b"["
            + json.dumps(made(entityName="1")).encode()
            + b","
            + json.dumps(made(entityName="2")).encode()
            + b"]\n"
            + lines(made(entityName="3"))
        },
        "",
        (3, 0),
    ),
    Case(
        "pretty concatenated",
        {
            "a.json": (
                json.dumps(made(entityName="1"), indent=2)
                + "\n"
                + json.dumps(made(entityName="2"), indent=2)
                + ",\n"
                + json.dumps(made(entityName="3"), indent=2)
            ).encode()
        },
        "",
        (3, 0),
    ),
    Case(
        "strangers",
        {
            "a.xml": b"<?xml version='1.0'?><Events/>",
            "b.html": b"<!DOCTYPE html><html></html>",
            "c.pdf": b"%PDF-1.7\n",
            "d.png": b"\x89PNG\r\n\x1a\n" + b"\0" * 30,
            "e.db": b"SQLite format 3\0" + b"\0" * 100,
            "f.parquet": b"PAR1" + b"x" * 30,
            "g.txt": b"hello world\nthis is text\n",
            "h.yaml": b"a: 1\nb: 2\n",
            "i.exe": b"MZ" + b"\0" * 100,
        },
        "",
        (0, 9),
    ),
    Case(
        "cef odd",
        {
            "a.log": (
                b"CEF:0|V\\|x|P|1|A\\\\|n m|5|rt=1762160366123 msg=a\\=b c suser=eva act=do it\n"
                + b'CEF:0|V|P|1|A|n|5|rt=1762160366123 cs1Label=X cs1={"a":1}\nCEF:0|V|P\n'
                + b"CEF:1|V|P|1|A|n|High|end=Nov 03 2026 08:59:26 UTC\n"
            )
        },
        "--field createdAt=rt,end --field entityType=deviceProduct --field entityName=name "
        "--field actionType=deviceEventClassId",
        (3, 1),
    ),
    Case(
        "syslog",
        {
            "a.log": (
                b'<34>1 2026-11-03T08:59:26.123Z host app 123 ID47 [ex@1 a="b"] \xef\xbb\xbfmsg here\n'
                b"<34>Nov  3 08:59:26 host su[1]: failed\n"
                b"<34>2026-11-03T08:59:26+01:00 host app: hello\nnot syslog\n"
            )
        },
        "--zone UTC --field createdAt=syslog.timestamp --field entityType==S "
        "--field entityName=syslog.hostname --field actionType=message",
        (3, 1),
    ),
    Case("json amid text", {"a.log": b"INFO starting\n" + TWO + b"WARN x\n"}, "", (2, 2)),
    Case(
        "names",
        {
            "-rf.jsonl": TWO,
            "a b\nc.jsonl": lines(made(entityName="c")),
            "e\u0301.jsonl": lines(made(entityName="d")),
            "x" * 240 + ".jsonl": lines(made(entityName="e")),
            "[x]*?.jsonl": lines(made(entityName="f")),
        },
        "",
        (6, 0),
    ),
    Case(
        "key dots",
        {"a.jsonl": lines({"a.b": TIME, "a": {"b": "no"}, "x[0]": "T", "n": {"0": "z"}, "act": "A"})},
        "--field createdAt=a.b --field 'entityType=x[0]' --field entityName=n.0 --field actionType=act",
        (1, 0),
    ),
    Case(
        "ids",
        {
            "a.jsonl": lines(
                made(id=1),
                made(id=1.0),
                made(id=""),
                made(id=None),
                made(id=True),
                made(id=["a"]),
                made(id={"a": 1}),
                made(id="x" * 5000),
                made(id=" "),
                made(id="1"),
            )
        },
        "",
        (10, 0),
    ),
    Case(
        "ids mapped",
        {
            "a.jsonl": lines(
                *[
                    {"i": v, "createdAt": TIME, "entityType": "T", "entityName": "n", "actionType": "A"}
                    for v in (1, 1.0, "", None, True, ["a"], {"a": 1}, "x" * 5000, " ", "1")
                ]
            )
        },
        "--field id=i",
        (9, 0),
    ),
    Case(
        "same id other content",
        {"a.jsonl": lines(made(id="1"), made(id="1", entityName="z"), made(id="1"))},
        "",
        (1, 1),
    ),
    Case(
        "names odd",
        {
            "a.jsonl": lines(
                made(entityName=5),
                made(entityName=["a", "b"]),
                made(entityName=[{"a": 1}]),
                made(entityName="  "),
                made(entityName={}),
                made(entityName=None),
                made(entityName=False),
                made(entityName="a\u0000b"),
                made(entityName="\ud800"),
            )
        },
        "",
        (6, 3),
    ),
    Case(
        "actor odd",
        {
            "a.jsonl": lines(
                made(actor="eva"),
                made(actor='{"name":"x"}'),
                made(actor=5),
                made(actor=None),
                made(actor=[]),
                made(before="x", after=[1]),
                made(actor=True),
            )
        },
        "",
        (7, 0),
    ),
    Case(
        "severity",
        {
            "a.jsonl": lines(
                *[
                    made(entityName=str(i), severity=s)
                    for i, s in enumerate(
                        ["INFO", "warn", "high ", 0, 10, 11, -1, "7", 5.5, None, "", [], "Very-High", "critical"]
                    )
                ]
            )
        },
        "",
        (14, 0),
    ),
    Case(
        "split odd",
        {
            "a.jsonl": lines(
                {"t": TIME, "e": [{"n": "1"}, {"n": "2"}]},
                {"t": TIME, "e": []},
                {"t": TIME, "e": "x"},
                {"t": TIME, "e": [1, "x"]},
                {"t": TIME},
                {"t": TIME, "e": {"n": "3"}},
            )
        },
        "--split e --field createdAt=t --field entityType==T --field entityName=e.n,n --field actionType==A",
        (3, 4),
    ),
    Case(
        "template missing",
        {"a.jsonl": lines({"createdAt": TIME, "a": "x"}, {"createdAt": TIME, "b": "y"}, {"createdAt": TIME})},
        "--field entityType==T --field 'entityName={a} {b}' --field actionType==A",
        (2, 1),
    ),
    Case(
        "bad utf8",
        {
            "a.jsonl": b'{"createdAt":"'
            + AT
            + b'","entityType":"T","entityName":"gr\xfc\xdf","actionType":"A","k\xff":1}\n'
            + b'{"createdAt":"'
            + AT
            + b'","entityType":"T","entityName":"n\x00l","actionType":"A"}\n'
        },
        "",
        (1, 2),
    ),
    Case(
        "lone surrogates",
        {"a.json": b'[{"createdAt":"' + AT + b'","entityType":"T","entityName":"\\ud83d","actionType":"A"}]'},
        "",
        (1, 0),
    ),
    Case(
        "reserved keys",
        {
            "a.jsonl": lines(
                {
                    "when": TIME,
                    "createdAt": "x",
                    "s.createdAt": "y",
                    "entityType": "T",
                    "entityName": "n",
                    "actionType": "A",
                    "eventId": 1,
                    "seq": 2,
                }
            )
        },
        "--field createdAt=when",
        (1, 0),
    ),
    Case(
        "json in text path",
        {"a.jsonl": lines({"m": json.dumps({"t": TIME, "x": json.dumps({"n": "deep"})}), "entityType": "T"})},
        "--field createdAt=m.t --field entityName=m.x.n --field actionType==A",
        (1, 0),
    ),
    Case("rs seq", {"a.json-seq": b"".join(b"\x1e" + line + b"\n" for line in TWO.splitlines())}, "", (2, 0)),
    Case("jsonl indent lines", {"a.jsonl": b"   " + TWO.replace(b"\n", b"   \r\n\t")}, "", (2, 0)),
    Case("concatenated no break", {"a.json": TWO.replace(b"\n", b"")}, "", (2, 0)),
    Case("ndjson array brackets", {"a.json": b"[\n" + TWO.replace(b"}\n{", b"}\n,{") + b"]\n"}, "", (2, 0)),
    Case("utf16 odd byte", {"a.jsonl": TWO.decode().encode("utf-16") + b"\n"}, "", (2, 0)),
    Case(
        "text with commas",
        {
            "a.jsonl": json.dumps(json.dumps(made())).encode() + b"\n",
            "b.jsonl": b"one, two, three, four\n",
            "c.json": b'"a;b;c;d"\n',
            "d.csv": b"one,two,three,four\n",
        },
        "",
        (0, 3),
    ),
    Case(
        "digits of others",
        times("٢٠٢٦-١١-٠٣T٠٨:٥٩:٢٦Z", "2026-11-03T08:59:26+01:00:30", b"1762160366e400"),
        "",
        (1, 2),
    ),
    Case(
        "words as times",
        times("today", "now", "Z", "-", "+01:00", "2026-11", "2026", "0000-01-01T00:00:00Z", "9" * 100_000),
        "",
        (0, 9),
    ),
    Case(
        "list in each record of a list",
        {"a.json": json.dumps({"d": {"e": [{"r": [made(), made(entityName="b")]}, {"r": []}]}}).encode()},
        "--records d.e --split r --field createdAt=r.createdAt --field entityType=r.entityType "
        "--field entityName=r.entityName --field actionType=r.actionType",
        (2, 1),
    ),
    Case("map of records", {"a.json": json.dumps({"x": made(), "y": made()}).encode()}, "", (0, 1)),
    Case("jsonp", {"a.json": b")]}',\n" + json.dumps([made()]).encode()}, "", (0, 1)),
    Case("written by repr", {"a.jsonl": repr(made()).encode() + b"\n" + lines(made())}, "", (1, 1)),
    Case("ebcdic", {"a.json": json.dumps(made()).encode("cp037")}, "", (0, 1)),
    Case(
        "csv with a total", {"a.csv": (HEADER + f"\n{TIME},T,a,A\n{TIME},T,b,A\nTotal: 2\n").encode()}, "", (2, 1)
    ),
    Case(
        "csv of 3,000 columns",
        {
            "a.csv": (
                HEADER + "".join(f",c{n}" for n in range(3000)) + f"\n{TIME},T,a,A" + ",x" * 3000 + "\n"
            ).encode()
        },
        "",
        (1, 0),
    ),
    Case(
        "zst with skippable frames",
        {
            "a.jsonl.zst": skippable(b"x" * 5)
            + zstandard.compress(lines(made(entityName="1")))
            + skippable(b"y" * 3000)
            + skippable(b"")
            + zstandard.compress(lines(made(entityName="2")))
            + skippable(b"z"),
            "b.jsonl.zst": skippable(b"nothing else"),
            "c.jsonl.zst": zstandard.compress(lines(made(entityName="3"))) + skippable(b"cut")[:-1],
        },
        "",
        (3, 0),
    ),
    Case("half jsonl", {"a.jsonl": TWO[:-30]}, "", (1, 0)),
    Case(
        "cloudtrail trunc",
        {"a.json.gz": gzip.compress(b'{"Records":[{"eventTime":"' + AT + b'"')},
        "--like cloudtrail",
        (0, 1),
    ),
]


def source(*words: str, code: int = 0) -> Result:
    done = CliRunner().invoke(program, ["source", *words])
    assert done.exit_code == code and (not done.exception or isinstance(done.exception, SystemExit)), (
        words, done.output, done.exception
    )  # fmt: skip
    return done


@pytest.mark.parametrize(
    "case",
    [
        pytest.param(each, id=each.name, marks=[needs("names of bytes")] if each.name == "names" else [])
        for each in CASES
    ],
)
def test_no_record_is_lost_in_silence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, case: Case) -> None:
    monkeypatch.setenv("AUDIT_TRAILS_HOME", str(tmp_path / "home"))
    (tmp_path / "in").mkdir()
    for name, content in case.files.items():
        (tmp_path / "in" / name).write_bytes(content)
    source("add", "s", "--path", str(tmp_path / "in"), *shlex.split(case.options))
    assert json.loads(source("preview", "s", "--limit", "100", "--json").stdout, parse_int=str)
    paths = find_paths()
    sources = load_settings(paths).sources
    stored = set_aside = 0
    with open_store(paths.store) as store:
        for _ in range(3):
            (found,) = collect(sources, store, lambda _: None).sources
            assert found.read == found.appended.stored + found.appended.repeated + found.set_aside
            assert sum(count for _, count in found.reasons.most_common()) == found.set_aside
            stored, set_aside = stored + found.appended.stored, set_aside + found.set_aside
            assert (found.error is not None) is (case.name == "gz truncated")
        kept = source("set-aside", "s").stdout.splitlines()
        assert len(kept) >= set_aside if set_aside else not kept
        again = try_again(sources, "s", store)
        assert (again.appended.stored, again.read) == (0, again.set_aside)
    assert (stored, set_aside) == case.stored_and_aside, found.reasons.most_common()
    (listed,) = json.loads(source("list", "--json").stdout)
    assert listed["read"] == listed["stored"] + listed["repeated"] + listed["set_aside"]
    assert listed["stored"] == stored
