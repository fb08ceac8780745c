"""The schemas of `docs/json`, as strict as a test wants them: what a document has must be in its schema."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker

FOLDER = Path(__file__).parents[1] / "docs" / "json"
PARTS = "common"


def names() -> list[str]:
    """Of the documents that there are schemas of."""
    files = sorted(FOLDER.glob("*.schema.json"))
    return [name for file in files if (name := file.name.removesuffix(".schema.json")) != PARTS]


@cache
def schema(name: str) -> Any:
    """As it is published."""
    return json.loads((FOLDER / f"{name}.schema.json").read_text(encoding="utf-8"))


def require(name: str, document: Any) -> None:
    """Raises ValidationError unless a document is as its schema says, and has nothing that it does not say."""
    Draft202012Validator(_closed(schema(name)), format_checker=FormatChecker()).validate(document)


def _closed(part: Any) -> Any:
    """A schema with its references put in, of which no object has other keys than are named."""
    if isinstance(part, list):
        return [_closed(each) for each in part]
    if not isinstance(part, dict):
        return part
    if reference := part.get("$ref"):
        file, _, place = reference.partition("#/$defs/")
        return _closed({**schema(file.removesuffix(".schema.json"))["$defs"][place]})
    whole = {key: value for key, value in part.items() if key not in ("allOf", "examples", "$id")}
    for base in map(_closed, part.get("allOf", [])):
        whole["properties"] = {**base["properties"], **whole["properties"]}
        whole["required"] = [*base["required"], *whole["required"]]
    closed = {key: _closed(value) if key != "required" else value for key, value in whole.items()}
    if "properties" in whole:
        closed.setdefault("additionalProperties", False)
    return closed
