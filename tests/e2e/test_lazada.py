"""A Lazada shop in the chat: linked beside another platform's, its orders told as they are bought."""

import hashlib
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from simulator.lazada.simulator import LazadaSimulator
from simulator.serve import serving
from tests.stage import Phone, Stage, open_stage
from tests.stage.crew import choose_shop
from tests.stage.seller import Seller
from tests.stage.stage import HOST

pytestmark = pytest.mark.timeout(180)

HOME_SHOP = "100056775"


@dataclass(frozen=True)
class Scene:
    stage: Stage
    seller: Seller
    simulator: LazadaSimulator


@pytest.fixture
async def scene() -> AsyncIterator[Scene]:
    async with open_stage(orders=20, products=20) as stage:
        simulator = LazadaSimulator(orders=40, redirect_url=f"{stage.url}/oauth/lazada")
        app = simulator.simulation.app
        async with serving(simulator.app, HOST, 0) as url:
            hook = hashlib.sha256(f"lazada|production|{app.key}".encode()).hexdigest()[:16]
            simulator.simulation.pushes.callback_url = f"{stage.url}/hooks/lazada/{hook}"
            stage.environment |= {
                "LAZADA_APP_KEY": app.key,
                "LAZADA_APP_SECRET": app.secret,
                "LAZADA_API_URL": f"{url}/rest",
                "LAZADA_AUTH_URL": f"{url}/oauth/authorize",
                "LAZADA_SHOP_RPS": "200",
                "LAZADA_APP_RPS": "200",
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
    await choose_shop(phone, message, "Lazada")
    offer = await phone.sees_in(message, "Valid until")
    await scene.seller.consent(offer.urls["Open Lazada"], account=f"shop:{HOME_SHOP}")
    asked = await phone.sees_in(message, "Is this your shop?")
    assert "Lazada" in asked.text
    await phone.press(asked, "^Yes, link it$", wait_s=2)
    await phone.sees_in(message, "All in", within_s=120)
    bought = await scene.seller.control("orders", {"shop_id": HOME_SHOP, "lines": [await sku(scene)]})
    await phone.sees(bought["order_sn"][-5:], within_s=60)
    told = scene.simulator.simulation.pushes.attempts_since(0)
    assert {each["outcome"] for each in told} == {"delivered"}


async def sku(scene: Scene) -> dict[str, object]:
    """Return a line of a SKU that is on sale."""
    truth = await scene.stage.phones.get(f"{scene.seller._url}/control/world", params={"shop_id": HOME_SHOP})
    for item in truth.json()["shops"][0]["items"]:
        for model in item["models"]:
            if item["status"] == "Active" and model["available"] > 5:
                return {"item_id": item["item_id"], "model_id": model["model_id"], "quantity": 1}
    raise AssertionError("nothing can be sold")
