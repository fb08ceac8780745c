"""Collecting from a source by a process that is killed at random moments, and then by one that ends."""

import json
import os
import random
import subprocess
import sys
import time
from pathlib import Path

import msgspec

from desktop_app.settings.model import SourceSettings

KILLS = int(os.environ.get("AUDIT_TRAILS_KILLS", "4"))

_COLLECT = """
import json, sys
from pathlib import Path
import msgspec
from desktop_app.settings.source_kinds import struct_of
from desktop_app.sources import files_reader
from desktop_app.sources.collect import collect
from desktop_app.sources.sql import reader
from desktop_app.trails.store.store import open_store
given = json.loads(sys.stdin.read())
reader._FIRST_ROWS = reader._MOST_ROWS = files_reader._BATCH_RECORDS = 20
source = msgspec.convert(given["source"], struct_of(given["source"]["kind"]))
with open_store(Path(given["store"])) as store:
    (one,) = collect([source], store, lambda _: None, None, lambda _: given["secret"]).sources
print(one.error or "done")
"""


def collect_killed(source: SourceSettings, store: Path, secret: str) -> str:
    """What the last of the processes says: `done`, or the error."""
    given = json.dumps({"store": str(store), "source": msgspec.to_builtins(source), "secret": secret})
    chance = random.Random(KILLS)
    for _ in range(KILLS):
        process = subprocess.Popen([sys.executable, "-c", _COLLECT], stdin=subprocess.PIPE, text=True)
        assert process.stdin
        process.stdin.write(given)
        process.stdin.close()
        time.sleep(chance.uniform(0.2, 2))  # at whatever moment that is
        process.kill()
        process.wait()
    last = subprocess.run(
        [sys.executable, "-c", _COLLECT], input=given, text=True, capture_output=True, check=True
    )
    return last.stdout.strip()
