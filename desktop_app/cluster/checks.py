"""What has to hold before a cluster begins: the same program everywhere, and what is shared can be seen."""

import json
import secrets
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import msgspec
from msgspec import Struct

from desktop_app import __version__
from desktop_app.cluster.engine import ClusterDiffers, Engine
from desktop_app.cluster.storage import PieceLost, open_pieces
from desktop_app.errors import UserError
from desktop_app.files import file_sha256
from desktop_app.wording import Said


class _Program(Struct, frozen=True):
    """What has to be the same everywhere."""

    program: str
    python: str
    dask: str


def about_program(_: bytes) -> bytes:
    """What runs here: a _Program, as JSON."""
    import distributed

    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    return msgspec.json.encode(_Program(__version__, python, distributed.__version__))


def see_shared(wish: bytes) -> bytes:
    """Which of some files, a list in JSON, are not here: as such a list."""
    return json.dumps([path for path in json.loads(wish) if not Path(path).exists()]).encode()


def see_piece(wish: bytes) -> bytes:
    """Why a piece, whose place, name and SHA-256 are a list in JSON, can't be read here; nothing where it can."""
    place, name, sha256 = json.loads(wish)
    with tempfile.TemporaryDirectory(prefix="audit-trails-") as folder:
        try:
            open_pieces(place).get(name, sha256, Path(folder) / "piece")
        except PieceLost:
            return b"another folder is there"
        except UserError as error:
            return str(error.message).encode()
    return b""


def require_same(engine: Engine, shared: Sequence[Path]) -> None:
    """Make sure that each worker has the same program, and sees what is shared. Raises ClusterDiffers."""
    own = msgspec.json.decode(about_program(b""), type=_Program)
    for address, answer in engine.each_worker(about_program, b"").items():
        its = msgspec.json.decode(answer, type=_Program)
        if its != own:
            told = {"address": address, "its": _words(its), "own": _words(own)}
            raise ClusterDiffers(
                Said("The worker {address} has {its}; here is {own}.", **told),
                Said("Install the same versions everywhere."),
            )
    for address, answer in engine.each_worker(see_shared, json.dumps(list(map(str, shared))).encode()).items():
        if missing := json.loads(answer):
            raise ClusterDiffers(
                Said("The worker {address} can't see {path}.", address=address, path=missing[0]),
                Said("Mount the folder there under the same path, and let the worker's user read it."),
            )


def require_pieces(engine: Engine, place: str, folder: str) -> None:
    """Make sure that pieces can be written here, in a folder, and are seen by each worker. Raises ClusterDiffers,
    PiecesUnreachable."""
    pieces, name = open_pieces(place), f"{folder}/probe-{secrets.token_hex(6)}"
    with tempfile.TemporaryDirectory(prefix="audit-trails-") as own:
        probe = Path(own) / "probe"
        probe.write_text(name, encoding="utf-8")
        pieces.put(name, probe)
        try:
            wish = json.dumps([place, name, file_sha256(probe)]).encode()
            for address, answer in engine.each_worker(see_piece, wish).items():
                if answer:
                    raise ClusterDiffers(
                        Said(
                            "The worker {address} can't see the pieces in {place} ({reason}).",
                            address=address,
                            place=place,
                            reason=answer.decode(),
                        ),
                        Said("Mount the folder there under the same path, or name a bucket that both can reach."),
                    )
        finally:
            pieces.remove([name])


def _words(program: _Program) -> str:
    return f"audit-trails-export {program.program}, Python {program.python}, distributed {program.dask}"
