"""Reviews: what buyers say of goods, read and answered."""

from dataclasses import dataclass
from typing import Protocol

from domain.platform.order_actions import ActionResult
from domain.reviews import ReviewSnapshot
from domain.shops import ShopAccess


@dataclass(frozen=True, slots=True)
class ReviewPage:
    reviews: tuple[ReviewSnapshot, ...]
    next_cursor: str | None = None


class Reviews(Protocol):
    async def reviews(self, shop: ShopAccess, cursor: str) -> ReviewPage:
        """Return a page of a shop's reviews, in no promised order; a platform may show some hundred only."""

    async def fetch_review(self, shop: ShopAccess, external_id: str) -> ReviewSnapshot | None:
        """Read one review; None for one that is not there."""

    async def reply(self, shop: ShopAccess, external_id: str, text: str) -> ActionResult:
        """Answer a review, once and for all to read; after UNKNOWN it is read before anything else is done."""
