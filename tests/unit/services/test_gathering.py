"""Writes that come in together are made together, and each hears of its own result only when it is made."""

import asyncio
from collections.abc import Sequence

import pytest

from services.gathering import MOST, Gathering


class Store:
    """Notes what is written at once; holds a write up until it is let go, and refuses what it is told to."""

    def __init__(self, *, is_held: bool = False) -> None:
        self.batches: list[list[int]] = []
        self.refused: set[int] = set()
        self.go = asyncio.Event()
        self.began = asyncio.Event()
        if not is_held:
            self.go.set()

    async def write(self, values: Sequence[int]) -> list[str]:
        self.began.set()
        await self.go.wait()
        if self.refused & set(values):
            raise ValueError(f"refused {sorted(self.refused & set(values))}")
        self.batches.append(list(values))
        return [f"kept {value}" for value in values]


async def adding(gathering: Gathering[int, str], *values: int) -> list[asyncio.Task[str]]:
    """Begin to add these at one moment."""
    tasks = [asyncio.create_task(gathering.add(value)) for value in values]
    await asyncio.sleep(0)
    return tasks


async def test_each_value_gets_its_own_result() -> None:
    gathering = Gathering(Store().write)
    assert await asyncio.gather(*(gathering.add(n) for n in range(5))) == [f"kept {n}" for n in range(5)]


async def test_what_comes_while_a_write_is_under_way_goes_into_the_next_one_together() -> None:
    store = Store(is_held=True)
    gathering = Gathering(store.write)
    first = await adding(gathering, 1)
    await asyncio.wait_for(store.began.wait(), 5)
    later = await adding(gathering, 2, 3, 4)
    assert not any(task.done() for task in (*first, *later)), "nobody may go on before the write is made"
    store.go.set()
    await asyncio.gather(*first, *later)
    assert store.batches == [[1], [2, 3, 4]]


async def test_no_write_is_larger_than_it_may_be() -> None:
    store = Store()
    gathering = Gathering(store.write)
    await asyncio.gather(*(gathering.add(n) for n in range(MOST + 3)))
    assert [len(batch) for batch in store.batches] == [MOST, 3]


async def test_a_value_that_cannot_be_written_takes_no_other_along() -> None:
    store = Store()
    store.refused = {2}
    gathering = Gathering(store.write)
    ended = await asyncio.gather(*(gathering.add(n) for n in (1, 2, 3)), return_exceptions=True)
    assert ended[0::2] == ["kept 1", "kept 3"]
    with pytest.raises(ValueError, match=r"refused \[2\]"):
        raise ended[1]  # type: ignore[misc]
    assert await gathering.add(4) == "kept 4"


async def test_somebody_who_stops_waiting_keeps_nobody_else_from_being_told() -> None:
    store = Store(is_held=True)
    gathering = Gathering(store.write)
    impatient, patient = await adding(gathering, 1, 2)
    await asyncio.wait_for(store.began.wait(), 5)
    impatient.cancel()
    store.go.set()
    assert await patient == "kept 2"
    with pytest.raises(asyncio.CancelledError):
        await impatient
    assert store.batches == [[1, 2]]
