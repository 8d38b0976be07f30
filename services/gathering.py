"""Small writes that come in at the same moment, made in one transaction.

A commit costs far more than a row. While one is under way, what comes in waits and goes into the next
one together; alone, nothing waits. Whoever adds something goes on when it is committed, not before.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

T = TypeVar("T")
R = TypeVar("R")

MOST = 200
"""How many go into one transaction."""


class Gathering(Generic[T, R]):
    """Gathers values for `write`, which returns a result for each, in their order."""

    def __init__(self, write: Callable[[Sequence[T]], Awaitable[Sequence[R]]]) -> None:
        self._write = write
        self._waiting: deque[tuple[T, asyncio.Future[R]]] = deque()
        self._writing: asyncio.Task[None] | None = None

    async def add(self, value: T) -> R:
        """Write this value, with others that wait; raises what writing it raises."""
        result: asyncio.Future[R] = asyncio.get_running_loop().create_future()
        self._waiting.append((value, result))
        if self._writing is None:
            self._writing = asyncio.create_task(self._drain(), name="gathered writes")
        return await result

    async def _drain(self) -> None:
        try:
            while self._waiting:
                count = min(len(self._waiting), MOST)
                await self._settle([self._waiting.popleft() for _ in range(count)])
        finally:
            self._writing = None
            while self._waiting:
                self._waiting.popleft()[1].cancel()

    async def _settle(self, batch: Sequence[tuple[T, asyncio.Future[R]]]) -> None:
        try:
            results = await self._write([value for value, _ in batch])
        except asyncio.CancelledError:
            for _, future in batch:
                future.cancel()
            raise
        except Exception as failure:  # noqa: BLE001 - whoever added the value must hear of it
            if len(batch) > 1:
                for one in batch:  # one that cannot be written must not take the others along
                    await self._settle([one])
            elif not batch[0][1].done():
                batch[0][1].set_exception(failure)
        else:
            for (_, future), result in zip(batch, results, strict=True):
                if not future.done():
                    future.set_result(result)
