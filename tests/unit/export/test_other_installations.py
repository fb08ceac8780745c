"""Whether somebody else exports under the same name to the same place."""

import pytest

from desktop_app.export.other_installations import names_of_others, warning_of_others
from desktop_app.sftp.client import Entry
from desktop_app.sftp.packets import Attributes
from desktop_app.trails.own_actions import archive_delivered
from desktop_app.trails.store.store import Store

NOW, DAY = 1_800_000_000, 86_400
ARCHIVE = "audit-trails-ws-2026-11-20.zip"


def entry(name: str, modified: int | None = NOW) -> Entry:
    return Entry(name, Attributes(None, None, modified))


@pytest.mark.parametrize(
    ("name", "modified", "known", "found"),
    [
        (ARCHIVE, NOW, (), True),
        ("audit-trails-ws-2026-11-20-3.zip", NOW, (), True),
        (f".{ARCHIVE}.0123456789ab.part", NOW, (), True),
        (f"{ARCHIVE}.0123456789ab.part", NOW, (), True),
        (ARCHIVE, NOW, (ARCHIVE,), False),
        (ARCHIVE, NOW - 2 * DAY, (), True),
        (ARCHIVE, NOW - 2 * DAY - 1, (), False),
        (ARCHIVE, None, (), True),
        ("audit-trails-ws2-2026-11-20.zip", NOW, (), False),
        ("audit-trails-other-2026-11-20.zip", NOW, (), False),
        ("report.zip", NOW, (), False),
        (f"{ARCHIVE}.part", NOW, (), False),
    ],
)
def test_which_files_are_of_others(name: str, modified: int | None, known: tuple[str, ...], found: bool) -> None:
    assert names_of_others([entry(name, modified)], "ws", known, NOW) == [name] * found


def test_without_the_time_of_the_server_all_may_be_new() -> None:
    assert names_of_others([entry(ARCHIVE, 0)], "ws", (), None) == [ARCHIVE]


def test_what_the_store_says_that_it_delivered_is_no_others(store: Store) -> None:
    """As where the ledger was lost."""
    store.append([archive_delivered(ARCHIVE, "2026-11-20", 1, "00", "sftp.example.com")])
    there = [ARCHIVE, "audit-trails-ws-2026-11-21.zip", "audit-trails-ws-2026-11-22.zip"]

    def names(known: object) -> list[str]:
        return [name for name in there if name not in known]  # type: ignore[operator]

    warning = warning_of_others(names, "ws", {"audit-trails-ws-2026-11-21.zip"}, store)
    assert warning is not None and "such as audit-trails-ws-2026-11-22.zip." in warning
    assert "the instance name ws " in warning
    assert warning_of_others(names, "ws", set(there[1:]), store) is None
    assert warning_of_others(lambda _: [], "ws", (), store) is None
