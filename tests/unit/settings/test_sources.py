import pytest

from desktop_app.errors import BadSetting
from desktop_app.settings.model import FolderSource, Settings
from desktop_app.settings.sources import add_source, find_source, problems_of, remove_source, replace_source

AWS, HR = (FolderSource(name=name, path=f"/var/log/{name}") for name in ("aws", "hr"))
BOTH = Settings(sources=(AWS, HR))


def test_sources_are_added_replaced_and_removed_by_name() -> None:
    assert add_source(Settings(sources=(AWS,)), HR) == BOTH
    moved = FolderSource(name="aws", path="/srv/aws")
    assert replace_source(BOTH, moved).sources == (moved, HR)
    assert remove_source(BOTH, "aws").sources == (HR,)
    assert find_source(BOTH, "hr") is HR


@pytest.mark.parametrize("change", [remove_source, find_source])
def test_a_source_that_there_is_not(change) -> None:
    with pytest.raises(BadSetting, match="no source sap"):
        change(BOTH, "sap")
    with pytest.raises(BadSetting, match="no source sap"):
        replace_source(BOTH, FolderSource(name="sap", path="/srv"))


def test_a_source_that_may_have_been_meant_is_named() -> None:
    with pytest.raises(BadSetting) as raised:
        find_source(BOTH, "AWSS")
    assert (raised.value.hint, raised.value.command) == ("Did you mean aws?", "")
    with pytest.raises(BadSetting) as raised:
        find_source(BOTH, "sap")
    assert raised.value.command == "audit-trails-export source list"


def test_a_second_source_of_a_name_is_refused() -> None:
    second = FolderSource(name="aws", path="/elsewhere")
    (problem,) = problems_of(add_source(BOTH, second), second)
    assert (problem.field, problem.message) == ("name", "Two sources are called aws.")


def test_problems_name_the_fields_of_the_one_source() -> None:
    wrong = FolderSource(name="", path="", pattern="../*")
    settings = Settings(sources=(FolderSource(name="old", path=""), wrong))
    assert [problem.field for problem in problems_of(settings, wrong)] == ["name", "path", "pattern"]
