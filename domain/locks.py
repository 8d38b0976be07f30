"""What waits because a promotion or campaign holds an item: until when, and when it is asked for again."""

from datetime import datetime, timedelta

PRICE_LOCKED = "price_locked"
STOCK_LOCKED = "stock_locked"
BELOW_RESERVED = "below_reserved"
CALLED_OFF = "called_off"
"""Somebody said that what waits is not to be sent."""

STOCK_LOCKS = frozenset({STOCK_LOCKED, BELOW_RESERVED})
ASK_SLOWLY = timedelta(minutes=15)
"""The pause between two looks where a platform does not say when a promotion ends."""


def known_end(ends_at: datetime | None, now: datetime) -> datetime | None:
    """Return an end that still lies ahead; one that is over says nothing of what holds an item now."""
    return ends_at if ends_at is not None and ends_at > now else None


def next_look(ends_at: datetime | None, now: datetime) -> datetime:
    """Return when to ask again: at the end of the promotion, or slowly where that is not known."""
    return known_end(ends_at, now) or now + ASK_SLOWLY


def wave(now: datetime) -> datetime:
    """Return the moment under which what is set free now is told together."""
    return now.replace(second=0, microsecond=0)
