"""What is kept, from one end to the other: a cost is told, an order leads with it, and is trued up when it is paid out."""

import re
from collections.abc import AsyncIterator
from decimal import Decimal

import pytest

from tests.proofs.trial import link_shop
from tests.stage import Phone, Stage, open_stage, until

pytestmark = pytest.mark.timeout(600)

COST = 12_000


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    async with open_stage(orders=60) as opened:
        opened.environment |= {"TELEGRAM_CHAT_RPS": "200", "TELEGRAM_RPS": "500"}
        await opened.start_bot()
        yield opened
        assert opened.telegram.violations == []


async def kept(phone: Phone, tail: str, words: str) -> Decimal:
    """Open an order and return the amount that follows these words in its first line."""
    said = await phone.say(f"/order {tail}")
    card = await phone.sees(tail, words, after=said)
    found = re.search(rf"{words} (−?)([\d,]+)", card.text)
    assert found, card.text
    amount = Decimal(found[2].replace(",", ""))
    return -amount if found[1] else amount


async def sync(phone: Phone) -> None:
    """Have the shop read at once."""
    said = await phone.say("/shops")
    shops = await phone.sees("1 shop linked", after=said)
    await phone.press(shops, "Rumah Kita")
    shop = await phone.sees("Rumah Kita", after=said)
    await phone.press(shop, "Sync now")


async def test_what_is_kept_is_estimated_and_then_what_the_platform_paid(stage: Stage) -> None:
    phone = await Phone.of(stage.phones, "Sari")
    await link_shop(stage, phone)

    async def has_learnt() -> bool:
        return bool(stage.rows("SELECT count(*) FROM fee_lesson WHERE orders >= 5")[0][0])

    await until(has_learnt, "fees to be learnt from orders that were paid out", within_s=60)
    model = await stage.seller.sellable()
    await phone.say(f"/cost {model['sku']} {COST}")
    await phone.sees("Cost 12,000")
    number = (await stage.seller.order(int(model["item_id"]), int(model["model_id"]), 3))["order_sn"]
    await phone.sees("New order", "you keep about", number[-5:])
    goods = 3 * Decimal(model["buyer_price"])
    about = await kept(phone, number[-5:], "you keep about")
    assert goods * Decimal("0.6") - 3 * COST < about < goods * Decimal("0.95") - 3 * COST

    for step in ("arrange", "pickup", "deliver", "complete"):
        await stage.seller.control(f"orders/{number}/{step}", {})
    orders = (await stage.seller.world(with_orders=True))["shops"][0]["orders"]
    paid = next(Decimal(order["escrow_amount"]) for order in orders if order["order_sn"] == number)
    await sync(phone)

    async def is_settled() -> bool:
        query = "SELECT count(*) FROM settlement JOIN sale_order ON sale_order.id = settlement.order_id"
        return bool(stage.rows(f"{query} WHERE external_id = ? AND payout IS NOT NULL", number)[0][0])

    await until(is_settled, "the statement to be read", within_s=60)
    assert await kept(phone, number[-5:], "you keep") == paid - 3 * COST
