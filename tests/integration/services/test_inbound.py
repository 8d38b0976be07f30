"""What comes in: stored before it is answered, worked off in order, never twice; and what platforms push."""

import asyncio
import json
from dataclasses import replace
from datetime import timedelta

import pytest
import pytest_asyncio
from sqlalchemy import select

from domain.errors import (
    InputError,
    NotAllowed,
    NotFound,
    PlatformUnavailable,
    RateLimited,
)
from domain.events import EventKind
from domain.queue import Task
from domain.shops import Shop, ShopState
from services.inbound import IncomingUpdate, StoredUpdate
from services.views import OrderFilter
from storage.tables.transit import inbox
from tests.factories import BOT, listing_snapshot, money, order_snapshot, platform_app
from tests.fakes.platform import SIGNATURE, SLUG
from tests.integration.services.house import House

SECOND = timedelta(seconds=1)


def update(number: int, chat: str = "chat:1") -> IncomingUpdate:
    return IncomingUpdate(number, json.dumps({"update_id": number}), chat)


async def states(house: House) -> list[str]:
    query = select(inbox.c.state).order_by(inbox.c.id)
    return await house.database.read(lambda conn: list(conn.scalars(query)))


async def claimed(house: House, limit: int = 100) -> list[StoredUpdate]:
    return await house.services.inbound.next_updates(limit)


def bodies(updates: list[StoredUpdate]) -> list[int]:
    return [json.loads(each.raw)["update_id"] for each in updates]


# Updates


async def test_updates_are_stored_once_and_ring_the_bell(house: House) -> None:
    inbound, bell = house.services.inbound, house.services.wakeups.updates
    assert await inbound.store_updates(BOT, [update(1), update(2), update(1)]) == 2
    assert bell.is_set()
    bell.clear()
    assert await inbound.store_updates(BOT, [update(1), update(2)]) == 0
    assert not bell.is_set()
    assert await inbound.store_updates("another-bot", [update(1)]) == 1


async def test_each_chat_has_one_update_in_hand_and_keeps_its_order(house: House) -> None:
    inbound = house.services.inbound
    await inbound.store_updates(BOT, [update(1, "a"), update(2, "a"), update(3, "b"), update(4, "b")])
    first = await claimed(house)
    assert bodies(first) == [1, 3]
    assert await claimed(house) == []
    await inbound.update_done(first[1])
    assert bodies(await claimed(house)) == [4]
    await inbound.update_done(first[0])
    assert bodies(await claimed(house)) == [2]


async def test_two_processes_never_get_the_same_update(house: House) -> None:
    await house.services.inbound.store_updates(BOT, [update(number, f"c{number}") for number in range(30)])
    parts = await asyncio.gather(*(house.another().inbound.next_updates(10) for _ in range(4)))
    got = [number for part in parts for number in bodies(part)]
    assert sorted(got) == list(range(30))


async def test_an_update_that_fails_is_tried_three_times_and_then_parked(house: House) -> None:
    inbound = house.services.inbound
    await inbound.store_updates(BOT, [update(1, "a"), update(2, "a")])
    for pause in (2, 4):
        (row,) = await claimed(house)
        await inbound.update_failed(row, "KeyError")
        house.clock.advance(pause * SECOND - SECOND)
        assert await claimed(house) == [], "its chat waits with it"
        house.clock.advance(SECOND)
    (row,) = await claimed(house)
    assert (bodies([row]), row.attempts) == ([1], 3)
    await inbound.update_failed(row, "KeyError")
    assert bodies(await claimed(house)) == [2]
    assert await states(house) == ["parked", "leased"]


async def test_an_unreadable_update_holds_nobody_up(sqlite_house: House) -> None:
    house = sqlite_house
    await house.services.inbound.store_updates(BOT, [update(1, "a"), update(2, "a"), update(3, "b")])
    first = await claimed(house)
    await house.services.inbound.park(first[0], "KeyError")
    assert bodies(await claimed(house)) == [2]
    assert await states(house) == ["parked", "leased", "leased"]


async def test_a_worker_that_comes_back_late_does_not_end_anothers_update(house: House) -> None:
    inbound = house.services.inbound
    await inbound.store_updates(BOT, [update(1)])
    (late,) = await claimed(house)
    house.clock.advance(121 * SECOND)
    (current,) = await claimed(house)
    assert current.attempts == 2
    await inbound.update_done(late)
    await inbound.update_failed(late, "late")
    assert await states(house) == ["leased"]
    await inbound.update_done(current)
    assert await states(house) == ["done"]


# Pushes


@pytest_asyncio.fixture(loop_scope="session")
async def shop(house: House) -> Shop:
    shop, _ = await house.stocked()
    house.queue.asked.clear()
    return shop


async def push(house: House, kind: str, *ids: str, shop: str = "600011") -> int:
    headers, body = house.bazaar.push(house.app, kind, shop, *ids)
    return await house.services.inbound.receive_hook(SLUG, house.app.id, headers, body)


async def test_a_push_is_stored_and_the_order_read_again(house: House, shop: Shop) -> None:
    house.bazaar.shops["600011"].place(order_snapshot())
    assert await push(house, "order", "260302A1B2C3D4") == 1
    assert house.queue.take(Task.INGEST) == [()]
    assert (await house.services.orders.page(house.owner, OrderFilter.ALL)).rows == ()
    assert await house.services.hints.work_off() == 1
    assert await house.order(shop, "260302A1B2C3D4") == order_snapshot()
    assert len(await house.told(EventKind.ORDER_PLACED)) == 1
    assert await states(house) == ["done"]
    assert await house.services.hints.work_off() == 0


async def test_a_push_redelivered_changes_nothing(house: House, shop: Shop) -> None:
    headers, body = house.bazaar.push(house.app, "order", "600011", "1")
    inbound = house.services.inbound
    taken = await asyncio.gather(*(inbound.receive_hook(SLUG, house.app.id, headers, body) for _ in range(5)))
    assert sorted(taken) == [0, 0, 0, 0, 1]
    await house.services.hints.work_off()
    assert await inbound.receive_hook(SLUG, house.app.id, headers, body) == 0
    assert await house.services.hints.work_off() == 0


async def test_a_push_that_cannot_be_verified_leaves_nothing(house: House, shop: Shop) -> None:
    inbound = house.services.inbound
    headers, body = house.bazaar.push(house.app, "order", "600011", "1")
    for wrong in ({}, {SIGNATURE: ""}, {SIGNATURE: headers[SIGNATURE][:-1] + "0" * 2}, {SIGNATURE: "ก"}):
        with pytest.raises(NotAllowed):
            await inbound.receive_hook(SLUG, house.app.id, wrong, body)
    with pytest.raises(NotAllowed):
        await inbound.receive_hook(SLUG, house.app.id, headers, body + b" ")
    assert await states(house) == []
    assert house.queue.asked == []


@pytest.mark.parametrize(("platform", "app_id"), [(SLUG, "0" * 16), ("shopee", "ab00000000000001"), ("", "")])
async def test_a_push_for_an_app_we_do_not_have_is_not_found(
    sqlite_house: House, platform: str, app_id: str
) -> None:
    headers, body = sqlite_house.bazaar.push(sqlite_house.app, "order", "600011", "1")
    with pytest.raises(NotFound):
        await sqlite_house.services.inbound.receive_hook(platform, app_id, headers, body)


async def test_a_platforms_own_test_push_is_taken_and_forgotten(sqlite_house: House) -> None:
    assert await push(sqlite_house, "test") == 0
    assert await states(sqlite_house) == []


async def test_a_signed_body_nobody_can_read_is_refused(sqlite_house: House) -> None:
    house = sqlite_house
    headers, body = house.bazaar.push(house.app, "no-such-kind", "600011")
    with pytest.raises(InputError):
        await house.services.inbound.receive_hook(SLUG, house.app.id, headers, body)


async def test_what_a_push_says_is_never_taken_for_true(house: House, shop: Shop) -> None:
    """A push may lie or be late: the order is read again and is what the platform says it is."""
    assert await push(house, "order", "26FORGED") == 1
    await house.services.hints.work_off()
    assert await house.order(shop, "26FORGED") is None
    assert await house.told(EventKind.ORDER_PLACED) == []


async def test_a_push_about_a_listing_reads_it_again(sqlite_house: House) -> None:
    house = sqlite_house
    _, truth = await house.stocked()
    truth.list(listing_snapshot("900009", title="Teko"))
    await push(house, "listing", "900009")
    await house.services.hints.work_off()
    assert [row.title for row in (await house.services.stock.page(house.owner, "teko")).rows] == ["Teko"]


async def test_our_own_price_that_comes_back_as_a_push_changes_nothing(sqlite_house: House) -> None:
    house = sqlite_house
    _, truth = await house.stocked()
    await house.apply(await house.approved(119000))
    told = await house.told(*EventKind)
    await push(house, "listing", "900001")
    await house.services.hints.work_off()
    assert truth.price("900001") == money(119000)
    assert await house.told(*EventKind) == told
    assert house.bazaar.calls["push_prices"] == 1


async def test_many_pushes_of_one_shop_are_read_together(sqlite_house: House) -> None:
    house = sqlite_house
    shop, truth = await house.stocked()
    orders = [order_snapshot(f"26{number:05d}") for number in range(5)]
    truth.place(*orders)
    for each in [*orders, *orders]:
        await push(house, "order", each.external_id)
    assert await house.services.hints.work_off() == 10
    assert house.bazaar.calls["fetch_orders"] == 2  # four ids to a call
    assert {await house.order(shop, each.external_id) for each in orders} == set(orders)


@pytest.mark.parametrize("kind", ["order", "deauthorised"])
async def test_a_push_about_a_shop_nobody_linked_is_done_with(sqlite_house: House, kind: str) -> None:
    await push(sqlite_house, kind, "1", shop="999999")
    assert await sqlite_house.services.hints.work_off() == 1
    assert await states(sqlite_house) == ["done"]


async def test_a_push_whose_app_was_taken_away_is_done_with(sqlite_house: House) -> None:
    house = sqlite_house
    await house.stocked()
    await push(house, "order", "1")
    house.services.apps._known = {}
    await house.services.hints.work_off()
    assert await states(house) == ["done"]


async def test_a_push_while_the_platform_is_down_is_tried_again_and_left_to_the_poll_in_the_end(
    house: House, shop: Shop
) -> None:
    house.bazaar.shops["600011"].place(order_snapshot())
    house.bazaar.fail("fetch_orders", PlatformUnavailable(platform="bazaar", operation="c"), times=8)
    await push(house, "order", "260302A1B2C3D4")
    for attempt in range(1, 8):
        assert await house.services.hints.work_off() == 1
        assert await house.services.hints.work_off() == 0
        house.clock.advance(2**attempt * SECOND)
    assert await house.services.hints.work_off() == 1
    assert await states(house) == ["parked"]
    await house.services.sync.poll(shop.id, "orders")
    assert await house.order(shop, "260302A1B2C3D4") == order_snapshot()


async def test_one_shop_in_trouble_does_not_hold_up_the_others(house: House, shop: Shop) -> None:
    other, theirs = await house.stocked(listing_snapshot("7"), external_id="600012")
    theirs.place(order_snapshot("26THEIRS"))
    await push(house, "order", "1")
    await push(house, "order", "26THEIRS", shop="600012")
    house.bazaar.fail("fetch_orders", RateLimited(platform="bazaar", operation="c", retry_after_s=3))
    assert await house.services.hints.work_off() == 2
    assert sorted(await states(house)) == ["done", "new"]
    assert await house.order(other, "26THEIRS") == order_snapshot("26THEIRS")


async def test_a_push_that_the_consent_has_ended_is_checked_and_told_once(house: House, shop: Shop) -> None:
    await push(house, "deauthorised")
    await house.services.hints.work_off()
    assert (await house.shop(shop.id)).state is ShopState.LINKED, (
        "the platform still lets us in: it was not true"
    )
    house.bazaar.revoke()
    for _ in range(3):
        await push(house, "deauthorised")
        await house.services.hints.work_off()
        house.clock.advance(2 * SECOND)
    await house.services.hints.work_off()
    assert (await house.shop(shop.id)).state is ShopState.NEEDS_RELINK
    assert await house.told(EventKind.SHOP_CUT_OFF) == [{"shop_id": shop.id}]
    assert set(await states(house)) == {"done"}


@pytest.mark.parametrize("kind", ["chat", "news", "unknown"])
async def test_hints_that_ask_for_nothing_are_done_with(sqlite_house: House, kind: str) -> None:
    house = sqlite_house
    await house.stocked()
    calls = house.bazaar.calls.total()
    await push(house, kind)
    await house.services.hints.work_off()
    assert (await states(house), house.bazaar.calls.total()) == (["done"], calls)


# Apps


async def test_seeding_again_takes_over_what_changed_and_keeps_the_id(house: House) -> None:
    changed = replace(
        platform_app(id="another"), secret="rotated", push_keys=("a", "b"), api_url="https://new.invalid"
    )
    (saved,) = await house.services.apps.seed([changed])
    assert (saved.id, saved.secret, saved.push_keys) == (house.app.id, "rotated", ("a", "b"))
    assert await house.services.apps.get(house.app.id) == saved
    assert await house.services.apps.all() == [saved]
    assert await house.another().apps.get(house.app.id) == saved


async def test_an_app_without_push_keys_stays_without(sqlite_house: House) -> None:
    (saved,) = await sqlite_house.services.apps.seed([platform_app(push_keys=())])
    assert saved.push_keys == ()
    assert "app-secret" not in repr(saved)


# What is said


async def test_one_event_of_a_view_is_in_hand_at_a_time(house: House, shop: Shop) -> None:
    other = await house.join("Budi", 4712, house.owner.role)
    outbox = house.services.outbox
    while items := await outbox.claim():
        for item in items:
            await outbox.sent(item, 1)
    for number in ("26A", "26B"):
        await house.services.orders.record(shop, [order_snapshot(number)])
    claimed_items = await outbox.claim()
    assert {item.view.id for item in claimed_items} == {house.owner.view.id, other.view.id}
    assert await outbox.claim() == []
    ours = next(item for item in claimed_items if item.view.id == house.owner.view.id)
    assert ours.payload == (await house.told(EventKind.ORDER_PLACED))[0]
    assert await outbox.later(ours, 5, "busy")
    house.clock.advance(4 * SECOND)
    assert await outbox.claim() == [], "what comes after waits with it"
    house.clock.advance(SECOND)
    (again,) = await outbox.claim()
    assert (again.id, again.attempts) == (ours.id, 2)
    assert not await outbox.sent(ours, 9), "its lease has passed on"
    assert await outbox.dead(again, "blocked")
    (following,) = await outbox.claim()
    assert following.payload == (await house.told(EventKind.ORDER_PLACED))[1]
