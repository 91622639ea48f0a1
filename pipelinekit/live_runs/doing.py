"""A verb under way, and what it did: `await` it in a notebook, `wait()` for it in a script."""

import asyncio
import concurrent.futures
import contextlib
from collections.abc import Callable, Generator
from typing import Any, Generic, TypeVar

Result = TypeVar("Result")

WAKING_SECONDS = 0.2
ENDING_SECONDS = 30.0  # that an interrupted verb has to end what runs before its caller goes on


class Doing(Generic[Result]):
    """One verb. It has begun already and goes on whether or not anyone waits.

    interrupt: ends what the verb does; called where who waits is interrupted, who then waits for what it gives too.
    look: open while a cell waits.
    """

    def __init__(
        self, verb: str, future: "concurrent.futures.Future[Result]", interrupt: "Callable[[], concurrent.futures.Future[Any]]",
        look: Callable[[str], contextlib.AbstractContextManager[None]],
    ) -> None:
        self.verb = verb
        self.future = future
        self._interrupt = interrupt
        self._look = look

    @property
    def done(self) -> bool:
        return self.future.done()

    def __await__(self) -> Generator[object, None, Result]:
        return self._awaited().__await__()

    def wait(self, seconds: float | None = None) -> Result:
        """What it came to. Raises what went wrong in it, and TimeoutError where it is not through after so long."""
        try:
            return self.future.result(seconds)
        except KeyboardInterrupt:
            concurrent.futures.wait([self.future, self._interrupt()], ENDING_SECONDS)
            raise

    async def _awaited(self) -> Result:
        with self._look(self.verb):
            future = asyncio.wrap_future(self.future)
            try:
                # A kernel cancels an interrupted cell from its signal handler, which does not wake the loop: so it wakes by itself.
                while not (await asyncio.wait([future], timeout=WAKING_SECONDS))[0]:
                    pass
                return future.result()
            except asyncio.CancelledError:
                ended = [future, asyncio.wrap_future(self._interrupt())]
                for each in (await asyncio.wait(ended, timeout=ENDING_SECONDS))[0]:
                    each.cancelled() or each.exception()  # asyncio tells of those that nobody has asked for
                raise

    def __repr__(self) -> str:
        return f"<{self.verb}: {'done' if self.done else 'under way'}; await it, or wait() for it>"
