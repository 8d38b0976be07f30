"""Costs in memory, as the bot sees them."""

from dataclasses import dataclass, replace
from datetime import datetime

from domain.chats import Visitor
from domain.earnings import Cost
from domain.money import Money
from services.views import VariantCard
from tests.unit.bot import records as r


@dataclass
class Costs:
    """Keeps the latest cost on the card of a variant."""

    variants: dict[str, VariantCard]

    async def set(
        self, visitor: Visitor, variant_id: str, each: Money | None, since: datetime | None = None
    ) -> None:
        cost = None if each is None else Cost(each, since or r.NOW)
        self.variants[variant_id] = replace(self.variants[variant_id], cost=cost)
