"""The three lists of algorithms: their choices, in the order of preference, and their defaults."""

from dataclasses import dataclass
from functools import cache
from typing import Literal

from desktop_app.resources import load_toml
from desktop_app.wording import Said

ListName = Literal["key_exchange", "ciphers", "hmac"]
LIST_NAMES: tuple[ListName, ...] = ("key_exchange", "ciphers", "hmac")
LIST_LABELS = {"key_exchange": Said("key exchange"), "ciphers": Said("cipher"), "hmac": Said("HMAC")}


@dataclass(frozen=True)
class Algorithm:
    """One choice of a list; `weak` says why it is marked as weak, or is empty."""

    name: str
    ticked: bool
    weak: Said


@cache
def choices(list_name: ListName) -> tuple[Algorithm, ...]:
    """All choices of a list, strongest first."""
    return tuple(
        Algorithm(entry["name"], entry["ticked"], Said(entry.get("weak", "")))
        for entry in load_toml("algorithms")[list_name]
    )


def all_names(list_name: ListName) -> tuple[str, ...]:
    """The names of all choices, strongest first."""
    return tuple(algorithm.name for algorithm in choices(list_name))


def default_names(list_name: ListName) -> tuple[str, ...]:
    """The names that are ticked in a new configuration, strongest first."""
    return tuple(algorithm.name for algorithm in choices(list_name) if algorithm.ticked)
