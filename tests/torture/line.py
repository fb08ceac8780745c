"""A line to a server that is cut once, after a number of bytes."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress


class Line:
    """Passes connections on; the next one is cut after `cut_after` bytes of both directions, then none."""

    def __init__(self, target: int) -> None:
        self._target = target
        self.cut_after: int | None = None
        self.cuts = 0

    async def connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        budget, self.cut_after = self.cut_after, None
        there, back = await asyncio.open_connection("127.0.0.1", self._target)
        left = [float("inf") if budget is None else budget]

        async def pump(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
            with suppress(OSError):
                while data := await source.read(16384):
                    sink.write(data[: max(0, int(min(left[0], len(data))))])
                    await sink.drain()
                    left[0] -= len(data)
                    if left[0] < 0:
                        self.cuts += 1
                        break
            for end in (writer, back):
                end.transport.abort() if left[0] < 0 else end.close()

        await asyncio.gather(pump(reader, back), pump(there, writer))


@contextmanager
def line_to(port: int) -> Iterator[tuple[Line, int]]:
    """A line to a port on loopback, and the port at which it begins."""
    line, loop = Line(port), asyncio.SelectorEventLoop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    listening = asyncio.start_server(line.connect, "127.0.0.1", 0)
    server = asyncio.run_coroutine_threadsafe(listening, loop).result(20)
    try:
        yield line, server.sockets[0].getsockname()[1]
    finally:
        loop.call_soon_threadsafe(server.close)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(5)
