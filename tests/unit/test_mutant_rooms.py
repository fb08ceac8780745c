"""Every module that is changed on trial has tests that could notice."""

from tests.mutants.rooms import CHANGED, modules, own_tests, room_of


def test_each_place_has_modules_and_tests() -> None:
    assert {module.parts[1] for module in modules()} == {name.partition("/")[0] for name in CHANGED}
    assert [str(module) for module in modules() if not own_tests(room_of(module))] == []
