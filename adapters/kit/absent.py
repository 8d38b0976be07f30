"""Roles that a platform does not offer: `Can` says so before, and whoever asks all the same is refused unsent."""

from typing import NoReturn

from domain.errors import UnsupportedByPlatform
from domain.platform import ActionResult, StandingSnapshot
from domain.platform.reviews import ReviewPage
from domain.reviews import ReviewSnapshot
from domain.shops import ShopAccess

# ruff: noqa: ARG002 - the protocols say what these are asked with


def refuse(shop: ShopAccess, operation: str) -> NoReturn:
    raise UnsupportedByPlatform(platform=shop.app.platform, operation=operation)


class AbsentStanding:
    """The `Standing` role of a platform that does not tell it."""

    async def fetch_standing(self, shop: ShopAccess) -> StandingSnapshot:
        refuse(shop, "fetch_standing")


class AbsentReviews:
    """The `Reviews` role of a platform whose interface has none."""

    async def reviews(self, shop: ShopAccess, cursor: str) -> ReviewPage:
        refuse(shop, "reviews")

    async def fetch_review(self, shop: ShopAccess, external_id: str) -> ReviewSnapshot | None:
        refuse(shop, "fetch_review")

    async def reply(self, shop: ShopAccess, external_id: str, text: str) -> ActionResult:
        refuse(shop, "reply")
