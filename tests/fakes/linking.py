"""Linkings in memory, as the bot sees them."""

from dataclasses import dataclass, field

from domain.chats import Visitor
from domain.errors import InputError, NotFound
from domain.shops import Linking, LinkState, Shop
from services.views import LinkChoice, LinkOffer
from tests.unit.bot import records as r


@dataclass
class Linkings:
    offers: list[LinkChoice] = field(default_factory=list)
    open_one: Linking | None = None
    shown_by: int | None = None
    pasted: list[str] = field(default_factory=list)
    siblings: tuple[Linking, ...] = ()

    async def choices(self, visitor: Visitor) -> list[LinkChoice]:
        return self.offers

    async def start(self, visitor: Visitor, app_id: str, region: str) -> LinkOffer:
        self.open_one = r.linking(app_id=app_id, region=region)
        return LinkOffer(self.open_one, "https://shops.example/connect/abc", r.at(0.25), "Shopee")

    async def shown(self, visitor: Visitor, linking_id: str, message_id: int) -> None:
        self.shown_by = message_id

    async def waiting(self, visitor: Visitor) -> Linking | None:
        return self.open_one

    async def paste(self, visitor: Visitor, address: str) -> None:
        if "state=" not in address:
            raise InputError("address_unreadable")
        self.pasted.append(address)

    async def cancel(self, visitor: Visitor) -> bool:
        was_open, self.open_one = self.open_one is not None, None
        return was_open

    async def linking(self, seller_id: str, linking_id: str) -> Linking:
        if self.open_one is None or self.open_one.id != linking_id:
            raise NotFound("link_unknown")
        return self.open_one

    async def together(self, seller_id: str, linking_id: str) -> tuple[Linking, ...]:
        return (await self.linking(seller_id, linking_id), *self.siblings)

    async def linked(self, seller_id: str, linking_id: str) -> list[Shop]:
        names = [
            each.shop_external_id for each in await self.together(seller_id, linking_id) if not each.refusal
        ]
        return [r.shop(external_id=name) for name in names]

    def comes_back(self, state: LinkState = LinkState.RETURNED) -> Linking:
        """Let the browser bring the shop."""
        self.open_one = r.linking(state=state, message_id=self.shown_by)
        return self.open_one
