"""Parcels are claimed once, packed by their number, pulled out when called off, and handed over for good."""

import asyncio
from collections import Counter
from dataclasses import replace

import pytest
from sqlalchemy import func, select

from domain.batches import SIZE
from domain.errors import Conflict, NotAllowed
from domain.events import EventKind
from domain.orders import OrderStatus, ParcelLine, ParcelState
from domain.parcels import TO_PACK, PackState, Scanned, ShipStep
from domain.people import Role
from domain.tickets import Action
from services.views import OrderFilter, PressResult
from storage.database import Connection
from storage.tables.transit import outbox
from tests.factories import HOUR, order_line
from tests.integration.services.house import House
from tests.integration.services.packing_table import JT, Table
from tests.integration.services.stocking import count, level


async def test_members_who_take_at_once_get_different_parcels(house: House) -> None:
    table = await Table.lay(house)
    await table.place(50)
    people = [
        house.owner, await house.join("Budi", 4712, Role.PACKER), await house.join("Citra", 4713, Role.PACKER)
    ]  # fmt: skip
    other = house.another()
    taken = await asyncio.gather(
        *(
            table.take(each, services=used)
            for each, used in zip(people, [house.services, other, other], strict=True)
        ),
        return_exceptions=True,
    )
    batches = [each for each in taken if isinstance(each, str)]
    assert all(isinstance(each, str | Conflict) for each in taken)
    held = [parcel.parcel_id for each in batches for parcel in (await table.card(each)).parcels]
    assert len(held) == len(set(held)) == 50
    assert len({(await table.card(each)).batch.number for each in batches}) == len(batches)


async def test_single_kinds_come_first_and_by_sku(sqlite_house: House) -> None:
    table = await Table.lay(sqlite_house)
    for sku in ("B", "A", "B", "A"):
        await table.place(1, sku=sku)
    await table.place(1, courier="SPX Standard")
    work = await table.work()
    assert [(each.courier, each.free) for each in work.lanes] == [(JT, 4), ("SPX Standard", 1)]
    card = await table.card(await table.take(sqlite_house.owner))
    assert [each.sku for each in card.parcels] == ["A", "A", "B", "B"]
    assert [(line.sku, line.parcels) for line in card.lines] == [("A", 2), ("B", 2)]
    assert [each.step for each in card.parcels] == [ShipStep.ASKED] * 4


async def test_a_batch_is_no_larger_than_one_can_pack_and_due_parcels_are_in_the_first(
    sqlite_house: House,
) -> None:
    table = await Table.lay(sqlite_house)
    await table.place(SIZE, sku="A", ship_by=sqlite_house.clock() + 60 * HOUR)
    [urgent] = await table.place(1, sku="Z", ship_by=sqlite_house.clock() + HOUR)
    card = await table.card(await table.take(sqlite_house.owner))
    assert len(card.parcels) == SIZE
    assert urgent in {each.order_number for each in card.parcels}


async def test_what_was_bought_first_is_left_over_by_nobody_whatever_it_holds(house: House) -> None:
    table = await Table.lay(house)
    [first] = await table.place(1, sku="Z-LAST", placed_at=house.clock() - HOUR)
    await table.place(SIZE, sku="A-FIRST")
    card = await table.card(await table.take(house.owner))
    assert first in {each.order_number for each in card.parcels}
    assert [each.sku for each in card.parcels] == ["A-FIRST"] * (SIZE - 1) + ["Z-LAST"]


async def test_the_last_number_of_a_batch_has_its_message_shown_for_sure(house: House) -> None:
    def count(conn: Connection) -> int:
        query = select(func.count()).where(outbox.c.kind == EventKind.BATCH_MOVED)
        return int(conn.execute(query).scalar_one())

    table = await Table.lay(house)
    await table.place(2)
    numbers = await table.printed(house.owner, await table.take(house.owner))
    told = [await house.database.read(count)]
    for number in numbers:
        await table.scan(house.owner, number)
        told.append(await house.database.read(count))
    assert [after - told[0] for after in told[1:]] == [0, 1]


async def test_a_number_packs_its_parcel_and_a_wrong_one_says_why_not(house: House) -> None:
    table = await Table.lay(house)
    budi = await house.join("Budi", 4712, Role.PACKER)
    await table.place(2)
    assert await table.scan(house.owner, "26PACK00001") is None  # no batch: it is looked up as ever
    mine = await table.take(house.owner)
    await table.place(1)
    theirs = await table.take(budi)
    await table.place(1)
    numbers = await table.printed(house.owner, mine)
    [foreign] = await table.printed(budi, theirs)

    packed = await table.scan(house.owner, numbers[0].lower())
    assert packed
    assert packed.result is Scanned.PACKED
    again = await table.scan(budi, numbers[0])
    assert again
    assert (again.result, again.holder) == (Scanned.AGAIN, "Sari")
    other = await table.scan(house.owner, foreign)
    assert other
    assert (other.result, other.holder) == (Scanned.FOREIGN, "Budi")
    free = await table.scan(house.owner, "26PACK00004")
    assert free
    assert free.result is Scanned.FREE
    assert await table.scan(house.owner, "LAMP-12W") is None
    [left] = [each for each in (await table.card(mine)).parcels if each.state is PackState.PRINTED]
    by_tail = await table.scan(house.owner, left.order_number[-5:])
    assert by_tail
    assert by_tail.result is Scanned.PACKED
    card = await table.card(mine)
    assert (card.packed, card.left, card.batch.closed_at) == (2, 0, house.clock())


async def test_a_parcel_called_off_in_hand_rings_with_who_has_it(house: House) -> None:
    table = await Table.lay(house)
    budi = await house.join("Budi", 4712, Role.PACKER)
    early, printed, packed = await table.place(3)
    batch_id = await table.take(budi)
    await table.cancel(early)
    numbers = await table.printed(budi, batch_id)
    await table.scan(budi, packed)
    await table.cancel(printed)
    await table.cancel(packed, OrderStatus.CANCEL_ASKED)
    assert [await table.state(each) for each in (early, printed, packed)] == [
        PackState.DROPPED, PackState.PULL_OUT, PackState.PULL_OUT
    ]  # fmt: skip
    rung = await house.told(EventKind.PULL_OUT, of=budi)
    assert len(rung) == 2
    assert len(await house.told(EventKind.ORDER_CANCELLED, of=budi)) == 1  # the one nobody had in hand
    assert len(await house.told(EventKind.ORDER_CANCELLED, of=house.owner)) == 3
    assert await house.told(EventKind.PULL_OUT, of=house.owner) == []

    off = await table.scan(budi, numbers[0])
    assert off
    assert off.result is Scanned.PULL_OUT
    await table.press(budi, Action.PULL, (await table.parcel(printed)).parcel_id, 1)
    assert await table.state(printed) is PackState.PULLED
    await table.say(packed, status=OrderStatus.ARRANGED)  # the buyer's wish was refused
    assert await table.state(packed) is PackState.PRINTED


async def test_handing_over_is_final_and_only_for_what_was_shown(house: House) -> None:
    table = await Table.lay(house)
    numbers = await table.place(3)
    labels = await table.printed(house.owner, await table.take(house.owner))
    for each in labels[:2]:
        await table.scan(house.owner, each)
    with pytest.raises(Conflict, match="moved_on"):
        await table.press(house.owner, Action.HAND_OVER, (await table.work()).lanes[0].key, 4096 + 1)
    await table.hand_over(house.owner)
    first, second = [each for each in numbers if await table.state(each) is PackState.HANDED_OVER]
    assert Counter([await table.state(each) for each in numbers]) == {
        PackState.HANDED_OVER: 2, PackState.PRINTED: 1
    }  # fmt: skip
    await table.cancel(first)
    await table.say(second, status=OrderStatus.SHIPPED, raw_status="SHIPPED")
    assert Counter([await table.state(each) for each in numbers]) == {
        PackState.HANDED_OVER: 2, PackState.PRINTED: 1
    }  # fmt: skip
    gone = await table.scan(house.owner, labels[0])
    assert gone
    assert gone.result is Scanned.GONE


async def test_what_is_given_back_can_be_taken_and_nothing_was_sent(house: House) -> None:
    table = await Table.lay(house)
    await table.place(3)
    batch_id = await table.take(house.owner)
    pressed = await table.press(house.owner, Action.STOP_BATCH, batch_id)
    assert pressed.result is PressResult.BATCH_ENDED
    await table.arrange()
    assert house.bazaar.fulfilment.shipped == []
    assert [each.free for each in (await table.work()).lanes] == [3]
    budi = await house.join("Budi", 4712, Role.PACKER)
    assert len((await table.card(await table.take(budi))).parcels) == 3


async def test_batches_are_for_packers_and_for_their_own(sqlite_house: House) -> None:
    table = await Table.lay(sqlite_house)
    await table.place(2)
    viewer = await sqlite_house.join("Vina", 4715, Role.VIEWER)
    with pytest.raises(NotAllowed, match="role"):
        await table.take(viewer)
    batch_id = await table.take(sqlite_house.owner)
    budi = await sqlite_house.join("Budi", 4712, Role.PACKER)
    with pytest.raises(NotAllowed, match="role"):
        await table.press(budi, Action.GIVE_BACK, batch_id)
    with pytest.raises(Conflict, match="batch_empty"):
        await table.take(budi)


async def test_a_cut_order_is_packed_in_its_new_parcels(sqlite_house: House) -> None:
    table = await Table.lay(sqlite_house)
    [number] = await table.place(1)
    old = table.truth[number].parcels[0]
    await table.say(
        number,
        parcels=tuple(
            type(old)(f"NEW{at}", "READY", JT, "", old.lines, ParcelState.TO_ARRANGE, "J&T") for at in (1, 2)
        ),
    )
    found = await sqlite_house.services.packing.of_order(
        sqlite_house.owner.seller_id,
        (await sqlite_house.services.search.find(sqlite_house.owner, number)).orders[0].order_id,
    )
    states = {each.external_id: each.state for each in found}
    assert states == {
        old.external_id: PackState.DROPPED, "NEW1": PackState.TO_ARRANGE, "NEW2": PackState.TO_ARRANGE
    }  # fmt: skip


async def test_a_failed_pickup_is_arranged_anew(sqlite_house: House) -> None:
    table = await Table.lay(sqlite_house)
    [number] = await table.place(1)
    await table.printed(sqlite_house.owner, await table.take(sqlite_house.owner))
    await table.say(number)  # heard as arranged
    waiting = table.truth[number].parcels[0]
    parcels = (
        type(waiting)(waiting.external_id, "RETRY", JT, "", waiting.lines, ParcelState.TO_ARRANGE, "J&T"),
    )
    await table.say(number, status=OrderStatus.TO_SHIP, parcels=parcels)
    assert await table.state(number) is PackState.TO_ARRANGE


async def test_a_parcel_whose_courier_is_named_late_is_in_a_lane_until_then(house: House) -> None:
    table = await Table.lay(house)
    numbers = await table.place(2, courier="", courier_id="STANDARD")
    await table.place(1, courier="GoSend Instant")
    lanes = {(each.courier, each.is_instant): each.free for each in (await table.work()).lanes}
    assert lanes == {("", True): 1, ("Standard", False): 2}
    batch = await table.take(house.owner, "Standard")
    assert {each.order_number for each in (await table.card(batch)).parcels} == set(numbers)
    box = table.truth[numbers[0]].parcels[0]
    await table.say(numbers[0], parcels=(replace(box, courier=JT),))
    couriers = {each.order_number: each.courier for each in (await table.card(batch)).parcels}
    assert couriers == {numbers[0]: JT, numbers[1]: "Standard"}


async def test_a_cancelled_order_that_shows_no_parcels_is_called_off_all_the_same(house: House) -> None:
    table = await Table.lay(house)
    printed, packed = await table.place(2)
    batch = await table.take(house.owner)
    await table.printed(house.owner, batch)
    [left] = await table.place(1)
    for number in (printed, left):
        await table.say(number, status=OrderStatus.CANCELLED, raw_status="CANCELLED", parcels=())
    assert [each.order_number for each in await house.services.packing.pull_outs(house.owner)] == [printed]
    assert [each.order_number for each in (await table.card(batch)).parcels if each.state in TO_PACK] == [
        packed
    ]
    assert [each.free for each in (await table.work()).lanes] == [0]


async def test_units_cancelled_on_the_table_are_not_packed(house: House) -> None:
    """A buyer gives up two of three when the label is out: the batch says what is left, the stock is free again."""
    table = await Table.lay(house)
    await count(house, 10)
    (number,) = await table.place(1, units=3)
    [label] = await table.printed(house.owner, await table.take(house.owner))
    parcel = await table.parcel(label)
    assert (parcel.units, (await level(house)).allocated) == (3, 3)
    line = replace(order_line(sku="LAMP-12W"), quantity=1, cancelled=2)
    [box] = table.truth[number].parcels
    left = replace(box, lines=(ParcelLine("900001", "0", 1),))
    later = table.truth[number].ship_by
    assert later
    await table.say(number, lines=(line,), parcels=(left,), ship_by=later + HOUR)
    after = await table.parcel(label)
    assert (after.units, after.state, after.ship_by) == (1, PackState.PRINTED, later + HOUR)
    assert after.version > parcel.version
    assert (await level(house)).allocated == 1
    assert len(await house.told(EventKind.BATCH_MOVED)) >= 1


async def test_what_waits_for_an_invoice_is_packed_only_when_it_is_released(sqlite_house: House) -> None:
    table = await Table.lay(sqlite_house)
    (number,) = await table.place(1, status=OrderStatus.PENDING, raw_status="INVOICE_PENDING")
    assert (await table.work()).waiting == 0
    page = await sqlite_house.services.orders.page(sqlite_house.owner, OrderFilter.TO_PACK)
    assert [(row.status, row.raw_status) for row in page.rows] == [(OrderStatus.PENDING, "INVOICE_PENDING")]
    await table.say(number, status=OrderStatus.TO_SHIP, raw_status="READY_TO_SHIP")
    assert (await table.work()).waiting == 1


async def test_reminders_come_once_for_each_courier_and_time(sqlite_house: House) -> None:
    table = await Table.lay(sqlite_house)
    await table.place(2, ship_by=sqlite_house.clock() + HOUR)
    await table.place(1, courier="SPX Standard", ship_by=sqlite_house.clock() + 5 * HOUR)
    for _ in range(3):
        await sqlite_house.services.packing.remind()
        sqlite_house.clock.advance(HOUR / 30)
    assert [each["courier"] for each in await sqlite_house.told(EventKind.CUT_OFF_NEAR)] == [JT]


async def test_a_photo_is_kept_with_what_was_packed_last(sqlite_house: House) -> None:
    table = await Table.lay(sqlite_house)
    await table.place(1)
    owner, packing = sqlite_house.owner, sqlite_house.services.packing
    assert await packing.keep_photo(owner, "file-1", "unique-1") is None
    [label] = await table.printed(owner, await table.take(owner))
    await table.scan(owner, label)
    kept = await packing.keep_photo(owner, "file-2", "unique-2")
    assert kept
    assert kept.number == label
    sqlite_house.clock.advance(HOUR)
    assert await packing.keep_photo(owner, "file-3", "unique-3") is None
    assert (await table.parcel(label)).photo_id == "file-2"
