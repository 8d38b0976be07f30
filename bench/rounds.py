"""Measuring two sides in turns, so that whatever else the machine does falls on both."""

import gc
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from bench.figures import ROUNDS

T = TypeVar("T")

Side = Callable[[], Awaitable[T]]


@dataclass(frozen=True, slots=True)
class Pair(Generic[T]):
    """What one round gave on either side."""

    ours: T
    theirs: T


async def in_turns(ours: Side[T], theirs: Side[T], rounds: int = ROUNDS) -> list[Pair[T]]:
    """Measure both sides once a round; who goes first changes from round to round."""
    pairs = []
    for number in range(rounds):
        if number % 2:
            second = await _alone(theirs)
            first = await _alone(ours)
        else:
            first = await _alone(ours)
            second = await _alone(theirs)
        pairs.append(Pair(first, second))
    return pairs


async def seconds(work: Callable[[], Awaitable[object]]) -> float:
    """Return how long it takes."""
    began = time.perf_counter()
    await work()
    return time.perf_counter() - began


def ratios(pairs: Sequence[Pair[float]]) -> list[float]:
    """Return ours over theirs, round by round."""
    return [pair.ours / pair.theirs for pair in pairs]


async def _alone(side: Side[T]) -> T:
    gc.collect()  # one side's garbage shall not be swept in the other's time
    return await side()
