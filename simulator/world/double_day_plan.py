"""Who buys on a double-day, when and how: drawn from a seed before the day begins."""

import tomllib
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

SHAPE = Path(__file__).parent / "double_day.toml"
HOURS = 24.0
INSTANT_HOURS = (8.0, 20.0)
MINUTE = 1 / 60


class Way(StrEnum):
    """What is special about a purchase besides how it is paid."""

    PLAIN = "plain"
    HELD = "held"
    """Paid, and looked at by the platform for a while."""
    PAID_LATER = "paid_later"
    SEVERAL_PARCELS = "several_parcels"
    CUT_LATER = "cut_later"
    """One parcel at first, cut into several in the seller centre."""
    INSTANT = "instant"


class Ending(StrEnum):
    GOES_OUT = "goes_out"
    CANCELLED = "cancelled"
    """Soon after it may be shipped, most likely before anybody printed a label."""
    CANCELLED_AFTER_PRINT = "cancelled_after_print"


@dataclass(frozen=True, slots=True)
class Purchase:
    """One buyer's day. Times are hours of the day; waits begin when the step before them was taken."""

    number: int
    hour: float
    way: Way
    cod: bool
    ending: Ending
    step_after_h: float
    """Until it is paid, released or cut."""
    cancel_after_h: float


@dataclass(frozen=True, slots=True)
class Plan:
    purchases: tuple[Purchase, ...]
    campaign_basket: float
    """The share of buyers who come for something of the campaign."""

    def counts(self) -> dict[str, int]:
        ways = Counter(str(purchase.way) for purchase in self.purchases)
        endings = Counter(str(purchase.ending) for purchase in self.purchases)
        cod = sum(purchase.cod for purchase in self.purchases)
        return {"orders": len(self.purchases), "cod": cod, **ways, **endings}


@cache
def load_shape() -> dict[str, Any]:
    return tomllib.loads(SHAPE.read_text(encoding="utf-8"))


def hour_of(share: float) -> float:
    """Return the hour by which `share` of a day's orders have come."""
    for (from_hour, from_share), (to_hour, to_share) in pairwise(load_shape()["knots"]):
        if share <= to_share:
            return float(from_hour + (to_hour - from_hour) * (share - from_share) / (to_share - from_share))
    return HOURS


def draw_plan(
    seed: int,
    orders: int,
    *,
    cancelled: int | None = None,
    after_print: int | None = None,
    lacks: Collection[Way] = (),
) -> Plan:
    """Draw a day of exactly so many orders of each kind, but for ways of buying that a platform lacks."""
    random, kinds = Random(f"double-day {seed}"), load_shape()["kinds"]
    every = list(range(orders))
    random.shuffle(every)
    ways = dict(_shared_out(every, {way: kinds[way] for way in Way if way not in {Way.PLAIN, *lacks}}))
    plain = [number for number in range(orders) if ways.get(number, Way.PLAIN) is Way.PLAIN]
    random.shuffle(plain)
    late = round(kinds["cancelled_after_print"] * orders) if after_print is None else after_print
    early = (round(kinds["cancelled"] * orders) if cancelled is None else cancelled) - late
    if early < 0 or late + early > len(plain):
        raise ValueError("So many orders cannot be cancelled.")
    endings = dict.fromkeys(plain[:late], Ending.CANCELLED_AFTER_PRINT)
    endings |= dict.fromkeys(plain[late : late + early], Ending.CANCELLED)
    may_be_cod = [n for n in range(orders) if ways.get(n) not in {Way.HELD, Way.PAID_LATER, Way.INSTANT}]
    cod = set(random.sample(may_be_cod, round(kinds["cod"] * orders)))
    purchases = [
        Purchase(
            number=number,
            hour=_draw_hour(random, ways.get(number, Way.PLAIN), (number + random.random()) / orders),
            way=ways.get(number, Way.PLAIN),
            cod=number in cod,
            ending=endings.get(number, Ending.GOES_OUT),
            step_after_h=random.uniform(5, 90) * MINUTE,
            cancel_after_h=random.uniform(1, 8) * MINUTE,
        )
        for number in range(orders)
    ]
    return Plan(tuple(purchases), kinds["campaign_basket"])


def _shared_out(numbers: list[int], shares: dict[Way, float]) -> Iterator[tuple[int, Way]]:
    begin = 0
    for way, share in shares.items():
        end = begin + round(share * len(numbers))
        yield from ((number, way) for number in numbers[begin:end])
        begin = end


def _draw_hour(random: Random, way: Way, share: float) -> float:
    """Instant orders come while instant couriers ride, all others as the day's curve says."""
    return random.uniform(*INSTANT_HOURS) if way is Way.INSTANT else hour_of(share)
