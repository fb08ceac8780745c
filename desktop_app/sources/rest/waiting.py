"""How long a service wants to be waited for: by RFC 9110, section 10.2.3, and by headers that services made up."""

import time
from collections import deque
from collections.abc import Callable
from email.utils import parsedate_to_datetime

from desktop_app.resources import load_toml
from desktop_app.settings.rest_source import RestLimits
from desktop_app.sources.rest.connection import Answer
from desktop_app.sources.rest.errors import AskLater
from desktop_app.stop import Stop
from desktop_app.wording import Said

_BUSY = (429, 503)
_REMAINING = ("X-Rate-Limit-Remaining", "X-RateLimit-Remaining", "RateLimit-Remaining")
_RESETS = ("X-Rate-Limit-Reset", "X-RateLimit-Reset", "RateLimit-Reset")
_SPAN_BELOW, _MS_FROM = 10**8, 10**11  # a number of seconds from now, since 1970, and of milliseconds since 1970
_UNTOLD_SECONDS = 30.0  # where a service does not say how long, twice as long each time
_MINUTE = 60.0

Sleep = Callable[[Stop, float], None]


def sleep(stop: Stop, seconds: float) -> None:
    """Raises Stopped once the end is asked for."""
    stop.sleep(seconds)


def is_busy(answer: Answer, limits: RestLimits) -> bool:
    """Whether a service wants to be asked later; another status means that only with a header that says so."""
    if answer.status in _BUSY:
        return True
    if answer.status not in limits.also:
        return False
    spent = any(answer.headers.get(name, "").strip() == "0" for name in _REMAINING)
    return spent or bool(answer.headers.get(limits.wait_header or "Retry-After"))


def seconds_to_wait(answer: Answer, limits: RestLimits, now_ms: int) -> float | None:
    """How long it says that is, from `now_ms` by its own clock; None where it does not say."""
    if text := answer.headers.get(limits.wait_header or "Retry-After", "").strip():
        found = _span(text) if text[:1].isdigit() else _until(text, now_ms)
        if found is not None:
            return found
    for name in (limits.reset_header,) if limits.reset_header else _RESETS:
        number = _span(answer.headers.get(name, "").strip())
        if number is not None:
            return _from_now(number, now_ms)
    return None


def _from_now(number: float, now_ms: int) -> float:
    """Seconds from now, of a number of which only its size tells what it counts."""
    if number < _SPAN_BELOW:
        return number
    return max(0.0, (number if number >= _MS_FROM else number * 1000) - now_ms) / 1000


def _span(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if 0 <= number < 1e15 else None


def _until(text: str, now_ms: int) -> float | None:
    try:
        return max(0.0, parsedate_to_datetime(text).timestamp() - now_ms / 1000)
    except (ValueError, TypeError, OverflowError):
        return None


class Patience:
    """The time of one collection: waits for a service while there is any left."""

    def __init__(
        self, limits: RestLimits, sleep: Sleep = sleep, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._limits, self._sleep, self._clock = limits, sleep, clock
        self._until = clock() + load_toml("limits")["collection_seconds"]
        self._asked = deque[float]()
        self._untold = _UNTOLD_SECONDS

    def before_request(self, stop: Stop) -> None:
        """Keep to the number of requests a minute. Raises AskLater."""
        most = self._limits.per_minute
        if not most:
            return
        if len(self._asked) >= most:
            self.wait(max(0.0, self._asked.popleft() + _MINUTE - self._clock()), stop)
        self._asked.append(self._clock())

    def wait(self, seconds: float | None, stop: Stop) -> None:
        """Wait as long as was asked for. Raises AskLater where that is longer than there is time, and Stopped."""
        if seconds is None:
            seconds, self._untold = self._untold, 2 * self._untold
        if self._clock() + seconds > self._until:
            raise AskLater(
                Said("The service wants to be asked again in {minutes} minutes.", minutes=-(-seconds // 60)),
                Said("What came so far is kept. The next run goes on there."),
            )
        self._sleep(stop, seconds)
