"""Reads a service: each of its parts from where the last collection came to."""

from collections.abc import Iterator
from typing import ClassVar

from desktop_app.settings.rest_source import RestSource
from desktop_app.sources.kind import NothingRemembered, Places, Record, Step
from desktop_app.sources.order import Order
from desktop_app.sources.rest.client import Client
from desktop_app.sources.rest.errors import AskLater, CertificateRefused, NotAccepted, ServiceUnreachable
from desktop_app.sources.rest.part_reader import PartReader
from desktop_app.stop import Stop

_WHOLE = "events"  # the part of a source that has no parts
_OF_ALL = (AskLater, CertificateRefused, NotAccepted, ServiceUnreachable)


class RestReader:
    """A part is one of those in the settings, or all there is."""

    order: ClassVar[Order] = Order.NONE

    def __init__(self, source: RestSource, client: Client) -> None:
        self._source, self._client = source, client
        self._goes_on = True

    def parts(self, places: Places) -> Iterator[str]:
        """What ends one part for a reason that is the same for all, ends them all."""
        for part in self._source.parts or (_WHOLE,):
            if self._goes_on:
                yield part

    def steps(self, part: str, places: Places, stop: Stop) -> Iterator[Step]:
        """Page by page. Raises UserError."""
        try:
            yield from PartReader(self._source, self._client, part, stop).steps(places)
        except _OF_ALL:
            self._goes_on = False
            raise

    def sample(self) -> Iterator[Record]:
        """The first records that the service still has, or that a new source would begin with."""
        for part in self.parts(NothingRemembered()):
            yield from PartReader(self._source, self._client, part, Stop()).sample()
