"""What the shops show follows the ledger, and a push never gives back a unit that was sold."""

import asyncio
from datetime import timedelta

import pytest
import pytest_asyncio

from domain.errors import Conflict, FateUnknown, PlatformUnavailable
from domain.orders import OrderStatus
from domain.people import Role
from domain.queue import Task
from domain.stock import ShownState
from domain.tickets import Action
from services.sync import ORDERS
from services.views import Pressed, PressResult
from storage.database import Connection
from storage.leases import release_all
from storage.repositories.shown_stock import Shown, ShownStock
from tests.factories import listing_snapshot, variant_snapshot
from tests.fakes.platform import FakeShop
from tests.integration.services.house import MESSAGE, House
from tests.integration.services.stocking import LAMP, count, level, numbers, order

MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)


class Stall:
    """A shop that sells one lamp, and its row in our books."""

    def __init__(self, house: House, shop_id: str, truth: FakeShop) -> None:
        self.house = house
        self.shop_id = shop_id
        self.truth = truth
        self.sold = 0

    async def push(self) -> None:
        await self.house.services.stock_pushes.push(self.shop_id)

    async def row(self) -> Shown:
        variant_id = (await self.house.shown()).variant_id

        def work(conn: Connection) -> Shown:
            rows = ShownStock(conn, self.house.owner.seller_id).of_variant(variant_id)
            return next(each for each in rows if each.shop_id == self.shop_id)

        return await self.house.database.read(work)

    def buys(self, quantity: int) -> str:
        """Let a buyer buy: the platform lowers its stock by itself."""
        self.sold += 1
        number = f"26SOLD{self.sold:04d}"
        self.truth.set_units(LAMP, self.truth.units(LAMP) - quantity)
        self.truth.place(order(number, OrderStatus.TO_SHIP, quantity, self.house.clock()))
        return number

    async def hears(self) -> None:
        await self.house.services.sync.poll(self.shop_id, ORDERS)


@pytest_asyncio.fixture(loop_scope="session")
async def stall(house: House) -> Stall:
    shop, truth = await house.stocked(listing_snapshot(LAMP, variant_snapshot(available=40)))
    return Stall(house, shop.id, truth)


async def test_the_card_and_the_list_show_a_sale_before_the_listing_is_read_again(stall: Stall) -> None:
    await count(stall.house, 12)
    await stall.push()
    stall.buys(5)
    await stall.hears()
    variant_id = (await stall.house.shown()).variant_id
    card = await stall.house.services.stock.card(stall.house.owner, variant_id)
    assert [each.shown.available for each in card.shown] == [7]
    page = await stall.house.services.stock.page(stall.house.owner, "")
    assert [row.available for row in page.rows] == [7]


async def test_nothing_is_sent_before_a_count(stall: Stall) -> None:
    await stall.push()
    assert stall.house.bazaar.calls["push_stock"] == 0
    assert await stall.house.services.stock_pushes.due() == []


async def test_the_count_is_shown_and_read_back(stall: Stall) -> None:
    await count(stall.house, 7)
    assert await stall.house.services.stock_pushes.due() == [stall.shop_id]
    await stall.push()
    row = await stall.row()
    assert (stall.truth.units(LAMP), row.units, row.state) == (7, 7, ShownState.IDLE)
    assert row.shown_at == stall.house.clock()
    assert await stall.house.services.stock_pushes.due() == []


async def test_a_sale_lowers_the_shop_by_itself_and_nothing_is_sent_for_it(stall: Stall) -> None:
    await count(stall.house, 7)
    await stall.push()
    stall.house.clock.advance(MINUTE)
    stall.buys(2)
    await stall.hears()
    await stall.push()
    assert (stall.truth.units(LAMP), numbers(await level(stall.house))) == (5, (7, 2, 5))
    assert stall.house.bazaar.pushed_units == [(40, 7)]


async def test_a_sale_nobody_heard_of_is_not_given_back(stall: Stall) -> None:
    """The order is not in our books yet when the next count is sent: the shop is asked first."""
    await count(stall.house, 7)
    await stall.push()
    stall.house.clock.advance(MINUTE)
    stall.buys(2)
    await count(stall.house, 9)
    await stall.push()
    assert numbers(await level(stall.house)) == (9, 2, 7)
    assert (stall.truth.units(LAMP), (await stall.row()).state) == (7, ShownState.IDLE)


async def test_an_order_from_before_the_first_look_lowers_nothing_twice(stall: Stall) -> None:
    """The first look came after the sale, its order later: what was read held the sale already."""
    stall.buys(3)
    hidden = dict(stall.truth.orders)
    stall.truth.orders.clear()
    stall.house.clock.advance(SECOND)
    await count(stall.house, 40)
    await stall.push()
    assert stall.truth.units(LAMP) == 40
    stall.house.clock.advance(10 * SECOND)
    stall.truth.orders |= hidden
    await stall.hears()
    await stall.push()
    assert (await stall.row()).units == 37
    assert stall.truth.units(LAMP) == 37


async def test_an_unanswered_push_is_read_back_and_never_repeated_blindly(stall: Stall) -> None:
    await count(stall.house, 7)
    lost = FateUnknown(platform="bazaar", operation="push_stock", reason="timeout")
    stall.house.bazaar.fail("push_stock", lost, is_done=True)
    await stall.push()
    row = await stall.row()
    assert (stall.truth.units(LAMP), row.units, row.state) == (7, 7, ShownState.IDLE)
    assert stall.house.bazaar.calls["push_stock"] == 1


async def test_an_unanswered_push_that_never_arrived_is_sent_again(stall: Stall) -> None:
    await count(stall.house, 7)
    lost = FateUnknown(platform="bazaar", operation="push_stock", reason="timeout")
    stall.house.bazaar.fail("push_stock", lost)
    await stall.push()
    await stall.push()
    assert (stall.truth.units(LAMP), (await stall.row()).state) == (7, ShownState.IDLE)


async def test_a_killed_worker_leaves_nothing_open(stall: Stall) -> None:
    """Killed after the platform took it: the next one reads, and learns that it is there."""
    house = stall.house
    await count(house, 7)
    gate = house.bazaar.hold("push_stock", is_done=True)
    worker = asyncio.create_task(stall.push())
    await gate.reached.wait()
    worker.cancel()
    await asyncio.wait({worker})
    assert (await stall.row()).state is ShownState.SENDING
    assert await house.services.stock_pushes.due() == [], "its lease still runs"
    await house.database.write(lambda conn: release_all(conn, house.clock()), "t")
    await stall.push()
    row = await stall.row()
    assert (stall.truth.units(LAMP), row.units, row.state) == (7, 7, ShownState.IDLE)
    assert house.bazaar.calls["push_stock"] == 1


async def test_a_platform_that_is_down_is_asked_again_later(stall: Stall) -> None:
    await count(stall.house, 7)
    down = PlatformUnavailable(platform="bazaar", operation="push_stock", reason="http_503")
    stall.house.bazaar.fail("push_stock", down)
    await stall.push()
    assert (stall.truth.units(LAMP), (await stall.row()).state) == (40, ShownState.READY)
    stall.house.clock.advance(3 * SECOND)
    await stall.push()
    assert stall.truth.units(LAMP) == 7


async def test_a_small_edit_in_the_shop_becomes_a_correction_after_two_looks(stall: Stall) -> None:
    await count(stall.house, 40)
    await count(stall.house, 41)
    await stall.push()
    stall.truth.set_units(LAMP, 43)
    await stall.house.services.sync.fetch_listings(await stall.house.shop(stall.shop_id), [LAMP])
    for wait in (SECOND, MINUTE, 2 * MINUTE):
        await stall.push()
        assert numbers(await level(stall.house)) == (41, 0, 41)
        stall.house.clock.advance(wait)
    await stall.push()
    assert numbers(await level(stall.house)) == (43, 0, 43)
    assert (stall.truth.units(LAMP), (await stall.row()).state) == (43, ShownState.IDLE)


async def test_a_large_edit_in_the_shop_waits_for_a_persons_word(stall: Stall) -> None:
    await count(stall.house, 41)
    await stall.push()
    stall.truth.set_units(LAMP, 400)
    await stall.house.services.sync.fetch_listings(await stall.house.shop(stall.shop_id), [LAMP])
    for _ in range(4):
        await stall.push()
        stall.house.clock.advance(2 * MINUTE)
    assert (await stall.row()).state is ShownState.HELD
    assert (stall.truth.units(LAMP), numbers(await level(stall.house))) == (400, (41, 0, 41))
    await count(stall.house, 50)
    await stall.push()
    assert (stall.truth.units(LAMP), (await stall.row()).state) == (50, ShownState.IDLE)


async def test_one_pool_in_two_shops_follows_each_sale(house: House) -> None:
    first, truth = await house.stocked(listing_snapshot(LAMP, variant_snapshot(available=10)))
    second, other = await house.stocked(
        listing_snapshot("700001", variant_snapshot(available=4), title="Kembar"), external_id="600012"
    )
    await house.sell_as_one(LAMP, "700001")
    stall = Stall(house, first.id, truth)
    page = await house.services.stock.page(house.owner, "")
    await count(house, 10, variant_id=page.rows[0].variant_id)
    await house.services.stock_pushes.push(first.id)
    await house.services.stock_pushes.push(second.id)
    assert (truth.units(LAMP), other.units("700001")) == (10, 10)
    house.clock.advance(MINUTE)
    stall.buys(3)
    await stall.hears()
    assert sorted(await house.services.stock_pushes.due()) == sorted([first.id, second.id])
    await house.services.stock_pushes.push(first.id)
    await house.services.stock_pushes.push(second.id)
    assert (truth.units(LAMP), other.units("700001")) == (7, 7)
    assert house.bazaar.pushed_units == [(4, 10), (10, 7)]


async def test_a_count_sent_by_a_button_is_shown_and_taken_back_by_another(stall: Stall) -> None:
    """The whole way of a seller: drawn up, sent, shown in the shop, undone, shown again."""
    house = stall.house
    variant_id = (await house.shown()).variant_id
    counts, here = house.services.counts, house.owner.view.id
    for units in (40, 44):
        await counts.draw_up(house.owner, variant_id, units)
        kept = await counts.of(house.owner.seller_id, variant_id, here)
        assert kept
        assert kept.draft
        about = (kept.draft.id, kept.draft.version)
        data = await house.services.buttons.token(here, Action.SEND_STOCK, *about, Role.PACKER)
        pressed = await house.services.buttons.press(house.owner, data, MESSAGE)
        assert pressed == Pressed(PressResult.STOCK_SENT, variant_id)
        with pytest.raises(Conflict, match="button_used"):
            await house.services.buttons.press(house.owner, data, MESSAGE)
        assert house.queue.take(Task.PUSH_STOCK) == [(stall.shop_id,)]
        await stall.push()
        assert stall.truth.units(LAMP) == units
    kept = await counts.of(house.owner.seller_id, variant_id, here)
    assert kept
    assert kept.undo_id
    assert kept.live
    assert (kept.live.shops, kept.live.seconds, kept.draft) == (1, 0.0, None)
    data = await house.services.buttons.token(here, Action.UNDO_STOCK, kept.undo_id, 0, Role.PACKER)
    await house.services.buttons.press(house.owner, data, MESSAGE)
    await stall.push()
    assert (stall.truth.units(LAMP), numbers(await level(house))) == (40, (40, 0, 40))


async def test_a_far_off_count_keeps_its_button_until_it_is_said_again(stall: Stall) -> None:
    house = stall.house
    variant_id, here = (await house.shown()).variant_id, house.owner.view.id
    await house.services.counts.draw_up(house.owner, variant_id, 0)
    kept = await house.services.counts.of(house.owner.seller_id, variant_id, here)
    assert kept
    assert kept.draft
    about = (kept.draft.id, kept.draft.version)
    data = await house.services.buttons.token(here, Action.SEND_STOCK, *about, Role.PACKER)
    for _ in range(2):
        pressed = await house.services.buttons.press(house.owner, data, MESSAGE)
        assert pressed.result is PressResult.STOCK_ASKED
    assert (await level(house)).is_counted is False
    sure = await house.services.buttons.token(here, Action.SURE_STOCK, *about, Role.PACKER)
    assert (await house.services.buttons.press(house.owner, sure, MESSAGE)).result is PressResult.STOCK_SENT
    await stall.push()
    assert stall.truth.units(LAMP) == 0


async def test_edits_without_an_end_wait_for_a_persons_word(stall: Stall) -> None:
    """Another program lowers the shop after each of our numbers: believed six times within an hour, then held."""
    await count(stall.house, 40)
    await count(stall.house, 41)
    await stall.push()
    shop = await stall.house.shop(stall.shop_id)
    for _ in range(7):
        stall.truth.set_units(LAMP, stall.truth.units(LAMP) - 1)
        await stall.house.services.sync.fetch_listings(shop, [LAMP])
        for _look in range(2):
            await stall.push()
            stall.house.clock.advance(2 * MINUTE)
        await stall.push()
    assert (await stall.row()).state is ShownState.HELD
    assert numbers(await level(stall.house)) == (35, 0, 35)
    await count(stall.house, 32)
    await stall.push()
    assert (stall.truth.units(LAMP), (await stall.row()).state) == (32, ShownState.IDLE)
