"""Check the chain of unsigned archives (manifest version 1): each names the archive before it and its SHA-256."""

from collections.abc import Iterable, Iterator

from desktop_app.evidence.archive_name import instance_of
from desktop_app.evidence.check_archive import CheckedArchive, zip_name
from desktop_app.evidence.check_chain import Findings
from desktop_app.evidence.manifest import Manifest
from desktop_app.wording import Said


def check_previous(archives: Iterable[CheckedArchive]) -> Findings:
    """Whether each archive's previous one is there and is the one meant.

    The first archive of an instance may come after one that lies elsewhere by now: that is a note. A chain goes on
    when its instance is renamed, so the missing one must not be of an instance that has a chain here already.
    """
    problems: list[Said] = []
    notes: list[Said] = []
    links = _links(archives)
    successors: dict[str, list[str]] = {}
    for name, (_, manifest) in links.items():
        if manifest.previous:
            successors.setdefault(manifest.previous.name, []).append(name)
    begun: set[str | None] = set()
    for name, (_, manifest) in links.items():
        previous = manifest.previous
        if previous and previous.name in links:
            if links[previous.name][0] != previous.sha256:
                problems.append(
                    Said(
                        "{previous} is not the archive that {name} was made after.",
                        previous=previous.name,
                        name=name,
                    )
                )
            continue
        if previous and begun.isdisjoint((manifest.instance, instance_of(previous.name))):
            notes.append(Said("The chain begins after {name}, which is not here.", name=previous.name))
        elif previous:
            problems.append(
                Said("{previous} is missing: {name} was made after it.", previous=previous.name, name=name)
            )
        elif manifest.instance in begun:
            problems.append(Said("{name} begins a second chain.", name=name))
        begun.update(links[each][1].instance for each in _chain_from(name, successors))
    counts = ((name, len(names)) for name, names in successors.items())
    problems += [
        Said("{count} archives were made after {name}.", count=count, name=name)
        for name, count in counts
        if count > 1
    ]
    return Findings(problems, notes)


def _links(archives: Iterable[CheckedArchive]) -> dict[str, tuple[str, Manifest]]:
    """SHA-256 and manifest by the name that the manifest gives, the first of all and the oldest ahead."""
    linked = [(archive.sha256, archive.manifest) for archive in archives if archive.manifest]
    linked.sort(key=lambda link: (link[1].previous is not None, link[1].created, link[1].day, link[1].number))
    return {zip_name(manifest): (sha256, manifest) for sha256, manifest in linked}


def _chain_from(first: str, successors: dict[str, list[str]]) -> Iterator[str]:
    """The names of the chain that begins with `first`."""
    names = [first]
    while names:
        name = names.pop()
        yield name
        names += successors.get(name, ())
