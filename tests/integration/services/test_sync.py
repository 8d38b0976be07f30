"""Reading shops: a first import in silence, then polls from a mark that moves only when everything is in."""

import asyncio
from datetime import datetime, timedelta

import pytest

from domain.errors import (
    PlatformError,
    PlatformUnavailable,
    RateLimited,
    RequestRejected,
    TokenRevoked,
    UnexpectedResponse,
)
from domain.events import EventKind
from domain.orders import OrderStatus
from domain.platform import Window
from domain.queue import Task
from domain.shops import Shop, ShopState
from services.health import HEALTH
from services.return_reading import RETURNS
from services.settlements import MONEY
from services.showcase import SHOWCASE
from services.sync import LISTINGS, ORDERS
from services.views import OrderFilter
from storage.repositories import marks
from storage.repositories.marks import Mark
from tests.factories import DAY, HOUR, NOW, listing_snapshot, order_snapshot
from tests.fakes.platform import INFO, FakeShop
from tests.integration.services.house import House

MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)


def unavailable() -> PlatformUnavailable:
    return PlatformUnavailable(platform="bazaar", operation="call")


async def mark_of(house: House, shop: Shop, stream: str = ORDERS) -> Mark:
    return await house.database.read(lambda conn: marks.get(conn, shop.id, stream))


async def numbers(house: House) -> set[str]:
    page = await house.services.orders.page(house.owner, OrderFilter.ALL)
    pages = [
        await house.services.orders.page(house.owner, OrderFilter.ALL, page=each)
        for each in range(1, page.pages + 1)
    ]
    return {row.number for page in pages for row in page.rows}


def sold(truth: FakeShop, count: int, last: datetime = NOW, apart: timedelta = HOUR) -> set[str]:
    """Let the shop have sold so many orders, the last one at a moment."""
    orders = [
        order_snapshot(f"26{number:08d}", placed_at=at, paid_at=at, updated_at=at)
        for number, at in enumerate(last - apart * back for back in range(count))
    ]
    truth.place(*orders)
    return {each.external_id for each in orders}


# The first import


async def test_a_first_import_brings_thirty_days_in_silence(house: House) -> None:
    truth = house.bazaar.add_shop()
    truth.list(*(listing_snapshot(str(number), title=f"Barang {number}") for number in range(900001, 900009)))
    history = sold(truth, 10, NOW - MINUTE, 3 * DAY - HOUR)
    sold_before = order_snapshot("25OLD", updated_at=NOW - 30 * DAY - SECOND)
    truth.place(sold_before)
    house.queue.asked.clear()
    shop = await house.link()
    await house.services.sync.backfill(shop.id)
    assert await numbers(house) == history
    assert (await house.services.stock.page(house.owner, "")).total == 8
    assert await house.told(EventKind.ORDER_PLACED) == []
    progress = await house.services.shops.progress(shop.id)
    assert (progress.is_done, progress.percent, progress.listings, progress.orders) == (True, 100, 8, 10)
    for stream in (ORDERS, LISTINGS):
        mark = await mark_of(house, shop, stream)
        assert (mark.high_water, mark.backfill_done_at, mark.failures) == (NOW - 90 * SECOND, NOW, 0)
    assert (await house.shop(shop.id)).synced_at == NOW


async def test_windows_cover_thirty_days_without_a_gap_and_within_the_limit(sqlite_house: House) -> None:
    shop, _ = await sqlite_house.stocked()
    windows = sqlite_house.bazaar.windows
    assert windows == [
        Window(NOW - 30 * DAY, NOW - 15 * DAY),
        Window(NOW - 15 * DAY, NOW),
    ]
    assert (await mark_of(sqlite_house, shop)).backfill_done_at == NOW


async def test_only_the_last_word_about_an_import_is_left_to_tell(house: House) -> None:
    truth = house.bazaar.add_shop()
    truth.list(listing_snapshot())
    sold(truth, 30)
    shop = await house.link()
    await house.services.sync.backfill(shop.id)
    assert await house.told(EventKind.BACKFILL_PROGRESS) == []
    assert await house.told(EventKind.BACKFILL_DONE) == [{"shop_id": shop.id}]


async def test_the_end_of_an_import_is_told_though_another_reading_runs_beside_it(house: House) -> None:
    truth = house.bazaar.add_shop()
    truth.list(listing_snapshot())
    sold(truth, 30)
    shop = await house.link()
    await asyncio.gather(*(house.services.sync.backfill(shop.id) for _ in range(2)))
    assert await house.told(EventKind.BACKFILL_DONE) == [{"shop_id": shop.id}]


async def test_progress_is_told_while_it_goes_on(sqlite_house: House) -> None:
    house = sqlite_house
    truth = house.bazaar.add_shop()
    sold(truth, 12)
    shop = await house.link()
    house.bazaar.meanwhile("fetch_orders", lambda: None)
    house.bazaar.meanwhile("fetch_orders", lambda: house.bazaar.fail("fetch_orders", unavailable()))
    await house.services.sync.backfill(shop.id)
    assert await house.told(EventKind.BACKFILL_PROGRESS) == [{"shop_id": shop.id}]
    progress = await house.services.shops.progress(shop.id)
    assert (progress.is_done, progress.orders, progress.percent) == (False, 4, 33)
    assert await house.told(EventKind.BACKFILL_DONE) == []


async def test_an_import_that_broke_off_goes_on_where_it_stood(house: House) -> None:
    truth = house.bazaar.add_shop()
    truth.list(listing_snapshot())
    history = sold(truth, 4)
    shop = await house.link()
    house.bazaar.fail("listings_changed", unavailable())
    assert await house.services.sync.backfill(shop.id) == 4
    assert await numbers(house) == history
    orders, listings = await mark_of(house, shop), await mark_of(house, shop, LISTINGS)
    assert (orders.backfill_done_at, orders.failures, orders.next_due) == (NOW, 0, NOW + 5 * MINUTE)
    assert (listings.backfill_done_at, listings.failures, listings.next_due) == (None, 1, NOW + 5 * SECOND)
    assert (await house.shop(shop.id)).trouble == "platform_unavailable"
    calls = house.bazaar.calls["orders_changed"]
    house.clock.advance(5 * SECOND)
    await house.services.sync.poll(shop.id, LISTINGS)
    assert house.bazaar.calls["orders_changed"] == calls
    assert (await house.services.shops.progress(shop.id)).is_done
    assert (await house.shop(shop.id)).trouble == ""
    assert len(await house.told(EventKind.BACKFILL_DONE)) == 1


async def test_a_poll_of_a_shop_that_was_never_read_begins_with_the_import(sqlite_house: House) -> None:
    house = sqlite_house
    history = sold(house.bazaar.add_shop(), 3, NOW - HOUR)
    shop = await house.link()
    assert await house.services.sync.poll(shop.id, ORDERS) == 3
    assert await numbers(house) == history
    assert await house.told(EventKind.ORDER_PLACED) == []


async def test_an_empty_shop_is_imported_too(sqlite_house: House) -> None:
    house = sqlite_house
    house.bazaar.add_shop()
    shop = await house.link()
    assert await house.services.sync.backfill(shop.id) == 0
    progress = await house.services.shops.progress(shop.id)
    assert (progress.is_done, progress.percent, progress.seconds) == (True, 100, 0)


async def test_an_order_placed_during_the_import_is_not_lost(house: House) -> None:
    truth = house.bazaar.add_shop()
    sold(truth, 3, NOW - DAY)
    shop = await house.link()
    house.clock.advance(MINUTE)
    new = order_snapshot("26NEW", placed_at=house.clock(), paid_at=house.clock(), updated_at=house.clock())
    house.bazaar.meanwhile("fetch_orders", lambda: truth.place(new))
    await house.services.sync.backfill(shop.id)
    house.clock.advance(5 * MINUTE)
    await house.services.sync.poll(shop.id, ORDERS)
    assert "26NEW" in await numbers(house)
    assert len(await house.told(EventKind.ORDER_PLACED)) == 1


# Polls


async def test_a_poll_reads_from_before_the_mark_up_to_now(house: House) -> None:
    shop, truth = await house.stocked()
    house.clock.advance(5 * MINUTE)
    house.bazaar.windows.clear()
    late = order_snapshot("26LATE", placed_at=NOW, paid_at=NOW, updated_at=NOW - 11 * MINUTE)
    truth.place(late)
    assert await house.services.sync.poll(shop.id, ORDERS) == 1
    assert house.bazaar.windows == [Window(NOW - 90 * SECOND - 10 * MINUTE, NOW + 5 * MINUTE)]
    mark = await mark_of(house, shop)
    assert (mark.high_water, mark.next_due) == (NOW + 5 * MINUTE - 90 * SECOND, NOW + 10 * MINUTE)
    assert len(await house.told(EventKind.ORDER_PLACED)) == 1


async def test_after_a_long_silence_the_window_is_cut(sqlite_house: House) -> None:
    house = sqlite_house
    shop, truth = await house.stocked()
    house.clock.advance(40 * DAY)
    missed = sold(truth, 5, house.clock(), 9 * DAY)
    house.bazaar.windows.clear()
    assert await house.services.sync.poll(shop.id, ORDERS) == 5
    assert await numbers(house) == missed
    assert all(each.end - each.start <= 15 * DAY for each in house.bazaar.windows)
    starts, ends = [each.start for each in house.bazaar.windows], [each.end for each in house.bazaar.windows]
    assert starts[1:] == ends[:-1]


async def test_a_long_reading_that_fails_goes_on_from_where_it_was(sqlite_house: House) -> None:
    house = sqlite_house
    shop, truth = await house.stocked()
    house.clock.advance(10 * HOUR)
    missed = sold(truth, 8, house.clock(), HOUR)
    await house.database.write(lambda conn: marks.save(conn, shop.id, ORDERS, failures=7), "t")
    house.bazaar.windows.clear()
    for _ in range(9):
        house.bazaar.meanwhile("orders_changed", lambda: None)
    house.bazaar.meanwhile("orders_changed", lambda: house.bazaar.fail("orders_changed", unavailable()))
    assert await house.services.sync.poll(shop.id, ORDERS) == 0
    reached = house.bazaar.windows[8].end
    mark = await mark_of(house, shop)
    assert (mark.high_water, mark.failures) == (reached, 1)
    assert mark.next_due == house.clock() + 5 * SECOND
    house.bazaar.windows.clear()
    house.clock.advance(HOUR)
    await house.services.sync.poll(shop.id, ORDERS)
    assert house.bazaar.windows[0].start == reached - INFO.overlap
    assert await numbers(house) == missed


async def test_what_changed_twice_between_polls_is_read_once(sqlite_house: House) -> None:
    house = sqlite_house
    shop, truth = await house.stocked()
    house.clock.advance(5 * MINUTE)
    truth.place(order_snapshot("26A", updated_at=house.clock()))
    assert await house.services.sync.poll(shop.id, ORDERS) == 1
    truth.place(order_snapshot("26A", OrderStatus.SHIPPED, updated_at=house.clock()))
    house.clock.advance(5 * MINUTE)
    assert await house.services.sync.poll(shop.id, ORDERS) == 1
    assert await house.services.sync.poll(shop.id, ORDERS) == 0


async def test_a_platform_that_repeats_its_pages_comes_to_an_end(sqlite_house: House) -> None:
    house = sqlite_house
    shop, truth = await house.stocked()
    house.clock.advance(HOUR)
    new = sold(truth, 7, house.clock(), MINUTE)
    house.bazaar.is_looping = True
    assert await house.services.sync.poll(shop.id, ORDERS) == 7
    assert await numbers(house) == new


@pytest.mark.parametrize("operation", ["orders_changed", "fetch_orders"])
@pytest.mark.parametrize("nth", [1, 2])
async def test_a_failed_page_or_detail_leaves_the_mark_where_it_was(
    house: House, operation: str, nth: int
) -> None:
    shop, truth = await house.stocked()
    before = (await mark_of(house, shop)).high_water
    house.clock.advance(15 * MINUTE)
    new = sold(truth, 7, house.clock(), MINUTE)
    for _ in range(nth - 1):
        house.bazaar.meanwhile(operation, lambda: None)
    house.bazaar.meanwhile(operation, lambda: house.bazaar.fail(operation, unavailable()))
    assert await house.services.sync.poll(shop.id, ORDERS) == 0
    assert (await mark_of(house, shop)).high_water == before
    house.clock.advance(DAY)
    await house.services.sync.poll(shop.id, ORDERS)
    assert await numbers(house) == new
    assert len(await house.told(EventKind.ORDER_PLACED)) == 7


async def test_the_mark_never_moves_back(sqlite_house: House) -> None:
    house = sqlite_house
    shop, _ = await house.stocked()
    before = (await mark_of(house, shop)).high_water
    house.clock.advance(-HOUR)
    await house.services.sync.poll(shop.id, ORDERS)
    assert (await mark_of(house, shop)).high_water == before


async def test_listings_are_read_from_the_mark_too(house: House) -> None:
    shop, truth = await house.stocked()
    house.clock.advance(HOUR)
    old = listing_snapshot("900002", title="Lama", updated_at=NOW - 13 * MINUTE)
    truth.list(old, listing_snapshot("900003", title="Baru", updated_at=NOW - 11 * MINUTE))
    assert await house.services.sync.poll(shop.id, LISTINGS) == 1
    page = await house.services.stock.page(house.owner, "")
    assert {row.title for row in page.rows} == {"Lampu LED E27 12W", "Baru"}
    assert (await mark_of(house, shop, LISTINGS)).next_due == house.clock() + 10 * MINUTE


# Trouble


async def test_failures_wait_longer_each_time_and_forget_it_on_success(house: House) -> None:
    shop, _ = await house.stocked()
    waits = []
    for _ in range(10):
        house.bazaar.fail("orders_changed", unavailable())
        await house.services.sync.poll(shop.id, ORDERS)
        mark = await mark_of(house, shop)
        waits.append((mark.next_due - house.clock()).total_seconds())
        house.clock.now = mark.next_due
    assert waits == [5, 10, 20, 40, 80, 160, 320, 640, 900, 900]
    assert (await house.shop(shop.id)).trouble_since == NOW
    await house.services.sync.poll(shop.id, ORDERS)
    assert (await mark_of(house, shop)).failures == 0
    assert (await house.shop(shop.id)).trouble == ""


async def test_a_platform_down_for_a_week_is_still_waited_for(sqlite_house: House) -> None:
    house = sqlite_house
    shop, _ = await house.stocked()
    await house.database.write(lambda conn: marks.save(conn, shop.id, ORDERS, failures=700), "t")
    house.bazaar.fail("orders_changed", unavailable())
    await house.services.sync.poll(shop.id, ORDERS)
    mark = await mark_of(house, shop)
    assert (mark.failures, mark.next_due) == (701, NOW + 15 * MINUTE)


@pytest.mark.parametrize(("asked_s", "waits_s"), [(1.0, 5), (1800.0, 1800)])
async def test_a_rate_limit_is_obeyed(sqlite_house: House, asked_s: float, waits_s: int) -> None:
    house = sqlite_house
    shop, _ = await house.stocked()
    house.bazaar.fail("orders_changed", RateLimited(platform="bazaar", operation="c", retry_after_s=asked_s))
    await house.services.sync.poll(shop.id, ORDERS)
    assert (await mark_of(house, shop)).next_due == NOW + waits_s * SECOND
    assert (await house.shop(shop.id)).trouble == "platform_busy"


@pytest.mark.parametrize(
    "error",
    [
        RequestRejected(platform="bazaar", operation="c", code="shop_restricted"),
        UnexpectedResponse(platform="bazaar", operation="c"),
    ],
)
async def test_trouble_is_noted_on_the_shop_with_the_moment_it_began(
    sqlite_house: House, error: PlatformError
) -> None:
    house = sqlite_house
    shop, _ = await house.stocked()
    house.bazaar.fail("orders_changed", error, times=2)
    await house.services.sync.poll(shop.id, ORDERS)
    house.clock.advance(MINUTE)
    await house.services.sync.poll(shop.id, ORDERS)
    stored = await house.shop(shop.id)
    assert (stored.state, stored.trouble, stored.trouble_since) == (ShopState.LINKED, error.code, NOW)


async def test_a_shop_that_was_cut_off_is_not_due_any_more(house: House) -> None:
    shop, _ = await house.stocked()
    house.clock.advance(HOUR)
    assert {each.stream for each in await house.services.sync.claim_due()} == {
        ORDERS,
        LISTINGS,
        MONEY,
        HEALTH,
        RETURNS,
        SHOWCASE,
    }
    house.bazaar.revoke()
    assert await house.services.sync.poll(shop.id, ORDERS) == 0
    stored = await house.shop(shop.id)
    assert (stored.state, stored.trouble) == (ShopState.NEEDS_RELINK, "no_consent")
    house.clock.advance(DAY)
    assert await house.services.sync.claim_due() == []


# What is due


async def test_a_stream_that_is_due_is_claimed_once(house: House) -> None:
    shop, _ = await house.stocked()
    await house.services.health.poll_due(shop.id)
    assert await house.services.sync.claim_due() == []
    house.clock.advance(5 * MINUTE)
    assert [(each.shop_id, each.stream) for each in await house.services.sync.claim_due()] == [
        (shop.id, ORDERS)
    ]
    assert await house.another().sync.claim_due() == []
    house.clock.advance(2 * MINUTE + SECOND)
    assert [each.stream for each in await house.services.sync.claim_due()] == [ORDERS], "its reader died"


async def test_a_new_shop_is_due_at_once(sqlite_house: House) -> None:
    shop = await sqlite_house.link()
    due = await sqlite_house.services.sync.claim_due()
    assert {each.stream for each in due} == {ORDERS, LISTINGS, MONEY, HEALTH, RETURNS, SHOWCASE}
    assert {each.shop_id for each in await sqlite_house.services.sync.claim_due()} == set()
    assert (await mark_of(sqlite_house, shop)).high_water is None


async def test_sync_now_asks_for_both_streams(sqlite_house: House) -> None:
    house = sqlite_house
    shop, _ = await house.stocked()
    house.queue.asked.clear()
    await house.services.shops.sync_now(house.owner, shop.id)
    assert house.queue.asked == [(Task.POLL_ORDERS, (shop.id,)), (Task.POLL_LISTINGS, (shop.id,))]


async def test_checking_the_access_brings_the_shops_facts_up_to_date(sqlite_house: House) -> None:
    house = sqlite_house
    shop, truth = await house.stocked()
    truth.name, truth.authorised_until = "Rumah Kita Baru", NOW + 7 * DAY
    await house.services.sync.check_access(shop)
    stored = await house.shop(shop.id)
    assert (stored.name, stored.authorised_until) == ("Rumah Kita Baru", NOW + 7 * DAY)
    house.bazaar.revoke()
    with pytest.raises(TokenRevoked):
        await house.services.sync.check_access(shop)
    assert (await house.shop(shop.id)).state is ShopState.NEEDS_RELINK


async def test_what_was_read_since_it_was_asked_for_is_not_read_again(house: House) -> None:
    shop, _ = await house.stocked()
    house.clock.advance(10 * MINUTE)
    asked = house.bazaar.calls["orders_changed"]
    await house.another().sync.poll_due(shop.id, ORDERS)
    assert house.bazaar.calls["orders_changed"] == asked + 1
    await house.services.sync.poll_due(shop.id, ORDERS)
    assert house.bazaar.calls["orders_changed"] == asked + 1


async def test_a_reader_that_was_overtaken_moves_no_mark(house: House) -> None:
    """A process that stood still for minutes, and whose shop another one has read meanwhile."""
    shop, _ = await house.stocked()
    house.clock.advance(HOUR)
    gate = house.bazaar.hold("orders_changed")
    late = asyncio.create_task(house.services.sync.poll(shop.id, ORDERS))
    await gate.reached.wait()
    house.clock.advance(HOUR)
    await house.another().sync.poll(shop.id, ORDERS)
    before = await mark_of(house, shop)
    gate.open.set()
    await late
    assert await mark_of(house, shop) == before


async def test_processes_share_the_shops_that_are_due(house: House) -> None:
    for number in range(3):
        await house.stocked(external_id=f"60{number:04}")
    house.clock.advance(HOUR)
    shares = await asyncio.gather(*(house.another().sync.claim_due(2) for _ in range(4)))
    shares.append(await house.services.sync.claim_due())  # what was locked while the others looked
    claimed = [(mark.shop_id, mark.stream) for share in shares for mark in share]
    assert len(claimed) == len(set(claimed)) == 3 * 6


async def test_a_shop_is_read_at_once_when_asked(house: House) -> None:
    shop, _ = await house.stocked()
    asked = house.bazaar.calls["orders_changed"]
    await house.services.shops.sync_now(house.owner, shop.id)
    await house.services.sync.poll_due(shop.id, ORDERS)
    assert house.bazaar.calls["orders_changed"] == asked + 1
