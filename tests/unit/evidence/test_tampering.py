"""Whatever is changed about signed archives is found, and named."""

import shutil
import zipfile
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from zlib import crc32

import pytest
from msgspec import structs

from desktop_app.errors import BadData
from desktop_app.evidence.check_archive import check_archive
from desktop_app.evidence.own_keys import make_key, own_keys
from desktop_app.evidence.signers import Signer, read_signers
from desktop_app.evidence.ssh_signature import SigningKey
from desktop_app.evidence.verify import Asked, Verification, verify
from desktop_app.evidence.zip_layout import Member, directory, local_header
from tests.installation import Installation


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """An installation of seven days, whose key was rotated on the fourth."""
    folder = tmp_path_factory.mktemp("made")
    installation = Installation(folder / "home", folder / "server")
    installation.days(1, 4)
    make_key(installation.paths, 1, None)
    installation.days(5, 7)
    return installation


@pytest.fixture
def server(made: Installation, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made.server, tmp_path / "server"))


def archive(server: Path, day: int) -> Path:
    return server / f"audit-trails-ws-2026-03-{day:02}.zip"


def signers_of(installation: Installation, until: str = "2026-03-06T02:00:00") -> tuple[Signer, ...]:
    """Both keys, the first until the archive that announced the second."""
    first, second = (key.public for key in own_keys(installation.paths))
    at = datetime.fromisoformat(until).replace(tzinfo=UTC)
    return Signer("ws", first, valid_before=at), Signer("ws", second)


def check(server: Path, signers: tuple[Signer, ...] | None = None, last: int = 7) -> Verification:
    return verify([server], Asked(last=date(2026, 3, last), signers=signers))


def said(result: Verification) -> str:
    assert not result.ok
    return "\n".join([*result.problems, *(problem for each in result.archives for problem in each.problems)])


def test_what_was_delivered_is_whole(made: Installation, server: Path) -> None:
    assert check(server).ok
    assert any("was not checked" in each for each in check(server).left_open)
    result = check(server, signers_of(made))
    assert (result.ok, result.notes, result.left_open) == (True, (), ())


def test_every_changed_byte_is_found(made: Installation, server: Path) -> None:
    """Also those of the last archive, which no other one names."""
    path = archive(server, 7)
    whole = path.read_bytes()
    assert not check_archive(path).problems
    for position in range(len(whole)):
        for flip in (1 << position % 8, 0xFF):
            path.write_bytes(whole[:position] + bytes([whole[position] ^ flip]) + whole[position + 1 :])
            assert check_archive(path).problems, (position, flip)


@pytest.mark.parametrize(
    "cut", [lambda whole: whole[:-1], lambda whole: whole + b"\0", lambda whole: b"\0" + whole]
)
def test_more_or_fewer_bytes_are_found(server: Path, cut: Callable[[bytes], bytes]) -> None:
    path = archive(server, 7)
    path.write_bytes(cut(path.read_bytes()))
    assert check_archive(path).problems


def members_of(path: Path) -> list[tuple[Member, bytes]]:
    """Each with its bytes as they are packed."""
    found, whole = [], path.read_bytes()
    with zipfile.ZipFile(path) as file:
        for info in file.infolist():
            start = info.header_offset + 30 + len(info.filename)
            member = Member(
                name=info.filename, crc32=info.CRC, packed=info.compress_size, size=info.file_size,
                deflated=info.compress_type == zipfile.ZIP_DEFLATED,
            )  # fmt: skip
            found.append((member, whole[start : start + info.compress_size]))
    return found


def write(path: Path, members: list[tuple[Member, bytes]]) -> None:
    """An archive in which all but the members is as it should be."""
    with zipfile.ZipFile(path) as file:
        changed = datetime(*file.infolist()[0].date_time, tzinfo=UTC)
    content = b"".join(local_header(member, changed) + packed for member, packed in members)
    path.write_bytes(content + directory([member for member, _ in members], changed))


def test_what_is_written_as_it_was_is_whole(server: Path) -> None:
    write(archive(server, 1), members_of(archive(server, 1)))
    assert not check_archive(archive(server, 1)).problems


CHANGES: dict[str, Callable[[list[tuple[Member, bytes]], int], object]] = {
    "dropped": lambda members, n: members.pop(n),
    "doubled": lambda members, n: members.append(members[n]),
    "doubled in front": lambda members, n: members.insert(0, members[n]),
    "renamed": lambda members, n: members.insert(
        n, (structs.replace(members[n][0], name="other"), members.pop(n)[1])
    ),
    "moved": lambda members, n: members.insert((n + 1) % 3, members.pop(n)),
}


@pytest.mark.parametrize("number", range(3))
@pytest.mark.parametrize("change", CHANGES)
def test_each_change_of_a_member_is_found(server: Path, number: int, change: str) -> None:
    members = members_of(archive(server, 1))
    CHANGES[change](members, number)
    write(archive(server, 1), members)
    assert check_archive(archive(server, 1)).problems


def test_a_stranger_among_the_members_is_found(server: Path) -> None:
    more = Member(name="more.txt", crc32=0, packed=0, size=0, deflated=False)
    write(archive(server, 1), [*members_of(archive(server, 1)), (more, b"")])
    assert "it holds" in check_archive(archive(server, 1)).problems[0]


@pytest.mark.parametrize(
    ("days", "named"),
    [
        ([1], ["audit-trails-ws-2026-03-01.zip is missing, number 1", "There is no archive of 2026-03-01"]),
        ([4], ["audit-trails-ws-2026-03-04.zip is missing, number 4", "There is no archive of 2026-03-04"]),
        ([7], ["The newest archive of ws is of 2026-03-06; missing: 2026-03-07."]),
        ([6, 7], ["The newest archive of ws is of 2026-03-05; missing: 2026-03-06 to 2026-03-07"]),
        (
            [3, 4, 5],
            [
                "Number 3 of the chain is missing",
                "Number 4 of the chain is missing",
                "audit-trails-ws-2026-03-05.zip is missing, number 5",
                "There is no archive of 2026-03-03 to 2026-03-05",
            ],
        ),
    ],
    ids=["first", "middle", "last", "last two", "three in a row"],
)
def test_dropped_archives_are_named(server: Path, days: list[int], named: list[str]) -> None:
    for day in days:
        archive(server, day).unlink()
    problems = said(check(server))
    assert all(each in problems for each in named), problems


def test_a_day_that_is_there_is_not_named_with_those_that_are_not(server: Path) -> None:
    for day in (2, 3, 5):
        archive(server, day).unlink()
    problems = said(check(server)).splitlines()
    missing = [each for each in problems if each.startswith("There is no archive of")]
    assert missing == ["There is no archive of 2026-03-02 to 2026-03-03.", "There is no archive of 2026-03-05."]


def test_the_last_manifest_says_from_which_day_on_each_has_an_archive(tmp_path: Path) -> None:
    """The export was switched on after what was recorded: the days between had no events."""
    installation = Installation(tmp_path / "home", tmp_path / "server", since="2026-03-07")
    installation.days(1, 4)

    def check_until(day: int, first: date | None = None) -> Verification:
        return verify([installation.server], Asked(first=first, last_promised=date(2026, 3, day)))

    assert (check_until(4).ok, check_until(4).notes) == (True, ())
    assert (check_until(6).ok, check_until(6).notes) == (
        True,
        ("There is no archive of 2026-03-05 to 2026-03-06.",),
    )
    missing = "The newest archive of ws is of 2026-03-04; missing: {}."
    assert check_until(8).notes == ("There is no archive of 2026-03-05 to 2026-03-06.",)
    assert said(check_until(8)) == missing.format("2026-03-07 to 2026-03-08")
    assert said(check_until(6, date(2026, 3, 1))) == missing.format("2026-03-05 to 2026-03-06")


def test_what_was_moved_away_is_not_asked_for(server: Path) -> None:
    for day in (1, 2):
        archive(server, day).unlink()
    asked = Asked(first=date(2026, 3, 3), last=date(2026, 3, 7))
    result = verify([server], asked)
    assert result.ok and "looked at from audit-trails-ws-2026-03-03.zip on" in result.notes[0]
    archive(server, 3).unlink()
    assert "There is no archive of 2026-03-03" in said(verify([server], asked))


def test_swapped_archives_are_found(server: Path, tmp_path: Path) -> None:
    archive(server, 2).rename(tmp_path / "two")
    archive(server, 3).rename(archive(server, 2))
    (tmp_path / "two").rename(archive(server, 3))
    problems = said(check(server))
    assert "its manifest is that of audit-trails-ws-2026-03-03.zip" in problems
    assert "its manifest is that of audit-trails-ws-2026-03-02.zip" in problems


def test_a_copy_under_another_name_is_found(server: Path) -> None:
    shutil.copy(archive(server, 2), server / "audit-trails-ws-2026-03-02-2.zip")
    assert "Number 2 of the chain is here 2 times" in said(check(server))


def of_another(tmp_path: Path, days: int = 7) -> Installation:
    other = Installation(tmp_path / "other", tmp_path / "of other")
    other.days(1, days)
    return other


def test_an_archive_of_another_installation_of_that_name_is_found(
    made: Installation, server: Path, tmp_path: Path
) -> None:
    other = of_another(tmp_path, 3)
    shutil.copy(archive(other.server, 3), archive(server, 3))
    problems = said(check(server, signers_of(made)))
    assert "2026-03-03.zip is not the archive that audit-trails-ws-2026-03-04.zip was made after" in problems
    assert "2026-03-02.zip is not the archive that audit-trails-ws-2026-03-03.zip was made after" in problems
    assert "2026-03-03.zip is signed by SHA256:" in problems and "none of the signers of ws" in problems


def test_a_fork_is_found(server: Path, tmp_path: Path) -> None:
    """An older copy of the installation went on by itself."""
    first = Installation(tmp_path / "home", tmp_path / "one")
    first.days(1, 2)
    copy = Installation(Path(shutil.copytree(tmp_path / "home", tmp_path / "copy")), tmp_path / "two")
    first.days(3, 4)
    copy.run("2026-03-04T02:30:00", [("2026-03-03T08:00:00", "else")])
    shutil.copy(archive(copy.server, 3), tmp_path / "one" / "audit-trails-ws-2026-03-03-2.zip")
    problems = said(check(tmp_path / "one", last=4))
    assert "Number 3 of the chain is here in 2 versions" in problems


def test_a_key_on_a_day_when_it_was_not_valid_is_found(made: Installation, server: Path) -> None:
    problems = said(check(server, signers_of(made, until="2026-03-03T02:00:00")))
    assert "2026-03-02.zip" not in problems
    assert "2026-03-03.zip is signed by" in problems and "was not valid at 2026-03-04T02:00:00.000Z" in problems


def test_an_announced_key_need_not_be_listed(made: Installation, server: Path) -> None:
    assert check(server, signers_of(made)[:1]).ok
    archive(server, 5).unlink()  # it announced the second key
    assert "none of the signers" in said(check(server, signers_of(made)[:1]))


def test_a_chain_made_anew_without_the_key_is_found(made: Installation, tmp_path: Path) -> None:
    other = of_another(tmp_path)
    assert check(other.server).ok  # whoever asks for no signers, learns that this is open
    problems = said(check(other.server, signers_of(made)))
    for day in range(1, 8):
        assert f"audit-trails-ws-2026-03-{day:02}.zip is signed by" in problems


def test_an_archive_made_anew_with_another_key_is_found_without_any_list_of_signers(
    made: Installation, server: Path
) -> None:
    """The newest one, which no other names: the key is not the one that the archive before it announced."""
    path, stranger = archive(server, 7), SigningKey.generate()
    (data, content), (manifest, text), (signature, _) = members_of(path)
    own = own_keys(made.paths)[1].public.fingerprint
    text = text.replace(own.encode(), stranger.public.fingerprint.encode())
    signed = stranger.sign(text)
    sizes = ((manifest, text), (signature, signed))
    members = [
        (structs.replace(each, crc32=crc32(what), packed=len(what), size=len(what)), what) for each, what in sizes
    ]
    write(path, [(data, content), *members])
    assert not check_archive(path).problems
    problems = said(check(server))
    assert (
        f"2026-03-07.zip is signed by {stranger.public.fingerprint}; by the archive before it, {own}" in problems
    )


def test_a_lost_key_is_told_and_a_made_up_loss_found(made: Installation, server: Path, tmp_path: Path) -> None:
    """What follows a loss must be signed by one who may, and go on from the last archive."""
    home = shutil.copytree(made.paths.data, tmp_path / "home")
    lost = Installation(Path(home), server)
    lost.paths.secret_file.unlink()
    lost.days(8, 9)
    result = check(server, last=9)
    assert result.ok and any("begins again with audit-trails-ws-2026-03-08.zip" in note for note in result.notes)
    assert "2026-03-08.zip is signed by" in said(check(server, signers_of(made), last=9))
    new = Signer("ws", own_keys(lost.paths)[-1].public)
    assert check(server, (*signers_of(made), new), last=9).ok
    archive(server, 7).unlink()
    problems = said(check(server, (*signers_of(made), new), last=9))
    assert "2026-03-06.zip is not the archive that audit-trails-ws-2026-03-08.zip was made after" in problems


def test_an_unsigned_archive_after_a_signed_one_is_found(made: Installation, server: Path) -> None:
    path = archive(server, 7)
    (data, content), (manifest, text), _ = members_of(path)
    start, end = text.index(b',\n  "chain"'), text.rindex(b"\n}")
    text = text[:start] + text[end:]
    size = len(text)
    write(path, [(data, content), (structs.replace(manifest, crc32=crc32(text), packed=size, size=size), text)])
    assert "audit-trails-ws-2026-03-07.zip is not signed" in said(check(server))


def test_files_of_signers_as_openssh_has_them(made: Installation, tmp_path: Path) -> None:
    lines = [signer.line for signer in signers_of(made)]
    more = f'ws,other* namespaces="git,audit-trails",valid-after="20260101" {lines[1].split(" ", 2)[2]} a comment'
    rsa = "ws ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAgQC5 of another kind"
    (tmp_path / "signers").write_text("\n".join(["# who may sign", "", *lines, more, rsa]))
    first, second, third = read_signers(tmp_path / "signers")
    assert [first.line, second.line] == lines
    assert third.signs_for("other-2") and not third.signs_for("ws2")
    assert third.valid_after and third.valid_before is None
    (tmp_path / "signers").write_text("ws ssh-ed25519 nothing")
    with pytest.raises(BadData, match="Line 1"):
        read_signers(tmp_path / "signers")
