"""A Lazada shop in the chat: linked beside another platform's, its orders told as they are bought."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from tests.stage import Lazada, Phone, Stage, open_lazada, open_stage
from tests.stage.crew import choose_shop

pytestmark = pytest.mark.timeout(600)


@dataclass(frozen=True)
class Scene:
    stage: Stage
    platform: Lazada


@pytest.fixture
async def scene() -> AsyncIterator[Scene]:
    async with open_stage(orders=20, products=20) as stage, open_lazada(stage) as platform:
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
    await choose_shop(phone, message, "Lazada")
    offer = await phone.sees_in(message, "Valid until")
    await scene.platform.seller.consent(offer.urls["Open Lazada"])
    asked = await phone.sees_in(message, "Is this your shop?")
    assert "Lazada" in asked.text
    await phone.press(asked, "^Yes, link it$", wait_s=2)
    await phone.sees_in(message, "All in", within_s=120)
    model = await scene.platform.seller.sellable()
    bought = await scene.platform.seller.order(model["item_id"], model["model_id"])
    await phone.sees(bought["order_sn"][-5:], within_s=60)
    told = scene.platform.simulator.simulation.pushes.attempts_since(0)
    assert {each["outcome"] for each in told} == {"delivered"}
