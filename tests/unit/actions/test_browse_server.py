"""The folders of a server, whatever else lies between them; the server is made up."""

import stat
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from msgspec import structs

from desktop_app.actions import browse_server
from desktop_app.actions.browse_server import HOME, ServerFolder, look_into, make_folder
from desktop_app.settings.model import ServerSettings
from desktop_app.settings.paths import Paths
from desktop_app.sftp.client import Entry
from desktop_app.sftp.errors import NoSuchFile
from desktop_app.sftp.packets import Attributes
from desktop_app.stop import Stop

FOLDER, FILE, LINK = stat.S_IFDIR | 0o755, stat.S_IFREG | 0o644, stat.S_IFLNK | 0o777
SERVER = ServerSettings(host="sftp.example.com", user="audit", path="/elsewhere")
PATHS = Paths(Path("c"), Path("d"), Path("l"))


class Client:
    """The folders of a server by their paths, each with its entries' names and modes; links lead to `behind`."""

    def __init__(self, folders: dict[str, dict[str, int | None]], behind: dict[str, int | None]) -> None:
        self.folders, self.behind = folders, behind
        self.looked_behind = 0

    def full_path(self, path: str) -> str:
        return "/home/audit" if path == "." else path

    def make_folder(self, path: str) -> None:
        self.folders[path] = {}

    def entries(self, path: str) -> list[Entry]:
        return [Entry(name, Attributes(None, mode, None)) for name, mode in self.folders[path].items()]

    def stat(self, path: str) -> Attributes:
        self.looked_behind += 1
        if path not in self.behind:
            raise NoSuchFile(2, "none")
        return Attributes(None, self.behind[path], None)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Who logs in, where and with which secret."""
    asked: dict[str, Any] = {"client": Client({}, {})}

    @contextmanager
    def connect(server: ServerSettings, password: Any, known_hosts: Path, stop: Stop) -> Iterator[Any]:
        asked.update(server=server, password=password(), known_hosts=known_hosts)
        yield SimpleNamespace(sftp=asked["client"])

    monkeypatch.setattr(browse_server, "connect", connect)
    monkeypatch.setattr(browse_server, "telling", lambda *_: nullcontext())
    monkeypatch.setattr(browse_server, "check_folder", lambda _: None)
    monkeypatch.setattr(browse_server, "full_path", lambda it: it.sftp.full_path(asked["server"].path))
    monkeypatch.setattr(browse_server, "login_secret", lambda paths, server: f"kept for {server.user}")
    return asked


def look(asked: dict[str, Any], path: str, client: Client, password: str | None = "typed") -> ServerFolder:
    asked["client"] = client
    return look_into(SERVER, PATHS, path, password, Stop())


def test_folders_alone_are_shown_in_the_order_of_names(asked: dict[str, Any]) -> None:
    entries = {".": FOLDER, "..": FOLDER, "b": FOLDER, "C": FOLDER, "a": FOLDER, "file": FILE, "none": None}
    assert look(asked, "/in", Client({"/in": entries}, {})) == ServerFolder("/in", "/", ("a", "b", "C"))
    assert asked["password"] == "typed" and asked["known_hosts"] == PATHS.known_hosts
    assert asked["server"] == structs.replace(SERVER, path="/in")


@pytest.mark.parametrize(
    ("path", "full", "above"),
    [
        (HOME, "/home/audit", "/home"),
        ("/", "/", "/"),
        ("/in", "/in", "/"),
        ("/in/deep", "/in/deep", "/in"),
    ],
)
def test_each_folder_knows_the_one_above_it(asked: dict[str, Any], path: str, full: str, above: str) -> None:
    assert look(asked, path, Client({full: {}}, {})) == ServerFolder(full, above, ())


def test_a_link_is_what_it_leads_to(asked: dict[str, Any]) -> None:
    links = dict.fromkeys(("folder", "file", "nowhere", "unknown"), LINK)
    client = Client({"/in": links}, {"/in/folder": FOLDER, "/in/file": FILE, "/in/unknown": None})
    assert look(asked, "/in", client).folders == ("folder",)
    assert client.looked_behind == 4


def test_no_more_than_fifty_links_are_looked_behind(asked: dict[str, Any]) -> None:
    links = [f"l{n:02}" for n in range(52)]
    entries: dict[str, int | None] = {**dict.fromkeys(links, LINK), "z": FOLDER}
    client = Client({"/in": entries}, {f"/in/{name}": FOLDER for name in links})
    assert look(asked, "/in", client).folders == (*links[:50], "z")
    assert client.looked_behind == 50


def test_a_new_folder_is_made_and_listed(asked: dict[str, Any]) -> None:
    asked["client"] = client = Client({"/in": {"old": FOLDER}}, {})
    made = make_folder(SERVER, PATHS, "/in", "new", None, Stop())
    assert made == ServerFolder("/in/new", "/in", ()) and "/in/new" in client.folders
    assert asked["password"] == "kept for audit"
