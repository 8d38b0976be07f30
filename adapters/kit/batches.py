"""Work cut into calls: grouped by what may go together, at most so many in one."""

from collections.abc import Callable, Hashable, Iterable
from typing import TypeVar

T = TypeVar("T")


def batches(things: Iterable[T], alike: Callable[[T], Hashable], most: int) -> list[list[T]]:
    """Group what is alike, in the order in which it came, and cut each group into pieces."""
    groups: dict[Hashable, list[T]] = {}
    for thing in things:
        groups.setdefault(alike(thing), []).append(thing)
    return [group[start : start + most] for group in groups.values() for start in range(0, len(group), most)]
