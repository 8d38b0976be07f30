"""How stock is kept: what is left to a shop is let alone, what is kept again is counted first, some is kept back."""

from datetime import timedelta

import pytest

from domain.chats import Visitor
from domain.errors import Conflict, InputError, NotAllowed, NotFound
from domain.people import Role
from domain.stock import Policy, ShownState
from domain.tickets import Action
from services.views import Pressed, PressResult
from tests.factories import listing_snapshot, variant_snapshot
from tests.integration.services.house import MESSAGE, House
from tests.integration.services.low import LampShop, told
from tests.integration.services.stocking import LAMP, count, level

MINUTE = timedelta(minutes=1)


async def press(house: House, action: Action, version: int, *, by: Visitor | None = None) -> Pressed:
    """Press a button of the screen that says how the lamp is kept."""
    visitor, variant_id = by or house.owner, (await house.shown()).variant_id
    button = await house.services.buttons.token(visitor.view.id, action, variant_id, version, Role.MANAGER)
    return await house.services.buttons.press(visitor, button, MESSAGE)


async def state(house: House) -> ShownState:
    variant_id = (await house.shown()).variant_id
    kept = await house.services.counts.of(house.owner.seller_id, variant_id, house.owner.view.id)
    assert kept
    return next(iter(kept.shops.values())).state


async def test_what_is_left_to_the_shop_is_let_alone_until_it_is_counted_again(house: House) -> None:
    shop, truth = await house.stocked(listing_snapshot(LAMP, variant_snapshot(available=40)))
    await count(house, 40)
    await house.services.stock_pushes.push(shop.id)
    assert (await press(house, Action.KEEP_UNMANAGED, 1)).result is PressResult.KEPT_SO
    for units in (400, 3):
        truth.set_units(LAMP, units)
        await house.services.sync.fetch_listings(shop, [LAMP])
        for _ in range(3):
            house.clock.advance(2 * MINUTE)
            await house.services.stock_pushes.push(shop.id)
        assert (truth.units(LAMP), await state(house)) == (units, ShownState.IDLE)
    assert (await level(house)).on_hand == 40, "what the shop shows is its own affair"
    await press(house, Action.KEEP_TRACKED, 2)
    await house.services.stock_pushes.push(shop.id)
    assert (truth.units(LAMP), await state(house)) == (3, ShownState.HELD)
    await count(house, 7)
    await house.services.stock_pushes.push(shop.id)
    assert (truth.units(LAMP), await state(house)) == (7, ShownState.IDLE)


async def test_what_is_kept_back_no_shop_shows_and_it_is_no_less_left(house: House) -> None:
    shop, truth = await house.stocked(listing_snapshot(LAMP, variant_snapshot(available=40)))
    variant_id, counts = (await house.shown()).variant_id, house.services.counts
    await counts.keep_back(house.owner, variant_id, 3)
    await count(house, 10)
    await house.services.stock_pushes.push(shop.id)
    assert (truth.units(LAMP), (await level(house)).available) == (7, 10)
    await counts.keep_back(house.owner, variant_id, 12)
    await house.services.stock_pushes.push(shop.id)
    assert truth.units(LAMP) == 0
    await counts.keep_back(house.owner, variant_id, 0)
    await house.services.stock_pushes.push(shop.id)
    assert truth.units(LAMP) == 10
    assert (await house.audited()).count("stock.keeping") == 3


async def test_what_is_made_to_order_does_not_run_low(house: House) -> None:
    shop = await LampShop.open(house, 40)
    await shop.counts(3, alert_at=5)
    [card] = await shop.hears()
    await press(house, Action.KEEP_MADE_TO_ORDER, 1)
    house.clock.advance(MINUTE)
    assert await shop.hears() == []
    assert [told(each)[0][2] for each in shop.edits()][-1] is None
    assert (await house.services.low_stock.page(house.owner)).total == 0
    assert card.rows[0].units == 3


async def test_who_may_not_or_comes_late_changes_nothing(sqlite_house: House) -> None:
    house = sqlite_house
    await house.stocked()
    variant_id, counts = (await house.shown()).variant_id, house.services.counts
    packer = await house.join("Citra", 4713, Role.PACKER)
    with pytest.raises(NotAllowed, match="role"):
        await press(house, Action.KEEP_UNMANAGED, 1, by=packer)
    with pytest.raises(NotAllowed, match="role"):
        await counts.keep_back(packer, variant_id, 2)
    with pytest.raises(InputError, match="stock_number"):
        await counts.keep_back(house.owner, variant_id, 1_000_001)
    with pytest.raises(NotFound, match="variant_unknown"):
        await counts.keep_back(await house.found("Tini", 4750), variant_id, 2)
    await press(house, Action.KEEP_UNMANAGED, 1)
    with pytest.raises(Conflict, match="moved_on"):
        await press(house, Action.KEEP_MADE_TO_ORDER, 1)
    kept = await counts.of(house.owner.seller_id, variant_id, house.owner.view.id)
    assert kept
    assert kept.keeping.policy is Policy.UNMANAGED
