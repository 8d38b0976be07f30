"""The pictures of a price list that is sent in: what of it comes back, and what the rest would change."""

from dataclasses import dataclass

from playwright.async_api import Locator, expect

from tests.browser.shopkeeper import PATIENCE_MS, Shopkeeper
from tests.screens.camera import Camera
from tests.stage import Phone, Stage

LISTED = (
    "SELECT listing.external_id, listing_variant.external_id, listing_variant.sku, listed / 10000"
    " FROM listing_variant JOIN listing ON listing.id = listing_variant.listing_id"
    " WHERE listing.state = 'listed' ORDER BY listing.external_id, position LIMIT 40"
)
WRONG = {3: "ninety", 8: "", 21: "-1"}


@dataclass(frozen=True, slots=True)
class PricePages:
    stage: Stage
    camera: Camera
    sari: Shopkeeper

    async def sent_in(self) -> None:
        """Send a list of forty prices, three of which cannot be read."""
        owner = int(self.stage.rows("SELECT user_id FROM member WHERE role = 'owner'")[0][0])
        lines = ["listing_id,variant_id,sku,price"]
        for at, (listing, variant, sku, price) in enumerate(self.stage.rows(LISTED)):
            lines.append(f"{listing},{variant},{sku},{WRONG.get(at, int(price) * (95 - at % 7) // 100)}")
        await Phone(self.stage.phones, owner, owner).send_file(
            "harga-november.csv", "\n".join(lines).encode()
        )
        back = await self.sari.sees("3 of 40 rows cannot be taken")
        await self._snap("file-checked", back)
        draft = await self.sari.sees("37 prices from a file")
        await self._snap("file-draft", draft)

    async def _snap(self, name: str, message: Locator) -> None:
        await expect(message).to_be_in_viewport(timeout=PATIENCE_MS)
        await self.camera.chat(self.sari.phone, name)
