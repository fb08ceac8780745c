"""The extra `cluster` is for who asks for it: no package has it, and nothing else needs it."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_no_package_has_it() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extra = [re.split("[<>=]", each)[0] for each in project["optional-dependencies"]["cluster"]]
    assert extra == ["distributed"]
    run = (ROOT / "requirements" / "run.txt").read_text(encoding="utf-8")
    names = set(re.findall("^([a-z0-9-]+)==", run, re.MULTILINE))
    assert "msgspec" in names and not names & {*extra, "dask", "tornado", "cloudpickle"}
    bundle = tomllib.loads((ROOT / "resources" / "installer" / "bundle.toml").read_text(encoding="utf-8"))
    assert {*extra, "dask"} <= set(bundle["unused_modules"])


def test_one_module_alone_imports_it_and_only_when_it_is_asked_for() -> None:
    naming = {
        (path.relative_to(ROOT).as_posix(), line.startswith(" "))
        for path in (ROOT / "desktop_app").rglob("*.py")
        for line in path.read_text(encoding="utf-8").splitlines()
        if re.match(r"\s*(import|from) (distributed|dask)\b", line)
    }
    assert naming == {("desktop_app/cluster/engine.py", True), ("desktop_app/cluster/checks.py", True)}
