"""A parcel is arranged once, in the way that was chosen, and its label is counted before it leaves."""

import asyncio
import io
from dataclasses import replace
from datetime import timedelta

import pytest
from pypdf import PdfReader

from domain.batches import LabelStep
from domain.errors import (
    Conflict,
    FateUnknown,
    InputError,
    NotAllowed,
    PlatformUnavailable,
    RequestRejected,
)
from domain.events import EventKind
from domain.failpoint import arm
from domain.orders import OrderStatus
from domain.parcels import STOP_WITHIN, PackState, ShipStep
from domain.people import Role
from domain.platform import Hint, HintKind
from domain.tickets import Action
from storage.leases import release_all
from tests.fakes.platform import SLUG
from tests.integration.services.house import House
from tests.integration.services.packing_table import JT, Table

OWN = "Kurir Toko"
LOST = FateUnknown(platform=SLUG, operation="ship")


@pytest.mark.parametrize("is_done", [True, False])
async def test_a_time_out_is_read_back_and_never_sent_blindly(house: House, *, is_done: bool) -> None:
    table = await Table.lay(house)
    numbers = await table.place(3)
    batch_id = await table.take(house.owner)
    await table.arrange()
    house.bazaar.fail("ship", LOST, is_done=is_done)
    await table.choose(house.owner, batch_id)
    await table.arrange()
    steps = {(await table.parcel(each)).step for each in numbers}
    assert steps == {ShipStep.UNKNOWN}
    await table.arrange(2)
    assert [await table.state(each) for each in numbers] == [PackState.ARRANGED] * 3
    asked = [(await table.parcel(each)).external_id for each in numbers]
    assert sorted(house.bazaar.fulfilment.shipped) == sorted(asked)


async def test_a_process_that_dies_while_sending_is_read_back(house: House) -> None:
    class Died(BaseException):
        pass

    table = await Table.lay(house)
    [number] = await table.place(1)
    batch_id = await table.take(house.owner)
    await table.arrange()
    await table.choose(house.owner, batch_id)

    def die(point: str) -> None:
        if point == "ship.send:after":
            raise Died

    arm(die)
    try:
        with pytest.raises(Died):
            await table.arrange()
    finally:
        arm(None)
    assert (await table.parcel(number)).step is ShipStep.SENDING
    await house.database.write(lambda conn: release_all(conn, house.clock()), "t")
    await table.arrange()
    assert await table.state(number) is PackState.ARRANGED
    assert len(house.bazaar.fulfilment.shipped) == 1


async def test_how_a_courier_gets_parcels_is_asked_once_and_remembered(house: House) -> None:
    table = await Table.lay(house)
    await table.place(2)
    first = await table.take(house.owner)
    await table.sweep()  # at once: nothing is sent before it is chosen
    [question] = (await table.card(first)).questions
    assert (question.courier, question.parcels) == (JT, 2)
    assert [each.way for each in question.options] == ["pickup", "dropoff"]
    assert house.bazaar.fulfilment.shipped == []
    await table.choose(house.owner, first)
    await table.arrange()
    assert len(house.bazaar.fulfilment.shipped) == 2
    budi = await house.join("Budi", 4712, Role.PACKER)
    await table.place(1)
    await table.take(budi)
    await table.arrange()
    assert len(house.bazaar.fulfilment.shipped) == 3


async def test_where_there_is_but_one_way_the_time_for_a_stop_is_kept(sqlite_house: House) -> None:
    table = await Table.lay(sqlite_house)
    [number] = await table.place(1, courier="GoSend Instant")
    await table.take(sqlite_house.owner, "")
    await table.sweep()
    await table.sweep()
    parcel = await table.parcel(number)
    assert (parcel.step, parcel.due_at) == (ShipStep.ASKED, sqlite_house.clock() + STOP_WITHIN)
    assert sqlite_house.bazaar.fulfilment.shipped == []
    await table.arrange()
    assert await table.state(number) is PackState.ARRANGED


async def test_labels_come_in_one_file_in_packing_order_and_each_print_is_counted(house: House) -> None:
    table = await Table.lay(house)
    house.bazaar.fulfilment.labels_after = 3
    for sku in ("B", "A", "B"):
        await table.place(1, sku=sku)
    batch_id = await table.take(house.owner)
    await table.arrange()
    await table.choose(house.owner, batch_id)
    await table.arrange(2)
    [ready] = await house.told(EventKind.LABELS_READY)
    assert ready == {"batch_id": batch_id, "prints": "1"}
    for _ in range(2):  # it may be fetched again after a crash: that is one print all the same
        printed = await house.services.labels.fetch(house.owner.seller_id, ready)
    [paper] = printed.papers
    card = await table.card(batch_id)
    assert len(PdfReader(io.BytesIO(paper.content)).pages) == 3
    assert [paper.first_pages[each.parcel_id] for each in card.parcels] == [1, 2, 3]
    assert [(line.sku, line.first_page, line.last_page) for line in card.lines] == [("A", 1, 1), ("B", 2, 3)]
    assert [each.printed for each in card.parcels] == [1, 1, 1]
    assert (card.batch.labels, card.batch.prints) == (LabelStep.SENT, 1)

    await table.press(house.owner, Action.PRINT_AGAIN, batch_id, 1)
    await table.arrange()
    again = (await house.told(EventKind.LABELS_READY))[1]
    await house.services.labels.fetch(house.owner.seller_id, again)
    assert [each.printed for each in (await table.card(batch_id)).parcels] == [2, 2, 2]


async def test_what_a_platform_refuses_says_why_and_the_others_go(sqlite_house: House) -> None:
    table = await Table.lay(sqlite_house)
    [gone, *_] = await table.place(3)
    batch_id = await table.take(sqlite_house.owner)
    await table.arrange()
    await table.choose(sqlite_house.owner, batch_id)
    del sqlite_house.bazaar.shops[table.shop.external_id].orders[gone]
    await table.arrange(2)
    card = await table.card(batch_id)
    assert [(each.order_number, each.reason) for each in card.refused] == [(gone, "not_found")]
    assert card.count(PackState.ARRANGED) == 2
    assert (await table.work()).refused == 1
    assert len(await sqlite_house.told(EventKind.LABELS_READY)) == 1


async def test_a_platform_that_is_down_is_asked_again_and_a_final_no_is_told(sqlite_house: House) -> None:
    table = await Table.lay(sqlite_house)
    [number] = await table.place(1, courier="JNE Reguler")
    batch_id = await table.take(sqlite_house.owner, "JNE Reguler")
    sqlite_house.bazaar.fail(
        "shipping_options", PlatformUnavailable(platform=SLUG, operation="shipping_options")
    )
    await table.sweep()
    parcel = await table.parcel(number)
    assert parcel.step is ShipStep.ASKED
    assert parcel.due_at
    assert parcel.due_at > sqlite_house.clock()
    await table.arrange()
    assert len((await table.card(batch_id)).questions[0].options) == 2  # two counters
    await table.choose(sqlite_house.owner, batch_id, 1)
    sqlite_house.bazaar.fail("ship", RequestRejected(platform=SLUG, operation="ship"))
    await table.arrange()
    parcel = await table.parcel(number)
    assert (parcel.step, parcel.reason) == (ShipStep.REFUSED, "platform_refused")


async def test_a_parcel_cancelled_before_it_is_sent_is_not_arranged(sqlite_house: House) -> None:
    table = await Table.lay(sqlite_house)
    off, kept = await table.place(2)
    batch_id = await table.take(sqlite_house.owner)
    await table.arrange()
    await table.cancel(off)
    await table.choose(sqlite_house.owner, batch_id)
    await table.arrange()
    assert [await table.state(each) for each in (off, kept)] == [PackState.DROPPED, PackState.ARRANGED]
    assert sqlite_house.bazaar.fulfilment.shipped == [(await table.parcel(kept)).external_id]


async def test_numbers_that_come_late_are_waited_for(sqlite_house: House) -> None:
    table = await Table.lay(sqlite_house)
    sqlite_house.bazaar.fulfilment.is_numbering = False
    [number] = await table.place(1)
    batch_id = await table.take(sqlite_house.owner)
    await table.arrange()
    await table.choose(sqlite_house.owner, batch_id)
    await table.arrange(3)
    assert await sqlite_house.told(EventKind.LABELS_READY) == []
    sqlite_house.bazaar.fulfilment.is_numbering = True
    await table.arrange()
    assert (
        await sqlite_house.told(EventKind.LABELS_READY) == []
    )  # asked for lately: the platform wants a pause
    await table.say(number, status=OrderStatus.ARRANGED)  # but news of the order may be the number
    await table.arrange()
    assert len(await sqlite_house.told(EventKind.LABELS_READY)) == 1


@pytest.mark.parametrize("is_told", [True, False])
async def test_numbers_that_pushes_tell_are_not_asked_for(house: House, *, is_told: bool) -> None:
    bazaar = house.bazaar
    info = replace(bazaar.platform.info, numbers_told_within=timedelta(seconds=0.5))
    bazaar.platform = replace(bazaar.platform, info=info)
    house.services = house.another()
    table = await Table.lay(house)
    orders = await table.place(2)
    batch_id = await table.take(house.owner)
    await table.arrange()
    await table.choose(house.owner, batch_id)
    house.clock.advance(STOP_WITHIN)
    gate = bazaar.hold("ship", is_done=True)
    arranging = asyncio.create_task(table.sweep())
    await gate.reached.wait()
    told = {}
    for number in orders:  # as where reading an order does not tell the numbers of its parcels
        box = table.truth[number].parcels[0]
        told[number] = box.tracking_number
        bare = replace(
            table.truth[number], parcels=(replace(box, tracking_number=""),), digest=f"{number}:bare"
        )
        bazaar.shops[table.shop.external_id].place(bare)
    hints = [
        Hint(HintKind.ORDER, table.shop.external_id, (number,), number, "4",
             ((table.truth[number].parcels[0].external_id, told[number]),) if is_told else ())
        for number in orders
    ]  # fmt: skip
    await house.services.inbound.store_hints(house.app, hints)
    await house.services.hints.work_off()
    gate.open.set()
    await arranging
    assert bazaar.calls["tracking"] == (0 if is_told else 1)
    if is_told:
        assert [(await table.parcel(each)).number for each in orders] == list(told.values())
    assert len(await house.told(EventKind.LABELS_READY)) == int(is_told)


async def test_a_pause_holds_parcels_and_drops_none(sqlite_house: House) -> None:
    table = await Table.lay(sqlite_house)
    await table.place(2)
    batch_id = await table.take(sqlite_house.owner)
    await table.arrange()
    await table.choose(sqlite_house.owner, batch_id)
    writes = await sqlite_house.services.pausing.look(sqlite_house.owner)
    about = (sqlite_house.owner.seller_id, writes.version)
    await table.press(sqlite_house.owner, Action.PAUSE_WRITES, *about)
    await table.arrange(2)
    assert sqlite_house.bazaar.fulfilment.shipped == []
    await table.press(sqlite_house.owner, Action.RESUME_WRITES, about[0], writes.version + 1)
    await table.arrange()
    assert len(sqlite_house.bazaar.fulfilment.shipped) == 2


async def test_the_sellers_own_courier_takes_a_parcel_under_the_number_that_is_typed(house: House) -> None:
    table = await Table.lay(house)
    first, second = await table.place(2, courier=OWN)
    batch_id = await table.take(house.owner, OWN)
    await table.arrange()
    assert (await table.card(batch_id)).questions == ()
    parcel, other = await table.parcel(first), await table.parcel(second)
    assert [(each.step, each.reason) for each in (parcel, other)] == [(ShipStep.REFUSED, "number_wanted")] * 2
    offers = house.services.offers
    for odd in ("", "12", "SLIP 1?", "9" * 31, "…"):
        with pytest.raises(InputError, match="own_number"):
            await offers.take_number(house.owner, parcel.parcel_id, odd)
    assert await offers.take_number(house.owner, parcel.parcel_id, "SLIP-0001") == parcel.order_id
    await table.arrange()
    sent = await table.parcel(first)
    assert (sent.state, sent.number) == (PackState.ARRANGED, "SLIP-0001")
    assert house.bazaar.fulfilment.shipped == [parcel.external_id]
    with pytest.raises(Conflict, match="number_taken"):
        await offers.take_number(house.owner, other.parcel_id, "SLIP-0001")
    with pytest.raises(Conflict, match="moved_on"):
        await offers.take_number(house.owner, parcel.parcel_id, "SLIP-0002")
    assert house.bazaar.fulfilment.shipped == [parcel.external_id]
    await table.scan(house.owner, "SLIP-0001")
    assert await table.state(first) is PackState.PACKED


async def test_a_viewer_types_no_number_of_a_courier(house: House) -> None:
    table = await Table.lay(house)
    [number] = await table.place(1, courier=OWN)
    parcel = await table.parcel(number)
    viewer = await house.join("Vera", 4713, Role.VIEWER)
    with pytest.raises(NotAllowed):
        await house.services.offers.take_number(viewer, parcel.parcel_id, "SLIP-0001")
    assert (await table.parcel(number)).step is ShipStep.NONE
