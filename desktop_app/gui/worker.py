"""Work that may take long, on a thread of its own, so that the window stays alive."""

import threading
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from typing import Any

from PySide6.QtCore import QObject, Signal
from shiboken6 import isValid

from desktop_app.errors import UserError
from desktop_app.stop import Stop, Stopped

Tell = Callable[[object], None]
Work = Callable[[Stop, Tell], Any]
Done = Callable[[Any], object]


class News(QObject):
    """The one signal by which pages know that what they show may be out of date."""

    told = Signal()


@cache
def something_was_done() -> News:
    """Tells of every deed of this process, once it has ended, and of what other processes did to the files."""
    return News()


class Worker(QObject):
    """Works in the background, on one thing at a time; signals arrive on the window's thread, in order.

    A deed is started, and ends before the next one can begin; `something_was_done` follows it. A question is
    replaced by a newer one, or followed by it. `done` gets the result of either.

    Work gets the handle by which it is stopped, and a callback for progress. What it raises besides UserError and
    Stopped is a defect: that it `broke` is told, and it is raised again on the window's thread, for the hook
    there.
    """

    progressed = Signal(object)
    failed = Signal(UserError)
    stopped = Signal()
    broke = Signal()
    ended = Signal()  # the last, and comes always, but of what was replaced or left

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._job: _Job | None = None
        self._next: _Job | None = None

    @property
    def running(self) -> bool:
        """Whether something is under way; no longer when its end is told."""
        return self._job is not None

    def start(self, work: Work, done: Done) -> bool:
        """Begin a deed; False where something is under way, then it isn't begun."""
        if self._job:
            return False
        self._begin(_Job(work, done, tells=True))
        return True

    def replace(self, work: Work, done: Done) -> None:
        """Ask a question that makes the one under way irrelevant: that is to stop, and nothing is heard of it."""
        self.forget()
        self._begin(_Job(work, done))

    def follow(self, work: Work, done: Done) -> None:
        """Ask a question when what is under way has ended; of those that wait, only the newest is asked."""
        if self._job:
            self._next = _Job(work, done)
        else:
            self._begin(_Job(work, done))

    def stop(self) -> None:
        """Ask for the end; `stopped` and `ended` follow as soon as the work has undone what was half done."""
        if self._job:
            self._job.stop.ask()

    def forget(self) -> None:
        """Ask for the end, and hear no more of it."""
        job, self._job, self._next = self._job, None, None
        if job:
            job.worker = None
            job.stop.ask()

    def end(self, patience: float = 5.0) -> None:
        """The same, when the window closes: waits for the end, `patience` seconds at most."""
        thread = self._job.thread if self._job else None
        self.forget()
        if thread:
            thread.join(patience)

    def _begin(self, job: "_Job") -> None:
        self._job = job
        job.start(self)

    def _end(self, job: "_Job", done: Done, result: object, error: BaseException | None) -> None:
        self._job = None
        try:
            if error is None:
                done(result)
            elif isinstance(error, Stopped):
                self.stopped.emit()
            elif isinstance(error, UserError):
                self.failed.emit(error)
            else:
                self.broke.emit()
                raise error
        finally:
            if isValid(self):
                self.ended.emit()
            if isValid(self) and self._next and not self._job:
                following, self._next = self._next, None
                self._begin(following)
            if job.tells:
                something_was_done().told.emit()


class _Job:
    """One piece of work and its thread. It tells its worker, until that forgets it or is deleted.

    What the work and its `done` hold on to, such as a page, is let go on the window's thread, never on the job's:
    what Qt frees on another thread, the window's may be about to use.
    """

    def __init__(self, work: Work, done: Done, *, tells: bool = False) -> None:
        self.tells = tells
        self.stop = Stop()
        self.worker: Worker | None = None
        self.thread: threading.Thread | None = None
        self._work: Work | None = work
        self._done: Done | None = done
        self._result: object = None
        self._error: BaseException | None = None
        self._door = _door()

    def start(self, worker: Worker) -> None:
        self.worker = worker
        # A daemon: a name server that never answers must not keep the program from ending.
        self.thread = threading.Thread(target=self._run, name="worker", daemon=True)
        self.thread.start()

    def _run(self) -> None:
        assert self._work
        try:
            self._result = self._work(self.stop, self._tell)
        except BaseException as raised:
            self._error = raised
        self._door.call(self._end)

    def _tell(self, progress: object) -> None:
        self.stop.check()

        def call() -> None:
            if worker := self._listener():
                worker.progressed.emit(progress)

        if self.worker is not None:
            self._door.call(call)

    def _end(self) -> None:
        """On the window's thread: hand over what came of it, and hold on to nothing."""
        done, result, error = self._done, self._result, self._error
        self._work = self._done = self._result = self._error = None
        if done and (worker := self._listener()):
            worker._end(self, done, result, error)

    def _listener(self) -> Worker | None:
        """On the window's thread: who hears of it, if anybody does."""
        return self.worker if self.worker is not None and isValid(self.worker) else None


class _Door(QObject):
    """Lets calls in to the window's thread, on which it is made. Threads hold on to it: no window deletes it."""

    _called = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._called.connect(self._answer)

    def call(self, do: Callable[[], object]) -> None:
        """Have `do` called on the window's thread, after all that was asked for before; once the program has
        ended, which takes this door along while threads still work, nobody is called."""
        with suppress(RuntimeError):
            self._called.emit(do)

    def _answer(self, do: Callable[[], object]) -> None:
        do()


_door = cache(_Door)
