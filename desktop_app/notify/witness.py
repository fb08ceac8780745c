"""What others should know of the newest archive, so that they can refute a rewritten history."""

from desktop_app.export.ledger import Archive


def witness(archive: Archive) -> str:
    """One line with the name, the place in the chain and the manifest's SHA-256 of an archive.

    The SHA-256 is that of `manifest.json`, which names the one before it: who has this line, has all of them.
    """
    if not archive.chain_number:  # of before archives were signed
        return f"Newest archive: {archive.name}, SHA-256 {archive.sha256}"
    return (
        f"Newest archive: {archive.name}, number {archive.chain_number} of the chain,"
        f" SHA-256 of its manifest {archive.manifest_sha256}"
    )
