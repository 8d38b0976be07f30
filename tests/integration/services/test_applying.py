"""Sending an approved price: looked at before, read back after, never twice blindly, told once."""

import asyncio
from decimal import Decimal

import pytest

from domain.changes import ChangeState
from domain.errors import (
    HostMisconfigured,
    PlatformError,
    RateLimited,
    RequestRejected,
    TokenRevoked,
    UnexpectedResponse,
)
from domain.events import EventKind
from domain.shops import ShopState
from services.applying import ATTEMPTS
from tests.factories import DAY, HOUR, listing_snapshot, money, variant_snapshot
from tests.integration.services.house import House
from tests.integration.services.pricing import LAMP, MINUTE, SECOND, due_ids, lost, unavailable


async def test_an_approved_price_is_sent_read_back_and_told(house: House) -> None:
    _, truth = await house.stocked()
    change = await house.approved(119000)
    assert await due_ids(house) == [change.id]
    done = await house.apply(change)
    assert (done.state, done.seen_value, done.ended_at) == (ChangeState.APPLIED, money(119000), house.clock())
    assert truth.price(LAMP) == money(119000)
    assert (await house.shown()).price.listed == money(119000)
    assert await due_ids(house) == []
    told = await house.told(EventKind.PROPOSAL_MOVED)
    assert told.count({"proposal_id": change.proposal_id}) == 2  # approved, applied


async def test_applying_again_does_nothing(house: House) -> None:
    await house.stocked()
    change = await house.apply(await house.approved())
    assert await house.apply(change) == change
    assert house.bazaar.calls["push_prices"] == 1


async def test_what_nobody_approved_is_not_sent(sqlite_house: House) -> None:
    house = sqlite_house
    await house.stocked()
    proposal = await house.propose(119000)
    await house.apply(proposal.prices[0].change)
    await house.services.applying.apply(house.owner.seller_id, "0" * 16)
    assert house.bazaar.calls["push_prices"] == 0


async def test_a_foreign_seller_cannot_have_a_change_applied(sqlite_house: House) -> None:
    house = sqlite_house
    await house.stocked()
    change = await house.approved()
    stranger = await house.found("Budi", 4712)
    await house.services.applying.apply(stranger.seller_id, change.id)
    assert house.bazaar.calls["push_prices"] == 0


async def test_ten_workers_at_once_send_once(house: House) -> None:
    await house.stocked()
    change = await house.approved()
    await asyncio.gather(*(house.another().applying.apply(change.seller_id, change.id) for _ in range(10)))
    assert house.bazaar.calls["push_prices"] == 1
    assert (await house.change(change.id)).state is ChangeState.APPLIED


# What the shop shows before


async def test_a_price_changed_in_the_shop_is_a_conflict_and_stays(house: House) -> None:
    _, truth = await house.stocked()
    change = await house.approved()
    truth.set_price(LAMP, money(125000))
    done = await house.apply(change)
    assert (done.state, done.seen_value) == (ChangeState.CONFLICT, money(125000))
    assert truth.price(LAMP) == money(125000)
    assert house.bazaar.calls["push_prices"] == 0


async def test_a_shop_that_shows_the_new_price_already_needs_no_push(sqlite_house: House) -> None:
    house = sqlite_house
    _, truth = await house.stocked()
    change = await house.approved(119000)
    truth.set_price(LAMP, money(119000))
    assert (await house.apply(change)).state is ChangeState.APPLIED
    assert house.bazaar.calls["push_prices"] == 0


async def test_a_listing_that_is_gone_fails(sqlite_house: House) -> None:
    house = sqlite_house
    _, truth = await house.stocked()
    change = await house.approved()
    del truth.listings[LAMP]
    done = await house.apply(change)
    assert (done.state, done.reason) == (ChangeState.FAILED, "listing_gone")


async def test_a_variant_that_is_gone_fails(sqlite_house: House) -> None:
    house = sqlite_house
    _, truth = await house.stocked()
    change = await house.approved()
    truth.list(listing_snapshot(LAMP, variant_snapshot("77")))
    assert (await house.apply(change)).reason == "listing_gone"


async def test_a_floor_raised_after_the_approval_holds(house: House) -> None:
    _, truth = await house.stocked()
    change = await house.approved(119000)
    await house.services.prices.set_floor(house.owner, (await house.shown()).variant_id, Decimal(120000))
    done = await house.apply(change)
    assert (done.state, done.reason) == (ChangeState.FAILED, "price_below_floor")
    assert truth.price(LAMP) == money(129000)
    assert house.bazaar.calls["push_prices"] == 0


# Locks


async def test_a_price_known_to_be_locked_waits_for_the_end_of_the_lock(house: House) -> None:
    _, truth = await house.stocked()
    until = house.clock() + 6 * HOUR
    truth.lock(LAMP, until)
    await house.services.sync.fetch_listings(await house.shop_of("600011"), [LAMP])
    change = await house.approved()
    assert change.not_before == until
    assert await due_ids(house) == []
    assert (await house.apply(change)).state is ChangeState.APPROVED
    house.clock.advance(6 * HOUR)
    assert await due_ids(house) == [change.id]
    assert (await house.apply(change)).state is ChangeState.APPLIED


async def test_a_lock_found_when_looking_is_waited_for(house: House) -> None:
    _, truth = await house.stocked()
    change = await house.approved()
    until = house.clock() + 2 * HOUR
    truth.lock(LAMP, until)
    held = await house.apply(change)
    assert (held.state, held.not_before, held.reason) == (ChangeState.APPROVED, until, "price_locked")
    assert house.bazaar.calls["push_prices"] == 0
    house.clock.advance(2 * HOUR)
    assert (await house.apply(change)).state is ChangeState.APPLIED


async def test_a_lock_that_begins_between_look_and_push_is_waited_for(sqlite_house: House) -> None:
    house = sqlite_house
    _, truth = await house.stocked()
    change = await house.approved()
    until = house.clock() + HOUR
    house.bazaar.meanwhile("push_prices", lambda: truth.lock(LAMP, until))
    held = await house.apply(change)
    assert (held.state, held.not_before) == (ChangeState.APPROVED, until)
    assert truth.price(LAMP) == money(129000)


async def test_a_lock_that_is_over_when_it_is_looked_at_is_asked_for_again(sqlite_house: House) -> None:
    house = sqlite_house
    _, truth = await house.stocked()
    change = await house.approved()
    house.bazaar.meanwhile("push_prices", lambda: truth.lock(LAMP, house.clock() + HOUR))
    house.bazaar.meanwhile("fetch_listings", lambda: None)
    house.bazaar.meanwhile("fetch_listings", lambda: truth.lock(LAMP, None))
    held = await house.apply(change)
    assert (held.state, held.reason, held.locked_until) == (ChangeState.APPROVED, "price_locked", None)
    house.clock.now = held.not_before or house.clock()
    assert (await house.apply(held)).state is ChangeState.APPLIED


async def test_a_lock_that_never_ends_is_given_up_after_a_fortnight(sqlite_house: House) -> None:
    house = sqlite_house
    await house.stocked()
    change = await house.approved()
    house.bazaar.held_prices.add((LAMP, "0"))
    assert (await house.apply(change)).state is ChangeState.APPROVED
    house.clock.advance(14 * DAY + SECOND)
    done = await house.apply(change)
    assert (done.state, done.reason) == (ChangeState.FAILED, "price_locked")


# What the platform answers


async def test_a_refused_price_fails_with_the_platforms_reason(sqlite_house: House) -> None:
    house = sqlite_house
    _, truth = await house.stocked()
    change = await house.approved()
    house.bazaar.meanwhile("push_prices", truth.listings.clear)
    done = await house.apply(change)
    assert (done.state, done.reason) == (ChangeState.FAILED, "not_found")


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (RequestRejected(platform="bazaar", operation="call", code="shop_restricted"), "shop_restricted"),
        (HostMisconfigured(platform="bazaar", operation="call"), "host_misconfigured"),
        (TokenRevoked(platform="bazaar", operation="call"), "token_revoked"),
    ],
)
@pytest.mark.parametrize("operation", ["fetch_listings", "push_prices"])
async def test_a_refusal_for_good_ends_the_change(
    sqlite_house: House, error: PlatformError, reason: str, operation: str
) -> None:
    house = sqlite_house
    _, truth = await house.stocked()
    change = await house.approved()
    house.bazaar.fail(operation, error)
    done = await house.apply(change)
    assert (done.state, done.reason) == (ChangeState.FAILED, reason)
    assert truth.price(LAMP) == money(129000)
    assert await due_ids(house) == []


async def test_a_revoked_consent_also_cuts_the_shop_off(house: House) -> None:
    shop, _ = await house.stocked()
    change = await house.approved()
    house.bazaar.revoke()
    assert (await house.apply(change)).state is ChangeState.FAILED
    assert (await house.shop(shop.id)).state is ShopState.NEEDS_RELINK
    assert await house.told(EventKind.SHOP_CUT_OFF) == [{"shop_id": shop.id}]


@pytest.mark.parametrize("operation", ["fetch_listings", "push_prices"])
async def test_what_was_surely_not_sent_waits_and_is_tried_again(house: House, operation: str) -> None:
    _, truth = await house.stocked()
    change = await house.approved()
    house.bazaar.fail(operation, unavailable())
    waiting = await house.apply(change)
    assert (waiting.state, waiting.reason) == (ChangeState.APPROVED, "platform_unavailable")
    assert waiting.not_before == house.clock() + 2 * SECOND
    assert await due_ids(house) == []
    calls = house.bazaar.calls.total()
    assert await house.apply(change) == waiting, "not before its time, whoever asks"
    assert house.bazaar.calls.total() == calls
    house.clock.advance(2 * SECOND)
    assert await due_ids(house) == [change.id]
    assert (await house.apply(change)).state is ChangeState.APPLIED
    assert truth.price(LAMP) == money(119000)


async def test_pauses_grow_up_to_five_minutes(sqlite_house: House) -> None:
    house = sqlite_house
    await house.stocked()
    change = await house.approved()
    pauses = []
    for _ in range(10):
        house.bazaar.fail("fetch_listings", unavailable())
        waiting = await house.apply(change)
        assert waiting.not_before
        pauses.append((waiting.not_before - house.clock()).total_seconds())
        house.clock.now = waiting.not_before
    assert pauses == [2, 4, 8, 16, 32, 64, 128, 256, 300, 300]
    assert (await house.apply(change)).state is ChangeState.APPLIED


@pytest.mark.parametrize(("asked_s", "pause_s"), [(90.0, 90), (0.5, 2)])
async def test_a_rate_limit_is_obeyed(sqlite_house: House, asked_s: float, pause_s: int) -> None:
    house = sqlite_house
    await house.stocked()
    change = await house.approved()
    house.bazaar.fail("push_prices", RateLimited(platform="bazaar", operation="c", retry_after_s=asked_s))
    waiting = await house.apply(change)
    assert (waiting.state, waiting.reason) == (ChangeState.APPROVED, "platform_busy")
    assert waiting.not_before == house.clock() + pause_s * SECOND


async def test_an_answer_nobody_understands_waits(sqlite_house: House) -> None:
    house = sqlite_house
    await house.stocked()
    change = await house.approved()
    house.bazaar.fail("fetch_listings", UnexpectedResponse(platform="bazaar", operation="c"))
    assert (await house.apply(change)).state is ChangeState.APPROVED


# A fate that is not known


async def test_a_lost_answer_is_read_back_as_applied(house: House) -> None:
    _, truth = await house.stocked()
    change = await house.approved()
    house.bazaar.fail("push_prices", lost(), is_done=True)
    assert (await house.apply(change)).state is ChangeState.APPLIED
    assert house.bazaar.calls["push_prices"] == 1
    assert truth.price(LAMP) == money(119000)


async def test_a_lost_request_is_seen_to_be_lost_and_sent_again(house: House) -> None:
    _, truth = await house.stocked()
    change = await house.approved()
    house.bazaar.fail("push_prices", lost())
    back = await house.apply(change)
    assert (back.state, back.reason) == (ChangeState.APPROVED, "no_effect")
    assert (await house.apply(change)).state is ChangeState.APPLIED
    assert house.bazaar.calls["push_prices"] == 2
    assert truth.price(LAMP) == money(119000)


async def test_a_lost_answer_and_another_price_in_the_shop_is_a_conflict(sqlite_house: House) -> None:
    house = sqlite_house
    _, truth = await house.stocked()
    change = await house.approved()
    house.bazaar.fail("push_prices", lost())
    house.bazaar.meanwhile("fetch_listings", lambda: None)
    house.bazaar.meanwhile("fetch_listings", lambda: truth.set_price(LAMP, money(125000)))
    done = await house.apply(change)
    assert (done.state, done.seen_value) == (ChangeState.CONFLICT, money(125000))


async def test_a_lost_answer_and_no_listing_any_more_fails(sqlite_house: House) -> None:
    house = sqlite_house
    _, truth = await house.stocked()
    change = await house.approved()
    house.bazaar.fail("push_prices", lost(), is_done=True)
    house.bazaar.meanwhile("fetch_listings", lambda: None)
    house.bazaar.meanwhile("fetch_listings", truth.listings.clear)
    assert (await house.apply(change)).reason == "listing_gone"


async def test_an_accepted_price_shown_late_is_not_called_applied_before(house: House) -> None:
    _, truth = await house.stocked()
    change = await house.approved()
    house.bazaar.is_late = True
    assert (await house.apply(change)).state is ChangeState.APPROVED
    assert truth.price(LAMP) == money(129000)
    house.bazaar.catch_up()
    assert (await house.apply(change)).state is ChangeState.APPLIED
    assert house.bazaar.calls["push_prices"] == 1


async def test_a_price_that_never_takes_effect_fails_in_the_end(sqlite_house: House) -> None:
    house = sqlite_house
    await house.stocked()
    change = await house.approved()
    house.bazaar.is_late = True
    for _ in range(ATTEMPTS - 1):
        assert (await house.apply(change)).state is ChangeState.APPROVED
    done = await house.apply(change)
    assert (done.state, done.reason, done.seen_value) == (ChangeState.FAILED, "no_effect", money(129000))


@pytest.mark.parametrize("error", [unavailable(), RateLimited(platform="b", operation="c", retry_after_s=9)])
async def test_a_price_sent_but_not_read_back_is_unknown_until_it_is_read(
    house: House, error: PlatformError
) -> None:
    """It may be in the shop: it must not be superseded, expire or be called waiting."""
    await house.stocked()
    change = await house.approved()
    house.bazaar.meanwhile("push_prices", lambda: house.bazaar.fail("fetch_listings", error))
    unknown = await house.apply(change)
    assert (unknown.state, unknown.reason) == (ChangeState.UNKNOWN, error.code)
    assert await due_ids(house) == []
    await house.propose(110000)
    house.clock.advance(DAY)
    assert change.id in await due_ids(house)
    assert (await house.apply(change)).state is ChangeState.APPLIED
    assert house.bazaar.calls["push_prices"] == 1


@pytest.mark.parametrize(
    "error",
    [
        TokenRevoked(platform="bazaar", operation="call"),
        RequestRejected(platform="bazaar", operation="call", code="shop_restricted"),
        HostMisconfigured(platform="bazaar", operation="call"),
    ],
)
async def test_a_sent_price_is_not_called_failed_because_nobody_may_look(
    sqlite_house: House, error: PlatformError
) -> None:
    """A card that says "not changed" must be true."""
    house = sqlite_house
    shop, truth = await house.stocked()
    change = await house.approved()
    house.bazaar.meanwhile("push_prices", lambda: house.bazaar.fail("fetch_listings", error))
    assert (await house.apply(change)).state is ChangeState.UNKNOWN
    assert truth.price(LAMP) == money(119000)
    house.clock.advance(5 * MINUTE - SECOND)
    assert await due_ids(house) == []
    house.clock.advance(SECOND)
    assert await due_ids(house) == [change.id]
    await house.link(shop.external_id)
    assert (await house.apply(change)).state is ChangeState.APPLIED
