"""The ledger counts each event once, and nothing before somebody has counted."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from domain.errors import Conflict, InputError, NotAllowed
from domain.orders import OrderStatus
from domain.people import Role
from domain.stock import Reason
from services import counting
from storage.database import Connection
from storage.repositories.ledger import Ledger
from storage.tables.stock import stock_movement
from tests.factories import DAY, HOUR, listing_snapshot, variant_snapshot
from tests.integration.services.house import House
from tests.integration.services.stocking import count, later, level, numbers, order, tell

MINUTE = timedelta(minutes=1)


async def reasons(house: House) -> list[Reason]:
    variant_id = (await house.shown()).variant_id

    def work(conn: Connection) -> list[Reason]:
        ledger = Ledger(conn, house.owner.seller_id)
        return [each.reason for each in reversed(ledger.history(variant_id, offset=0, limit=50))]

    return await house.database.read(work)


async def test_before_a_count_orders_move_nothing_and_shops_say_what_there_is(house: House) -> None:
    shop, _ = await house.stocked(listing_snapshot("900001", variant_snapshot(available=40)))
    await tell(house, shop, order("26A", OrderStatus.TO_SHIP, 2, house.clock()))
    found = await level(house)
    assert (found.is_counted, found.available) == (False, 40)
    assert await house.database.read(lambda conn: conn.scalar(select(func.count(stock_movement.c.id)))) == 0


async def test_an_order_holds_takes_and_gives_back_once(house: House) -> None:
    shop, _ = await house.stocked()
    await count(house, 10)
    start = house.clock()
    kept = order("26KEPT", OrderStatus.UNPAID, 2, start + MINUTE)
    lost = order("26LOST", OrderStatus.TO_SHIP, 3, start + MINUTE)
    for _ in range(2):
        await tell(house, shop, kept, lost)
    assert numbers(await level(house)) == (10, 5, 5)
    shipped = later(kept, OrderStatus.SHIPPED, HOUR)
    cancelled = later(lost, OrderStatus.CANCELLED, HOUR)
    for _ in range(2):
        await tell(house, shop, shipped, cancelled, kept)
    assert numbers(await level(house)) == (8, 0, 8)
    await tell(
        house, shop, later(shipped, OrderStatus.COMPLETED, DAY), later(cancelled, OrderStatus.CANCELLED, DAY)
    )
    assert numbers(await level(house)) == (8, 0, 8)
    steps = [Reason.OPENING, Reason.SALE, Reason.SALE, Reason.CANCEL, Reason.SHIP]
    assert sorted(await reasons(house)) == sorted(steps)


async def test_goods_lost_on_the_way_do_not_come_back_by_a_cancellation(house: House) -> None:
    shop, _ = await house.stocked()
    await count(house, 10)
    sold = order("26A", OrderStatus.TO_SHIP, 1, house.clock() + MINUTE)
    shipped = later(sold, OrderStatus.SHIPPED, HOUR)
    await tell(house, shop, sold)
    await tell(house, shop, shipped)
    await tell(house, shop, later(shipped, OrderStatus.CANCELLED, DAY))
    assert numbers(await level(house)) == (9, 0, 9)


async def test_the_opening_count_promises_what_is_open_and_leaves_what_had_left(house: House) -> None:
    shop, _ = await house.stocked()
    before = house.clock() - HOUR
    waiting = order("26OPEN", OrderStatus.TO_SHIP, 2, before)
    gone = order("26GONE", OrderStatus.SHIPPED, 4, before)
    await tell(house, shop, waiting, gone)
    await count(house, 10)
    assert numbers(await level(house)) == (10, 2, 8)
    await tell(house, shop, later(gone, OrderStatus.COMPLETED, 2 * HOUR))
    await tell(house, shop, order("26LATE", OrderStatus.SHIPPED, 5, before + MINUTE))
    assert numbers(await level(house)) == (10, 2, 8), "they had left the shelf before it was counted"
    await tell(house, shop, later(waiting, OrderStatus.SHIPPED, 2 * HOUR))
    assert numbers(await level(house)) == (8, 0, 8)


async def test_fewer_units_of_a_known_order_are_given_back(house: House) -> None:
    shop, _ = await house.stocked()
    await count(house, 10)
    at = house.clock() + MINUTE
    await tell(house, shop, order("26A", OrderStatus.TO_SHIP, 5, at))
    await tell(house, shop, order("26A", OrderStatus.TO_SHIP, 3, at + MINUTE, placed_at=at))
    assert numbers(await level(house)) == (10, 3, 7)


async def test_a_far_off_count_is_asked_for_once_more(sqlite_house: House) -> None:
    house = sqlite_house
    await house.stocked()
    await count(house, 40)
    asked = await count(house, 0, is_sure=False)
    assert (asked.is_sure, numbers(await level(house))) == (False, (40, 0, 40))
    assert (await count(house, 0)).is_sure
    assert numbers(await level(house)) == (0, 0, 0)


async def test_a_count_is_taken_back_once(house: House) -> None:
    await house.stocked()
    await count(house, 10)
    counted = await count(house, 12)
    now = house.clock()

    def undo(conn: Connection) -> str:
        return counting.undo(conn, house.owner, counted.movement_id, now)

    await house.database.write(undo, "t")
    assert numbers(await level(house)) == (10, 0, 10)
    with pytest.raises(Conflict, match="undo_too_late"):
        await house.database.write(undo, "t")
    assert (await house.audited())[-3:] == ["stock.opening", "stock.count", "stock.undo"]


async def test_the_opening_count_cannot_be_undone(sqlite_house: House) -> None:
    house = sqlite_house
    await house.stocked()
    counted, now = await count(house, 10), house.clock()
    with pytest.raises(Conflict, match="undo_too_late"):
        await house.database.write(
            lambda conn: counting.undo(conn, house.owner, counted.movement_id, now), "t"
        )


async def test_a_draft_from_before_a_parcel_left_is_not_sent(sqlite_house: House) -> None:
    house = sqlite_house
    shop, _ = await house.stocked()
    await count(house, 10)
    variant_id, now = (await house.shown()).variant_id, house.clock()
    draft = await house.database.write(
        lambda conn: counting.draw_up(conn, house.owner, variant_id, 11, now), "t"
    )
    await tell(house, shop, order("26A", OrderStatus.SHIPPED, 1, now + MINUTE))
    with pytest.raises(Conflict, match="moved_on"):
        await house.database.write(
            lambda conn: counting.send(conn, house.owner, draft.id, draft.version, now, is_sure=True), "t"
        )
    assert numbers(await level(house)) == (9, 0, 9)


async def test_only_packers_and_above_count_and_only_what_can_be(sqlite_house: House) -> None:
    house = sqlite_house
    await house.stocked()
    viewer = await house.join("Vi", 5150, Role.VIEWER)
    with pytest.raises(NotAllowed):
        await count(house, 5, by=viewer)
    with pytest.raises(InputError, match="stock_number"):
        await count(house, -1)
    packer = await house.join("Budi", 5151, Role.PACKER)
    assert (await count(house, 5, by=packer)).is_sure


async def test_another_sellers_orders_move_nothing_of_mine(house: House) -> None:
    await house.stocked()
    variant_id = (await house.shown()).variant_id
    await count(house, 10)
    stranger = await house.found("Eve", 6666)
    house.bazaar.add_shop("600099").list(listing_snapshot())
    theirs = await house.link("600099", by=stranger)
    await house.services.sync.backfill(theirs.id)
    await tell(house, theirs, order("26E", OrderStatus.TO_SHIP, 4, house.clock() + MINUTE))
    assert numbers(await level(house, variant_id)) == (10, 0, 10)


async def test_what_came_in_is_added_to_what_there_is_by_then(house: House) -> None:
    shop, _ = await house.stocked()
    await count(house, 10)
    visitor, variant_id = house.owner, (await house.shown()).variant_id
    kept = order("26KEPT", OrderStatus.TO_SHIP, 2, house.clock() + MINUTE)
    await tell(house, shop, kept)
    await house.services.counts.receive(visitor, variant_id, 20)
    await tell(house, shop, later(kept, OrderStatus.SHIPPED, HOUR))  # two leave while the card is looked at
    draft = (await house.services.counts.of(visitor.seller_id, variant_id, visitor.view.id)).draft  # type: ignore[union-attr]
    assert draft
    assert (draft.before, draft.after, draft.received) == (10, 30, 20)
    now = house.clock()
    sent = await house.database.write(
        lambda conn: counting.send(conn, visitor, draft.id, draft.version, now, is_sure=False), "t"
    )
    assert sent.is_sure
    assert numbers(await level(house)) == (28, 0, 28)
    assert (await reasons(house))[-1] is Reason.RESTOCK
    back = await house.database.write(lambda conn: counting.undo(conn, visitor, sent.movement_id, now), "t")
    assert back == variant_id
    assert numbers(await level(house)) == (8, 0, 8)
    with pytest.raises(InputError, match="stock_number"):
        await house.services.counts.receive(visitor, variant_id, 1_000_000)


async def test_what_came_in_before_the_first_count_is_part_of_it(house: House) -> None:
    await house.stocked(listing_snapshot("900001", variant_snapshot(available=40)))
    visitor, variant_id, now = house.owner, (await house.shown()).variant_id, house.clock()
    draft = await house.database.write(
        lambda conn: counting.receive(conn, visitor, variant_id, 1_001, now), "t"
    )

    async def send(*, is_sure: bool) -> counting.Counted:
        return await house.database.write(
            lambda conn: counting.send(conn, visitor, draft.id, draft.version, now, is_sure=is_sure), "t"
        )

    assert not (await send(is_sure=False)).is_sure, "so many are asked for once more"
    assert (await send(is_sure=True)).is_sure
    assert numbers(await level(house)) == (1_041, 0, 1_041)
    assert await reasons(house) == [Reason.OPENING]
