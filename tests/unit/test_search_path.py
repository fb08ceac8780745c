import subprocess
import sys
from collections.abc import Iterator

import pytest

from desktop_app import search_path
from desktop_app.search_path import with_folder, without_folder

OURS = r"C:\Program Files\Audit Trails Export"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", OURS),
        (r"C:\a", rf"C:\a;{OURS}"),
        (r"C:\a;", rf"C:\a;{OURS}"),
        (r"%USERPROFILE%\bin;;C:\b", rf"%USERPROFILE%\bin;;C:\b;{OURS}"),
        (rf"C:\a;{OURS.upper()}\;C:\b", rf"C:\a;{OURS.upper()}\;C:\b"),
        (rf'"{OURS}";C:\b', rf'"{OURS}";C:\b'),
    ],
)
def test_a_folder_is_added_once(before: str, after: str) -> None:
    assert with_folder(before, OURS) == after
    assert with_folder(after, OURS) == after


@pytest.mark.parametrize("before", ["", r"C:\a", r"%USERPROFILE%\bin;;C:\b", r"C:\a;" * 900 + "C:\\b"])
def test_what_was_added_goes_and_the_rest_stays(before: str) -> None:
    assert without_folder(with_folder(before, OURS), OURS) == before
    assert without_folder(before, OURS) == before


def test_folders_of_similar_names_stay() -> None:
    others = rf"{OURS} 2;{OURS}\bin;C:\Audit Trails Export"
    assert without_folder(others, OURS) == others


if sys.platform == "win32":
    import winreg

    PLACE = r"Software\audit-trails-export-test"

    @pytest.fixture
    def key(monkeypatch: pytest.MonkeyPatch) -> Iterator[winreg.HKEYType]:
        monkeypatch.setattr(search_path, "_OF_USER", (winreg.HKEY_CURRENT_USER, PLACE))
        with winreg.CreateKey(winreg.HKEY_CURRENT_USER, PLACE) as made:
            yield made
        winreg.DeleteKey(winreg.HKEY_CURRENT_USER, PLACE)

    def test_a_long_path_of_a_real_registry_keeps_its_kind_and_every_folder(key: winreg.HKEYType) -> None:
        long = ";".join(rf"%SystemDrive%\folder {number}" for number in range(500))
        for kind in (winreg.REG_SZ, winreg.REG_EXPAND_SZ):
            winreg.SetValueEx(key, "Path", 0, kind, long)
            search_path.change_search_path(lambda value: with_folder(value, OURS), all_users=False)
            assert winreg.QueryValueEx(key, "Path") == (f"{long};{OURS}", kind)
            search_path.change_search_path(lambda value: without_folder(value, OURS), all_users=False)
            assert winreg.QueryValueEx(key, "Path") == (long, kind)

    def test_where_there_was_none_there_is_none_again(key: winreg.HKEYType) -> None:
        search_path.change_search_path(lambda value: with_folder(value, OURS), all_users=False)
        assert winreg.QueryValueEx(key, "Path") == (OURS, winreg.REG_EXPAND_SZ)
        search_path.change_search_path(lambda value: without_folder(value, OURS), all_users=False)
        with pytest.raises(FileNotFoundError):
            winreg.QueryValueEx(key, "Path")

else:

    def test_elsewhere_there_is_nothing_to_change() -> None:
        command = [sys.executable, "-m", "desktop_app.cli", "installer", "add-to-path"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 2
        assert "for the installer for Windows" in done.stderr
