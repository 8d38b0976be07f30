"""Guards at the last moment, and what an approval and an undo leave in the books."""

from datetime import timedelta
from decimal import Decimal

import pytest

from domain.caps import Approval
from domain.changes import ChangeState
from domain.errors import InputError
from domain.tickets import Action
from services.guards import refusal_at_last
from storage.repositories.changes import Changes
from tests.factories import DAY, HOUR, money
from tests.integration.services.house import House
from tests.integration.services.pricing import LAMP


@pytest.mark.parametrize(("floor", "refusal"), [(119000, ""), (119001, "price_below_floor"), (None, "")])
async def test_a_floor_raised_after_the_approval_stops_the_price(
    sqlite_house: House, floor: int | None, refusal: str
) -> None:
    house = sqlite_house
    await house.stocked()
    change = await house.approved(119000)
    at = None if floor is None else Decimal(floor)
    await house.services.prices.set_floor(house.owner, (await house.shown()).variant_id, at)
    now = house.clock()
    assert await house.database.read(lambda conn: refusal_at_last(conn, change, {}, now)) == refusal


async def test_a_locked_price_is_approved_for_the_end_of_its_lock(sqlite_house: House) -> None:
    house = sqlite_house
    _, truth = await house.stocked()
    truth.lock(LAMP, house.clock() + HOUR)
    await house.services.sync.fetch_listings(await house.shop_of("600011"), [LAMP])
    approved = await house.approved(119000)
    assert approved.not_before == house.clock() + HOUR
    assert (approved.approved_by, approved.decided_at, approved.version) == ("4711", house.clock(), 2)


async def test_a_lock_that_is_over_holds_nothing(sqlite_house: House) -> None:
    house = sqlite_house
    _, truth = await house.stocked()
    truth.lock(LAMP, house.clock() + HOUR)
    await house.services.sync.fetch_listings(await house.shop_of("600011"), [LAMP])
    house.clock.advance(HOUR)
    assert (await house.approved(119000)).not_before is None


async def test_an_undo_is_a_change_of_its_own_approved_by_who_pressed(sqlite_house: House) -> None:
    house = sqlite_house
    await house.stocked()
    done = await house.apply(await house.approved(119000))
    shown = await house.services.prices.proposal(house.owner, done.proposal_id)
    house.clock.advance(HOUR)
    pressed = await house.press(shown, Action.UNDO)
    back = (await house.services.prices.proposal(house.owner, pressed.object_id)).prices[0].change
    assert (back.before, back.after, back.undo_of) == (money(119000), money(129000), done.id)
    assert (back.state, back.version, back.requested_by, back.approved_by) == (
        ChangeState.APPROVED,
        1,
        "4711",
        "4711",
    )
    assert (back.requested_at, back.decided_at) == (house.clock(), house.clock())
    assert back.expires_at == house.clock() + DAY
    kept = await house.database.read(lambda conn: Changes(conn, done.seller_id).approvals(back.id))
    assert kept == [Approval(back.id, "4711", house.clock(), is_typed=False)]
    assert (await house.audited())[-1] == "price.undone"


async def test_an_undo_below_the_floor_says_which_floor(sqlite_house: House) -> None:
    house = sqlite_house
    await house.stocked()
    done = await house.apply(await house.approved(139000))
    shown = await house.services.prices.proposal(house.owner, done.proposal_id)
    await house.services.prices.set_floor(house.owner, shown.variant.id, Decimal(130000))
    with pytest.raises(InputError) as refused:
        await house.press(shown, Action.UNDO)
    assert refused.value.params == {"asked": money(129000), "floor": money(130000)}


async def test_a_rejection_is_kept_with_who_and_when(sqlite_house: House) -> None:
    house = sqlite_house
    await house.stocked()
    proposal = await house.propose(119000)
    house.clock.advance(timedelta(minutes=1))
    await house.press(proposal, Action.REJECT)
    ended = await house.change(proposal.prices[0].change.id)
    assert (ended.approved_by, ended.decided_at, ended.ended_at) == ("4711", house.clock(), house.clock())
    assert (await house.audited())[-1] == "price.rejected"
