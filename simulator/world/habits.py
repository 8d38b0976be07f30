"""How buyers behave: the laws that `buyers.toml` holds, fitted to real transactions, and what is assumed beside them."""

import math
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from itertools import accumulate
from pathlib import Path
from random import Random
from statistics import NormalDist
from typing import Any
from zoneinfo import ZoneInfo

FITTED = Path(__file__).parent / "buyers.toml"
WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

EVENING_SHARE = 0.4
EVENING = NormalDist(20.5, 1.7)
"""Assumed: the shop of the data closes at six, and a marketplace does not; four orders in ten come after work."""


@dataclass(frozen=True, slots=True)
class Zipf:
    """The chance of k is proportional to k to the power of minus `exponent`, for k from 1 to `most`."""

    exponent: float
    most: int

    def draw(self, random: Random) -> int:
        numbers = range(1, self.most + 1)
        return random.choices(numbers, [number**-self.exponent for number in numbers])[0]


@dataclass(frozen=True, slots=True)
class Units:
    """How many units a line has: some by the pack, the rest by a law of their own."""

    share_of_lines: float
    loose: Zipf
    packed: float
    packs: tuple[int, ...]
    pack_shares: tuple[float, ...]

    def draw(self, random: Random) -> int:
        if random.random() < self.packed:
            return random.choices(self.packs, self.pack_shares)[0]
        return self.loose.draw(random)


@dataclass(frozen=True, slots=True)
class Habits:
    lines: Zipf
    units: tuple[Units, Units, Units]
    """For cheap, middling and dear goods."""
    popularity_spread: float
    hours: NormalDist
    weekdays: tuple[float, ...]

    def popularity(self, count: int) -> list[float]:
        """Weigh `count` goods from the most wanted to the least: the logarithms are spread normally."""
        normal = NormalDist(0, self.popularity_spread)
        return [math.exp(normal.inv_cdf(1 - (rank + 0.5) / count)) for rank in range(count)]

    def price_classes(self, count: int) -> list[Units]:
        """Say of `count` goods, from the cheapest to the dearest, by which law each is bought."""
        cheap, middling, _ = accumulate(round(law.share_of_lines * count) for law in self.units)
        ends = (cheap, middling, count)
        return [next(law for law, end in zip(self.units, ends, strict=True) if n < end) for n in range(count)]

    def draw_moment(self, random: Random, days: Sequence[date], zone: ZoneInfo) -> datetime:
        """Draw when an order is placed: a day by its weekday, then a time of that day."""
        day = random.choices(days, [self.weekdays[day.weekday()] for day in days])[0]
        return datetime.combine(day, time(), zone) + timedelta(hours=self._draw_hour(random))

    def _draw_hour(self, random: Random) -> float:
        law = EVENING if random.random() < EVENING_SHARE else self.hours
        return random.gauss(law.mean, law.stdev) % 24


@cache
def load_habits() -> Habits:
    fitted = tomllib.loads(FITTED.read_text(encoding="utf-8"))
    lines, hours = fitted["lines"], fitted["hours"]
    cheap, middling, dear = (_units(fitted["units"][name]) for name in ("cheap", "middling", "dear"))
    return Habits(
        lines=Zipf(lines["exponent"], lines["most"]),
        units=(cheap, middling, dear),
        popularity_spread=fitted["popularity"]["spread"],
        hours=NormalDist(hours["mean"], hours["spread"]),
        weekdays=_open_on_saturday([fitted["weekdays"][name] for name in WEEK]),
    )


def _units(law: dict[str, Any]) -> Units:
    loose = Zipf(law["exponent"], law["most"])
    return Units(law["share_of_lines"], loose, law["packed"], tuple(law["packs"]), tuple(law["pack_shares"]))


def _open_on_saturday(shares: list[float]) -> tuple[float, ...]:
    """Assumed: a Saturday, on which the shop of the data was closed, lies between the days around it."""
    friday, _, sunday = shares[4:]
    return (*shares[:5], (friday + sunday) / 2, sunday)
