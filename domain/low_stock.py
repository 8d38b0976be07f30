"""When a variant runs low: an episode that goes through its levels once, and ends only well above the threshold.

Pure: what is left, how fast it sells and the clock are passed in.
"""

import math
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import IntEnum

LOOK_BACK = timedelta(days=28)
SHORTEST = timedelta(days=7)
"""What was sold within less than a week is spread over a week: one good day is no habit."""
COVER_DAYS = 5
"""Where nobody chose a threshold, a counted variant is low when it lasts no longer than this."""
CALM = timedelta(hours=24)
"""So long above the threshold, however little, is refilled too."""
NEVER_H = 1_000_000
"""Hours of cover of what nobody buys."""


class Scarcity(IntEnum):
    """How low; a higher number is worse."""

    LOW = 1
    CRITICAL = 2
    OUT = 3


@dataclass(frozen=True, slots=True)
class Standing:
    """What is left of a variant now; without a threshold only the last unit counts."""

    units: int
    threshold: int | None
    cover_h: int = NEVER_H
    is_watched: bool = True


@dataclass(frozen=True, slots=True)
class Episode:
    """One time of scarcity of a variant, the newest it had.

    `level` is the worst it came to, `now` where it stands (None: above the threshold, not far or long enough).
    """

    variant_id: str
    number: int
    level: Scarcity
    now: Scarcity | None
    units: int
    cover_h: int
    level_at: datetime
    above_since: datetime | None = None
    closed_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    @property
    def days(self) -> int | None:
        """For how many whole days it lasts; None where nobody buys it, or there is nothing to last."""
        return self.cover_h // 24 if self.units > 0 and self.cover_h < NEVER_H else None


def scarcity(units: int, threshold: int | None) -> Scarcity | None:
    """Return how low so many units are: critical is a third of the threshold."""
    if units <= 0:
        return Scarcity.OUT
    if threshold is None or units > threshold:
        return None
    return Scarcity.CRITICAL if units * 3 <= threshold else Scarcity.LOW


def margin(threshold: int | None) -> int:
    """Return by how many units stock must climb above its threshold to be refilled: a fifth of it, one at least."""
    return max(1, math.ceil((threshold or 0) / 5))


def next_episode(variant_id: str, known: Episode | None, seen: Standing, now: datetime) -> Episode | None:
    """Return the episode after a look at what is left; None while there never was one."""
    found = scarcity(seen.units, seen.threshold) if seen.is_watched else None
    if known is None or not known.is_open:
        if found is None:
            return known
        number = known.number + 1 if known else 1
        return Episode(variant_id, number, found, found, seen.units, seen.cover_h, now)
    after = replace(known, now=found, units=seen.units, cover_h=seen.cover_h, above_since=None)
    if found is None:
        since = known.above_since or now
        is_refilled = seen.units > (seen.threshold or 0) + margin(seen.threshold) or now - since >= CALM
        is_over = is_refilled or not seen.is_watched
        return replace(after, above_since=None if is_over else since, closed_at=now if is_over else None)
    if found > known.level:
        return replace(after, level=found, level_at=now)
    return after


def rings(known: Episode | None, after: Episode) -> bool:
    """Tell whether a level was reached that this episode has not told yet."""
    if not after.is_open:
        return False
    return known is None or after.number > known.number or after.level > known.level


def per_day(sold: int, since: datetime, now: datetime) -> float:
    """Return how many units go in a day, of so many sold since then."""
    return max(0, sold) / (max(now - since, SHORTEST) / timedelta(days=1))


def usual_threshold(daily: float) -> int:
    """Return the threshold of a variant for which nobody chose one: what it sells in `COVER_DAYS`.

    1.4 a day: 7.
    """
    return math.ceil(round(daily * COVER_DAYS, 6))


def cover_h(units: int, daily: float) -> int:
    """Return for how many hours so many units last. 3 at 1.4 a day: 51."""
    if units <= 0:
        return 0
    return min(NEVER_H, int(units * 24 / daily)) if daily > 0 else NEVER_H


def may_ring_at(rung: list[datetime], now: datetime) -> datetime:
    """Return when a chat may hear of low stock next: five times within a quarter of an hour, then they gather."""
    lately = sorted((each for each in rung if now - each < WINDOW), reverse=True)
    return lately[BURST - 1] + WINDOW if len(lately) >= BURST else now


BURST = 5
WINDOW = timedelta(minutes=15)
