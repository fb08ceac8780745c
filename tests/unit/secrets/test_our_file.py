"""The file with passwords, and the file with its key: neither says anything without the other."""

from pathlib import Path

import pytest

from desktop_app.errors import LocalDiskError
from desktop_app.secrets.our_file import SecretFile


@pytest.fixture
def keeper(tmp_path: Path) -> SecretFile:
    return SecretFile(tmp_path / "secrets.toml", tmp_path / "key")


def test_each_account_has_a_password_of_its_own(keeper: SecretFile, tmp_path: Path) -> None:
    assert keeper.read("a") is None
    keeper.keep("a", "first")
    key = (tmp_path / "key").read_bytes()
    keeper.keep("b", "sécond")
    assert (keeper.read("a"), keeper.read("b"), keeper.read("c")) == ("first", "sécond", None)
    keeper.keep("a", "changed")
    keeper.forget("b")
    keeper.forget("c")
    assert (keeper.read("a"), keeper.read("b")) == ("changed", None)
    assert (tmp_path / "key").read_bytes() == key
    assert not [
        word
        for word in ("changed", "first", "sécond")
        if word.encode() in (tmp_path / "secrets.toml").read_bytes()
    ]


def test_what_was_chosen_is_remembered_beside_the_passwords(keeper: SecretFile, tmp_path: Path) -> None:
    assert keeper.is_chosen() is False
    keeper.choose(False)
    assert not (tmp_path / "secrets.toml").exists()
    keeper.keep("a", "secret")
    for chosen in (True, False):
        keeper.choose(chosen)
        assert keeper.is_chosen() is chosen and keeper.read("a") == "secret"
    keeper.choose(True)
    keeper.keep("b", "other")
    assert keeper.is_chosen()


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (lambda folder: (folder / "key").unlink(), "is missing"),
        (lambda folder: (folder / "key").write_bytes(b"no key"), "damaged"),
        (lambda folder: (folder / "key").write_bytes(b"A" * 43 + b"="), "can't be decrypted"),
        (lambda folder: (folder / "secrets.toml").write_bytes(b"passwords = 3"), "damaged"),
        (lambda folder: (folder / "secrets.toml").write_bytes(b"= ="), "damaged"),
    ],
)
def test_files_that_do_not_fit_are_told(keeper: SecretFile, tmp_path: Path, damage: object, said: str) -> None:
    keeper.keep("a", "secret")
    damage(tmp_path)  # type: ignore[operator]
    with pytest.raises(LocalDiskError, match=said) as told:
        keeper.read("a")
    assert told.value.hint and "secret" not in str(told.value.message).replace("secrets.toml", "")
