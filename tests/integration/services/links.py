"""A linking on its way: the browser, the chat, and what is kept meanwhile."""

from collections.abc import Mapping

from sqlalchemy import func, select

from domain.chats import Visitor
from domain.people import Role
from domain.shops import LinkState
from domain.tickets import Action
from services.linking import Consent, ReturnPage
from services.views import LinkOffer, Pressed
from storage.tables.shops import secret as secret_rows
from storage.tables.shops import shop as shop_rows
from tests.integration.services.house import MESSAGE, House


class Browser:
    """The seller's browser: keeps the cookie between our page and the way back."""

    def __init__(self, house: House, offer: LinkOffer) -> None:
        self._house = house
        self.nonce = offer.url.rpartition("/")[2]
        self.consented: Consent

    async def consent(self, *external_ids: str) -> dict[str, str]:
        """Go on from our page and consent at the platform; return what the browser comes back with."""
        self.consented = await self._house.services.linking.consent(self.nonce)
        return self._house.bazaar.consent(self.consented.url, *(external_ids or ("600011",)))

    async def come_back(
        self, query: Mapping[str, str], *, cookie: str | None = None, platform: str = "bazaar"
    ) -> ReturnPage:
        carried = self.consented.cookie if cookie is None else cookie
        return await self._house.services.linking.returned(platform, query, carried)


async def started(house: House, visitor: Visitor | None = None) -> tuple[LinkOffer, Browser]:
    """Start a linking; the platform has the shop 600011."""
    if "600011" not in house.bazaar.shops:
        house.bazaar.add_shop("600011")
    offer = await house.services.linking.start(visitor or house.owner, house.app.id, "ID")
    return offer, Browser(house, offer)


async def returned(house: House, visitor: Visitor | None = None) -> LinkOffer:
    """Bring a linking as far as the question in the chat."""
    offer, browser = await started(house, visitor)
    assert (await browser.come_back(await browser.consent())).is_ok
    return offer


async def answer(house: House, offer: LinkOffer, action: Action, *, by: Visitor | None = None) -> Pressed:
    view = (by or house.owner).view
    data = await house.services.buttons.token(view.id, action, offer.linking.id, 1, Role.MANAGER)
    return await house.services.buttons.press(by or house.owner, data, MESSAGE)


async def state_of(house: House, offer: LinkOffer) -> LinkState:
    return (await house.services.linking.linking(house.owner.seller_id, offer.linking.id)).state


async def secrets_of(house: House, offer: LinkOffer) -> int:
    owner = f"linking:{offer.linking.id}"
    query = select(func.count()).select_from(secret_rows).where(secret_rows.c.owner == owner)
    return await house.database.read(lambda conn: conn.execute(query).scalar_one())


async def shops(house: House) -> int:
    query = select(func.count()).select_from(shop_rows)
    return await house.database.read(lambda conn: conn.execute(query).scalar_one())
