"""What the steps of the tour share: the stage, one seller's phone, and what they have chosen on the way."""

from dataclasses import dataclass, field
from typing import Any

from tests.stage import Lazada, Phone, Stage, TiktokShop
from tests.tour.report import Report


@dataclass(slots=True)
class Walk:
    stage: Stage
    tiktok_shop: TiktokShop
    lazada: Lazada
    report: Report
    phone: Phone
    model: dict[str, Any] = field(default_factory=dict)
    crew: dict[str, Phone] = field(default_factory=dict)
    """The people beside the seller, by their role."""
    forum: int = 0
    """The team's group."""
    labels: list[str] = field(default_factory=list)
    """The numbers on the labels that were printed."""

    @classmethod
    async def begin(cls, stage: Stage, tiktok_shop: TiktokShop, lazada: Lazada, report: Report) -> "Walk":
        return cls(stage, tiktok_shop, lazada, report, await Phone.of(stage.phones, "Sari"))

    @property
    def sku(self) -> str:
        return str(self.model["sku"])

    async def choose_model(self) -> None:
        """Choose a variant to sell and to reprice, once."""
        if not self.model:
            self.model = await self.stage.seller.sellable()

    async def price_in_shop(self) -> int:
        price = await self.stage.seller.price(self.model["item_id"], self.model["model_id"])
        return int(price)
