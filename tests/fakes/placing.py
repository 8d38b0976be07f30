"""Stock by location in memory: what the shops say, and the draft that is made of it."""

from dataclasses import dataclass, field, replace

from domain.chats import Visitor
from domain.errors import InputError, NotFound
from domain.stock import MOST, Placed, StockDraft
from services.placing import StockedPlace
from services.views import VariantCard
from tests.fakes.stock import Counts


@dataclass
class Placing:
    counts: Counts = field(default_factory=Counts)
    there: tuple[StockedPlace, ...] = ()

    async def places(self, visitor: Visitor, card: VariantCard) -> tuple[StockedPlace, ...]:
        return self.there

    async def place(self, visitor: Visitor, listing_variant_id: str, place: str) -> StockedPlace:
        found = [
            each
            for each in self.there
            if (each.listing_variant_id, each.place) == (listing_variant_id, place)
        ]
        if not found:
            raise NotFound("button_unknown")
        return found[0]

    async def draw_up(self, visitor: Visitor, at: StockedPlace, units: int) -> None:
        if units > MOST:
            raise InputError("stock_number", most=MOST)
        known = self.counts.kept[at.variant_id]
        placed = Placed(at.listing_variant_id, at.place, at.name, at.units, units)
        after = known.on_shelf + units - at.units
        draft = StockDraft("d4af7d4af7d4af70", at.variant_id, known.on_shelf, after, 1, 0, placed)
        self.counts.kept[at.variant_id] = replace(known, draft=draft)
