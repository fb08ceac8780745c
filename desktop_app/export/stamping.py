"""Ask a time-stamp service when the newest archive existed, and put what it says beside that on the server.

It is done last, and never holds up or fails a run: the next run's time stamp goes for earlier archives as well.
"""

import hashlib
import logging
from contextlib import suppress
from zipfile import BadZipFile, ZipFile

from msgspec import structs

from desktop_app.errors import UserError
from desktop_app.evidence.manifest import SIGNATURE_NAME
from desktop_app.evidence.timestamp import STAMP_SUFFIX, request_stamp
from desktop_app.export.delivery import Delivery
from desktop_app.export.job import Job
from desktop_app.export.ledger import Archive
from desktop_app.files import write_atomically
from desktop_app.wording import Said

_LOG = logging.getLogger(__name__)


def keep_signature(job: Job, archive: Archive) -> None:
    """Keep the signature of an archive that was delivered, while it is still in the outbox: what a time stamp is
    asked for."""
    if not job.settings.evidence.timestamp_url or not archive.chain_number:
        return
    try:
        with ZipFile(job.file_of(archive)) as file:
            job.to_stamp[:] = [(archive, file.read(SIGNATURE_NAME))]
    except (OSError, BadZipFile, KeyError):  # it was on the server already, and here no more
        _LOG.info("%s gets no time stamp", archive.name)


def stamp_newest(job: Job, delivery: Delivery) -> None:
    """What fails is a warning of the run."""
    from desktop_app.sftp.errors import NameTaken

    for archive, signature in job.to_stamp:
        name = archive.name + STAMP_SUFFIX
        file = job.paths.outbox / name
        try:
            stamp = request_stamp(job.settings.evidence.timestamp_url, signature)
            write_atomically(file, stamp)
            of_stamp = structs.replace(
                archive, name=name, bytes=len(stamp), sha256=hashlib.sha256(stamp).hexdigest()
            )
            delivery.put(of_stamp, file)
            _LOG.info("%s has a time stamp", archive.name)
        except NameTaken:
            _LOG.info("%s has a time stamp already", archive.name)
        except UserError as error:
            warning = Said(
                "{name} has no time stamp: {problem} The next one goes for this archive as well.",
                name=archive.name,
                problem=error.message,
            )
            _LOG.warning("%s", warning)
            job.warnings.append(warning)
        finally:
            with suppress(OSError):  # the next run does
                file.unlink(missing_ok=True)
