"""The steps of *Test Connection*, as they are told one by one."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from desktop_app.wording import Said

StepName = Literal[
    "resolve", "connect", "negotiate", "host-key", "authenticate", "path", "write", "rename", "delete"
]


@dataclass(frozen=True)
class Step:
    """One step that has ended; `detail` says in a few words with what (names and addresses are plain texts)."""

    name: StepName
    ok: bool
    detail: Said | str


OnStep = Callable[[Step], None]


def ignore_steps(_: Step) -> None:
    """For callers that do not want to know."""
