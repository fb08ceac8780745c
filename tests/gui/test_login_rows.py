"""Logging in by a key or an agent from the form: OpenSSH's server, and keys as ssh-keygen makes them."""

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit, QPushButton

from desktop_app.secrets.keepers import read_password
from desktop_app.settings.effective import load_settings
from desktop_app.settings.paths import Paths
from tests.gui.form_user import WAIT, FormUser
from tests.servers import Server, openssh, program

if sys.platform == "win32":
    pytest.skip("ssh-keygen and sshd are those of the Linux around", allow_module_level=True)

PASSPHRASE = "correct horse battery"


@pytest.fixture
def by_key(tmp_path: Path) -> Iterator[tuple[Server, Path]]:
    """A server that takes one key alone, and the file of that, which has a passphrase."""
    key = tmp_path / "id"
    keygen = [program("ssh-keygen"), "-q", "-t", "ed25519", "-N", PASSPHRASE, "-f", str(key)]
    subprocess.run(keygen, check=True)
    allowed = Path(tempfile.mkdtemp(prefix="atx-keys-", dir="/var/tmp"))
    allowed.chmod(0o755)
    shutil.copyfile(f"{key}.pub", allowed / "authorized_keys")
    (allowed / "authorized_keys").chmod(0o644)
    try:
        with openssh(
            tmp_path / "server",
            f"AuthorizedKeysFile {allowed}/authorized_keys",
            "AuthenticationMethods publickey",
        ) as server:
            yield server, key
    finally:
        shutil.rmtree(allowed)


def seen(form: FormUser) -> set[str]:
    names = ("password", "key_file", "choose_key_file")
    return {name for name in names if getattr(form.page, name).isVisible()}


def choose(form: FormUser, way: str) -> None:
    """With the keyboard: the first letter of the last way is not alone."""
    box = form.page.findChild(QComboBox, "auth")
    assert box is not None
    box.setFocus(Qt.FocusReason.TabFocusReason)
    while box.currentData() != way:
        form.press(Qt.Key.Key_Down)


def test_each_way_has_its_rows(form: FormUser) -> None:
    label = form.page.findChild(QLabel, "password_label")
    assert label is not None
    assert (seen(form), label.text()) == ({"password"}, "Pass&word")
    form.enter("password", "typed")
    choose(form, "key")
    assert (seen(form), label.text()) == ({"password", "key_file", "choose_key_file"}, "Passp&hrase")
    assert form.page.findChild(QLineEdit, "password").text() == ""  # a password is no passphrase
    choose(form, "agent")
    assert seen(form) == {"key_file", "choose_key_file"}


def test_a_key_with_a_passphrase_by_keys_alone(form: FormUser, by_key: tuple[Server, Path], paths: Paths) -> None:
    server, key = by_key
    choose(form, "key")
    form.enter("host", f"127.0.0.1:{server.port}")
    form.enter("user", server.user)
    form.enter("path", ".")
    form.click("test_and_save")
    form.wait_at("key_file", "no key file is named")
    assert form.focus() == "key_file"
    form.enter("key_file", str(key))
    form.enter("password", "not it")
    form.click("test_and_save")
    form.trust()
    form.wait_at("password", "The passphrase does not fit")
    assert form.focus() == "password" and not paths.config_file.exists()
    form.enter("password", PASSPHRASE)
    form.press(Qt.Key.Key_Return)
    form.wait_for("Tested and saved.")
    settings = load_settings(paths).server
    assert (settings.auth, settings.key_file) == ("key", str(key))
    assert read_password(paths, f"key:{key}") == PASSPHRASE
    assert "· SSH key ·" in form.page.summary.text
    form.show_all()
    assert seen(form) == {"password", "key_file"}
    choose_file = form.page.findChild(QPushButton, "choose_key_file")
    assert choose_file is not None and not choose_file.isVisible()
    form.click("test_connection")
    form.wait_for("The connection works.")


def test_the_password_of_another_server_is_not_the_one_that_is_needed(
    form: FormUser, sshd: Server, served: Path
) -> None:
    form.configure(sshd, served.name)
    form.qtbot.waitUntil(lambda: form.page._facts is not None, timeout=WAIT)
    form.click("edit")
    form.enter("host", "sftp.example.com")
    form.click("test_and_save")
    assert form.message("password") == "The password that is kept is of another user or server."
