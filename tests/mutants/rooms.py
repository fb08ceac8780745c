"""What is changed, and which tests must notice. A room's unit tests are the folder of the same name."""

import re
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGE = "desktop_app"

# Where mutants are drawn from: rooms, and modules of rooms that are not taken whole.
CHANGED = (
    "actions",
    "evidence",
    "export",
    "secrets",
    "settings",
    "sources",
    "trails",
    *(f"sftp/{name}.py" for name in ("connection", "host_key_check", "login", "negotiation", "sockets", "upload")),
)

# What tests a room beside tests/unit/<room>, where that is quick.
ALSO = {
    "actions": (
        "tests/unit/cli",
        "tests/integration/test_backfill.py",
        "tests/integration/test_evidence.py",
        "tests/integration/test_probe_and_save.py",
    ),
    "evidence": (
        "tests/unit/export",
        "tests/unit/cli/test_events.py",
        "tests/unit/cli/test_verify.py",
        "tests/integration/test_time_stamps.py",
    ),
    "export": ("tests/integration/test_delivery.py", "tests/integration/test_unzip.py"),
    "sftp": (
        "tests/integration/test_connection.py",
        "tests/integration/test_refusals.py",
        "tests/integration/test_delivery.py",
    ),
}

# What tests some modules of a room beside that, by how their paths begin.
ALSO_SOME = {
    "actions/cluster_backfill": "tests/integration/test_cluster.py",
    "actions/cluster_": "tests/integration/test_cluster_safety.py",
    "actions/enter_reading": "tests/integration/test_cluster.py",
    "actions/promised_days": "tests/integration/test_cluster.py",
    "sources/audit_records": "tests/integration/test_journal.py",
    "sources/intake": "tests/unit/actions/test_enter_reading.py",
    "sources/journal": "tests/integration/test_journal.py",
    "sources/objects/": "tests/integration/test_objects_source.py",
    "sources/rest/connection": "tests/integration/test_company_proxy.py",
    "sources/sftp_": "tests/integration/test_sftp_source.py",
    "sources/sql/": "tests/integration/test_sql_source.py",
}


def modules() -> list[Path]:
    """The modules that are changed, relative to the checkout."""
    found = []
    for name in CHANGED:
        place = ROOT / PACKAGE / name
        found += [place] if place.is_file() else sorted(place.rglob("*.py"))
    return [module.relative_to(ROOT) for module in found]


def room_of(module: Path) -> str:
    """The room of a module: `trails/store` for desktop_app/trails/store/blocks.py."""
    return "/".join(module.parts[1:-1])


def own_tests(room: str) -> list[str]:
    """The paths of the tests of a room; a room within another without tests of its own has that one's."""
    parts = room.split("/")
    for length in range(len(parts), 0, -1):
        name = "/".join(parts[:length])
        found = [path for path in (f"tests/unit/{name}", *ALSO.get(name, ())) if (ROOT / path).exists()]
        if found:
            return found
    return []


@cache
def nearest_first(module: Path) -> tuple[str, ...]:
    """The files with the tests of a module's room: first the one that is called after the module, then those that
    import it, in the order in which they are most likely to notice soon."""
    name_of = "/".join(module.with_suffix("").parts[1:])
    also = [path for begin, path in ALSO_SOME.items() if name_of.startswith(begin)]
    files = sorted(file for path in (*own_tests(room_of(module)), *also) for file in _files(ROOT / path))
    *above, name = module.with_suffix("").parts
    package = re.escape(".".join(above))
    imported = re.compile(rf"\b{package}\.{name}\b|\bfrom {package} import (\([^)]*|.*)\b{name}\b")

    def distance(file: Path) -> int:
        if file.stem == f"test_{module.stem}":
            return 0
        return 1 if imported.search(file.read_text(encoding="utf-8")) else 2

    return tuple(str(file.relative_to(ROOT)) for file in sorted(files, key=distance))


def _files(path: Path) -> list[Path]:
    return [path] if path.is_file() else list(path.rglob("test_*.py"))
