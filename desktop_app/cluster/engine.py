"""Dask: tasks on other processes and computers. It only runs them; what counts is kept here, so that one which ran
twice, or is lost with its worker or with the scheduler, changes nothing."""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

import msgspec
from msgspec import Struct

from desktop_app import __version__
from desktop_app.errors import BadSetting, ExitCode, UserError
from desktop_app.kept_sentence import kept, said
from desktop_app.stop import Stop
from desktop_app.wording import Said

if TYPE_CHECKING:
    from distributed import Client, Future, Security

_LOG = logging.getLogger(__name__)
LOCAL = "local"
_CONNECT_WITHIN = 30.0  # seconds
_PATIENCE = 600.0  # seconds, until a scheduler that went away is back, or a worker is there
_LOOK = 0.5
_TRIES = 10  # of a task whose workers die
_MOMENT = 1.0
# The client raises the latter where its connection ends while it waits, some time before it says so.
_NOT_YET = (TimeoutError, UnboundLocalError)


class ClusterUnreachable(UserError):
    """Nobody answers at the address of the scheduler, or no worker comes."""

    exit_code: ClassVar[ExitCode] = ExitCode.UNREACHABLE


class ClusterDiffers(UserError):
    """The cluster is not as this computer is: other versions, or it can't see what has to be shared."""

    exit_code: ClassVar[ExitCode] = ExitCode.CONFIG


class TaskFailed(UserError):
    """A worker could not do its part."""

    exit_code: ClassVar[ExitCode] = ExitCode.LOCAL_DISK


class Certificates(Struct, frozen=True):
    """Files in PEM: the authority's certificate, and one's own with its key."""

    authority: str
    certificate: str
    key: str


class Cluster(Struct, frozen=True):
    """A scheduler, as `tls://host:port`, or `local`, and what identifies this computer there."""

    address: str
    tls: Certificates | None = None


Task = Callable[[bytes], bytes]


class Pending:
    """A task that was asked for, and what is known of it where it is."""

    def __init__(self, task: Task, wish: bytes, priority: int) -> None:
        self.task, self.wish, self.priority = task, wish, priority
        self.future: Future | None = None
        self.client: Client | None = None
        self.died = 0


@contextmanager
def connected(cluster: Cluster, stop: Stop) -> Iterator["Engine"]:
    """The engine of a cluster. Raises ClusterUnreachable, BadSetting where Dask is not installed or a file is not
    there, and Stopped."""
    try:
        import distributed
    except ImportError as error:
        raise BadSetting(
            Said("Dask, which spreads the work, is not installed here ({reason}).", reason=error),
            Said("Install the program from its wheel, with this extra; the packages do not have it:"),
            command="pip install 'audit-trails-export[cluster]'",
        ) from error
    # What it tells on its own, of workers that come and go, is for the log.
    logging.getLogger("distributed").setLevel(logging.ERROR)
    for name in ("distributed.worker", "distributed.nanny", "distributed.scheduler", "distributed.client"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    if cluster.address == LOCAL:
        with distributed.LocalCluster(
            threads_per_worker=1, processes=True, dashboard_address=None, silence_logs=logging.CRITICAL
        ) as own:
            engine = Engine(str(own.scheduler_address), None, stop)
            try:
                yield engine
            finally:
                engine.close()
        return
    security = _security(cluster)
    engine = Engine(cluster.address, security, stop)
    try:
        yield engine
    finally:
        engine.close()


class Engine:
    """Asks for tasks, and for them again where they were lost."""

    def __init__(self, address: str, security: "Security | None", stop: Stop) -> None:
        self._address, self._security, self._stop = address, security, stop
        self._client = self._connect(_CONNECT_WITHIN)
        self._wait_for_worker()

    @property
    def workers(self) -> int:
        """How many tasks run at once, at least 1."""
        with suppress(Exception):
            threads: dict[str, int] = self._client.nthreads()
            return max(1, sum(threads.values()))
        return 1

    def each_worker(self, task: Task, wish: bytes) -> dict[str, bytes]:
        """What every worker answers to a task, by its address. Raises ClusterDiffers where one can't run it."""
        answers = self._client.run(task, wish, on_error="return")
        for address, answer in answers.items():
            if isinstance(answer, BaseException):
                raise ClusterDiffers(
                    Said(
                        "The worker {address} can't do its part ({reason}).",
                        address=address,
                        reason=in_one_line(answer),
                    ),
                    Said("Install this version of the program there: {version}.", version=__version__),
                )
        return dict(answers)

    def ask(self, task: Task, wish: bytes, priority: int = 0) -> Pending:
        """Ask for a task. `task` is a function of a module, which the workers have as well."""
        pending = Pending(task, wish, priority)
        self._submit(pending)
        return pending

    def result(self, pending: Pending) -> bytes:
        """What a task has answered. Raises TaskFailed where it could not, ClusterUnreachable, and Stopped."""
        from distributed import KilledWorker

        while True:
            self._stop.check()
            if pending.future is None or pending.client is not self._client:
                self._submit(pending)
            future = pending.future
            assert future
            try:
                answer = _answer_of(future.result(timeout=_LOOK))
                future.release()
                return answer
            except TaskFailed:
                raise
            except KilledWorker as error:
                pending.died += 1
                pending.future = None
                _LOG.warning("workers died of a task: %s", error)
                if pending.died >= _TRIES:
                    raise ClusterUnreachable(
                        Said("The workers end amid their work ({reason}).", reason=in_one_line(error)),
                        Said("Do they have enough memory and room for temporary files? Their logs say why."),
                    ) from error
            except Exception as error:  # whatever a client whose scheduler is gone raises
                if self._is_gone() or future.cancelled():
                    _LOG.warning("the scheduler is gone: %s", error)
                    self._reconnect()
                elif not isinstance(error, _NOT_YET):
                    raise

    def drop(self, pending: Pending) -> None:
        """Ask for a task no longer."""
        with suppress(Exception):
            if pending.future is not None:
                pending.future.cancel()

    def close(self) -> None:
        """Leave the cluster."""
        with suppress(Exception):
            self._client.close(timeout=_MOMENT)

    def _submit(self, pending: Pending) -> None:
        while True:
            self._stop.check()
            try:
                pending.future = self._client.submit(
                    run_task, pending.task, pending.wish, pure=False, priority=pending.priority
                )
                pending.client = self._client
                return
            except Exception as error:  # whatever a client whose scheduler is gone raises
                _LOG.warning("a task could not be asked for: %s", error)
                self._reconnect()

    def _is_gone(self) -> bool:
        return bool(self._client.status != "running")

    def _reconnect(self) -> None:
        self.close()
        self._client = self._connect(_PATIENCE)
        self._wait_for_worker()

    def _connect(self, patience: float) -> "Client":
        from distributed import Client

        ends = time.monotonic() + patience
        while True:
            self._stop.check()
            try:
                return Client(
                    self._address,
                    security=self._security,
                    timeout=5,
                    set_as_default=False,
                    name="audit-trails-export",
                )
            except (OSError, ValueError) as error:  # a TimeoutError is an OSError; ValueError, what is no address
                if time.monotonic() > ends or isinstance(error, ValueError):
                    raise ClusterUnreachable(
                        Said(
                            "No scheduler answers at {address} ({reason}).",
                            address=self._address,
                            reason=in_one_line(error),
                        ),
                        Said("Is the address right, as in tls://host:8786, and does dask scheduler run there?"),
                    ) from error
            self._stop.sleep(_MOMENT)

    def _wait_for_worker(self) -> None:
        ends = time.monotonic() + (_PATIENCE if self._had_workers else _CONNECT_WITHIN)
        while time.monotonic() < ends:
            with suppress(OSError, *_NOT_YET):
                if self._client.nthreads():
                    self._had_workers = True
                    return
            if self._is_gone():
                self.close()
                self._client = self._connect(_PATIENCE)
            self._stop.sleep(_LOOK)
        raise ClusterUnreachable(
            Said("The scheduler at {address} has no worker.", address=self._address),
            Said("Start some: dask worker {address}.", address=self._address),
        )

    _had_workers = False


class _Failure(Struct, frozen=True):
    """What went wrong on a worker, as kept sentences."""

    message: str
    hint: str


def run_task(task: Task, wish: bytes) -> bytes:
    """On a worker: the answer of a task behind a plus, or what went wrong behind a minus."""
    try:
        return b"+" + task(wish)
    except UserError as error:
        return b"-" + msgspec.json.encode(_Failure(kept(error.message), kept(error.hint)))


def _answer_of(answer: bytes) -> bytes:
    if answer[:1] == b"+":
        return answer[1:]
    failure = msgspec.json.decode(answer[1:], type=_Failure)
    message, hint = said(failure.message), said(failure.hint)
    raise TaskFailed(
        Said("A worker failed: {problem}", problem=message), Said("See to it there: {hint}", hint=hint)
    )


def in_one_line(error: BaseException) -> str:
    """What an error says, or its name."""
    return " ".join((str(error) or type(error).__name__).split())[:300]


def _security(cluster: Cluster) -> "Security | None":
    from distributed import Security

    tls = cluster.tls
    if tls is None:
        if cluster.address.startswith("tls:"):
            raise BadSetting(
                Said("{address} wants certificates.", address=cluster.address),
                Said("Name their files: --tls-ca, --tls-cert and --tls-key."),
            )
        return None
    for path in (tls.authority, tls.certificate, tls.key):
        if not Path(path).is_file():
            raise BadSetting(Said("There is no file {path}.", path=path), Said("It has to be in PEM."))
    return Security(
        tls_ca_file=tls.authority,
        tls_client_cert=tls.certificate,
        tls_client_key=tls.key,
        require_encryption=True,
    )
