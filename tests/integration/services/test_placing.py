"""Stock by location: one is counted, the rest stays, and the change goes to where it was counted."""

import pytest
import pytest_asyncio

from domain.catalogue import PlacedUnits
from domain.errors import InputError, NotAllowed, NotFound
from domain.people import Role
from domain.stock import MOST, Reason
from domain.tickets import Action
from storage.repositories.ledger import Ledger
from storage.repositories.stock_drafts import StockDrafts
from tests.factories import listing_snapshot, variant_snapshot
from tests.fakes.platform import FakeShop
from tests.integration.services.house import MESSAGE, House
from tests.integration.services.stocking import LAMP, count, level, numbers
from tests.integration.services.test_stock_pushes import Stall

JAKARTA, BANDUNG = "7068517275539719942", "BDO"
NAMES = {JAKARTA: "Gudang Utama"}


@pytest_asyncio.fixture(loop_scope="session")
async def stall(house: House) -> Stall:
    return await stall_of(house)


async def stall_of(house: House) -> Stall:
    """Return a shop that keeps its lamps in two cities, counted and shown."""
    held = (PlacedUnits(JAKARTA, 12), PlacedUnits(BANDUNG, 5))
    shop, truth = await house.stocked(listing_snapshot(LAMP, variant_snapshot(available=17, places=held)))
    truth.locations = NAMES
    made = Stall(house, shop.id, truth)
    await count(house, 17)
    await made.push()
    return made


def held_by(truth: FakeShop) -> tuple[int, int]:
    jakarta, bandung = truth.variant(LAMP).places
    return jakarta.units, bandung.units


async def counted_at(stall: Stall, place: str, units: int) -> str:
    """Count one location in the chat and send it; return what it moved."""
    house, visitor = stall.house, stall.house.owner
    listed = await house.shown()
    at = await house.services.placing.place(visitor, listed.id, place)
    await house.services.placing.draw_up(visitor, at, units)
    drafts = await house.database.read(
        lambda conn: StockDrafts(conn, visitor.seller_id, visitor.view.id).of(at.variant_id, house.clock())
    )
    assert drafts
    for action in (Action.SEND_STOCK, Action.SURE_STOCK):
        data = await house.services.buttons.token(
            visitor.view.id, action, drafts.id, drafts.version, Role.PACKER
        )
        await house.services.buttons.press(visitor, data, MESSAGE)
        [last] = await house.database.read(
            lambda conn: Ledger(conn, visitor.seller_id).history(at.variant_id, offset=0, limit=1)
        )
        if last.reason is Reason.MANUAL and last.source.startswith(f"placed:{drafts.id}"):
            return last.id
    raise AssertionError("nothing was counted")


async def test_one_location_is_counted_and_only_that_one_moves(stall: Stall) -> None:
    house, truth = stall.house, stall.truth
    card = await house.services.stock.card(house.owner, (await house.shown()).variant_id)
    places = await house.services.placing.places(house.owner, card)
    assert [(each.name, each.units) for each in places] == [("Gudang Utama", 12), (BANDUNG, 5)]
    moved = await counted_at(stall, BANDUNG, 8)
    await stall.push()
    assert (held_by(truth), numbers(await level(house))) == ((12, 8), (20, 0, 20))
    await counted_at(stall, BANDUNG, 6)
    await stall.push()
    assert held_by(truth) == (12, 6)
    assert (await stall.row()).place == ""
    await count(house, 20)
    await stall.push()
    assert held_by(truth) == (14, 6)  # a count of all goes where it always goes
    data = await house.services.buttons.token(house.owner.view.id, Action.UNDO_STOCK, moved, 0, Role.PACKER)
    await house.services.buttons.press(house.owner, data, MESSAGE)
    await stall.push()
    assert (held_by(truth), numbers(await level(house))) == ((14, 3), (17, 0, 17))


async def test_what_was_sold_since_the_last_reading_is_read_before_it_is_counted(
    sqlite_house: House,
) -> None:
    stall = await stall_of(sqlite_house)
    house, truth = stall.house, stall.truth
    truth.edit(LAMP, places=(PlacedUnits(JAKARTA, 12), PlacedUnits(BANDUNG, 3)))
    stall.buys(2)
    await stall.hears()
    await counted_at(stall, BANDUNG, 6)
    await stall.push()
    assert (held_by(truth), numbers(await level(house))) == ((12, 6), (20, 2, 18))


async def test_what_cannot_be_counted_there_is_refused(sqlite_house: House) -> None:
    stall = await stall_of(sqlite_house)
    house = stall.house
    listed, placing = await house.shown(), house.services.placing
    at = await placing.place(house.owner, listed.id, BANDUNG)
    for units in (-20, MOST + 1):
        with pytest.raises(InputError, match="stock_number"):
            await placing.draw_up(house.owner, at, units)
    for gone in ((listed.id, "SBY"), ("f" * 16, BANDUNG)):
        with pytest.raises(NotFound):
            await placing.place(house.owner, *gone)
    viewer = await house.join("Budi", 4712, Role.VIEWER)
    with pytest.raises(NotAllowed):
        await placing.place(viewer, listed.id, BANDUNG)
    with pytest.raises(NotAllowed):
        await placing.draw_up(viewer, at, 6)
