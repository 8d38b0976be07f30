"""A count made while a campaign holds the stock: it waits, with the reason, and is sent by itself in the end."""

from dataclasses import dataclass
from itertools import count

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


async def count_while_held(scene: Scene, holder: DayShop) -> Counted:
    """Count a shelf whose stock the campaign of a shop holds; it is told how long that waits."""
    campaign = holder.day.campaign
    assert campaign is not None
    world_shop = holder.simulation.world.shops[int(holder.seller.shop)]
    held = [world_shop.find_variant(row.listing_id, row.variant_id) for row in campaign.rows.values()]
    skus = [variant.spec.sku for found in held if found for variant in (found[1],)]
    every = [v.spec.sku for listing in world_shop.listings.values() for v in listing.variants]
    sku = next(each for each in skus if each and every.count(each) == 1)
    units = _units_in(holder, sku) + MORE
    phone = scene.phone
    card = await _card_of(phone, holder.words.name, sku)
    await phone.press(card, "^Set…$", wait_s=60)
    await phone.sees_in(card, "How many", within_s=WITHIN_S)
    draft = await phone.sees("Draft: on hand", after=await phone.say(str(units)), within_s=WITHIN_S)
    await phone.press(draft, "^Send", wait_s=60)
    # So many more than before are asked about once more.
    await phone.press(await phone.offers(draft, "^Yes, ", within_s=WITHIN_S), "^Yes, ", wait_s=60)
    await phone.sees_in(draft, f"waits until {campaign.name} ends", within_s=WITHIN_S)
    return Counted(sku, units)


async def judge_count(scene: Scene, holder: DayShop, counted: Counted, verdict: Verdict) -> None:
    """Nothing was sent while the campaign held it; when it is over, the shop shows what is left to sell."""
    campaign = holder.day.campaign
    assert campaign is not None
    pushed = [call for call in holder.calls() if call["path"].endswith("/update_stock") and not call["error"]]
    verdict.check(not pushed, f"{len(pushed)} stock numbers were set while they were held")
    await holder.seller.control(f"campaign/{campaign.id}/end", {})
    left = counted.units - _promised(holder, counted.sku)

    async def is_shown() -> bool:
        return _units_in(holder, counted.sku) == left

    try:
        await until(is_shown, "the count to be shown", within_s=SHOWN_WITHIN_S)
    except AssertionError:
        shown, kept = _units_in(holder, counted.sku), scene.rows(KEPT, counted.sku)
        verdict.check(False, f"{counted.sku} should show {left}, and shows {shown}: {kept}")
    verdict.numbers |= {"counted_while_held": counted.units, "shown_afterwards": left}


async def _card_of(phone: Phone, platform: str, sku: str) -> Message:
    """Open the stock card of what one platform's shop sells under a SKU that others sell, too."""
    for hit in count(1):
        page = await phone.sees("hits", sku, after=await phone.say(sku), within_s=WITHIN_S)
        await phone.press(page, f"^{hit} · ", wait_s=60)
        card = await phone.sees_in(page, "SKU", within_s=WITHIN_S)
        if card.says(platform):
            return await phone.offers(card, "^Set…$", within_s=WITHIN_S)
    raise AssertionError(f"{platform} sells no {sku}")


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
