"""Counts in memory: what each variant's ledger says, and what was drawn up for it."""

from dataclasses import dataclass, field, replace

from domain.chats import Visitor
from domain.errors import NotFound
from domain.stock import StockDraft
from services.stock_views import StockHistory, VariantStock


@dataclass
class Counts:
    kept: dict[str, VariantStock] = field(default_factory=dict)

    then: list[VariantStock] = field(default_factory=list)
    """What it is after each look."""

    async def of(self, seller_id: str, variant_id: str, view_id: str) -> VariantStock | None:
        found = self.kept.get(variant_id)
        if self.then:
            self.kept[variant_id] = self.then.pop(0)
        return found

    async def draw_up(self, visitor: Visitor, variant_id: str, after: int) -> None:
        if variant_id not in self.kept:
            raise NotFound("variant_unknown")
        known = self.kept[variant_id]
        draft = StockDraft("d4af7d4af7d4af70", variant_id, known.on_shelf, after, 1)
        self.kept[variant_id] = replace(known, draft=draft)

    async def receive(self, visitor: Visitor, variant_id: str, units: int) -> None:
        known = self.kept[variant_id]
        draft = StockDraft("d4af7d4af7d4af70", variant_id, known.on_shelf, known.on_shelf + units, 1, units)
        self.kept[variant_id] = replace(known, draft=draft)

    async def discard(self, visitor: Visitor, variant_id: str) -> None:
        self.kept[variant_id] = replace(self.kept[variant_id], draft=None)

    async def keep_back(self, visitor: Visitor, variant_id: str, units: int) -> None:
        known = self.kept[variant_id]
        self.kept[variant_id] = replace(known, keeping=replace(known.keeping, keeps_back=units))

    async def set_alert(self, visitor: Visitor, variant_id: str, units: int | None) -> None:
        self.kept[variant_id] = replace(self.kept[variant_id], alert_at=units)

    async def history(self, visitor: Visitor, variant_id: str, page: int) -> StockHistory:
        return StockHistory(variant_id, self.kept[variant_id].recent, page, 1)
