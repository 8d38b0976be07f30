"""Sending an approved price when the worker that had it in hand is gone."""

import asyncio
from dataclasses import replace
from decimal import Decimal

from domain.changes import ChangeState
from domain.events import EventKind
from domain.tickets import Action
from services.applying import LEASE
from services.inbound import IncomingUpdate
from storage.leases import release_all
from storage.repositories import tokens
from tests.factories import DAY, HOUR, NOW, listing_snapshot, money
from tests.integration.services.house import House
from tests.integration.services.pricing import LAMP, MINUTE, SECOND, due_ids, stranded, unavailable


async def test_a_stranded_change_is_left_alone_until_its_lease_ends(house: House) -> None:
    _, truth = await house.stocked()
    change = await stranded(house)
    assert change.state is ChangeState.APPLYING
    assert await due_ids(house) == []
    assert (await house.apply(change)).state is ChangeState.APPLYING
    assert house.bazaar.calls["push_prices"] == 1
    house.clock.advance(LEASE)
    assert await due_ids(house) == [change.id]
    truth.set_price(LAMP, money(119000))  # the push had arrived
    assert (await house.apply(change)).state is ChangeState.APPLIED
    assert house.bazaar.calls["push_prices"] == 1


async def test_a_stranded_change_that_never_left_is_sent_again(house: House) -> None:
    _, truth = await house.stocked()
    change = await stranded(house)
    house.clock.advance(LEASE)
    assert (await house.apply(change)).state is ChangeState.APPROVED
    assert (await house.apply(change)).state is ChangeState.APPLIED
    assert truth.price(LAMP) == money(119000)


async def test_a_stranded_change_read_while_the_platform_is_down_is_unknown(house: House) -> None:
    await house.stocked()
    change = await stranded(house)
    house.clock.advance(LEASE)
    house.bazaar.fail("fetch_listings", unavailable())
    unknown = await house.apply(change)
    assert unknown.state is ChangeState.UNKNOWN
    house.clock.advance(HOUR)
    assert (await house.apply(change)).state is ChangeState.APPROVED


async def test_only_one_takes_a_stranded_change_over(house: House) -> None:
    _, truth = await house.stocked()
    change = await stranded(house)
    house.clock.advance(LEASE)
    truth.set_price(LAMP, money(119000))
    reads = house.bazaar.calls["fetch_listings"]
    await asyncio.gather(*(house.another().applying.apply(change.seller_id, change.id) for _ in range(5)))
    assert house.bazaar.calls["fetch_listings"] == reads + 1
    assert (await house.change(change.id)).state is ChangeState.APPLIED


async def test_a_worker_that_comes_back_late_does_not_undo_the_word_of_the_one_who_took_over(
    house: House,
) -> None:
    _, truth = await house.stocked()
    change = await house.approved()
    gate = house.bazaar.hold("push_prices")
    late = asyncio.create_task(house.services.applying.apply(change.seller_id, change.id))
    await gate.reached.wait()
    house.clock.advance(LEASE)
    truth.set_price(LAMP, money(125000))
    assert (await house.apply(change)).state is ChangeState.CONFLICT
    gate.open.set()
    await late
    assert (await house.change(change.id)).state is ChangeState.CONFLICT


async def claim_everything(house: House) -> tuple[int, int, int]:
    """Take readings, updates and events in hand; return how many."""
    marks = await house.services.sync.claim_due()
    updates = await house.services.inbound.next_updates(9)
    return len(marks), len(updates), len(await house.services.outbox.claim())


async def test_a_restart_lets_go_of_what_the_killed_process_had_in_hand(house: House) -> None:
    """On one file there is one process: what another one held, nobody holds."""
    shop, _ = await house.stocked()
    change = await stranded(house)
    house.clock.advance(MINUTE * 10)
    await house.services.inbound.store_updates("b", [IncomingUpdate(1, "{}", "chat:1")])
    held = await claim_everything(house)
    await house.database.write(lambda conn: tokens.take_lease(conn, shop.id, NOW, NOW + DAY), "t")
    assert all(held)
    assert await claim_everything(house) == (0, 0, 0)
    await house.database.write(lambda conn: release_all(conn, house.clock()), "t")
    assert await due_ids(house) == [change.id]
    assert await claim_everything(house) == held
    freed = await house.database.write(lambda conn: tokens.take_lease(conn, shop.id, NOW, NOW + DAY), "t")
    assert freed is not None


async def test_changes_of_other_sellers_are_due_too(house: House) -> None:
    await house.stocked()
    ours = await house.approved()
    budi = await house.found("Budi", 4712)
    house.bazaar.add_shop("600099").list(listing_snapshot("910001"))
    shop = await house.link("600099", by=budi)
    await house.services.sync.backfill(shop.id)
    theirs = replace(house.owner, view=budi.view, member=budi.member, chat=budi.chat)
    row = (await house.services.stock.page(theirs, "")).rows[0]
    proposal = await house.services.prices.propose(theirs, row.variant_id, Decimal(119000), "k")
    await house.press(proposal, Action.APPROVE, by=theirs)
    assert set(await house.services.applying.due()) == {
        (house.owner.seller_id, ours.id),
        (budi.seller_id, proposal.prices[0].change.id),
    }


async def test_looking_in_vain_again_and_again_is_told_and_audited_once(house: House) -> None:
    await house.stocked()
    change = await stranded(house)
    house.clock.advance(LEASE)
    house.bazaar.fail("fetch_listings", unavailable(), times=5)
    first = await house.apply(change)
    told, audited = await house.told(EventKind.PROPOSAL_MOVED), await house.audited()
    for _ in range(4):
        assert await due_ids(house) == []
        house.clock.advance(10 * SECOND)
        assert await due_ids(house) == [change.id]
        assert await house.apply(change) == first
    assert (await house.told(EventKind.PROPOSAL_MOVED), await house.audited()) == (told, audited)
    house.clock.advance(10 * SECOND)
    assert (await house.apply(change)).state is ChangeState.APPROVED
