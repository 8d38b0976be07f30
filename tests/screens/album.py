"""The pictures in the order in which a seller first meets the screens."""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from playwright.async_api import Locator, expect

from tests.browser.shopkeeper import PATIENCE_MS, Shopkeeper, buy
from tests.screens.camera import Camera
from tests.screens.price_pages import PricePages
from tests.screens.return_pages import ReturnPages
from tests.stage import Phone, Stage, until
from tests.stage.crew import make_group
from tests.stage.seller import HOME_SHOP


@dataclass(frozen=True, slots=True)
class Album:
    stage: Stage
    camera: Camera
    sari: Shopkeeper

    async def fill(self) -> None:
        """Walk through StoreSync and photograph it on the way."""
        await self._linking()
        model = await self.stage.seller.sellable()
        await self._new_order(model)
        await self._orders()
        await self._shown("/stock lampu", "lampu", "stock")
        await self._products()
        await self._boost()
        await self._reviews()
        await self._count(model)
        await self._low_stock(model)
        await self._price(model)
        await self._held(model)
        await self._kept(model)
        await self._packing()
        pages = ReturnPages(self.stage, self.camera, self.sari)
        await pages.dispute()
        await pages.long_names()
        await self._home(model)
        ann = await self._approvals(model)
        await self._group(model, ann)
        await self._alerts()
        await self._shown("/team", "Ann", "team")
        await self._shop()
        await self._health()
        await self._bulk()
        await PricePages(self.stage, self.camera, self.sari).sent_in()
        await self._pause(model)
        await self._restored()
        await self._indonesian()
        await self._thai()
        await self._vietnamese()

    async def _linking(self) -> None:
        await self.sari.start()
        message = await self._set_clock()
        await self.sari.choose_platform(message)
        await self._snap("link", message)
        page = await self.sari.open_platform(message)
        await self.camera.page(page, "connect-page")
        await self.sari.consent(page)
        await page.close()
        await self.sari.confirm(message)

    async def _set_clock(self) -> Locator:
        """Choose the zone the phone is in, so that all times of a picture are of one clock."""
        message = await self.sari.asks("/settings", "Time zone")
        await self.sari.press(message, "Time zone")
        await self.sari.press(message, "Jakarta")
        await self.sari.reads(message, "Jakarta")
        await self.sari.press(message, "Home")
        await self.sari.reads(message, "Run your shops from this chat")
        return message

    async def _new_order(self, model: dict[str, Any]) -> None:
        tab = await self.sari.opens(f"{self.stage.shopee_url}/buyer")
        await self.camera.page(tab, "buyer-page")
        number = await buy(tab, model)
        await tab.close()
        alert = await self.sari.sees("🔔 New order", f"…{number[-5:]}")
        await self._snap("alert", alert)

    async def _orders(self) -> None:
        """Show the list, the card of an order of several things that waits to be shipped, and its end."""
        await self._shown("/orders", "to pack", "orders")
        several = (
            "SELECT sale_order.external_id FROM sale_order JOIN order_line ON order_id = sale_order.id"
            " WHERE status = 'to_ship' GROUP BY sale_order.id HAVING count(*) > 1"
            " ORDER BY placed_at DESC LIMIT 1"
        )
        card = await self.sari.asks(f"/order {self.stage.rows(several)[0][0][-6:]}", "Placed")
        await self._snap("order-card", card)
        await self._cancel(card)

    async def _cancel(self, card: Locator) -> None:
        """Cancel the order that is shown, up to what its platform says of it."""
        await self.sari.press(card, "Cancel order")
        await self.sari.press(card, "Out of stock")
        await self.sari.reads(card, "My estimate")
        await self._snap("order-cancel", card)
        await self.sari.press(card, "Cancel …")
        await self.sari.reads(card, "cancelled")
        await self._snap("order-cancelled", card)

    async def _products(self) -> None:
        """Show a list of products, one of two tiers with its picture, one of its colours, one with a long name."""
        await self._shown("/products", "Products:", "products")
        shirt = await self._product("lengan panjang", "product-two-tiers")
        picture = shirt.locator("img").first
        own = await picture.get_attribute("src") or ""
        await self.sari.press(shirt, "2 · ")
        await self.sari.reads(shirt, "4 variants")
        await expect(picture).not_to_have_attribute("src", own, timeout=PATIENCE_MS)
        await self._snap("product-colour", shirt)
        await self._product("ลิปทินต์", "product")
        await self._edit()

    async def _edit(self) -> None:
        """Give a product another name: the question, and what the shop says after it."""
        card = await self.sari.asks("/products bình nước", "bình nước")
        await self.sari.press(card, "1 · ")
        await expect(card.get_by_role("button", name="Enlarge picture")).to_be_visible(timeout=PATIENCE_MS)
        await self._snap("product-vietnamese", card)
        await self.sari.press(card, "Edit…")
        choice = await self.sari.sees("is to change?")
        await self.sari.press(choice, "Name")
        await self.sari.reads(choice, "Type the new name")
        question = await self.sari.asks(
            "Bình nước thể thao 750ml có vạch chia giờ, nắp chống tràn", "Nothing is changed"
        )
        await self._snap("product-edit", question)
        await self.sari.press(question, "Yes, change it")
        await self.sari.reads(question, "read back")

    async def _product(self, words: str, name: str) -> Locator:
        """Open the first product that is found, and wait for its picture."""
        card = await self.sari.asks(f"/products {words}", words)
        await self.sari.press(card, "1 · ")
        await expect(card.get_by_role("button", name="Enlarge picture")).to_be_visible(timeout=PATIENCE_MS)
        await self._snap(name, card)
        return card

    async def _boost(self) -> None:
        """Boost a product: the question, and until when it is shown first."""
        card = await self.sari.asks("/products kaos kaki", "Kaos Kaki")
        await self.sari.press(card, "1 · ")
        await expect(card.get_by_role("button", name="Enlarge picture")).to_be_visible(timeout=PATIENCE_MS)
        await self.sari.press(card, "Boost…")
        question = await self.sari.sees("Show it first", "cannot be taken back")
        await self.sari.press(question, "Yes, boost it now")
        await self.sari.reads(question, "Shown first until")
        await self._snap("product-boosted", question)

    async def _reviews(self) -> None:
        """Answer a review: the list, the question before it is published, and the answer read back."""
        card = await self._shown("/reviews", "unanswered", "reviews")
        await self.sari.press(card, "1 · ")
        await self.sari.reads(card, "Not answered yet")
        await self.sari.press(card, "Answer…")
        await self.sari.reads(card, "Type the answer")
        draft = await self.sari.asks(
            "Terima kasih ulasannya, Kak. Ditunggu pesanan berikutnya!", "Nothing is sent yet"
        )
        await self._snap("review-draft", draft)
        await self.sari.press(draft, "Publish the answer")
        await self.sari.reads(draft, "Your answer of")
        await self._snap("review-answered", draft)

    async def _count(self, model: dict[str, Any]) -> None:
        """Count a variant for the first time, and see its shop follow."""
        card = await self.sari.asks(f"/price {model['sku']}", "Not counted yet")
        await self.sari.press(card, "+1")
        await self.sari.reads(card, "Draft: on hand")
        await self._snap("stock-draft", card)
        await self.sari.press(card, "Send")
        await self.sari.reads(card, "shown in 1 shop")
        await self._snap("stock-card", card)

    async def _low_stock(self, counted: dict[str, Any]) -> None:
        """Keep three variants, let a buyer take all but a few of each at once, and see them run out on one message."""
        seller = self.stage.seller
        models = await seller.several_sellable(3, but_for=counted["sku"])
        for model in models:
            await self._keep(model, units=12, alert_at=8)
        lines = [
            {
                "item_id": item_id,
                "model_id": model_id,
                "quantity": await seller.available(item_id, model_id) - left,
            }
            for (item_id, model_id), left in zip(
                [(model["item_id"], model["model_id"]) for model in models], (0, 2, 6), strict=True
            )
        ]
        await self.stage.seller.control("orders", {"shop_id": HOME_SHOP, "lines": lines})
        message = await self.sari.sees("Running out: 3 products")
        await self._snap("low-stock", message)
        await self.sari.press(message, "Reorder list")
        await self.sari.reads(message, "What lasts the shortest comes first.")
        await self._snap("reorder-list", message)

    async def _keep(self, model: dict[str, Any], *, units: int, alert_at: int) -> None:
        """Count a variant and say from how few on that is low."""
        card = await self.sari.asks(f"/price {model['sku']}", "Not counted yet")
        await self.sari.press(card, "Set…")
        await self.sari.reads(card, "How many are on the shelf?")
        draft = await self.sari.asks(str(units), "Draft: on hand")
        await self.sari.press(draft, "Send")
        await self.sari.reads(draft, "are you sure?")
        await self.sari.press(draft, "Yes")
        await self.sari.reads(draft, "shown in 1 shop")
        await self.sari.press(draft, "Alert at…")
        await self.sari.reads(draft, "From how many left on")
        await self.sari.asks(str(alert_at), f"Alert at {alert_at}")

    async def _price(self, model: dict[str, Any]) -> None:
        card = await self._propose(model, 90)
        await self._snap("price-approval", card)
        await self.sari.press(card, "Approve")
        await self.sari.reads(card, "read back")
        await self._snap("price-live", card)

    async def _held(self, model: dict[str, Any]) -> None:
        """Meet a campaign: a price and a count that wait for its end, called off before the album goes on."""
        other = (await self.stage.seller.several_sellable(1, but_for=model["sku"]))[0]
        held = {"item_id": other["item_id"], "model_id": other["model_id"], "reserved": 4}
        wanted = {"shop_id": HOME_SHOP, "name": "11.11", "lasts_s": 30_000, "models": [held]}
        campaign = (await self.stage.seller.control("campaign", wanted))["promotion_id"]
        price = await self._propose(other, 95)
        await self.sari.press(price, "Approve")
        await self.sari.reads(price, "waits until 11.11 ends")
        await self._snap("price-waits", price)
        await self.sari.press(price, "Do not send what waits")
        await self.sari.reads(price, "Called off by")
        card = await self.sari.asks(f"/price {other['sku']}", "kept for 11.11")
        await self.sari.press(card, "Set…")
        await self.sari.reads(card, "How many are on the shelf?")
        draft = await self.sari.asks(str(other["available"] - 3), "Draft: on hand")
        await self.sari.press(draft, "Send")
        await self.sari.reads(draft, "waits until 11.11 ends")
        await self._snap("stock-waits", draft)
        await self.sari.press(draft, "Do not send what waits")
        await self.sari.reads(draft, "called off")
        await self.stage.seller.control(f"campaign/{campaign}/end", {})

    async def _kept(self, model: dict[str, Any]) -> None:
        """Tell what a unit costs, and see what is kept of the next order of it."""
        await until(self._has_learnt, "fees to be learnt from settled orders", within_s=60)
        cost = Decimal(model["price"]) * 55 // 100
        await self._shown(f"/cost {model['sku']} {cost}", "Cost ", "cost")
        line = {"item_id": model["item_id"], "model_id": model["model_id"], "quantity": 2}
        sold = await self.stage.seller.control("orders", {"shop_id": HOME_SHOP, "lines": [line]})
        tail = sold["order_sn"][-5:]
        await self.sari.sees("ew order", f"…{tail}")
        card = await self.sari.asks(f"/order {tail}", "you keep about")
        await card.get_by_text("Show all").click()
        await self._snap("order-kept", card)

    async def _has_learnt(self) -> bool:
        return bool(self.stage.rows("SELECT count(*) FROM fee_lesson WHERE orders > 50")[0][0])

    async def _home(self, model: dict[str, Any]) -> None:
        """Show home on a day with something to decide."""
        await self._propose(model, 85)
        await self._shown("/start", "Today", "home")

    async def _approvals(self, model: dict[str, Any]) -> Phone:
        """Bring in a manager, and ask for a price that then needs the second person; return the manager's phone."""
        team = await self.sari.asks("/team", "Sari")
        await self.sari.press(team, "Invite")
        await self.sari.press(team, "manager")
        await self.sari.reads(team, "/start ")
        token = re.search(r"/start (\S+)", await team.inner_text())
        assert token
        ann = await Phone.of(self.stage.phones, "Ann")
        await ann.say(f"/start {token[1]}")
        await ann.sees("Today")
        card = await self._propose(model, 60)
        await self.sari.reads(card, "Second person needed")
        await self._snap("second-person", card)
        await ann.sees("Second person needed")
        await self._shown("/approvals", "waits for approval", "approvals")
        return ann

    async def _group(self, model: dict[str, Any], ann: Phone) -> None:
        """Show an order in the team's group, as the owner sees it there."""
        owner = int(self.stage.rows("SELECT user_id FROM member WHERE role = 'owner'")[0][0])
        chat = await make_group(self.stage, "Rumah Kita team", Phone(self.stage.phones, owner, owner), ann)
        phone = await self.camera.open_phone(f"{self.stage.telegram.url}/?chat={chat}&user={owner}")
        line = {"item_id": model["item_id"], "model_id": model["model_id"], "quantity": 2}
        sold = await self.stage.seller.control("orders", {"shop_id": HOME_SHOP, "lines": [line]})
        alert = await Shopkeeper(phone).sees("🔔 New order", f"…{sold['order_sn'][-5:]}")
        await expect(alert).to_be_in_viewport(timeout=PATIENCE_MS)
        await self.camera.chat(phone, "group-alert")
        await phone.page.close()

    async def _packing(self) -> None:
        """Take a batch, choose how its courier gets it, have its labels, and pack the first parcel by its number."""
        page = await self._shown("/pack", "to pack", "pack")
        await page.get_by_role("button", name=re.compile(r"^Take ")).first.click()
        await self.sari.reads(page, "I remember it for the next ones")
        await self._snap("batch-choice", page)
        await page.get_by_role("button", name=re.compile(r"^(Pickup|I bring) ")).first.click()
        labels = await self.sari.sees("Labels of B1")
        await self._snap("labels", labels)
        query = (
            "SELECT parcel.tracking_number FROM parcel JOIN packing ON packing.parcel_id = parcel.id"
            " WHERE packing.batch_id IS NOT NULL ORDER BY packing.position LIMIT 1"
        )
        await self.sari.phone.say(self.stage.rows(query)[0][0])
        batch = await self.sari.sees("Last: ")
        await batch.evaluate("message => message.scrollIntoView({block: 'start'})")
        await self._snap("batch", batch)

    async def _alerts(self) -> None:
        """Show what a chat hears, with a night and a daily card chosen."""
        message = await self.sari.asks("/alerts", "Alerts here")
        await self.sari.press(message, "Cancellations 🔔")
        await self.sari.press(message, "Quiet hours: none")
        await self.sari.press(message, "22:00-07:00")
        await self.sari.press(message, "Back")
        await self.sari.press(message, "Daily card: none")
        await self.sari.press(message, "08:00")
        await self.sari.press(message, "Back")
        await self.sari.reads(message, "7 of 8 with sound")
        await self._snap("alerts", message)

    async def _shop(self) -> None:
        """Show one shop."""
        message = await self.sari.asks("/shops", "1 shop linked")
        await self.sari.press(message, "Rumah Kita")
        await self.sari.reads(message, "linked since")
        await self._snap("shop", message)
        await self._holiday(message)

    async def _holiday(self, shop: Locator) -> None:
        """Close the shop for a holiday, and open it again."""
        await self.sari.press(shop, "Close for a holiday")
        await self.sari.reads(shop, "for a holiday?")
        await self._snap("holiday-question", shop)
        await self.sari.press(shop, "Yes, close")
        await self.sari.reads(shop, "On holiday")
        await expect(shop.get_by_role("button", name="End the holiday")).to_be_visible(timeout=PATIENCE_MS)
        await self._snap("holiday", shop)
        await self.sari.press(shop, "End the holiday")
        await self.sari.press(shop, "Yes, open")
        await expect(shop.get_by_role("button", name="Close for a holiday")).to_be_visible(
            timeout=PATIENCE_MS
        )

    async def _health(self) -> None:
        """Give the shop penalty points, hear of them, and look what helps."""
        await until(self._is_rated, "how the shop stands to be read", within_s=60)
        await self.stage.seller.control(f"shops/{HOME_SHOP}", {"points": 3})
        alert = await self.sari.sees("stands worse")
        await self.sari.press(alert, "Look")
        await self.sari.reads(alert, "Health of")
        await alert.get_by_text("Show all").click()
        await self._snap("health", alert)

    async def _is_rated(self) -> bool:
        return bool(self.stage.rows("SELECT count(*) FROM shop_health")[0][0])

    async def _bulk(self) -> None:
        """Change the prices of a search as one: what would change, and what became of it."""
        message = await self.sari.asks("/products te", "“te”")
        await self.sari.press(message, "Change prices…")
        await self.sari.press(message, "−10%")
        await self.sari.reads(message, "All that is in stock")
        await self.sari.press(message, "…900")
        await self.sari.reads(message, "ending in 900")
        await self._snap("bulk-diff", message)
        await self.sari.press(message, "Ask for these")
        await self.sari.reads(message, "Asked by")
        banned = {"item_id": await self._listing_of_three("te"), "state": "banned"}
        await self.stage.seller.control("listing", banned)
        await self.sari.press(message, "Approve")
        await expect(message).to_contain_text("prices are live", timeout=PATIENCE_MS * 6)
        await self._snap("bulk-result", message)
        await self.stage.seller.control("listing", banned | {"state": "active"})

    async def _listing_of_three(self, words: str) -> int:
        """Return a product of three variants that is among those found."""
        world = await self.stage.seller.world()
        found = [
            item["item_id"]
            for item in world["shops"][0]["items"]
            if words in item["title"].lower() and len(item["models"]) == 3
        ]
        return int(found[0])

    async def _pause(self, model: dict[str, Any]) -> None:
        """Pause all writes, and approve a price that then is held."""
        message = await self.sari.asks("/pause", "Nothing is paused")
        await self.sari.press(message, "Pause all")
        await self.sari.reads(message, "All sending is paused since")
        card = await self._propose(model, 88)
        await self.sari.press(card, "Approve")
        await self.sari.reads(card, "Approved, held")
        await self._snap("price-held", card)
        await self._shown("/pause", "Waiting: prices 1", "paused")
        await self._shown("/audit", "paused all sending", "audit")

    async def _restored(self) -> None:
        """Lose the file, bring a backup back, and see home wait for somebody to look."""
        backup = self.stage.folder / "night.backup"
        await self.stage.command("backup", str(backup))
        await self.stage.stop_bot()
        for file in self.stage.folder.glob("storesync.db*"):
            file.unlink()
        await self.stage.command("restore", str(backup))
        await self.stage.start_bot()
        await self.sari.sees("Restored from a backup of")
        await self._shown("/start", "nothing is sent to your shops until", "home-restored")

    async def _indonesian(self) -> None:
        message = await self.sari.asks("/settings", "Language")
        await self.sari.press(message, "Bahasa Indonesia")
        await self.sari.reads(message, "Bahasa Indonesia")
        await self._shown("/start", "Hari ini", "indonesian")

    async def _thai(self) -> None:
        message = await self.sari.asks("/settings", "Bahasa Indonesia")
        await self.sari.press(message, "ไทย")
        await self.sari.reads(message, "ไทย")
        await self._shown("/orders", "ต้องแพ็ก", "thai")
        page = await self.sari.asks("/pack", "ต้องแพ็ก")
        await self.sari.press(page, "B1")
        await self.sari.reads(page, "ชุด B1 · ")
        await self._snap("thai-batch", page)

    async def _vietnamese(self) -> None:
        message = await self.sari.asks("/settings", "ไทย")
        await self.sari.press(message, "Tiếng Việt")
        await self.sari.reads(message, "Tiếng Việt")
        await self._shown("/pack", "cần gói", "vietnamese-pack")

    async def _propose(self, model: dict[str, Any], percent: int) -> Locator:
        after = Decimal(model["price"]) * percent // 100
        return await self.sari.asks(f"/price {model['sku']} {after}", f"→ {after:,}")

    async def _shown(self, words: str, answer: str, name: str) -> Locator:
        message = await self.sari.asks(words, answer)
        await self._snap(name, message)
        return message

    async def _snap(self, name: str, message: Locator) -> None:
        """Photograph the chat with the message in sight."""
        await expect(message).to_be_in_viewport(timeout=PATIENCE_MS)
        await self.camera.chat(self.sari.phone, name)
