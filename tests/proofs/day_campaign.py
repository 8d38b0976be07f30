"""A count made while a campaign holds the stock: it waits, with the reason, and is sent by itself in the end."""

from collections.abc import Sequence
from dataclasses import dataclass

from simulator.world.orders import Order, OrderState
from tests.proofs.day_shops import DayShop
from tests.proofs.trial import Scene
from tests.proofs.verdict import Verdict
from tests.stage import Message, Phone, until

LASTS_S = 86_400.0
"""By the clock on the wall, so that it holds until somebody ends it, however fast this machine is."""
MORE = 500
"""So many units more than any shop shows are found on the shelf: no buyer need go without."""
PROMISED = {
    OrderState.UNPAID,
    OrderState.HELD,
    OrderState.TO_SHIP,
    OrderState.ARRANGED,
    OrderState.CANCEL_ASKED,
}
WITHIN_S = 120.0
SHOWN_WITHIN_S = 300.0
"""What a shop shows otherwise than expected is looked at twice, two minutes apart, before a number is sent."""
KEPT = (
    "SELECT s.state, s.reason, s.units, s.seen, s.due_at, s.locked_until FROM shown_stock s"
    " JOIN variant v ON v.id = s.variant_id WHERE v.sku = ?"
)


@dataclass(frozen=True, slots=True)
class Counted:
    sku: str
    units: int


async def count_while_held(scene: Scene, shops: Sequence[DayShop]) -> Counted:
    """Count a shelf that all shops sell from and whose stock the campaign of the first holds; it is told how long."""
    holder = shops[0]
    campaign = holder.day.campaign
    assert campaign is not None
    world_shop = holder.simulation.world.shops[int(holder.seller.shop)]
    held = [world_shop.find_variant(row.listing_id, row.variant_id) for row in campaign.rows.values()]
    skus = [variant.spec.sku for found in held if found for variant in (found[1],)]
    sold = [_skus(each) for each in shops]
    sku = next(each for each in skus if each and all(some.count(each) == 1 for some in sold))
    units = max(_units_in(each, sku) for each in shops) + MORE
    phone = scene.phone
    card = await _card_of(phone, shops, sku)
    await phone.press(card, "^Set…$", wait_s=60)
    await phone.sees_in(card, "How many", within_s=WITHIN_S)
    draft = await phone.sees("Draft: on hand", after=await phone.say(str(units)), within_s=WITHIN_S)
    await phone.press(draft, "^Send", wait_s=60)
    # So many more than before are asked about once more.
    await phone.press(await phone.offers(draft, "^Yes, ", within_s=WITHIN_S), "^Yes, ", wait_s=60)
    await phone.sees_in(draft, f"waits until {campaign.name} ends", within_s=WITHIN_S)
    return Counted(sku, units)


async def judge_count(scene: Scene, shops: Sequence[DayShop], counted: Counted, verdict: Verdict) -> None:
    """Nothing was sent where the campaign held it; when it is over, all show what the orders of all leave to sell."""
    holder = shops[0]
    campaign = holder.day.campaign
    assert campaign is not None
    pushed = [call for call in holder.calls() if call["path"].endswith("/update_stock") and not call["error"]]
    verdict.check(not pushed, f"{len(pushed)} stock numbers were set while they were held")
    await holder.seller.control(f"campaign/{campaign.id}/end", {})
    left = counted.units - sum(_promised(each, counted.sku) for each in shops)

    async def is_shown() -> bool:
        return all(_units_in(each, counted.sku) == left for each in shops)

    try:
        await until(is_shown, "the count to be shown", within_s=SHOWN_WITHIN_S)
    except AssertionError:
        shown, kept = [_units_in(each, counted.sku) for each in shops], scene.rows(KEPT, counted.sku)
        verdict.check(False, f"{counted.sku} should show {left}, and shows {shown}: {kept}")
    verdict.numbers |= {"counted_while_held": counted.units, "shown_afterwards": left}


async def _card_of(phone: Phone, shops: Sequence[DayShop], sku: str) -> Message:
    """Open the stock card of what all shops sell under one SKU: it is one."""
    card = await phone.sees("SKU", sku, after=await phone.say(sku), within_s=WITHIN_S)
    assert all(card.says(each.words.name) for each in shops), card.text
    return await phone.offers(card, "^Set…$", within_s=WITHIN_S)


def _skus(shop: DayShop) -> list[str]:
    listings = shop.simulation.world.shops[int(shop.seller.shop)].listings.values()
    return [variant.spec.sku for listing in listings for variant in listing.variants]


def _units_in(shop: DayShop, sku: str) -> int:
    """Return how many units a shop holds of a SKU that it sells once."""
    found = shop.simulation.world.shops[int(shop.seller.shop)].find_sku(sku)
    return int(found[1].total_stock)


def _promised(shop: DayShop, sku: str) -> int:
    """Return how many units open orders of a shop have of it."""
    waiting = [order for order in shop.orders() if order.state in PROMISED]
    return sum(_units(order, sku) for order in waiting)


def _units(order: Order, sku: str) -> int:
    return sum(order.units_left(line) for line in order.lines if sku in {line.sku, line.listing_sku})
