"""The main job in a real browser, on a phone: what a seller does, by visible role and label alone."""

from collections.abc import AsyncIterator
from decimal import Decimal
from typing import Any

import pytest
from playwright.async_api import Locator, expect

from tests.browser.glyphs import letters_of, not_drawn
from tests.browser.phone import Phones
from tests.browser.shopkeeper import Shopkeeper, buy
from tests.stage import Stage, open_stage

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900)]


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    """A StoreSync of its own between two simulators, with a short past."""
    async with open_stage(orders=60) as opened:
        await opened.start_bot()
        yield opened
        assert opened.telegram.violations == []


@pytest.fixture
async def sari(stage: Stage, phones: Phones) -> Shopkeeper:
    return Shopkeeper(await phones.open(stage.telegram.url))


async def test_seller_links_sells_and_reprices_from_her_phone(stage: Stage, sari: Shopkeeper) -> None:
    await sari.link(await sari.start())
    await _looks_at_an_order(stage, sari)
    model = await stage.seller.sellable()
    await _hears_of_a_new_order(stage, sari, model)
    card = await _changes_the_price(stage, sari, model)
    await _takes_it_back(stage, sari, card, model)


async def _looks_at_an_order(stage: Stage, sari: Shopkeeper) -> None:
    page = await sari.asks("/orders", "to pack")
    await sari.press(page, "All")
    await sari.reads(page, "in all")
    tail = await page.get_by_role("button", name="…").first.inner_text()
    await page.get_by_role("button", name=tail, exact=True).click()
    await sari.reads(page, "Placed")
    shop = (await stage.seller.world(with_orders=True))["shops"][0]
    order = next(each for each in shop["orders"] if each["order_sn"].endswith(tail.removeprefix("…")))
    await expect(page.get_by_role("code").first).to_have_text(order["order_sn"])
    titles = {item["item_id"]: item["title"] for item in shop["items"]}
    for line in order["lines"]:
        await sari.reads(page, f"{line['quantity']} × {titles[line['item_id']][:12]}")
    await expect(page.get_by_role("button", name="Back", exact=True)).to_be_visible()


async def _hears_of_a_new_order(stage: Stage, sari: Shopkeeper, model: dict[str, Any]) -> None:
    alerts = sari.phone.articles.filter(has_text="🔔 New order")
    await expect(alerts).to_have_count(0)
    tab = await sari.opens(f"{stage.shopee_url}/buyer")
    number = await buy(tab, model)
    await tab.close()
    alert = await sari.sees("🔔 New order", f"…{number[-5:]}")
    await sari.reads(alert, f"1 × {model['title'][:12]}")
    await expect(alerts).to_have_count(1)
    await sari.press(alert, "Open")
    await sari.sees(number, "Placed")


async def _changes_the_price(stage: Stage, sari: Shopkeeper, model: dict[str, Any]) -> Locator:
    before = Decimal(model["price"])
    after = before * 90 // 100
    card = await sari.asks(f"/price {model['sku']} {after}", f"{before:,} → {after:,}")
    assert await stage.seller.price(model["item_id"], model["model_id"]) == before
    await sari.press(card, f"Approve {after:,}")
    await sari.reads(card, f"{after:,} is live")
    await sari.reads(card, "read back")
    assert await stage.seller.price(model["item_id"], model["model_id"]) == after
    return card


async def _takes_it_back(stage: Stage, sari: Shopkeeper, card: Locator, model: dict[str, Any]) -> None:
    before = Decimal(model["price"])
    await sari.press(card, "Undo")
    await sari.reads(card, "Take it back?")
    await sari.press(card, f"Yes, back to {before:,}")
    await sari.reads(card, f"Undone: {before:,} again")
    assert await stage.seller.price(model["item_id"], model["model_id"]) == before


async def test_titles_and_emoji_of_real_messages_are_drawn_as_glyphs(sari: Shopkeeper) -> None:
    linked = await sari.start()
    await sari.link(linked)
    shown = {"✅": linked}
    for word in ("ครีมกันแดด", "Chảo chống dính", "真无线蓝牙耳机"):
        shown[word] = await sari.asks(f"/stock {word}", word)
    shown["🏷"] = await sari.asks("/price ZH-TWS-02 150000", "→")
    for word, message in shown.items():
        letters = await letters_of(message)
        assert {letter for letter in word if letter > "~"} <= set(letters)
        assert await not_drawn(message, letters) == []
