"""A TikTok Shop shop in the chat: linked beside another platform's, its orders told as they are bought."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from tests.stage import Phone, Stage, TiktokShop, open_stage, open_tiktok_shop
from tests.stage.crew import choose_shop

pytestmark = pytest.mark.timeout(600)


@dataclass(frozen=True)
class Scene:
    stage: Stage
    platform: TiktokShop


@pytest.fixture
async def scene() -> AsyncIterator[Scene]:
    async with open_stage(orders=20, products=20) as stage, open_tiktok_shop(stage) as platform:
        await stage.start_bot()
        yield Scene(stage, platform)
        assert stage.telegram.violations == []
        await stage.stop_bot()
        told = stage.log.read_text("utf-8")
        assert [field for field, secret in platform.secrets().items() if secret in told] == []


async def test_shop_is_linked_and_its_next_order_is_told(scene: Scene) -> None:
    phone = await Phone.of(scene.stage.phones, "Sari")
    await phone.say("/start")
    message = await phone.sees("Run your shops")
    await phone.press(message, "^Link a shop$")
    await choose_shop(phone, message, "TikTok Shop")
    offer = await phone.sees_in(message, "Valid until")
    await scene.platform.seller.consent(offer.urls["Open TikTok Shop"])
    asked = await phone.sees_in(message, "Is this your shop?")
    assert "TikTok Shop" in asked.text
    await phone.press(asked, "^Yes, link it$", wait_s=2)
    await phone.sees_in(message, "All in", within_s=120)
    model = await scene.platform.seller.sellable()
    line = {"item_id": model["item_id"], "model_id": model["model_id"], "quantity": 1}
    wanted = {"shop_id": scene.platform.seller.shop, "tokopedia": True, "lines": [line]}
    bought = await scene.platform.seller.control("orders", wanted)
    alert = await phone.sees(bought["order_sn"][-5:], "Tokopedia", within_s=60)
    await phone.press(alert, "^Open$")
    await phone.sees(bought["order_sn"][-5:], "TikTok Shop · Tokopedia · Rumah Kita")
    told = scene.platform.simulator.simulation.webhooks.attempts_since(0)
    assert {each["outcome"] for each in told} == {"delivered"}
