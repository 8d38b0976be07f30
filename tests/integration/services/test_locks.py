"""What a promotion holds waits for its end, is pushed by itself, told once, and can be called off."""

from datetime import datetime, timedelta

import pytest
import pytest_asyncio

from domain.catalogue import Promotion
from domain.changes import Change, ChangeState
from domain.errors import Conflict, NotAllowed, NotFound
from domain.events import EventKind
from domain.orders import OrderStatus
from domain.people import Role
from domain.stock import ShownState
from domain.tickets import Action
from services.locks import LockEnd
from services.views import Pressed, PressResult
from storage.database import Connection
from storage.repositories.shown_stock import Shown, ShownStock
from tests.factories import HOUR, listing_snapshot, money, variant_snapshot
from tests.fakes.platform import FakeShop
from tests.integration.services.house import MESSAGE, House
from tests.integration.services.pricing import LAMP, due_ids
from tests.integration.services.stocking import count, order

MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)


class Fair:
    """A shop with one lamp that campaigns come and go for."""

    def __init__(self, house: House, shop_id: str, truth: FakeShop) -> None:
        self.house = house
        self.shop_id = shop_id
        self.truth = truth

    def begins(self, lasts: timedelta = 6 * HOUR, *, reserved: int = 0, is_told: bool = True) -> datetime:
        """Let a campaign hold the lamp: its price, its stock, and units kept back of it."""
        ends_at = self.house.clock() + lasts
        total = self.truth.units(LAMP)
        told = Promotion("11.11", ends_at) if is_told else None
        self.truth.edit(LAMP, promotion=told, reserved=reserved, available=total - reserved)
        self.truth.lock(LAMP, ends_at if is_told else None)
        self.house.bazaar.held_stock.add((LAMP, "0"))
        self.house.bazaar.held_prices.add((LAMP, "0"))
        return ends_at

    def ends(self) -> None:
        total = self.truth.units(LAMP)
        self.truth.edit(LAMP, promotion=None, reserved=0, available=total)
        self.truth.lock(LAMP, None)
        self.house.bazaar.held_stock.clear()
        self.house.bazaar.held_prices.clear()

    async def is_read(self) -> None:
        shop = await self.house.shop(self.shop_id)
        await self.house.services.sync.fetch_listings(shop, [LAMP])

    async def push(self) -> None:
        await self.house.services.stock_pushes.push(self.shop_id)

    async def row(self) -> Shown:
        variant_id = (await self.house.shown()).variant_id

        def work(conn: Connection) -> Shown:
            return ShownStock(conn, self.house.owner.seller_id).of_variant(variant_id)[0]

        return await self.house.database.read(work)

    async def ended(self) -> list[LockEnd]:
        told = await self.house.told(EventKind.LOCK_ENDED)
        return [
            await self.house.services.locks.ended(
                self.house.owner.seller_id,
                each["shop_id"],
                datetime.fromisoformat(each["until"]),
                datetime.fromisoformat(each["since"]),
            )
            for each in told
        ]

    async def calls_off_stock(self) -> Pressed:
        variant_id, here = (await self.house.shown()).variant_id, self.house.owner.view.id
        kept = await self.house.services.counts.of(self.house.owner.seller_id, variant_id, here)
        assert kept
        # A card moves on while it is read: it says the same as long as something waits.
        shown = kept.version - 1
        data = await self.house.services.buttons.token(
            here, Action.CALL_OFF_STOCK, variant_id, shown, Role.PACKER
        )
        return await self.house.services.buttons.press(self.house.owner, data, MESSAGE)


@pytest_asyncio.fixture(loop_scope="session")
async def fair(house: House) -> Fair:
    shop, truth = await house.stocked(listing_snapshot(LAMP, variant_snapshot(available=40)))
    return Fair(house, shop.id, truth)


# Prices


async def test_a_price_waits_for_the_end_is_sent_by_itself_and_told_once(fair: Fair) -> None:
    house = fair.house
    ends_at = fair.begins()
    await fair.is_read()
    change = await house.approved(119000)
    assert (change.is_waiting, change.not_before, change.locked_until) == (True, ends_at, ends_at)
    assert await due_ids(house) == []
    house.clock.advance(6 * HOUR)
    fair.ends()
    assert await due_ids(house) == [change.id]
    assert (await house.apply(change)).state is ChangeState.APPLIED
    await house.apply(change)
    assert fair.truth.price(LAMP) == money(119000)
    (end,) = await fair.ended()
    assert [(each.price, each.units) for each in end.freed] == [(money(119000), 0)]
    assert end.waiting == 0


async def test_a_lock_without_an_end_is_asked_for_slowly_and_learns_its_end(fair: Fair) -> None:
    house = fair.house
    change = await house.approved(119000)
    fair.begins(is_told=False)
    held = await house.apply(change)
    assert (held.state, held.reason, held.locked_until) == (ChangeState.APPROVED, "price_locked", None)
    assert held.not_before == house.clock() + 15 * MINUTE
    house.clock.advance(15 * MINUTE)
    ends_at = fair.begins(2 * HOUR)
    await fair.is_read()
    followed = await house.change(change.id)
    assert (followed.not_before, followed.locked_until) == (ends_at, ends_at)


async def test_a_promotion_that_ends_before_its_time_sets_free_at_once(fair: Fair) -> None:
    house = fair.house
    fair.begins()
    await fair.is_read()
    change = await house.approved(119000)
    house.clock.advance(HOUR)
    fair.ends()
    await fair.is_read()
    assert await due_ids(house) == [change.id]
    assert (await house.apply(change)).state is ChangeState.APPLIED
    assert len(await fair.ended()) == 1


async def test_a_promotion_that_goes_on_is_waited_for_again(fair: Fair) -> None:
    house = fair.house
    fair.begins(HOUR)
    await fair.is_read()
    change = await house.approved(119000)
    later = fair.begins(3 * HOUR)
    house.clock.advance(HOUR)
    held = await house.apply(change)
    assert (held.state, held.not_before) == (ChangeState.APPROVED, later)
    assert house.bazaar.calls["push_prices"] == 0


async def test_a_price_that_moved_while_it_waited_is_asked_again_and_not_sent(fair: Fair) -> None:
    house = fair.house
    fair.begins(HOUR)
    await fair.is_read()
    change = await house.approved(119000)
    fair.truth.set_price(LAMP, money(125000))
    house.clock.advance(HOUR)
    fair.ends()
    done = await house.apply(change)
    assert (done.state, done.seen_value) == (ChangeState.CONFLICT, money(125000))
    assert fair.truth.price(LAMP) == money(125000)
    assert await house.told(EventKind.WAIT_FAILED) == [{"proposal_id": change.proposal_id}]
    assert await fair.ended() == []


async def test_a_newer_price_takes_the_place_of_one_that_waits(fair: Fair) -> None:
    house = fair.house
    fair.begins()
    await fair.is_read()
    first = await house.approved(119000)
    second = await house.approved(115000)
    assert (await house.change(first.id)).state is ChangeState.SUPERSEDED
    house.clock.advance(6 * HOUR)
    fair.ends()
    assert await due_ids(house) == [second.id]
    await house.apply(second)
    assert fair.truth.price(LAMP) == money(115000)


async def _call_off(house: House, change: Change) -> Pressed:
    proposal = await house.services.prices.proposal(house.owner, change.proposal_id)
    return await house.press(proposal, Action.CALL_OFF_PRICE)


async def test_a_price_that_waits_is_called_off_by_a_button(fair: Fair) -> None:
    house = fair.house
    fair.begins(HOUR)
    await fair.is_read()
    change = await house.approved(119000)
    pressed = await _call_off(house, change)
    assert pressed == Pressed(PressResult.PRICE_CALLED_OFF, change.proposal_id)
    off = await house.change(change.id)
    assert (off.state, off.reason) == (ChangeState.REJECTED, "called_off")
    assert "price.called_off" in await house.audited()
    house.clock.advance(HOUR)
    fair.ends()
    await house.apply(change)
    assert (fair.truth.price(LAMP), house.bazaar.calls["push_prices"]) == (money(129000), 0)
    with pytest.raises(Conflict, match="moved_on"):
        await _call_off(house, change)


async def test_a_packer_calls_off_no_price(fair: Fair) -> None:
    house = fair.house
    fair.begins(HOUR)
    await fair.is_read()
    change = await house.approved(119000)
    paul = await house.join("Paul", 4721, Role.PACKER)
    proposal = await house.services.prices.proposal(house.owner, change.proposal_id)
    with pytest.raises(NotAllowed, match="role"):
        await house.press(proposal, Action.CALL_OFF_PRICE, by=paul)


# Stock


async def test_stock_waits_for_the_end_is_set_by_itself_and_told_once(fair: Fair) -> None:
    house = fair.house
    ends_at = fair.begins()
    await count(house, 12)
    await fair.push()
    row = await fair.row()
    assert (row.state, row.reason, row.locked_until) == (ShownState.LOCKED, "stock_locked", ends_at)
    assert (row.due_at, fair.truth.units(LAMP)) == (ends_at, 40)
    assert await house.services.stock_pushes.due() == []
    house.clock.advance(6 * HOUR)
    fair.ends()
    assert await house.services.stock_pushes.due() == [fair.shop_id]
    await fair.push()
    assert (fair.truth.units(LAMP), (await fair.row()).state) == (12, ShownState.IDLE)
    (end,) = await fair.ended()
    assert [(each.price, each.units) for each in end.freed] == [(None, 12)]
    await fair.push()
    assert len(await fair.ended()) == 1


async def test_what_moves_while_stock_waits_is_what_is_set_in_the_end(fair: Fair) -> None:
    house = fair.house
    fair.begins(HOUR)
    await count(house, 12)
    await fair.push()
    await count(house, 9)
    await fair.push()
    assert (fair.truth.units(LAMP), (await fair.row()).state) == (40, ShownState.LOCKED)
    house.clock.advance(HOUR)
    fair.ends()
    await fair.push()
    assert (fair.truth.units(LAMP), len(await fair.ended())) == (9, 1)


async def test_stock_held_without_an_end_is_asked_for_slowly(fair: Fair) -> None:
    house = fair.house
    fair.begins(is_told=False)
    await count(house, 12)
    await fair.push()
    row = await fair.row()
    assert (row.state, row.locked_until) == (ShownState.LOCKED, None)
    asked = house.bazaar.calls["push_stock"]
    house.clock.advance(14 * MINUTE)
    await fair.push()
    assert house.bazaar.calls["push_stock"] == asked
    fair.ends()
    house.clock.advance(MINUTE)
    await fair.push()
    assert (fair.truth.units(LAMP), len(await fair.ended())) == (12, 1)


async def test_stock_is_set_when_the_campaign_ends_before_its_time(fair: Fair) -> None:
    fair.begins()
    await count(fair.house, 12)
    await fair.push()
    fair.house.clock.advance(HOUR)
    fair.ends()
    await fair.is_read()
    assert await fair.house.services.stock_pushes.due() == [fair.shop_id]
    await fair.push()
    assert (fair.truth.units(LAMP), len(await fair.ended())) == (12, 1)


async def test_stock_that_waits_is_called_off_until_it_moves_again(fair: Fair) -> None:
    house = fair.house
    fair.begins(HOUR)
    await count(house, 12)
    await fair.push()
    assert (await fair.calls_off_stock()).result is PressResult.STOCK_CALLED_OFF
    row = await fair.row()
    assert (row.state, row.reason) == (ShownState.IDLE, "called_off")
    house.clock.advance(HOUR)
    fair.ends()
    await fair.is_read()
    await fair.push()
    assert (fair.truth.units(LAMP), await fair.ended()) == (40, [])
    with pytest.raises(Conflict, match="moved_on"):
        await fair.calls_off_stock()
    await count(house, 11)
    await fair.push()
    assert fair.truth.units(LAMP) == 11


async def test_what_a_promotion_keeps_is_never_taken_from_it(fair: Fair) -> None:
    """There are three, and eleven are promised: the shop is left with these, and the rest follows in time."""
    house = fair.house
    ends_at = fair.begins(reserved=11)
    house.bazaar.held_stock.clear()
    await fair.is_read()
    await count(house, 3)
    await fair.push()
    row = await fair.row()
    assert (fair.truth.units(LAMP), fair.truth.variant(LAMP).available) == (11, 0)
    assert (row.state, row.reason, row.locked_until) == (ShownState.LOCKED, "below_reserved", ends_at)
    assert (row.target, row.wanted, row.is_short) == (11, 3, True)
    assert house.bazaar.pushed_units == [(40, 11)]
    house.clock.advance(6 * HOUR)
    fair.ends()
    await fair.push()
    assert (fair.truth.units(LAMP), (await fair.row()).state) == (3, ShownState.IDLE)
    assert [[one.units for one in end.freed] for end in await fair.ended()] == [[3]]


async def test_a_promotion_that_was_promised_more_than_we_read_is_met_half_way(fair: Fair) -> None:
    house = fair.house
    await fair.is_read()
    fair.begins(reserved=11)
    house.bazaar.held_stock.clear()
    await count(house, 3)
    await fair.push()
    assert (fair.truth.units(LAMP), (await fair.row()).reason) == (11, "below_reserved")


async def test_units_that_a_promotion_sold_meanwhile_are_not_given_back(fair: Fair) -> None:
    """What was kept is read late: a number that was lowered by sales is not raised to it again."""
    house = fair.house
    fair.begins(reserved=4)
    house.bazaar.held_stock.clear()
    await fair.is_read()
    await count(house, 10)
    await fair.push()
    house.clock.advance(MINUTE)
    fair.truth.edit(LAMP, reserved=0, available=1)
    fair.truth.place(order("26SOLD0001", OrderStatus.TO_SHIP, 9, house.clock()))
    await house.services.sync.poll(fair.shop_id, "orders")
    await fair.push()
    assert (fair.truth.units(LAMP), house.bazaar.pushed_units) == (1, [(40, 10)])


async def test_nobody_else_learns_what_went_through(fair: Fair) -> None:
    house = fair.house
    fair.begins(HOUR)
    await count(house, 12)
    await fair.push()
    house.clock.advance(HOUR)
    fair.ends()
    await fair.push()
    (told,) = await house.told(EventKind.LOCK_ENDED)
    mallory = await house.found("Mallory", 6666)
    with pytest.raises(NotFound, match="shop_unknown"):
        await house.services.locks.ended(
            mallory.seller_id,
            told["shop_id"],
            datetime.fromisoformat(told["until"]),
            datetime.fromisoformat(told["since"]),
        )


async def test_a_price_and_a_stock_that_waited_for_one_end_are_one_message(fair: Fair) -> None:
    house = fair.house
    fair.begins(HOUR)
    await fair.is_read()
    change = await house.approved(119000)
    await count(house, 12)
    await fair.push()
    house.clock.advance(HOUR)
    fair.ends()
    await house.apply(change)
    house.clock.advance(5 * SECOND)
    await fair.push()
    (end,) = await fair.ended()
    assert [(each.price, each.units) for each in end.freed] == [(money(119000), 0), (None, 12)]
