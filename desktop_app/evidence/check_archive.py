"""Check one archive by itself: its members, their bytes and what is around them, and its signature."""

import hashlib
import lzma
import re
import zipfile
import zlib
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path, PurePath
from typing import BinaryIO

import msgspec
from isal import isal_zlib
from msgspec import Struct, structs

from desktop_app.errors import BadSetting
from desktop_app.evidence.manifest import (
    MANIFEST_NAME,
    MANIFEST_VERSION,
    SIGNATURE_NAME,
    DataFile,
    Manifest,
    decode_manifest,
)
from desktop_app.evidence.ssh_signature import BadSignature, PublicKey, signer_of
from desktop_app.evidence.timestamp import LARGEST_STAMP, STAMP_SUFFIX
from desktop_app.evidence.zip_layout import Member, directory, local_header
from desktop_app.files import open_regular
from desktop_app.held import reason
from desktop_app.settings.limits import limits
from desktop_app.settings.time_zone import find_zone
from desktop_app.wording import Said

_CHUNK, _PACKED = 1 << 19, 1 << 15
_NAMES_TOLD = 10
_CREATED = re.compile(rb'"createdAt":"([^"\\]{20,40})"')
_HEAD = 1 << 16  # of the data file: where its first and its last event are looked for
# What zones that moved their midnight, and "local", which may be any zone, make of a day.
_SLACK, _SLACK_OF_LOCAL = timedelta(hours=3), timedelta(hours=15)
# What `zipfile` and its decompressors raise: ValueError for a name that is no text, RuntimeError (of which
# NotImplementedError is one) for what is encrypted or packed in a way of its own.
_DAMAGE = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, RuntimeError, ValueError)


class CheckedArchive(Struct, frozen=True, kw_only=True):
    """One .zip: the SHA-256 of the file, its manifest where that could be read, the key that signed it (with its
    `signature`), and what is wrong with it. `stamp` is the time stamp that lies beside it."""

    path: Path
    sha256: str = ""
    manifest: Manifest | None = None
    manifest_sha256: str = ""
    signer: PublicKey | None = None
    signature: bytes = b""
    stamp: bytes | None = None
    problems: tuple[Said, ...] = ()

    @property
    def name(self) -> str:
        """The name that its manifest gives it, or else that of the file."""
        return zip_name(self.manifest) if self.manifest else self.path.name


class _TooLarge(Exception):
    """A manifest that is none: whoever may write archives could have the memory filled with it."""


class _Content(Struct):
    """What was found in a data file."""

    size: int = 0
    packed: int = 0
    lines: int = 0
    crc32: int = 0
    sha256: str = ""
    packed_sha256: str = ""
    head: bytes = b""
    tail: bytes = b""


def zip_name(manifest: Manifest) -> str:
    """What the archive of a manifest is called."""
    return PurePath(manifest.data.name).stem + ".zip"


def check_archive(path: Path) -> CheckedArchive:
    """Check one archive against its manifest and signature. What is wrong with it is in the result."""
    try:
        with open_regular(path) as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
            checked = _check_file(path, file)
    except OSError as error:
        return _refused(path, Said("it can't be read ({reason})", reason=reason(error)))
    return structs.replace(checked, sha256=sha256, stamp=_stamp_beside(path))


def _stamp_beside(path: Path) -> bytes | None:
    with suppress(OSError), open_regular(path.with_name(path.name + STAMP_SUFFIX)) as file:
        return file.read(LARGEST_STAMP + 1)
    return None


def _check_file(path: Path, file: BinaryIO) -> CheckedArchive:
    try:
        with zipfile.ZipFile(file) as archive:
            content = _read_member(archive, MANIFEST_NAME)
            manifest = decode_manifest(content)
            checked = CheckedArchive(
                path=path, manifest=manifest, manifest_sha256=hashlib.sha256(content).hexdigest()
            )
            if manifest.format_version > MANIFEST_VERSION:
                problem = Said("it was made by a newer version of this program, which can check it")
                return structs.replace(checked, problems=(problem,))
            problems = list(_differences(path, archive, manifest))
            if manifest.chain is None:
                return structs.replace(checked, problems=tuple(problems))
            if not problems:
                problems += _other_bytes(file, archive, manifest, content)
            signature = _read_member(archive, SIGNATURE_NAME) if SIGNATURE_NAME in archive.namelist() else b""
            signer, wrong = _signer(signature, manifest, content)
            return structs.replace(
                checked, signer=signer, signature=signature, problems=(*problems, *([wrong] if wrong else []))
            )
    except KeyError:
        return _refused(path, Said("it has no manifest.json"))
    except _TooLarge:
        return _refused(
            path, Said("its manifest.json has more than {most} bytes", most=f"{limits().manifest_bytes:,}")
        )
    except msgspec.DecodeError as error:
        return _refused(path, Said("its manifest.json is not as it should be ({reason})", reason=error))
    except _DAMAGE:
        return _refused(path, Said("it is no .zip file, or a damaged one"))


def _refused(path: Path, problem: Said) -> CheckedArchive:
    return CheckedArchive(path=path, problems=(problem,))


def _read_member(archive: zipfile.ZipFile, name: str) -> bytes:
    """A small member. Raises _TooLarge, and KeyError where there is none."""
    with archive.open(name) as packed:
        content = packed.read(limits().manifest_bytes + 1)
    if len(content) > limits().manifest_bytes:
        raise _TooLarge
    return content


def _differences(path: Path, archive: zipfile.ZipFile, manifest: Manifest) -> Iterator[Said]:
    """What is not as the manifest says."""
    if path.name != zip_name(manifest):
        yield Said("its manifest is that of {name}", name=zip_name(manifest))
    names = archive.namelist()
    wanted = [manifest.data.name, MANIFEST_NAME, *([SIGNATURE_NAME] if manifest.chain else [])]
    if (names if manifest.chain else sorted(names)) != (wanted if manifest.chain else sorted(wanted)):
        if len(names) > _NAMES_TOLD:
            yield Said("it holds {names} and more", names=tuple(names[:_NAMES_TOLD]))
        else:
            yield Said("it holds {names}", names=tuple(names) or "–")
    if manifest.data.name not in names:
        return
    found = _read_data(archive, manifest)
    data = manifest.data
    if found.size > data.size:
        yield Said("its data file has more than {size} bytes", size=data.size)
        return
    if found.size != data.size:
        yield Said("its data file has {found} bytes, not {size}", found=found.size, size=data.size)
    info = archive.getinfo(data.name)
    if found.sha256 != data.sha256 or found.crc32 != info.CRC or not _is_packed_so(found, data):
        yield Said("its data file is not the one that was archived (its SHA-256 differs)")
    events = found.lines - 2 if manifest.format == "json" else found.lines
    if events != manifest.events:
        yield Said("it holds {found} events, not {events}", found=events, events=manifest.events)
    yield from _other_times(found, manifest)


def _is_packed_so(found: _Content, data: DataFile) -> bool:
    return data.packed is None or (found.packed, found.packed_sha256) == (data.packed.size, data.packed.sha256)


def _read_data(archive: zipfile.ZipFile, manifest: Manifest) -> _Content:
    """Read the data file, to one chunk behind the size that it should have."""
    info = archive.getinfo(manifest.data.name)
    found, sha256, packed_sha256 = _Content(), hashlib.sha256(), hashlib.sha256()
    as_written = manifest.data.packed and info.compress_type == zipfile.ZIP_DEFLATED
    pieces = _inflated_pieces if as_written else _plain_pieces
    with ThreadPoolExecutor(1) as hasher:  # which leaves Python's lock alone: it works beside the inflating
        hashed: Future[None] | None = None
        for text, packed in pieces(archive, info):
            found.packed += len(packed)
            packed_sha256.update(packed)
            found.size += len(text)
            found.crc32 = isal_zlib.crc32(text, found.crc32)
            found.lines += text.count(b"\n")
            if len(found.head) < _HEAD:
                found.head += text[: _HEAD - len(found.head)]
            found.tail = (found.tail + text)[-_HEAD:]
            if hashed:
                hashed.result()
            hashed = hasher.submit(sha256.update, text)
            if found.size > manifest.data.size:
                break
    found.sha256, found.packed_sha256 = sha256.hexdigest(), packed_sha256.hexdigest()
    return found


def _plain_pieces(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Iterator[tuple[bytes, bytes]]:
    with archive.open(info) as data:
        while chunk := data.read(_CHUNK):
            yield chunk, b""


def _inflated_pieces(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Iterator[tuple[bytes, bytes]]:
    """Text, and what of the deflate stream was read for it. Raises BadZipFile.

    `zipfile` has no way to what is packed, and inflates at half the speed.
    """
    file = archive.fp
    assert file
    member = Member(name=info.filename, crc32=0, packed=0, size=0, deflated=True, zip64=bool(info.extra))
    inflater = isal_zlib.decompressobj(-isal_zlib.MAX_WBITS)
    position = info.header_offset + len(local_header(member, datetime.now()))
    left = info.compress_size
    try:
        while left and not inflater.eof:
            file.seek(position)
            packed = file.read(min(_PACKED, left))
            if not packed:
                raise zipfile.BadZipFile("it ends amid a file")
            position, left = position + len(packed), left - len(packed)
            yield inflater.decompress(packed, _CHUNK), packed
            while inflater.unconsumed_tail:
                yield inflater.decompress(inflater.unconsumed_tail, _CHUNK), b""
    except isal_zlib.error as error:  # type: ignore[misc]  # which its stub has as a value
        raise zipfile.BadZipFile(str(error)) from error
    if left or inflater.unused_data or not inflater.eof:
        raise zipfile.BadZipFile("what is packed does not end where it should")


def _other_times(found: _Content, manifest: Manifest) -> Iterator[Said]:
    """Whether the first and the last event, as all are in order, are those of the manifest, and of the day."""
    first, last = _CREATED.search(found.head), _last(found.tail)
    for told, seen in ((manifest.first_created_at, first), (manifest.last_created_at, last)):
        if manifest.chain and seen and told != seen[1].decode("latin-1"):
            yield Said("its events are not of the time that its manifest says ({told})", told=told or "–")
    for told in (manifest.first_created_at, manifest.last_created_at):
        if told and not _is_of_day(told, manifest):
            yield Said("it has an event of {told}, which is not of its day", told=told)


def _last(tail: bytes) -> re.Match[bytes] | None:
    """The time of the event in the last line."""
    lines = [line for line in tail.rstrip(b"\n]").split(b"\n") if line]
    return _CREATED.search(lines[-1]) if len(lines) > 1 else None


def _is_of_day(instant: str, manifest: Manifest) -> bool:
    slack = _SLACK_OF_LOCAL if manifest.timezone == "local" else _SLACK
    try:
        zone = find_zone("UTC" if manifest.timezone == "local" else manifest.timezone)
        at = datetime.fromisoformat(instant).astimezone(zone)
    except (BadSetting, ValueError, OverflowError):
        return True  # a zone that is not known here
    return (at - slack).date().isoformat() <= manifest.day <= (at + slack).date().isoformat()


def _other_bytes(file: BinaryIO, archive: zipfile.ZipFile, manifest: Manifest, content: bytes) -> Iterator[Said]:
    """Whether all that is no member's content is as `zip_layout` has it."""
    created = datetime.fromisoformat(manifest.created)
    data, *_ = archive.infolist()
    packed = manifest.data.packed
    assert packed
    members = [
        Member(
            name=data.filename, crc32=data.CRC, packed=packed.size, size=manifest.data.size,
            deflated=True, zip64=bool(data.extra),
        )
    ]  # fmt: skip
    head = local_header(members[0], created)
    rest = b""
    for name, each in ((MANIFEST_NAME, content), (SIGNATURE_NAME, _read_member(archive, SIGNATURE_NAME))):
        member = Member(name=name, crc32=isal_zlib.crc32(each), packed=len(each), size=len(each), deflated=False)
        members.append(member)
        rest += local_header(member, created) + each
    rest += directory(members, created)
    file.seek(0)
    same_head = file.read(len(head)) == head
    file.seek(len(head) + packed.size)
    if not same_head or file.read(len(rest) + 1) != rest:
        yield Said("it has other bytes around its files than this program writes")


def _signer(signature: bytes, manifest: Manifest, content: bytes) -> tuple[PublicKey | None, Said | None]:
    """The key that signed the manifest, or what is wrong with the signature."""
    if not signature:
        return None, Said("it has no signature")
    try:
        signer = signer_of(signature, content)
    except BadSignature:
        return None, Said("its manifest is not what was signed, or the signature was changed")
    if signer.fingerprint != manifest.key:
        return None, Said("it is signed by {signer}, not by {key}", signer=signer.fingerprint, key=manifest.key)
    return signer, None
