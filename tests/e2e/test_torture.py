"""A small torture: in the end every event is on the server exactly once. `dev.py torture` is the large one.

`ATX_TORTURE=10` makes ten times as many troubles, `ATX_EVENTS=10` records ten times as many events.
"""

import os
from pathlib import Path

import pytest

from tests.torture.rounds import KINDS, torture
from tests.windows_gaps import needs

FEW = {"kills": 10, "cuts": 3, "damages": 4, "lies": 3, "disks": 2}
PERSISTENCE = int(os.environ.get("ATX_TORTURE", "1"))
LOAD = int(os.environ.get("ATX_EVENTS", "1"))


@pytest.mark.timeout(300 * PERSISTENCE * LOAD)
@pytest.mark.parametrize(
    "kind",
    [pytest.param(kind.name, marks=needs("mount") if kind.name == "disks" else ()) for kind in KINDS],
)
def test_nothing_is_lost_and_nothing_comes_twice(tmp_path: Path, kind: str) -> None:
    counts = torture(tmp_path, {kind: FEW[kind] * PERSISTENCE}, seed=4711, jobs=2, say=print, load=LOAD)[kind]
    assert counts.findings == []
    assert (counts.troubles, counts.events > 0) == (FEW[kind] * PERSISTENCE, True)
