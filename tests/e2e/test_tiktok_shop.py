"""A TikTok Shop shop in the chat: linked beside another platform's, its orders told as they are bought."""

import hashlib
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from simulator.serve import serving
from simulator.tiktok_shop.simulator import TiktokShopSimulator
from tests.stage import Phone, Stage, open_stage
from tests.stage.seller import Seller
from tests.stage.stage import HOST

pytestmark = pytest.mark.timeout(180)

HOME_SHOP = "7494049642642441621"


@dataclass(frozen=True)
class Scene:
    stage: Stage
    seller: Seller
    simulator: TiktokShopSimulator


@pytest.fixture
async def scene() -> AsyncIterator[Scene]:
    async with open_stage(orders=20, products=20) as stage:
        simulator = TiktokShopSimulator(orders=40, redirect_url=f"{stage.url}/oauth/tiktok_shop")
        app = simulator.simulation.app
        async with serving(simulator.app, HOST, 0) as url:
            hook = hashlib.sha256(f"tiktok_shop|production|{app.key}".encode()).hexdigest()[:16]
            simulator.simulation.webhooks.callback_url = f"{stage.url}/hooks/tiktok_shop/{hook}"
            stage.environment |= {
                "TIKTOK_SHOP_APP_KEY": app.key,
                "TIKTOK_SHOP_APP_SECRET": app.secret,
                "TIKTOK_SHOP_SERVICE_ID": app.service_id,
                "TIKTOK_SHOP_API_URL": url,
                "TIKTOK_SHOP_AUTH_URL": f"{url}/open/authorize",
                "TIKTOK_SHOP_SHOP_RPS": "200",
                "TIKTOK_SHOP_APP_RPS": "200",
            }
            await stage.start_bot()
            yield Scene(stage, Seller(stage.phones, url), simulator)
            assert stage.telegram.violations == []
            await stage.stop_bot()
            told = stage.log.read_text("utf-8")
            assert app.secret not in told


async def test_shop_is_linked_and_its_next_order_is_told(scene: Scene) -> None:
    phone = await Phone.of(scene.stage.phones, "Sari")
    await phone.say("/start")
    message = await phone.sees("Run your shops")
    await phone.press(message, "^Link a shop$")
    await phone.press(await phone.sees_in(message, "Which shop"), "^TikTok Shop ID$")
    offer = await phone.sees_in(message, "Valid until")
    await scene.seller.consent(offer.urls["Open TikTok Shop"], account=f"shop:{HOME_SHOP}")
    asked = await phone.sees_in(message, "Is this your shop?")
    assert "TikTok Shop" in asked.text
    await phone.press(asked, "^Yes, link it$", wait_s=2)
    await phone.sees_in(message, "All in", within_s=120)
    bought = await scene.seller.control("orders", {"shop_id": HOME_SHOP, "lines": [await sku(scene)]})
    await phone.sees(bought["order_sn"][-5:], within_s=60)
    told = scene.simulator.simulation.webhooks.attempts_since(0)
    assert {each["outcome"] for each in told} == {"delivered"}


async def sku(scene: Scene) -> dict[str, object]:
    """Return a line of a SKU that is on sale."""
    truth = await scene.stage.phones.get(f"{scene.seller._url}/control/world", params={"shop_id": HOME_SHOP})
    for item in truth.json()["shops"][0]["items"]:
        for model in item["models"]:
            if item["status"] == "ACTIVATE" and model["available"] > 5:
                return {"item_id": item["item_id"], "model_id": model["model_id"], "quantity": 1}
    raise AssertionError("nothing can be sold")
