"""Sending a bulk change: one listing first, each price read back, each refusal for itself, nothing twice."""

import asyncio
from dataclasses import replace

import pytest

from domain.bulk import BulkState
from domain.changes import ChangeState
from domain.errors import HostMisconfigured, PlatformError, RequestRejected
from domain.events import EventKind
from domain.people import Role
from domain.tickets import Action
from services.applying import LEASE
from tests.factories import HOUR, money
from tests.integration.services.bulking import BEFORE, Rack, states
from tests.integration.services.house import MESSAGE, House
from tests.integration.services.pricing import MINUTE, lost, unavailable

AFTER = money(90_000)


async def test_it_goes_listing_by_listing_and_is_read_back(house: House) -> None:
    rack = await Rack.filled(house)
    card = await rack.approved()
    done = await rack.apply(card)
    assert states(done) == {ChangeState.APPLIED: 12}
    assert set(rack.prices()) == {AFTER}
    assert house.bazaar.calls["push_prices"] == 4  # one call for all sizes of a shirt
    assert len(house.bazaar.pushed) == 12
    assert await house.services.bulk_applying.due() == []
    told = await house.told(EventKind.BULK_MOVED)
    assert told.count({"proposal_id": card.id}) == 3  # approved, the first listing, the end
    await rack.apply(card)
    assert len(house.bazaar.pushed) == 12


async def test_the_smallest_listing_goes_first_and_alone(house: House) -> None:
    rack = await Rack.filled(house)
    small = rack.truth.listings["900003"]
    rack.truth.list(replace(small, variants=small.variants[:1]))
    await house.record(rack.shop, *rack.truth.listings.values())
    card = await rack.approved()
    gate = house.bazaar.hold("push_prices")
    worker = asyncio.create_task(house.services.bulk_applying.apply(house.owner.seller_id, card.id))
    await gate.reached.wait()
    await rack.apply(card)  # a second worker finds nothing to begin
    assert states(await rack.card(card.id)) == {ChangeState.APPROVED: 9, ChangeState.APPLYING: 1}
    gate.open.set()
    await worker
    assert house.bazaar.pushed[0] == (money(BEFORE), AFTER)
    assert rack.truth.price("900003", "31") == AFTER
    assert states(await rack.card(card.id)) == {ChangeState.APPLIED: 10}


async def test_each_refusal_is_its_own(house: House) -> None:
    rack = await Rack.filled(house)
    card = await rack.approved()
    rack.truth.set_price("900001", money(99_000), "11")  # changed in the seller centre meanwhile
    rack.truth.lock("900002", house.clock() + HOUR, "21")  # a campaign began
    gone = rack.truth.listings["900003"]
    rack.truth.list(replace(gone, variants=gone.variants[1:]))
    done = await rack.apply(card)
    assert states(done) == {
        ChangeState.CONFLICT: 1,
        ChangeState.APPLIED: 9,
        ChangeState.APPROVED: 1,
        ChangeState.FAILED: 1,
    }
    reasons = {
        each.shown.sku: each.change.reason for each in done.lines if each.change and each.change.reason
    }
    assert reasons == {"KAOS-2-1": "price_locked", "KAOS-3-1": "listing_gone"}
    house.clock.advance(2 * HOUR)
    assert states(await rack.apply(card))[ChangeState.APPLIED] == 10  # the lock is over


async def test_what_a_platform_refuses_ends_with_its_reason(sqlite_house: House) -> None:
    rack = await Rack.filled(sqlite_house, listings=2)
    card = await rack.approved()
    rejected = RequestRejected(platform="bazaar", operation="push_prices", code="ratio_cap")
    sqlite_house.bazaar.fail("push_prices", rejected)
    await rack.apply(card)
    done = await rack.apply(card)
    assert states(done) == {ChangeState.FAILED: 3, ChangeState.APPLIED: 3}
    assert {each.change.reason for each in done.lines if each.change} == {"", "ratio_cap"}


@pytest.mark.parametrize(
    ("failed", "reason"),
    [
        (RequestRejected(platform="bazaar", operation="call", code="shop_restricted"), "shop_restricted"),
        (HostMisconfigured(platform="bazaar", operation="call"), "host_misconfigured"),
    ],
)
async def test_what_would_meet_all_stops_at_the_first(
    house: House, failed: PlatformError, reason: str
) -> None:
    rack = await Rack.filled(house)
    card = await rack.approved()
    house.bazaar.fail("push_prices", failed)
    done = await rack.apply(card)
    assert (done.bulk.state, done.bulk.reason) == (BulkState.CALLED_OFF, reason)
    assert states(done) == {ChangeState.FAILED: 3, ChangeState.REJECTED: 9}
    assert house.bazaar.calls["push_prices"] == 1
    assert set(rack.prices()) == {money(BEFORE)}
    assert await house.services.bulk_applying.due() == []


async def test_stopped_midway_what_is_live_stays_and_the_rest_is_let_be(house: House) -> None:
    rack = await Rack.filled(house)
    card = await rack.approved()
    gate = house.bazaar.hold("push_prices")
    worker = asyncio.create_task(house.services.bulk_applying.apply(house.owner.seller_id, card.id))
    await gate.reached.wait()
    await rack.press(await rack.card(card.id), Action.STOP_BULK)
    gate.open.set()
    await worker
    done = await rack.card(card.id)
    assert states(done) == {ChangeState.APPLIED: 3, ChangeState.REJECTED: 9}
    assert (done.stopped_by_name, done.can_be_undone) == ("Sari", True)
    assert (rack.prices().count(AFTER), rack.prices().count(money(BEFORE))) == (3, 9)
    back = await rack.press(done, Action.UNDO_BULK)
    assert states(await rack.apply(await rack.card(back.object_id))) == {ChangeState.APPLIED: 3}
    assert set(rack.prices()) == {money(BEFORE)}


async def test_paused_nothing_is_taken_in_hand_and_resumed_it_goes_on(house: House) -> None:
    rack = await Rack.filled(house)
    card = await rack.approved()
    await _switch(house, Action.PAUSE_WRITES)
    assert await house.services.bulk_applying.due() == []
    assert states(await rack.apply(card)) == {ChangeState.APPROVED: 12}
    assert (await rack.card(card.id)).is_paused
    await _switch(house, Action.RESUME_WRITES)
    gate = house.bazaar.hold("fetch_listings")
    worker = asyncio.create_task(house.services.bulk_applying.apply(house.owner.seller_id, card.id))
    await gate.reached.wait()
    await _switch(house, Action.PAUSE_WRITES)  # between the look and the push
    gate.open.set()
    await worker
    assert house.bazaar.pushed == []
    assert states(await rack.card(card.id)) == {ChangeState.APPROVED: 12}
    await _switch(house, Action.RESUME_WRITES)
    assert states(await rack.apply(card)) == {ChangeState.APPLIED: 12}


async def test_an_answer_that_is_lost_is_read_back_before_anything_is_sent(house: House) -> None:
    rack = await Rack.filled(house)
    card = await rack.approved()
    house.bazaar.fail("push_prices", lost(), is_done=True)
    assert states(await rack.apply(card)) == {ChangeState.APPLIED: 12}
    assert len(house.bazaar.pushed) == 12


async def test_nobody_could_look_so_it_is_unknown_until_somebody_can(house: House) -> None:
    rack = await Rack.filled(house)
    card = await rack.approved()
    house.bazaar.meanwhile("push_prices", lambda: house.bazaar.fail("fetch_listings", unavailable(), times=1))
    waits = await rack.apply(card)
    assert states(waits) == {ChangeState.UNKNOWN: 3, ChangeState.APPROVED: 9}
    assert await house.services.bulk_applying.due() == [(house.owner.seller_id, card.id)]
    house.clock.advance(MINUTE)
    assert states(await rack.apply(card)) == {ChangeState.APPLIED: 12}
    assert len(house.bazaar.pushed) == 12


async def test_killed_with_prices_in_hand_it_is_read_back_and_goes_on(house: House) -> None:
    rack = await Rack.filled(house)
    card = await rack.approved()
    for is_done in (True, False):
        gate = house.bazaar.hold("push_prices", is_done=is_done)
        worker = asyncio.create_task(house.services.bulk_applying.apply(house.owner.seller_id, card.id))
        await gate.reached.wait()
        worker.cancel()
        await asyncio.wait({worker})
        house.clock.advance(LEASE)
    assert states(await rack.apply(card)) == {ChangeState.APPLIED: 12}
    assert len(house.bazaar.pushed) == 12
    assert set(rack.prices()) == {AFTER}


async def test_a_platform_that_is_down_is_asked_again_later(sqlite_house: House) -> None:
    rack = await Rack.filled(sqlite_house)
    card = await rack.approved()
    sqlite_house.bazaar.fail("fetch_listings", unavailable())
    assert states(await rack.apply(card)) == {ChangeState.APPROVED: 12}
    sqlite_house.clock.advance(MINUTE)
    assert states(await rack.apply(card)) == {ChangeState.APPLIED: 12}


async def test_the_guards_are_asked_again_for_each_price(house: House) -> None:
    rack = await Rack.filled(house, listings=2)
    card = await rack.approved()
    rows = await house.services.stock.by_sku(house.owner, "KAOS-1-1")
    await house.services.prices.set_floor(house.owner, rows[0].variant_id, AFTER.amount + 1)
    done = await rack.apply(card)
    assert states(done) == {ChangeState.FAILED: 1, ChangeState.APPLIED: 5}
    again = await rack.approved()  # −10 % and −10 % of it are within −50 % of a day
    await house.limit(percent_per_day=15)
    refused = await rack.apply(again)
    reasons = {each.change.reason for each in refused.lines if each.change}
    assert (states(refused), reasons) == ({ChangeState.FAILED: 5}, {"second_person"})


async def test_a_shop_that_is_unlinked_meanwhile_gets_nothing(sqlite_house: House) -> None:
    rack = await Rack.filled(sqlite_house)
    card = await rack.approved()
    sqlite_house.bazaar.revoke()
    done = await rack.apply(card)
    assert done.bulk.state is BulkState.CALLED_OFF
    assert sqlite_house.bazaar.calls["push_prices"] == 0


async def _switch(house: House, action: Action) -> None:
    writes = await house.services.pausing.look(house.owner)
    about = (house.owner.seller_id, writes.version, Role.MANAGER)
    data = await house.services.buttons.token(house.owner.view.id, action, *about)
    await house.services.buttons.press(house.owner, data, MESSAGE)
