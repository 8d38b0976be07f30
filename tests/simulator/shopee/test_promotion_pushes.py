"""Pushes about promotions, as the reference has them: an item is added, units are kept back, it is over."""

from collections.abc import AsyncIterator

import pytest

from tests.simulator.shopee.fields import lacking
from tests.simulator.shopee.receiver import Receiver, receiving
from tests.simulator.shopee.shelf import look_at_shelf
from tests.simulator.shopee.wire import Json, Wire, fixture


@pytest.fixture
async def receiver(linked: Wire) -> AsyncIterator[Receiver]:
    async with receiving() as receiver:
        await linked.control("push_url", {"url": receiver.url})
        yield receiver


async def _campaign(wire: Wire, **how: object) -> Json:
    shelf = await look_at_shelf(wire)
    held = {"item_id": shelf.item, "model_id": shelf.first, "reserved": 3}
    campaign: Json = await wire.control("campaign", {"models": [held], **how})
    return campaign


async def test_a_promotion_is_announced_with_what_it_keeps(receiver: Receiver, linked: Wire) -> None:
    campaign = await _campaign(linked)
    added, kept = await receiver.wait_for(2)
    sample = fixture("push_09_promotion_update_push")["bodies"][0]
    assert lacking(sample, added) == []
    assert (added["code"], added["data"]["action"]) == (9, "added_in_promo")
    assert lacking(fixture("push_07_item_promotion_push")["bodies"][0], kept) == []
    assert (kept["code"], kept["data"]["action"], kept["data"]["reserved_stock"]) == (
        7,
        "promo_lock_stock",
        3,
    )
    assert kept["data"]["promotion_id"] == campaign["promotion_id"]


async def test_the_end_of_a_promotion_is_announced_once(receiver: Receiver, linked: Wire) -> None:
    campaign = await _campaign(linked)
    await linked.control(f"campaign/{campaign['promotion_id']}/end", {})
    await linked.control("clock", {"advance_s": 7200})
    *_, ended = await receiver.wait_for(3)
    assert (ended["code"], ended["data"]["action"]) == (7, "promo_end")
    assert len(receiver.arrived) == 3


async def test_a_promotion_that_runs_out_is_announced_too(receiver: Receiver, linked: Wire) -> None:
    await _campaign(linked, lasts_s=60)
    await receiver.wait_for(2)
    await linked.control("clock", {"advance_s": 61})
    *_, ended = await receiver.wait_for(3)
    assert ended["data"]["action"] == "promo_end"
