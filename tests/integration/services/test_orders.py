"""Orders: taken in once, never backwards, told once to each chat, listed and found."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
import pytest_asyncio
from sqlalchemy.exc import IntegrityError

from domain.chats import ChatState, Visitor
from domain.errors import NotFound
from domain.events import EventKind
from domain.orders import OrderSnapshot, OrderStatus, ParcelLine
from domain.people import Role
from domain.shops import Shop
from services.orders import PAGE
from services.views import OrderFilter
from storage.tables.people import seller
from tests.factories import BOT, DAY, HOUR, NOW, money, order_line, order_snapshot, parcel
from tests.integration.services.house import House

SECOND = timedelta(seconds=1)
NUMBER = "260302A1B2C3D4"


async def order_id(house: House, number: str = NUMBER, of: Visitor | None = None) -> str:
    page = await house.services.orders.page(of or house.owner, OrderFilter.ALL)
    return next(row.order_id for row in page.rows if row.number == number)


@pytest_asyncio.fixture(loop_scope="session")
async def shop(house: House) -> Shop:
    return await house.link()


@pytest_asyncio.fixture(loop_scope="session")
async def lite(sqlite_house: House) -> Shop:
    return await sqlite_house.link()


# Taking in


async def test_an_order_is_kept_as_it_was_said(house: House, shop: Shop) -> None:
    seen = order_snapshot(
        lines=(order_line(2), order_line(1, 40000, listing_external_id="900002", unit_ids=("7", "8"))),
        parcels=(
            parcel("OFG1", tracking_number="JX1"),
            parcel("OFG2", lines=(ParcelLine("900001", "0", 1), ParcelLine("900002", "0", 1))),
        ),
        buyer_note="tolong bungkus <b>rapi</b> 🎁 ไทย",
        cancelled_by="",
        is_cod=True,
    )
    assert await house.services.orders.record(shop, [seen]) == 1
    assert await house.order(shop, NUMBER) == seen


async def test_the_same_snapshot_again_changes_and_tells_nothing(house: House, shop: Shop) -> None:
    assert await house.services.orders.record(shop, [order_snapshot(), order_snapshot()]) == 1
    assert await house.services.orders.record(shop, [order_snapshot()]) == 0
    assert await house.services.orders.record(shop, []) == 0
    assert len(await house.told(EventKind.ORDER_PLACED)) == 1


async def test_a_newer_snapshot_replaces_lines_and_parcels(house: House, shop: Shop) -> None:
    await house.services.orders.record(
        shop, [order_snapshot(lines=(order_line(), order_line(3)), parcels=(parcel(),))]
    )
    newer = order_snapshot(
        status=OrderStatus.SHIPPED, updated_at=NOW + HOUR, parcels=(parcel(tracking_number="JX9"),)
    )
    assert await house.services.orders.record(shop, [newer]) == 1
    assert await house.order(shop, NUMBER) == newer


async def test_an_older_snapshot_never_wins(house: House, shop: Shop) -> None:
    newer = order_snapshot(status=OrderStatus.SHIPPED, updated_at=NOW + SECOND)
    await house.services.orders.record(shop, [newer])
    assert await house.services.orders.record(shop, [order_snapshot()]) == 0
    assert await house.order(shop, NUMBER) == newer
    older, newest = (
        order_snapshot(),
        order_snapshot(status=OrderStatus.DELIVERED, updated_at=NOW + 2 * SECOND),
    )
    await house.services.orders.record(shop, [newest, older])
    assert await house.order(shop, NUMBER) == newest


async def test_a_change_that_did_not_move_the_time_is_taken_in(sqlite_house: House, lite: Shop) -> None:
    await sqlite_house.services.orders.record(lite, [order_snapshot()])
    noted = order_snapshot(seller_note="kirim besok")
    assert await sqlite_house.services.orders.record(lite, [noted]) == 1
    assert await sqlite_house.order(lite, NUMBER) == noted


async def test_a_push_and_a_poll_that_bring_an_order_at_once_store_and_tell_it_once(
    house: House, shop: Shop
) -> None:
    processes = [house.another().orders for _ in range(4)]
    seen = [order_snapshot(f"26030200000{number}", parcels=(parcel(f"P{number}"),)) for number in range(5)]
    taken = await asyncio.gather(*(each.record(shop, seen) for each in processes))
    assert sum(taken) == 5
    assert len(await house.told(EventKind.ORDER_PLACED)) == 5
    assert (await house.services.orders.page(house.owner, OrderFilter.ALL)).counts[OrderFilter.ALL] == 5


async def test_of_snapshots_recorded_at_once_the_newest_stays(house: House, shop: Shop) -> None:
    statuses = [OrderStatus.TO_SHIP, OrderStatus.ARRANGED, OrderStatus.SHIPPED, OrderStatus.DELIVERED]
    for round_number in range(5):
        number = f"26030200000{round_number}"
        seen = [
            order_snapshot(number, status, updated_at=NOW + age * SECOND, lines=(order_line(age + 1),))
            for age, status in enumerate(statuses)
        ]
        await house.services.orders.record(
            shop, [order_snapshot(number, OrderStatus.UNPAID, updated_at=NOW - DAY)]
        )
        await asyncio.gather(*(house.another().orders.record(shop, [each]) for each in reversed(seen)))
        assert await house.order(shop, number) == seen[-1]


async def test_counts_stay_true_when_shops_are_read_at_once(house: House, shop: Shop) -> None:
    other = await house.link("600012")
    statuses = [OrderStatus.UNPAID, OrderStatus.TO_SHIP, OrderStatus.SHIPPED, OrderStatus.CANCELLED]
    for age, status in enumerate(statuses):
        seen = [
            order_snapshot(f"26{number:06d}", status, updated_at=NOW + age * SECOND) for number in range(5)
        ]
        later = [order_snapshot(f"27{age}{number:05d}", status) for number in range(3)]
        await asyncio.gather(
            *(house.another().orders.record(each, [*seen, *later]) for each in (shop, other, shop, other))
        )
    counts = (await house.services.orders.page(house.owner, OrderFilter.ALL)).counts
    assert {each: count for each, count in counts.items() if count} == {
        OrderFilter.ALL: 34,
        OrderFilter.UNPAID: 6,
        OrderFilter.TO_PACK: 6,
        OrderFilter.ON_THE_WAY: 6,
        OrderFilter.CANCELLED: 16,
    }


async def test_one_number_in_two_shops_is_two_orders(sqlite_house: House, lite: Shop) -> None:
    house = sqlite_house
    other = await house.link("600012")
    for each in (lite, other):
        assert await house.services.orders.record(each, [order_snapshot()]) == 1
    assert (await house.services.orders.page(house.owner, OrderFilter.ALL)).counts[OrderFilter.ALL] == 2


async def test_an_order_without_lines_or_total_can_be_looked_at(sqlite_house: House, lite: Shop) -> None:
    house = sqlite_house
    await house.services.orders.record(lite, [order_snapshot(lines=(), total=None, paid_at=None)])
    card = await house.services.orders.card(house.owner, await order_id(house))
    assert card.order.goods == money(0)
    row = (await house.services.orders.page(house.owner, OrderFilter.ALL)).rows[0]
    assert (row.first_line, row.units, row.more_lines, row.total) == ("", 0, 0, None)


async def test_text_no_database_likes_is_kept_as_far_as_it_can_be(house: House, shop: Shop) -> None:
    """A buyer's note must not keep an order, and with it a whole poll, out of our books."""
    hostile = order_snapshot(
        buyer_note="nul \x00 here", buyer_name="a\x00b", lines=(order_line(title="x\x00y"),)
    )
    assert await house.services.orders.record(shop, [hostile]) == 1
    stored = await house.order(shop, NUMBER)
    assert stored
    assert stored.buyer_note.replace("\x00", "").replace("\ufffd", "") == "nul  here"


async def test_an_error_of_the_database_does_not_tell_what_was_to_be_stored(house: House) -> None:
    """What goes wrong is logged with its text: no name of a person may be in it."""
    again = seller.insert().values(id=house.owner.seller_id, name="canary-name", created_at=NOW)
    with pytest.raises(IntegrityError) as failed:
        await house.database.write(lambda conn: conn.execute(again), "t")
    assert "canary" not in f"{failed.value} {failed.value.__cause__}"


# Telling


@pytest.mark.parametrize("status", [OrderStatus.TO_SHIP, OrderStatus.PENDING])
async def test_a_new_paid_order_is_told_once_to_each_chat(
    house: House, shop: Shop, status: OrderStatus
) -> None:
    colleague = await house.join("Budi", 4712, Role.PACKER)
    stranger = await house.found("Eve", 6666)
    await house.services.orders.record(shop, [order_snapshot(status=status)])
    await house.services.orders.record(
        shop, [order_snapshot(status=OrderStatus.ARRANGED, updated_at=NOW + SECOND)]
    )
    told = {"order_id": await order_id(house), "shop_id": shop.id}
    for visitor in (house.owner, colleague):
        assert await house.told(EventKind.ORDER_PLACED, of=visitor) == [told]
    assert await house.told(EventKind.ORDER_PLACED, of=stranger) == []


async def test_a_chat_that_cannot_be_written_to_is_told_nothing(sqlite_house: House, lite: Shop) -> None:
    await sqlite_house.services.people.chat_gone(BOT, 4711, ChatState.BLOCKED)
    await sqlite_house.services.orders.record(lite, [order_snapshot()])
    assert await sqlite_house.told(EventKind.ORDER_PLACED) == []


async def test_an_order_is_told_when_it_is_paid(house: House, shop: Shop) -> None:
    await house.services.orders.record(shop, [order_snapshot(status=OrderStatus.UNPAID)])
    assert await house.told(EventKind.ORDER_PLACED) == []
    paid = order_snapshot(paid_at=NOW + HOUR, updated_at=NOW + HOUR)
    await house.services.orders.record(shop, [paid])
    assert len(await house.told(EventKind.ORDER_PLACED)) == 1


@pytest.mark.parametrize(("paid_before_s", "told"), [(31, 0), (30, 1), (0, 1)])
async def test_what_was_sold_before_the_shop_was_linked_is_history(
    sqlite_house: House, lite: Shop, paid_before_s: int, told: int
) -> None:
    """Half a minute aside: the platform's clock is not ours."""
    paid = lite.linked_at - paid_before_s * SECOND
    await sqlite_house.services.orders.record(lite, [order_snapshot(placed_at=paid - DAY, paid_at=paid)])
    assert len(await sqlite_house.told(EventKind.ORDER_PLACED)) == told


@pytest.mark.parametrize("ended", [OrderStatus.CANCELLED, OrderStatus.CANCEL_ASKED])
async def test_an_order_called_off_while_it_is_packed_is_told_once(
    house: House, shop: Shop, ended: OrderStatus
) -> None:
    await house.services.orders.record(shop, [order_snapshot()])
    off = order_snapshot(status=ended, updated_at=NOW + SECOND)
    await house.services.orders.record(shop, [off])
    await house.services.orders.record(shop, [replace(off, updated_at=NOW + 2 * SECOND, digest="later")])
    assert await house.told(EventKind.ORDER_CANCELLED) == [
        {"order_id": await order_id(house), "shop_id": shop.id}
    ]


async def test_an_order_nobody_packs_is_called_off_in_silence(sqlite_house: House, lite: Shop) -> None:
    house = sqlite_house
    await house.services.orders.record(lite, [order_snapshot(status=OrderStatus.UNPAID)])
    off = order_snapshot(status=OrderStatus.CANCELLED, updated_at=NOW + SECOND)
    await house.services.orders.record(lite, [off])
    await house.services.orders.record(lite, [order_snapshot("260302NEVERSEEN", OrderStatus.CANCELLED)])
    assert await house.told(EventKind.ORDER_CANCELLED, EventKind.ORDER_PLACED) == []


# Listing


def filled(count: int, status: OrderStatus = OrderStatus.TO_SHIP, first: int = 0) -> list[OrderSnapshot]:
    """Return orders placed a minute apart, the last one the newest."""
    return [
        order_snapshot(f"2603{number:010d}", status, placed_at=NOW - DAY + number * timedelta(minutes=1))
        for number in range(first, first + count)
    ]


async def test_pages_hold_the_newest_first_and_count_every_filter(house: House, shop: Shop) -> None:
    await house.services.orders.record(shop, filled(10) + filled(3, OrderStatus.SHIPPED, first=20))
    first = await house.services.orders.page(house.owner, OrderFilter.TO_PACK)
    second = await house.services.orders.page(house.owner, OrderFilter.TO_PACK, page=2, until=first.until)
    numbers = [row.number for row in (*first.rows, *second.rows)]
    assert numbers == [f"2603{number:010d}" for number in range(9, -1, -1)]
    assert (first.page, first.pages, len(first.rows), second.page) == (1, 2, PAGE, 2)
    assert {each: count for each, count in first.counts.items() if count} == {
        OrderFilter.TO_PACK: 10,
        OrderFilter.ON_THE_WAY: 3,
        OrderFilter.ALL: 13,
    }


async def test_pages_do_not_shift_while_orders_come_in(sqlite_house: House, lite: Shop) -> None:
    house = sqlite_house
    await house.services.orders.record(lite, filled(PAGE + 1))
    first = await house.services.orders.page(house.owner, OrderFilter.ALL)
    house.clock.advance(HOUR)
    await house.services.orders.record(lite, [order_snapshot("260302LATER", placed_at=house.clock())])
    second = await house.services.orders.page(house.owner, OrderFilter.ALL, page=2, until=first.until)
    assert [row.number for row in second.rows] == ["26030000000000"]
    assert second.counts[OrderFilter.ALL] == PAGE + 1


@pytest.mark.parametrize(("asked", "shown"), [(-5, 1), (0, 1), (2, 2), (99, 2)])
async def test_a_page_that_does_not_exist_is_the_nearest(
    sqlite_house: House, lite: Shop, asked: int, shown: int
) -> None:
    await sqlite_house.services.orders.record(lite, filled(PAGE + 1))
    assert (
        await sqlite_house.services.orders.page(sqlite_house.owner, OrderFilter.ALL, page=asked)
    ).page == shown


async def test_every_status_is_in_a_filter_and_no_order_is_lost_from_all(
    sqlite_house: House, lite: Shop
) -> None:
    house = sqlite_house
    seen = [order_snapshot(f"26030200{number:06d}", status) for number, status in enumerate(OrderStatus)]
    await house.services.orders.record(lite, seen)
    page = await house.services.orders.page(house.owner, OrderFilter.ALL)
    assert page.counts[OrderFilter.ALL] == len(OrderStatus)
    parts = [count for each, count in page.counts.items() if each is not OrderFilter.ALL]
    assert sum(parts) == len(OrderStatus) - 1, "only an unknown status is in no filter of its own"


async def test_a_seller_sees_only_his_own_orders(house: House, shop: Shop) -> None:
    await house.services.orders.record(shop, [order_snapshot()])
    stranger = await house.found("Eve", 6666)
    assert (await house.services.orders.page(stranger, OrderFilter.ALL)).rows == ()
    with pytest.raises(NotFound) as unseen:
        await house.services.orders.card(stranger, await order_id(house))
    assert unseen.value.code == "order_unknown"
    assert (await house.services.search.find(stranger, NUMBER)).orders == ()


# Finding


async def test_the_shortest_unique_tail_names_an_order(sqlite_house: House, lite: Shop) -> None:
    house = sqlite_house
    await house.services.orders.record(lite, [order_snapshot("2603A12345"), order_snapshot("2603B12345")])
    page = await house.services.orders.page(house.owner, OrderFilter.ALL)
    assert {row.number: row.tail for row in page.rows} == {"2603A12345": "A12345", "2603B12345": "B12345"}
    card = await house.services.orders.card(house.owner, page.rows[0].order_id)
    assert card.tail == page.rows[0].tail


@pytest.mark.parametrize("words", ["2603A1B2C3", "1b2c3", " #1B2C3 ", "…B2C3"])
async def test_a_number_or_its_tail_finds_the_order_in_any_case(house: House, shop: Shop, words: str) -> None:
    await house.services.orders.record(shop, [order_snapshot("2603A1B2C3"), order_snapshot("2603ZZZZZZ")])
    assert [row.number for row in (await house.services.search.find(house.owner, words)).orders] == [
        "2603A1B2C3"
    ]


async def test_a_tracking_number_finds_the_order(house: House, shop: Shop) -> None:
    await house.services.orders.record(
        shop, [order_snapshot(parcels=(parcel(tracking_number="JX0012344412"),))]
    )
    assert [row.number for row in (await house.services.search.find(house.owner, "JX0012344412")).orders] == [
        NUMBER
    ]
    assert (await house.services.search.find(house.owner, "JX001234441")).orders == ()


@pytest.mark.parametrize(
    "words",
    ["%%%%", "____", "\\\\\\\\", "%B2C3D4", "_1B2C3D4", "", "   ", "D4", "ไทยไทย", "🎁🎁🎁🎁", "a\x00bcd"],
)
async def test_signs_of_the_database_find_no_order(house: House, shop: Shop, words: str) -> None:
    await house.services.orders.record(shop, [order_snapshot()])
    assert (await house.services.search.find(house.owner, words)).orders == ()
