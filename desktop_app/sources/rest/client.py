"""Asks a service for answers: with the secret, as often as it may be asked, and again where that can help."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from msgspec import structs

from desktop_app.one_line import on_one_line
from desktop_app.secrets.source_secrets import no_source_secret
from desktop_app.settings.rest_source import RestSource
from desktop_app.sources.kind import Secret
from desktop_app.sources.rest.authentication import authentication, required
from desktop_app.sources.rest.connection import Answer, Connection, Request, is_same_origin
from desktop_app.sources.rest.errors import NotAccepted, NotUnderstood, ServiceUnreachable, StrangeAnswer
from desktop_app.sources.rest.waiting import Patience, is_busy, seconds_to_wait
from desktop_app.stop import Stop
from desktop_app.wording import Said

_TRIES = 4
_BETWEEN_TRIES = 2.0  # seconds, twice as long each time
_MOST_WAITS = 100
_SHOWN = 200


class Client:
    """Asks one service. `now_ms` is the time by its clock, as far as it told that."""

    def __init__(self, source: RestSource, secret: Secret, connection: Connection, patience: Patience) -> None:
        self._source, self._connection, self._patience = source, connection, patience
        self._stop = Stop()
        self._secret = required(secret, lambda: no_source_secret(source.name))
        self._shown: Mapping[str, str] = {}
        self._authentication = authentication(source, self._secret, lambda request: self._ask(request))
        self._ahead_ms = 0

    def now_ms(self) -> int:
        """Milliseconds since 1970, by the service's clock where it is known."""
        return time.time_ns() // 1_000_000 + self._ahead_ms

    def ask(self, request: Request, stop: Stop) -> Answer:
        """The answer to a request, which was a good one. Raises UserError: NotUnderstood is what a cursor may meet
        that the service no longer knows. Raises Stopped.
        """
        self._stop = stop
        if not is_same_origin(self._source.url, request.url):
            raise StrangeAnswer(
                Said(
                    "The next page is on another host than {url}, which would get the secret.",
                    url=self._source.url,
                ),
                Said("Nothing was asked there. Is the address of the service right?"),
            )
        renewed = False
        for _ in range(_MOST_WAITS):
            self._patience.before_request(stop)
            answer = self._try_several_times(request)
            if answer.date_ms is not None:
                self._ahead_ms = answer.date_ms - time.time_ns() // 1_000_000
            if is_busy(answer, self._source.limits):
                self._patience.wait(seconds_to_wait(answer, self._source.limits, self.now_ms()), stop)
            elif answer.status == 401 and not renewed and self._authentication.renew():
                renewed = True
            elif 200 <= answer.status < 300:
                return answer
            else:
                raise self._refusal(answer)
        raise ServiceUnreachable(
            Said("The service only asks to wait."), Said("What came so far is kept. The next run goes on there.")
        )

    def _try_several_times(self, request: Request) -> Answer:
        """The answer; where the service fails, that of one more try."""
        tried = 0
        while True:
            tried += 1
            try:
                self._shown = self._authentication.headers()
                headers = {"Accept": "application/json", **self._source.request.headers, **request.headers}
                answer = self._ask(structs.replace(request, headers={**headers, **self._shown}))
                if answer.status < 500 or answer.status == 503 or tried == _TRIES:
                    return answer
            except ServiceUnreachable:
                if tried == _TRIES:
                    raise
            self._patience.wait(_BETWEEN_TRIES * 2**tried, self._stop)

    def _ask(self, request: Request) -> Answer:
        return self._connection.ask(request, self._stop)

    def _refusal(self, answer: Answer) -> NotAccepted | NotUnderstood | ServiceUnreachable:
        """Why there is no good answer, as an error."""
        name, status, text = self._source.name, answer.status, self._told(answer)
        if status == 401:
            return NotAccepted(
                Said(
                    "The service of source {name} does not accept the secret ({status}: {text}).",
                    name=name,
                    status=status,
                    text=text,
                ),
                Said("It may have run out. Make a new one there, and keep it:"),
                command=f"audit-trails-export source secret {name}",
                field="secret",
            )
        if status in (402, 403):
            return NotAccepted(
                Said(
                    "The service of source {name} lets this secret read no audit events ({status}: {text}).",
                    name=name,
                    status=status,
                    text=text,
                ),
                Said("Give it the right to read them, and no more; is auditing part of the plan there?"),
                field="secret",
            )
        if status >= 500:
            return ServiceUnreachable(
                Said(
                    "The service of source {name} fails ({status}: {text}).", name=name, status=status, text=text
                ),
                Said("The next run tries again."),
            )
        return NotUnderstood(
            Said(
                "The service of source {name} does not answer what it was asked ({status}: {text}).",
                name=name,
                status=status,
                text=text,
            ),
            Said("Check the address and what is asked."),
            field="url",
        )

    def _told(self, answer: Answer) -> str:
        """The beginning of what a service says, without any secret that it repeats."""
        text = on_one_line(answer.body[: 8 * _SHOWN].decode("utf-8", "replace"))
        for value in self._shown.values():
            for secret in filter(None, (value, value.rpartition(" ")[2], self._secret())):
                text = text.replace(secret, "…")
        return text[:_SHOWN]


@contextmanager
def open_client(source: RestSource, secret: Secret) -> Iterator[Client]:
    """Nobody connects before something is asked."""
    with Connection() as connection:
        yield Client(source, secret, connection, Patience(source.limits))
