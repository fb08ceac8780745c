"""Every module that is changed on trial has tests that could notice."""

from pathlib import Path

from tests.mutants.rooms import ALSO_SOME, CHANGED, ROOT, modules, nearest_first, own_tests, room_of


def test_each_place_has_modules_and_tests() -> None:
    assert {module.parts[1] for module in modules()} == {name.partition("/")[0] for name in CHANGED}
    assert [str(module) for module in modules() if not own_tests(room_of(module))] == []


def test_the_tests_that_are_most_likely_to_notice_come_first() -> None:
    module = Path("desktop_app/trails/store/browse.py")
    tests = nearest_first(module)
    assert tests[0] == str(Path("tests/unit/trails/test_browse.py"))
    imports = [
        f"{'.'.join(module.with_suffix('').parts)} import" in (ROOT / each).read_text("utf-8") for each in tests
    ]
    assert imports[:2] == [True, True] and imports == sorted(imports, reverse=True)
    assert {Path(each) for each in tests} == {
        each.relative_to(ROOT) for each in (ROOT / "tests/unit/trails").rglob("test_*.py")
    }


def test_a_module_that_is_imported_by_its_room_is_found_as_well() -> None:
    nearest = nearest_first(Path("desktop_app/trails/store/newest_first.py"))
    assert nearest[0] == str(Path("tests/unit/trails/test_search.py"))


def test_some_modules_have_further_tests() -> None:
    for begin, path in ALSO_SOME.items():
        those = [each for each in modules() if "/".join(each.with_suffix("").parts[1:]).startswith(begin)]
        assert those and all(str(Path(path)) in nearest_first(each) for each in those)
