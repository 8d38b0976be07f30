"""The pictures of returns: one disputed with the photo from packing, one with long names in other languages."""

from dataclasses import dataclass
from typing import Any

from playwright.async_api import Locator, expect

from tests.browser.shopkeeper import PATIENCE_MS, Shopkeeper
from tests.screens.camera import Camera
from tests.stage import Phone, Stage
from tests.stage.pictures import picture
from tests.stage.seller import HOME_SHOP

PACKED = (
    "SELECT sale_order.external_id FROM sale_order JOIN packing ON packing.order_id = sale_order.id"
    " WHERE packing.state = 'packed' LIMIT 1"
)
LONG = ("ครีมกันแดด", "Hộp cơm", "เซรั่มวิตามินซี")


@dataclass(frozen=True, slots=True)
class ReturnPages:
    stage: Stage
    camera: Camera
    sari: Shopkeeper

    async def dispute(self) -> None:
        """Keep a photo with the parcel packed last, hear that its buyer sends it back, and dispute that."""
        owner = int(self.stage.rows("SELECT user_id FROM member WHERE role = 'owner'")[0][0])
        await Phone(self.stage.phones, owner, owner).send_photo(picture(side=320))
        await self.sari.sees("Photo kept with")
        back = await self.stage.seller.send_back(self.stage.rows(PACKED)[0][0], "pickup", "deliver")
        card = await self._open(back)
        await expect(card.get_by_role("button", name="Dispute…")).to_be_visible(timeout=PATIENCE_MS)
        await self._snap("return-card", card)
        await self.sari.press(card, "Dispute…")
        await self.sari.press(card, "2. ")
        await self.sari.reads(card, "The photo from packing is kept")
        await self._snap("return-proof", card)
        await self.sari.press(card, "Use the photo from packing")
        await self.sari.reads(card, "1 photo of at most")
        await self.sari.press(card, "Go on")
        await self.sari.reads(card, "Type an e-mail address")
        await self.sari.phone.say("sari@rumahkita.example")
        asked = await self.sari.sees("From then on")
        await self._snap("return-dispute", asked)
        await self.sari.press(asked, "Yes, dispute")
        await self.sari.reads(asked, "Return disputed")

    async def long_names(self) -> None:
        """Show a return of goods with long Thai and Vietnamese names in both languages."""
        items = {item["title"]: item for item in (await self.stage.seller.world())["shops"][0]["items"]}
        titles = [next(title for title in items if title.startswith(begin)) for begin in LONG]
        placed = await self.stage.seller.control(
            "orders", {"shop_id": HOME_SHOP, "lines": [_line(items[title]) for title in titles]}
        )
        back = await self.stage.seller.send_back(placed["order_sn"])
        tail = back["order_sn"][-5:]
        await self.sari.sees("🔔 New return", f"…{tail}")
        await self._choose("English", "ไทย")
        await self._shown(tail, "การคืน…", "ยอมคืนเงิน…", "return-thai")
        await self._choose("ไทย", "Tiếng Việt")
        await self._shown(tail, "Đơn trả…", "Đồng ý hoàn…", "return-vietnamese")
        await self._choose("Tiếng Việt", "English")

    async def _shown(self, tail: str, button: str, words: str, name: str) -> None:
        """Show a return from its order's card."""
        card = await self.sari.asks(f"/order {tail}", f"…{tail}")
        await self.sari.press(card, button)
        await self.sari.reads(card, words)
        await self._snap(name, card)

    async def _choose(self, now: str, language: str) -> None:
        message = await self.sari.asks("/settings", now)
        await self.sari.press(message, language)
        await self.sari.reads(message, language)

    async def _open(self, back: dict[str, Any]) -> Locator:
        """Open a return from what rang for it."""
        alert = await self.sari.sees("🔔 New return", f"…{back['order_sn'][-5:]}")
        await self.sari.press(alert, "Open")
        await self.sari.reads(alert, "Return asked")
        return alert

    async def _snap(self, name: str, message: Locator) -> None:
        await expect(message).to_be_in_viewport(timeout=PATIENCE_MS)
        await self.camera.chat(self.sari.phone, name)


def _line(item: dict[str, Any]) -> dict[str, Any]:
    return {"item_id": item["item_id"], "model_id": item["models"][0]["model_id"], "quantity": 2}
