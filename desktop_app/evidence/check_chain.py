"""Check the chain of the signed archives of one installation: each number once, each made after the one before."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime
from itertools import pairwise

from msgspec import Struct, field

from desktop_app.evidence.check_archive import CheckedArchive
from desktop_app.evidence.manifest import Link, Manifest
from desktop_app.evidence.signers import Signer, valid_signers
from desktop_app.wording import Said

_NAMED = 20  # of missing numbers in a row that are named one by one


class Findings(Struct):
    """What is wrong, and what a reader should know besides."""

    problems: list[Said] = field(default_factory=list)
    notes: list[Said] = field(default_factory=list)


def check_signed(
    archives: Sequence[CheckedArchive], signers: Sequence[Signer] | None, first_day: str | None
) -> Findings:
    """Check the signed archives of an installation. Those of days before `first_day` need not be here.

    A chain begins again where a key was lost, and says so: there are as many chains as that happened, and one.
    """
    found = Findings()
    chains = _chains(archives)
    for chain in chains:
        _check_numbers(chain, first_day, found)
        _check_keys(chain, signers, found)
    for before, chain in pairwise(chains):
        _check_beginning(before[-1], chain[0], found)
    return found


def chain_of(archive: CheckedArchive) -> Link:
    """The place of a signed archive in its chain."""
    assert archive.manifest and archive.manifest.chain
    return archive.manifest.chain


def manifest_of(archive: CheckedArchive) -> Manifest:
    """The manifest of an archive that has one."""
    assert archive.manifest
    return archive.manifest


def _chains(archives: Sequence[CheckedArchive]) -> list[list[CheckedArchive]]:
    """In the order of their beginnings, each in the order of its numbers."""
    by_time = sorted(archives, key=lambda each: (manifest_of(each).created, chain_of(each).number))
    chains: list[list[CheckedArchive]] = [[]]
    for archive in by_time:
        if chain_of(archive).lost_key and chains[-1]:
            chains.append([])
        chains[-1].append(archive)
    for chain in chains:
        chain.sort(key=lambda each: chain_of(each).number)
    return chains if chains[0] else []


def _check_numbers(chain: list[CheckedArchive], first_day: str | None, found: Findings) -> None:
    by_number: dict[int, list[CheckedArchive]] = {}
    for archive in chain:
        by_number.setdefault(chain_of(archive).number, []).append(archive)
    for number, those in by_number.items():
        if len(those) > 1:
            found.problems.append(_several(number, those))
    numbers = list(by_number)
    asked = [
        chain_of(archive).number
        for archive in chain
        if first_day is not None and manifest_of(archive).day >= first_day
    ]
    begin = min(asked, default=1) if first_day is not None else 1
    for before, number in pairwise([begin - 1, *(each for each in numbers if each >= begin)]):
        found.problems += _missing(range(before + 1, number), by_number[number][0])
    if numbers[0] > 1 and begin > 1:
        found.notes.append(
            Said(
                "The chain is looked at from {name} on, number {number}.",
                name=by_number[begin][0].name, number=begin,
            )
        )  # fmt: skip
    for before, number in pairwise(numbers):
        if number == before + 1:
            for archive in by_number[number]:
                found.problems += _other_predecessor(archive, by_number[before])
    if len(by_number[numbers[0]]) == 1 and numbers[0] == 1 and chain_of(chain[0]).manifest_sha256:
        found.problems.append(Said("{name} is number 1, and names one before it.", name=chain[0].name))
    for one, other in pairwise(chain):
        if manifest_of(other).created < manifest_of(one).created:
            found.notes.append(
                Said(
                    "By the clock, {name} was made before {before}, which it follows.",
                    name=other.name, before=one.name,
                )
            )  # fmt: skip


def _several(number: int, those: list[CheckedArchive]) -> Said:
    names = tuple(archive.path.name for archive in those)
    if len({archive.manifest_sha256 for archive in those}) == 1:
        return Said(
            "Number {number} of the chain is here {times} times: {names}.",
            number=number, times=len(those), names=names,
        )  # fmt: skip
    return Said(
        "Number {number} of the chain is here in {times} versions: {names}.",
        number=number, times=len(those), names=names,
    )  # fmt: skip


def _missing(numbers: range, after: CheckedArchive) -> Iterator[Said]:
    """Each number that is not here; of the last one, the archive after it knows the name."""
    previous = manifest_of(after).previous
    if len(numbers) > _NAMED:
        yield Said(
            "Numbers {first} to {last} of the chain are missing: {name} is number {number}.",
            first=numbers[0], last=numbers[-1], name=after.name, number=numbers[-1] + 1,
        )  # fmt: skip
        return
    for number in numbers:
        if number == numbers[-1] and previous:
            yield Said(
                "{name} is missing, number {number} of the chain: {after} was made after it.",
                name=previous.name, number=number, after=after.name,
            )  # fmt: skip
        else:
            yield Said("Number {number} of the chain is missing.", number=number)


def _other_predecessor(archive: CheckedArchive, before: list[CheckedArchive]) -> Iterator[Said]:
    """Whether the archive before is the one that an archive was made after, to the last byte of its .zip."""
    same = [each for each in before if each.manifest_sha256 == chain_of(archive).manifest_sha256]
    if not same:
        yield Said(
            "{previous} is not the archive that {name} was made after.",
            previous=before[0].name, name=archive.name,
        )  # fmt: skip
        return
    previous = manifest_of(archive).previous
    if previous and all(each.sha256 != previous.sha256 for each in same):
        yield Said(
            "{previous} has the manifest that {name} was made after, but is another file.",
            previous=same[0].name, name=archive.name,
        )  # fmt: skip


def _check_keys(chain: list[CheckedArchive], signers: Sequence[Signer] | None, found: Findings) -> None:
    before: CheckedArchive | None = None
    announced: set[str] = set()  # by those who may sign
    for archive in chain:
        if archive.signer is None:  # which is a problem of the archive itself
            before = None
            continue
        if before and chain_of(before).number + 1 == chain_of(archive).number:
            due = manifest_of(before).next_key or manifest_of(before).key
            if archive.signer.fingerprint != due:
                found.problems.append(
                    Said(
                        "{name} is signed by {key}; by the archive before it, {due} is to sign.",
                        name=archive.name, key=archive.signer.fingerprint, due=due,
                    )
                )  # fmt: skip
        if signers is not None:
            problem = _stranger(archive, signers, announced)
            if problem:
                found.problems.append(problem)
                before = None
                continue
        announced |= {key for key in (manifest_of(archive).next_key,) if key}
        before = archive


def _stranger(archive: CheckedArchive, signers: Sequence[Signer], announced: Collection[str]) -> Said | None:
    """What is wrong with the key of an archive, by those who may sign and the keys that they `announced`."""
    manifest, key = manifest_of(archive), archive.signer
    assert key
    lines = valid_signers(signers, manifest.instance, key)
    if any(line.was_valid(datetime.fromisoformat(manifest.created)) for line in lines):
        return None
    if lines:
        return Said(
            "{name} is signed by {key}, which was not valid at {at}.",
            name=archive.name, key=key.fingerprint, at=manifest.created,
        )  # fmt: skip
    if key.fingerprint in announced:
        return None
    return Said(
        "{name} is signed by {key}, which is none of the signers of {instance}.",
        name=archive.name, key=key.fingerprint, instance=manifest.instance,
    )  # fmt: skip


def _check_beginning(before: CheckedArchive, first: CheckedArchive, found: Findings) -> None:
    found.notes.append(
        Said(
            "The chain begins again with {name}, because the key {key} was lost.",
            name=first.name, key=chain_of(first).lost_key,
        )
    )  # fmt: skip
    previous = manifest_of(first).previous
    if previous is None or (previous.name, previous.sha256) != (before.name, before.sha256):
        found.problems.append(
            Said(
                "{previous} is not the archive that {name} was made after.", previous=before.name, name=first.name
            )
        )


def unsigned_after_signed(archives: Iterable[CheckedArchive], signed: Sequence[CheckedArchive]) -> list[Said]:
    """The unsigned archives that were made after the first signed one."""
    first = min(signed, key=lambda each: manifest_of(each).created, default=None)
    return [
        Said("{name} is not signed; {first} was, before it.", name=archive.name, first=first.name)
        for archive in archives
        if first and manifest_of(archive).created >= manifest_of(first).created
    ]
