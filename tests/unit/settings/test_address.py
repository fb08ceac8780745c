import pytest

from desktop_app.errors import BadSetting
from desktop_app.settings.address import parse_address
from desktop_app.settings.model import ServerAddress


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("sftp.example.com", ServerAddress("sftp.example.com", 22)),
        ("sftp.example.com.:2222", ServerAddress("sftp.example.com.", 2222)),
        ("file_server", ServerAddress("file_server", 22)),
        ("sftp.example.com:1", ServerAddress("sftp.example.com", 1)),
        ("192.0.2.7:65535", ServerAddress("192.0.2.7", 65535)),
        ("2001:db8::1", ServerAddress("2001:db8::1", 22)),
        ("[2001:db8::1]", ServerAddress("2001:db8::1", 22)),
        ("[2001:db8::1]:2222", ServerAddress("2001:db8::1", 2222)),
        ("fe80::1%eth0", ServerAddress("fe80::1%eth0", 22)),
    ],
)
def test_addresses(text: str, address: ServerAddress) -> None:
    assert parse_address(text) == address
    assert parse_address(str(address)) == address


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "two words", " sftp.example.com", "sftp.example.com\n", "sftp.example.com:", ":22", "a:b"),
        *(
            "sftp.example.com:0",
            "sftp.example.com:65536",
            "sftp.example.com:222222",
            "sftp.example.com:-1",
            "sftp.example.com:" + "9" * 5000,
        ),
        *("a..b", "-a", "a" * 64, "a." * 200, "server/folder", "C:\\Exports", "\udcff", "\x00"),
        *("[sftp.example.com]", "[2001:db8::1", "2001:db8::1::2", "[2001:db8::1]22", "beef:22:33"),
    ],
)
def test_what_is_no_address(text: str) -> None:
    with pytest.raises(BadSetting) as caught:
        parse_address(text)
    assert caught.value.field == "server.host"
    assert caught.value.hint


@pytest.mark.parametrize(
    ("text", "instead"),
    [
        ("sftp://sftp.example.com/Users/Test", "Write sftp.example.com instead."),
        ("sftp://audit:hunter2@sftp.example.com:2222", "Write sftp.example.com:2222 instead."),
        ("sftp://audit:hunter2/x@sftp.example.com", "Write sftp.example.com instead."),
        ("sftp://", "Write sftp.example.com instead."),
        ("audit:hunter2@sftp.example.com", "Write sftp.example.com instead, and the user under User."),
    ],
)
def test_more_than_an_address_is_told_what_to_write_and_no_password_repeated(text: str, instead: str) -> None:
    with pytest.raises(BadSetting) as caught:
        parse_address(text)
    assert caught.value.hint == instead
    assert "hunter2" not in str(caught.value) + caught.value.hint
