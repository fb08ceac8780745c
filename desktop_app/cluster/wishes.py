"""What to have read apart: the files of a source, in the order of time, some at a time."""

from collections.abc import Iterable, Iterator
from datetime import UTC, tzinfo
from zoneinfo import ZoneInfo

from msgspec import Struct
from msgspec.structs import replace

from desktop_app.cluster.read_task import FilesSource, ReadWish
from desktop_app.errors import BadSetting
from desktop_app.settings.model import FolderSource
from desktop_app.sources.file_tree import Listed, SeenFile, as_text
from desktop_app.sources.files_reader import FilesReader
from desktop_app.sources.folder_tree import FolderTree
from desktop_app.sources.kind import READ, Places
from desktop_app.sources.objects.object_tree import ObjectTree
from desktop_app.sources.objects.reader import ObjectsReader
from desktop_app.sources.order import Order, with_last
from desktop_app.wording import Said

_MOST_BYTES, _MOST_FILES = 1 << 25, 200


class Work(Struct, frozen=True):
    """A reading, which is done `here` where what the store knows of the source is needed for it."""

    wish: ReadWish
    here: bool


def files_of(source: FilesSource, places: Places) -> tuple[Listed, Order]:
    """The files of a source in the order in which they are read, and which that is. Raises UserError where they
    can't be listed."""
    listed, order = _listed(source, places)
    files = {file.path: file for file in listed.files}
    return Listed([files[path] for path, _ in with_last(files, order)], listed.left_out), order


def readings(files: Iterable[SeenFile], places: Places, like: ReadWish) -> Iterator[Work]:
    """Readings of files, some of a kind at a time; else as `like` says. One whose name is no UTF-8 is left out."""
    forgotten_ns = int(places.get("forgotten") or b"-1")
    some: list[SeenFile] = []
    were_known = False
    for file in files:
        if file.path != as_text(file.path):
            continue
        known = file.modified_ns <= forgotten_ns or any(True for _ in places.starting_with(f"{READ}{file.path}//"))
        size = sum(each.size for each in some)
        if some and (known != were_known or size >= _MOST_BYTES or len(some) >= _MOST_FILES):
            yield _work(like, some, were_known)
            some = []
        some.append(file)
        were_known = known
    if some:
        yield _work(like, some, were_known)


def goes_on_with_known(places: Places, remember: Iterable[str]) -> bool:
    """Whether a file that was read apart begins as one that is known elsewhere: it may be that one, renamed. By
    what is to be remembered of it."""
    for key in remember:
        if key.startswith("head:"):
            _, size, sha256, _ = key.split(":", 3)
            if any(other != key for other, _ in places.starting_with(f"head:{size}:{sha256}:")):
                return True
    return False


def zone_name(zone: tzinfo) -> str:
    """By which other computers know a zone. Raises BadSetting where it has no name."""
    if zone is UTC:
        return "UTC"
    if isinstance(zone, ZoneInfo) and zone.key not in (None, "local"):
        return zone.key
    raise BadSetting(
        Said("The time zone of this computer has no name that the workers know."),
        Said("Write UTC, or a name such as Europe/Berlin."),
        field="export.timezone",
    )


def _listed(source: FilesSource, places: Places) -> tuple[Listed, Order]:
    if isinstance(source, FolderSource):
        return FolderTree(source).listed(), FilesReader.order
    reader = ObjectsReader(source, ObjectTree(source, lambda: None))
    return reader.files(places), reader.order


def _work(like: ReadWish, files: list[SeenFile], here: bool) -> Work:
    return Work(replace(like, files=tuple(files)), here)
