"""Variants that bear one SKU: which of them are surely one product, and which a person has to say it of.

A SKU is the seller's own word for one thing. It decides by itself only while nothing is lost or sent by that:
as long as nothing was counted and at most one of them was told anything of its own.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import NamedTuple


class Market(NamedTuple):
    """What shares a stock: shops of one currency are of one country, and a demo shop has nothing to sell."""

    currency: str
    is_simulated: bool


@dataclass(frozen=True, slots=True)
class Namesake:
    """A variant with a SKU and the shops that sell it; `has_own` where somebody said something of it.

    That is a price floor, a cost, a number to be alerted at, or how it is kept. `is_held` means that nothing is
    sent of it: it is not ours to keep, or waits for a count.
    """

    variant_id: str
    sku: str
    market: Market
    shops: tuple[str, ...]
    is_counted: bool = False
    has_own: bool = False
    is_held: bool = False


class Joint(NamedTuple):
    """All listings of one variant become another's."""

    source: str
    into: str


Apart = Collection[frozenset[str]]
"""Pairs of variants that somebody said are not the same."""


def joints(every: Sequence[Namesake], apart: Apart) -> list[Joint]:
    """Return what becomes one by itself, of variants given the oldest first."""
    found = []
    for group in _groups(every):
        own = [each for each in group if each.has_own]
        if len(own) > 1 or any(each.is_counted for each in group) or _is_parted(group, apart):
            continue
        into = (own or group)[0].variant_id
        found += [Joint(each.variant_id, into) for each in group if each.variant_id != into]
    return found


def questions(every: Sequence[Namesake], apart: Apart) -> list[Joint]:
    """Return what would become one if a person says so: what is counted keeps its count, the other has none."""
    found = []
    for group in _groups(every):
        counted = [each for each in group if each.is_counted]
        own = [each for each in group if each.has_own]
        if len(counted) > 1 or not (counted or len(own) > 1 or _is_parted(group, apart)):
            continue
        into = (counted or own or group)[0]
        if not into.is_held:
            found += [
                Joint(each.variant_id, into.variant_id)
                for each in group
                if each is not into and not _is_parted([each, into], apart)
            ]
    return found


def _groups(every: Sequence[Namesake]) -> list[list[Namesake]]:
    """Return those that bear one SKU in one market, without SKUs that one shop gave to several things."""
    groups: dict[tuple[str, Market], list[Namesake]] = {}
    for each in every:
        groups.setdefault((each.sku, each.market), []).append(each)
    return [
        group
        for group in groups.values()
        if len(group) > 1 and max(Counter(shop for each in group for shop in each.shops).values()) == 1
    ]


def _is_parted(group: Sequence[Namesake], apart: Apart) -> bool:
    ids = {each.variant_id for each in group}
    return any(pair <= ids for pair in apart)
