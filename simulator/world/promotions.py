"""Discounts and campaigns: for a time they set a price, keep units back and hold price or stock fast."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal


@dataclass(slots=True)
class PromotionRow:
    listing_id: int
    variant_id: int
    price: Decimal
    reserved: int = 0
    """Units promised to the promotion and not yet sold in it."""


@dataclass(slots=True)
class Promotion:
    id: int
    name: str
    starts_at: datetime
    ends_at: datetime
    rows: dict[int, PromotionRow]
    """By variant."""
    locks_price: bool = True
    locks_stock: bool = False

    def is_ongoing(self, now: datetime) -> bool:
        return self.starts_at <= now < self.ends_at

    def is_over(self, now: datetime) -> bool:
        return now >= self.ends_at
