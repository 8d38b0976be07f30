"""The pictures of several platforms in one chat: their shops, one list of orders, one batch, a product, a return."""

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass

from playwright.async_api import Locator, expect

from tests.browser.shopkeeper import PATIENCE_MS, Shopkeeper
from tests.proofs.trial import consent_to, link_shop
from tests.screens.camera import Camera
from tests.stage import Lazada, Phone, Seller, Stage, TiktokShop, open_lazada, open_stage, open_tiktok_shop

INSTANT = "GoSend Instant"


@dataclass(frozen=True, slots=True)
class ThreeShops:
    stage: Stage
    tiktok_shop: TiktokShop
    lazada: Lazada

    @property
    def others(self) -> dict[str, Seller]:
        return {"TikTok Shop": self.tiktok_shop.seller, "Lazada": self.lazada.seller}


@contextlib.asynccontextmanager
async def open_three_shops() -> AsyncIterator[ThreeShops]:
    """Open a stage with the stand-ins of three platforms."""
    async with open_stage() as stage, open_tiktok_shop(stage) as tiktok_shop, open_lazada(stage) as lazada:
        await stage.start_bot()
        yield ThreeShops(stage, tiktok_shop, lazada)


@dataclass(frozen=True, slots=True)
class PlatformPages:
    shops: ThreeShops
    camera: Camera

    async def fill(self) -> None:
        """Link a shop of each platform, and photograph what they look like together and each by itself."""
        stage = self.shops.stage
        owner = await Phone.of(stage.phones, "Sari")
        await link_shop(stage, owner)
        for name, seller in self.shops.others.items():
            asked = await owner.sees("Which shop", after=await owner.say("/link"))
            await consent_to(owner, asked, name, seller)
            await owner.sees_in(asked, "All in", within_s=120)
        chat = f"{stage.telegram.url}/?chat={owner.chat_id}&user={owner.user_id}"
        phone = await self.camera.open_phone(chat)
        sari = Shopkeeper(phone)
        await self._shown(sari, "/shops", "3 shops linked", "three-shops")
        numbers = await self._bought()
        await sari.sees(f"…{numbers['Lazada'][-5:]}")
        await self._shown(sari, "/orders", "to pack", "three-orders")
        for name, number in numbers.items():
            slug = name.partition(" ")[0].lower()
            await self._shown(sari, f"/order {number[-6:]}", "Placed", f"{slug}-order")
        await self._shown(sari, "/pack", "to pack", "three-pack")
        sku = (await self.shops.tiktok_shop.seller.sellable())["sku"]
        await self._shown(sari, f"/price {sku}", "TikTok Shop · ", "three-shops-one-variant")
        for name, seller in self.shops.others.items():
            tail = (await seller.send_back(numbers[name]))["order_sn"][-5:]
            alert = await sari.sees("🔔 New return", f"…{tail}")
            await sari.press(alert, "Open")
            await sari.reads(alert, "Return asked")
            await self._snap(sari, alert, f"{name.partition(' ')[0].lower()}-return")
        await phone.page.close()

    async def _bought(self) -> dict[str, str]:
        """Have a buyer come to each of the newer shops; return the orders' numbers by platform."""
        numbers = {}
        for name, seller in self.shops.others.items():
            model = await seller.sellable()
            line = {"item_id": model["item_id"], "model_id": model["model_id"], "quantity": 2}
            order = {"shop_id": seller.shop, "courier": INSTANT, "lines": [line]}
            numbers[name] = str((await seller.control("orders", order))["order_sn"])
        return numbers

    async def _shown(self, sari: Shopkeeper, words: str, answer: str, name: str) -> Locator:
        message = await sari.asks(words, answer)
        await self._snap(sari, message, name)
        return message

    async def _snap(self, sari: Shopkeeper, message: Locator, name: str) -> None:
        await expect(message).to_be_in_viewport(timeout=PATIENCE_MS)
        await self.camera.chat(sari.phone, name)
