"""Small writes gathered into one transaction: nobody waits alone, nobody goes on too early, nobody pays for others."""

import asyncio
from collections.abc import Sequence

import pytest

from services.gathering import MOST, Gathering


class Book:
    """Takes values down when it is let; `pages` are the transactions."""

    def __init__(self) -> None:
        self.pages: list[list[int]] = []
        self.is_open = asyncio.Event()
        self.is_open.set()

    async def write(self, values: Sequence[int]) -> list[int]:
        await self.is_open.wait()
        if any(value < 0 for value in values):
            raise ValueError("no ink for less than nothing")
        self.pages.append(list(values))
        return [value * 10 for value in values]


async def let_run() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


async def test_a_value_alone_is_written_at_once_and_has_its_result() -> None:
    book = Book()
    assert await Gathering(book.write).add(7) == 70
    assert book.pages == [[7]]


async def test_what_comes_during_a_write_goes_into_the_next_one_together() -> None:
    book = Book()
    gathering = Gathering(book.write)
    book.is_open.clear()
    first = asyncio.create_task(gathering.add(1))
    await let_run()
    others = [asyncio.create_task(gathering.add(value)) for value in (2, 3, 4)]
    await let_run()
    assert not any(task.done() for task in (first, *others)), "nobody goes on before it is written"
    book.is_open.set()
    assert await asyncio.gather(first, *others) == [10, 20, 30, 40]
    assert book.pages == [[1], [2, 3, 4]]


async def test_one_that_cannot_be_written_does_not_take_the_others_along() -> None:
    book = Book()
    gathering = Gathering(book.write)
    results = await asyncio.gather(*(gathering.add(value) for value in (1, -2, 3)), return_exceptions=True)
    assert (results[0], results[2]) == (10, 30)
    assert isinstance(results[1], ValueError)
    assert await gathering.add(4) == 40


async def test_who_is_cancelled_while_waiting_holds_nobody_up() -> None:
    book = Book()
    gathering = Gathering(book.write)
    book.is_open.clear()
    tasks = [asyncio.create_task(gathering.add(value)) for value in (1, 2, 3)]
    await let_run()
    tasks[1].cancel()
    await let_run()
    book.is_open.set()
    results = await asyncio.gather(*tasks, return_exceptions=True)
    assert (results[0], results[2]) == (10, 30)
    assert isinstance(results[1], asyncio.CancelledError)


async def test_a_flood_is_written_in_parts() -> None:
    book = Book()
    gathering = Gathering(book.write)
    await asyncio.gather(*(gathering.add(value) for value in range(MOST + 1)))
    assert [len(page) for page in book.pages] == [MOST, 1]
    assert [value for page in book.pages for value in page] == list(range(MOST + 1))


async def test_whoever_waits_hears_that_the_writing_was_cut_off() -> None:
    book = Book()
    gathering = Gathering(book.write)
    book.is_open.clear()
    tasks = [asyncio.create_task(gathering.add(value)) for value in (1, 2)]
    await let_run()
    late = asyncio.create_task(gathering.add(3))
    await let_run()
    assert gathering._writing
    gathering._writing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await tasks[0]
    for task in (tasks[1], late):
        with pytest.raises(asyncio.CancelledError):
            await task
    book.is_open.set()
    assert await gathering.add(4) == 40
