"""One parcel by itself: arranged in the way its button names, stopped in time, its label printed alone."""

import io

import pytest
from pypdf import PdfReader

from domain.chats import Visitor
from domain.errors import Conflict, FateUnknown, NotAllowed
from domain.events import EventKind
from domain.failpoint import arm
from domain.parcels import PackState, ShipStep
from domain.people import Role
from domain.platform import HandOver
from domain.tickets import Action
from services.parcel_buttons import ship_version
from services.views import Pressed, PressResult
from storage.leases import release_all
from tests.fakes.platform import SLUG
from tests.integration.services.house import House
from tests.integration.services.packing_table import Table


async def ship(
    table: Table, number: str, way: HandOver = HandOver.DROPOFF, *, by: Visitor | None = None
) -> Pressed:
    """Look how a parcel may be handed over, and press the button of one way."""
    visitor = by or table.house.owner
    found = await table.house.services.offers.for_parcel(visitor, (await table.parcel(number)).parcel_id)
    option = next(each for each in found.options if each.way is way)
    version = ship_version(found.parcel, option)
    return await table.press(visitor, Action.SHIP, found.parcel.parcel_id, version)


async def press(table: Table, action: Action, number: str, by: Visitor | None = None) -> Pressed:
    parcel = await table.parcel(number)
    return await table.press(by or table.house.owner, action, parcel.parcel_id, parcel.version)


async def test_one_parcel_is_arranged_in_the_way_its_button_names(house: House) -> None:
    table = await Table.lay(house)
    number, other = await table.place(2)
    pressed = await ship(table, number)
    assert pressed.result is PressResult.SHIP_ASKED
    await table.sweep()
    assert house.bazaar.fulfilment.shipped == []  # the time for a Stop
    with pytest.raises(Conflict, match="moved_on"):
        await ship(table, number, HandOver.PICKUP)
    await table.arrange(2)
    parcel = await table.parcel(number)
    assert house.bazaar.fulfilment.shipped == [parcel.external_id]
    assert (parcel.state, bool(parcel.number)) == (PackState.ARRANGED, True)
    assert pressed.object_id == parcel.order_id
    assert HandOver.DROPOFF.value in parcel.choice
    untouched = await table.parcel(other)
    assert (untouched.state, untouched.step) == (PackState.TO_ARRANGE, ShipStep.NONE)


async def test_a_button_from_before_the_hours_changed_arranges_nothing(sqlite_house: House) -> None:
    table = await Table.lay(sqlite_house)
    [number] = await table.place(1)
    parcel = await table.parcel(number)
    found = await sqlite_house.services.offers.for_parcel(sqlite_house.owner, parcel.parcel_id)
    with pytest.raises(Conflict, match="moved_on"):
        await table.press(sqlite_house.owner, Action.SHIP, parcel.parcel_id, 1)
    shown = ship_version(found.parcel, found.options[0])
    await table.cancel(number)
    with pytest.raises(Conflict, match="moved_on"):
        await table.press(sqlite_house.owner, Action.SHIP, parcel.parcel_id, shown)


async def test_a_stop_takes_back_what_has_not_left(house: House) -> None:
    table = await Table.lay(house)
    [number] = await table.place(1)
    await ship(table, number)
    assert (await press(table, Action.STOP_SHIP, number)).result is PressResult.SHIP_STOPPED
    await table.arrange(3)
    assert house.bazaar.fulfilment.asked == []
    assert (await table.parcel(number)).step is ShipStep.NONE
    await ship(table, number)
    await table.arrange(2)
    assert len(house.bazaar.fulfilment.asked) == 1
    with pytest.raises(Conflict, match="sent_already"):
        await press(table, Action.STOP_SHIP, number)


async def test_a_stop_does_not_take_back_what_may_have_left(house: House) -> None:
    class Died(BaseException):
        pass

    def die(point: str) -> None:
        if point == "ship.send:before":
            raise Died

    table = await Table.lay(house)
    [number] = await table.place(1)
    await ship(table, number)
    arm(die)
    try:
        with pytest.raises(Died):
            await table.arrange()
    finally:
        arm(None)
    with pytest.raises(Conflict, match="sent_already"):
        await press(table, Action.STOP_SHIP, number)
    await house.database.write(lambda conn: release_all(conn, house.clock()), "t")
    await table.arrange(2)
    assert len(house.bazaar.fulfilment.asked) == 1
    assert await table.state(number) is PackState.ARRANGED


async def test_one_parcel_of_unknown_fate_is_read_and_not_sent_again(house: House) -> None:
    table = await Table.lay(house)
    [number] = await table.place(1)
    await ship(table, number)
    house.bazaar.fail("ship", FateUnknown(platform=SLUG, operation="ship"), is_done=True)
    await table.arrange(3)
    assert len(house.bazaar.fulfilment.shipped) == 1
    assert await table.state(number) is PackState.ARRANGED


async def test_one_label_is_printed_alone_and_counted_once_for_each_press(house: House) -> None:
    table = await Table.lay(house)
    [number] = await table.place(1)
    await ship(table, number)
    await table.arrange(2)
    for times in (1, 2):
        assert (await press(table, Action.PRINT_ONE, number)).result is PressResult.LABELS_COMING
        ready = (await house.told(EventKind.LABELS_READY))[-1]
        parcel = await table.parcel(number)
        assert ready["parcel_id"] == parcel.parcel_id
        for _ in range(2):  # fetched again after a crash, it is one print all the same
            printed = await house.services.labels.fetch(house.owner.seller_id, ready)
        [paper] = printed.papers
        assert len(PdfReader(io.BytesIO(paper.content)).pages) == 1
        assert printed.missing == ()
        parcel = await table.parcel(number)
        assert (parcel.state, parcel.printed) == (PackState.PRINTED, times)


async def test_a_label_is_for_private_chats_and_for_packers(sqlite_house: House) -> None:
    table = await Table.lay(sqlite_house)
    [number] = await table.place(1)
    in_group = await sqlite_house.group()
    vera = await sqlite_house.join("Vera", 4719, Role.VIEWER)
    with pytest.raises(NotAllowed, match="private_only"):
        await press(table, Action.PRINT_ONE, number, in_group)
    for action in (Action.PRINT_ONE, Action.STOP_SHIP):
        with pytest.raises(NotAllowed):
            await press(table, action, number, vera)
    with pytest.raises(NotAllowed):
        await ship(table, number, by=vera)
    assert await sqlite_house.told(EventKind.LABELS_READY) == []
