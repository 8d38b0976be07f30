"""Reviews of the platform in memory: written by buyers, answered once."""

from dataclasses import replace
from typing import TYPE_CHECKING

from domain.errors import FateUnknown
from domain.platform import ActionResult, Outcome, ReviewPage
from domain.reviews import ReviewSnapshot
from domain.shops import ShopAccess

if TYPE_CHECKING:
    from tests.fakes.platform import FakePlatform, FakeShop

LONGEST = 500


class FakeReviews:
    """The `Reviews` role of a `FakePlatform`; `kept` are its reviews by number, `done` each answer taken."""

    def __init__(self, bazaar: "FakePlatform") -> None:
        self._bazaar = bazaar
        self.kept: dict[str, ReviewSnapshot] = {}
        self.done: list[tuple[str, str]] = []

    def write(
        self, known: "FakeShop", order: str, stars: int, text: str = "", photos: int = 0
    ) -> ReviewSnapshot:
        """Let the buyer of an order say something of its first line."""
        line = known.orders[order].lines[0]
        made = ReviewSnapshot(
            external_id=str(120590834 + len(self.kept)),
            order_external_id=order,
            listing_external_id=line.listing_external_id,
            variant_external_id=line.variant_external_id,
            stars=stars,
            text=text,
            photos=photos,
            videos=0,
            is_hidden=False,
            created_at=self._bazaar.now().replace(microsecond=0),
        )
        self.kept[made.external_id] = made
        return made

    def answer(self, number: str, text: str) -> None:
        """Answer in the seller centre."""
        self.kept[number] = replace(self.kept[number], reply=text, replied_at=self._bazaar.now())

    async def reviews(self, shop: ShopAccess, cursor: str) -> ReviewPage:
        def act() -> ReviewPage:
            known = self._bazaar.opened(shop)
            found = [each for each in self.kept.values() if each.order_external_id in known.orders]
            page = self._bazaar.page([each.external_id for each in reversed(found)], cursor)
            return ReviewPage(tuple(self.kept[each] for each in page.ids), page.next_cursor)

        return await self._bazaar.called("reviews", act)

    async def fetch_review(self, shop: ShopAccess, external_id: str) -> ReviewSnapshot | None:
        def act() -> ReviewSnapshot | None:
            self._bazaar.opened(shop)
            return self.kept.get(external_id)

        return await self._bazaar.called("fetch_review", act)

    async def reply(self, shop: ShopAccess, external_id: str, text: str) -> ActionResult:
        def act() -> ActionResult:
            self._bazaar.opened(shop)
            if external_id not in self.kept:
                return ActionResult(Outcome.REJECTED, "not_found")
            if not 0 < len(text) <= LONGEST:
                return ActionResult(Outcome.REJECTED, "text_refused")
            if self.kept[external_id].reply:
                return ActionResult(Outcome.REJECTED, "already_answered")
            self.answer(external_id, text)
            self.done.append((external_id, text))
            return ActionResult(Outcome.OK)

        try:
            return await self._bazaar.called("reply", act)
        except FateUnknown:
            return ActionResult(Outcome.UNKNOWN)
