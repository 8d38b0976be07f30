"""One shop: paused and resumed, unlinked and linked again, by the same seller or by another one."""

import asyncio

import pytest
from sqlalchemy import func, select

from domain.changes import ChangeState
from domain.chats import Visitor
from domain.errors import Conflict, InputError, NotAllowed, NotFound, TokenRevoked
from domain.events import EventKind
from domain.orders import OrderStatus
from domain.people import Role
from domain.queue import Task
from domain.shops import Shop, ShopState
from domain.tickets import Action
from services.linking import LINKS_BEGUN, LINKS_WITHIN
from services.sync import LISTINGS, ORDERS
from services.views import OrderFilter, Pressed, PressResult
from storage.repositories import directory
from storage.tables.shops import secret, shop
from tests.factories import DAY, HOUR, order_snapshot
from tests.fakes.platform import ACCESS_LASTS
from tests.integration.services.house import MESSAGE, House
from tests.integration.services.links import answer, returned, started
from tests.integration.services.packing_table import Table
from tests.integration.services.pricing import LAMP, due_ids
from tests.integration.services.stocking import count


async def now(house: House, of: Shop) -> Shop:
    return await house.database.read(lambda conn: directory.shop_by_id(conn, of.id))


async def press(house: House, action: Action, of: Shop, by: Visitor | None = None) -> Pressed:
    """Press the button of a shop's screen as it is now."""
    return await press_shown(house, action, await now(house, of), by)


async def press_shown(house: House, action: Action, of: Shop, by: Visitor | None = None) -> Pressed:
    visitor = by or house.owner
    about = (of.id, of.link_gen, Role.MANAGER)
    data = await house.services.buttons.token(visitor.view.id, action, *about)
    return await house.services.buttons.press(visitor, data, MESSAGE)


async def unlinked(house: House) -> Shop:
    """Return a shop with a past whose link was ended."""
    made, truth = await house.stocked()
    truth.place(order_snapshot("26A"))
    await house.services.sync.poll(made.id, ORDERS)
    assert (await press(house, Action.UNLINK_SHOP, made)).result is PressResult.SHOP_UNLINKED
    return await house.shop(made.id)


async def linked_by(house: House, by: Visitor) -> str:
    """Link the shop in the chat of a person; return its id."""
    offer = await returned(house, by)
    await answer(house, offer, Action.CONFIRM_LINK, by=by)
    [found] = await house.services.shops.list_shops(by)
    return found.id


async def secrets_of(house: House, shop_id: str) -> int:
    query = select(func.count()).select_from(secret).where(secret.c.owner == f"shop:{shop_id}")
    return await house.database.read(lambda conn: conn.scalar(query) or 0)


# Paused


async def test_a_paused_shop_is_neither_read_nor_written_to_and_catches_up(house: House) -> None:
    made, truth = await house.stocked()
    change = await house.approved()
    await count(house, truth.units(LAMP) + 3)
    await house.services.stock_pushes.push(made.id)
    await count(house, truth.units(LAMP) + 2)
    assert (await press(house, Action.PAUSE_SHOP, made)).result is PressResult.SHOP_PAUSED
    house.clock.advance(HOUR)
    calls = sum(house.bazaar.calls.values())
    truth.place(order_snapshot("26A", OrderStatus.TO_SHIP, placed_at=house.clock(), updated_at=house.clock()))
    assert await house.services.sync.claim_due() == []
    for stream in (ORDERS, LISTINGS):
        assert await house.services.sync.poll(made.id, stream) == 0
    headers, body = house.bazaar.push(house.app, "order", "600011", "26A")
    await house.services.inbound.receive_hook("bazaar", house.app.id, headers, body)
    await house.services.hints.work_off()
    await house.services.stock_pushes.push(made.id)
    await house.apply(change)
    assert (await due_ids(house), await house.services.stock_pushes.due()) == ([], [])
    assert sum(house.bazaar.calls.values()) == calls
    details = await house.services.shops.details(house.owner, made.id)
    assert (details.shop.state, details.prices, details.stock) == (ShopState.PAUSED, 1, 1)
    assert (await press(house, Action.RESUME_SHOP, made)).result is PressResult.SHOP_RESUMED
    assert {(Task.POLL_ORDERS, (made.id,)), (Task.PUSH_STOCK, (made.id,))} <= set(house.queue.asked)
    assert await house.services.sync.poll_due(made.id, ORDERS) == 1
    assert await house.told(EventKind.ORDER_PLACED)
    assert (await house.apply(change)).state is ChangeState.APPLIED
    assert {"shop.paused", "shop.resumed"} <= set(await house.audited())


async def test_the_link_of_a_paused_shop_is_kept_and_its_end_is_noticed(sqlite_house: House) -> None:
    house = sqlite_house
    made, _ = await house.stocked()
    await press(house, Action.PAUSE_SHOP, made)
    house.clock.advance(ACCESS_LASTS)
    await house.services.tokens.refresh_expiring()
    assert house.bazaar.calls["refresh"] == 1
    house.bazaar.revoke("600011")
    house.clock.advance(ACCESS_LASTS)
    await house.services.tokens.refresh_expiring()
    assert (await house.shop(made.id)).state is ShopState.NEEDS_RELINK


async def test_who_may_pause_and_unlink(house: House) -> None:
    made, _ = await house.stocked()
    manager = await house.join("Budi", 4712, Role.MANAGER)
    packer = await house.join("Citra", 4713, Role.PACKER)
    eve = await house.found("Eve", 6666)
    with pytest.raises(NotAllowed, match="role"):
        await press(house, Action.PAUSE_SHOP, made, packer)
    with pytest.raises(NotAllowed, match="role"):
        await press(house, Action.UNLINK_SHOP, made, manager)
    for action in (Action.PAUSE_SHOP, Action.UNLINK_SHOP):
        with pytest.raises(NotFound, match="shop_unknown"):
            await press(house, action, made, eve)
    shown = await now(house, made)
    await press(house, Action.PAUSE_SHOP, made, manager)
    with pytest.raises(Conflict, match="moved_on"):
        await press_shown(house, Action.UNLINK_SHOP, shown)  # the button speaks of a shop that was not paused
    assert (await house.shop(made.id)).state is ShopState.PAUSED
    with pytest.raises(Conflict, match="moved_on"):
        await house.services.shops.sync_now(house.owner, made.id)
    with pytest.raises(NotFound, match="shop_unknown"):
        await house.services.shops.details(eve, made.id)


# Unlinked


async def test_unlinking_destroys_the_access_and_keeps_the_past(house: House) -> None:
    gone = await unlinked(house)
    assert (gone.state, await secrets_of(house, gone.id)) == (ShopState.UNLINKED, 0)
    assert await house.services.shops.list_shops(house.owner) == []
    with pytest.raises(NotFound, match="shop_unknown"):
        await house.services.shops.details(house.owner, gone.id)
    assert await house.order(gone, "26A") is not None
    assert (await house.services.orders.page(house.owner, "all")).rows  # type: ignore[arg-type]
    assert (await house.services.stock.page(house.owner, "")).total == 0
    assert (await house.audited())[-1] == "shop.unlinked"
    calls = sum(house.bazaar.calls.values())
    house.clock.advance(DAY)
    assert await house.services.sync.claim_due() == []
    assert await house.services.sync.poll(gone.id, ORDERS) == 0
    assert await house.services.sync.backfill(gone.id) == 0
    await house.services.tokens.refresh_expiring()
    assert sum(house.bazaar.calls.values()) == calls


async def test_what_is_to_pack_leaves_with_its_shop_and_comes_back_with_it(house: House) -> None:
    table = await Table.lay(house)
    await table.place(1, ship_by=house.clock() + HOUR)
    assert await to_pack(house) == (1, 1, 1, 1)
    await press(house, Action.UNLINK_SHOP, table.shop)
    assert await to_pack(house) == (0, 0, 0, 0)
    assert await house.services.packing.remind() == 0
    assert len((await house.services.orders.page(house.owner, OrderFilter.ALL)).rows) == 1
    assert (await house.services.home.today(house.owner)).pack_next is None
    await linked_by(house, house.owner)
    assert await to_pack(house) == (1, 1, 1, 1)


async def to_pack(house: House) -> tuple[int, int, int, int]:
    """Return how much is to pack as home, the list, its count and the work list say."""
    page = await house.services.orders.page(house.owner, OrderFilter.TO_PACK)
    home = await house.services.home.today(house.owner)
    work = await house.services.packing.work(house.owner)
    return (home.to_pack, len(page.rows), page.counts[OrderFilter.TO_PACK], work.waiting)


async def test_what_waited_for_an_unlinked_shop_is_not_sent_and_says_why(house: House) -> None:
    made, _ = await house.stocked()
    change = await house.approved()
    await press(house, Action.UNLINK_SHOP, made)
    assert await due_ids(house) == [change.id]
    ended = await house.apply(change)
    assert (ended.state, ended.reason) == (ChangeState.FAILED, "shop_unlinked")
    assert house.bazaar.calls["push_prices"] == 0


async def test_a_refresh_under_way_stores_nothing_after_the_unlinking(house: House) -> None:
    made, _ = await house.stocked()
    house.clock.advance(ACCESS_LASTS)
    gate = house.bazaar.hold("refresh")
    running = asyncio.create_task(house.services.tokens.refresh_expiring())
    await gate.reached.wait()
    await press(house, Action.UNLINK_SHOP, made)
    gate.open.set()
    await asyncio.wait({running})
    assert await secrets_of(house, made.id) == 0
    with pytest.raises(TokenRevoked, match="unlinked"):
        await house.services.tokens.call(made.id, lambda *_: asyncio.sleep(0))


async def test_the_same_seller_brings_it_back_with_its_past_and_without_ringing(house: House) -> None:
    gone = await unlinked(house)
    house.clock.advance(DAY)
    truth = house.bazaar.shops["600011"]
    truth.place(order_snapshot("26B", placed_at=house.clock() - HOUR, updated_at=house.clock() - HOUR))
    rang = len(await house.told(EventKind.ORDER_PLACED))
    assert await linked_by(house, house.owner) == gone.id
    assert house.queue.take(Task.BACKFILL) == [(gone.id,)]
    await house.services.sync.backfill(gone.id)
    back = await house.shop(gone.id)
    assert (back.state, back.linked_at) == (ShopState.LINKED, house.clock())
    assert [await house.order(back, number) is not None for number in ("26A", "26B")] == [True, True]
    assert len(await house.told(EventKind.ORDER_PLACED)) == rang
    assert (await house.services.stock.page(house.owner, "")).total == 1
    assert (await house.apply(await house.approved())).state is ChangeState.APPLIED


async def test_another_seller_may_link_it_and_both_keep_their_own_past(house: House) -> None:
    gone = await unlinked(house)
    eve = await house.found("Eve", 6666)
    theirs = await linked_by(house, eve)
    assert theirs != gone.id
    headers, body = house.bazaar.push(house.app, "order", "600011", "26A")
    await house.services.inbound.receive_hook("bazaar", house.app.id, headers, body)
    await house.services.hints.work_off()
    pages = [await house.services.orders.page(each, "all") for each in (house.owner, eve)]  # type: ignore[arg-type]
    assert [len(page.rows) for page in pages] == [1, 1]
    _, browser = await started(house)
    assert (await browser.come_back(await browser.consent())).code == "link_foreign"
    [shown] = await house.services.shops.list_shops(eve)
    await press(house, Action.UNLINK_SHOP, shown, eve)
    assert await linked_by(house, house.owner) == gone.id
    found = await house.database.read(lambda conn: {row.id: row for row in conn.execute(select(shop)).all()})
    assert (found[gone.id].external_id, found[gone.id].former_external_id) == ("600011", None)
    assert (found[theirs].external_id, found[theirs].former_external_id) == (f"~{theirs}", "600011")


async def test_of_two_who_link_an_unlinked_shop_at_once_one_gets_it(house: House) -> None:
    await unlinked(house)
    eve = await house.found("Eve", 6666)
    offers = {who.seller_id: (await returned(house, who), who) for who in (house.owner, eve)}
    results = await asyncio.gather(
        *(answer(house, offer, Action.CONFIRM_LINK, by=who) for offer, who in offers.values()),
        return_exceptions=True,
    )
    assert sum(isinstance(each, Pressed) for each in results) == 1, results
    query = select(func.count()).select_from(shop).where(shop.c.state == ShopState.LINKED)
    assert await house.database.read(lambda conn: conn.scalar(query)) == 1


# Quota


async def test_one_person_begins_to_link_five_times_an_hour(house: House) -> None:
    for _ in range(LINKS_BEGUN):
        await started(house)
        house.clock.advance(HOUR / 60)
    with pytest.raises(InputError) as refused:
        await started(house)
    assert (refused.value.code, refused.value.params["again"]) == (
        "too_many_links",
        house.clock() + 55 * HOUR / 60,
    )
    await started(house, await house.join("Budi", 4712, Role.MANAGER))
    house.clock.advance(LINKS_WITHIN - 5 * HOUR / 60)
    await started(house)
