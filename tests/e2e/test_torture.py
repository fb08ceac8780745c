"""A small torture: in the end every event is on the server exactly once. `dev.py torture` is the large one."""

import os
from pathlib import Path

import pytest

from tests.torture.rounds import KINDS, torture

FEW = {"kills": 10, "cuts": 3, "damages": 4, "lies": 3, "disks": 2}
PERSISTENCE = int(os.environ.get("ATX_TORTURE", "1"))


@pytest.mark.timeout(300 * PERSISTENCE)
@pytest.mark.parametrize("kind", [kind.name for kind in KINDS])
def test_nothing_is_lost_and_nothing_comes_twice(tmp_path: Path, kind: str) -> None:
    counts = torture(tmp_path, {kind: FEW[kind] * PERSISTENCE}, seed=4711, jobs=2, say=print)[kind]
    assert counts.findings == []
    assert (counts.troubles, counts.events > 0) == (FEW[kind] * PERSISTENCE, True)
