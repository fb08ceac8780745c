import sys

import pytest

from desktop_app.secrets.credential_manager import forget_all_passwords, is_ours


def test_entries_of_others_are_not_ours() -> None:
    ours = (
        "audit-trails-exporter",
        "audit@sftp.example.com:22@audit-trails-exporter",
        "notify@audit-trails-exporter",
    )
    assert all(map(is_ours, ours))
    others = (
        "audit-trails-exporter-2",
        "audit-trails-exporter@x",
        "my audit-trails-exporter",
        "git:https://x.example",
    )
    assert not any(map(is_ours, others))


@pytest.mark.skipif(sys.platform != "win32", reason="Windows Credential Manager")
def test_all_passwords_of_this_program_go_and_no_other() -> None:
    from keyring.backends.Windows import WinVaultKeyring

    vault, ours, other = WinVaultKeyring(), "audit-trails-exporter", "audit-trails-exporter-of-a-test"
    accounts = ("a@x.example:22", "b@x.example:22", "notify")
    if any(vault.get_password(ours, account) for account in accounts):
        pytest.skip("this account has passwords of the program")
    for account in accounts:
        vault.set_password(ours, account, "secret")
    vault.set_password(other, "a", "stays")
    try:
        forget_all_passwords()
        assert [vault.get_password(ours, account) for account in accounts] == [None, None, None]
        assert vault.get_password(other, "a") == "stays"
    finally:
        vault.delete_password(other, "a")
    forget_all_passwords()
