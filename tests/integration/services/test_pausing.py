"""The kill-switch: nothing leaves while it is on, nothing is lost by it, and what waited leaves once."""

import asyncio

import pytest

from domain.changes import ChangeState
from domain.chats import Visitor
from domain.errors import Conflict, NotAllowed, WritesPaused
from domain.events import EventKind
from domain.people import Role
from domain.queue import Task
from domain.shops import ShopState
from domain.tickets import Action
from services import pausing
from services.applying import LEASE
from services.views import Pressed, PressResult, Writes
from storage.repositories.shops import Shops
from tests.factories import money
from tests.fakes.platform import ACCESS_LASTS
from tests.integration.services.house import MESSAGE, House
from tests.integration.services.pricing import LAMP, due_ids, stranded
from tests.integration.services.stocking import count


async def look(house: House) -> Writes:
    return await house.services.pausing.look(house.owner)


async def switch(house: House, action: Action, by: Visitor | None = None) -> Pressed:
    """Press the button of the /pause screen as it is now."""
    visitor = by or house.owner
    about = (visitor.seller_id, (await house.services.pausing.look(visitor)).version, Role.MANAGER)
    data = await house.services.buttons.token(visitor.view.id, action, *about)
    return await house.services.buttons.press(visitor, data, MESSAGE)


async def pause(house: House, by: Visitor | None = None) -> None:
    assert (await switch(house, Action.PAUSE_WRITES, by)).result is PressResult.PAUSED


async def resume(house: House, by: Visitor | None = None) -> None:
    assert (await switch(house, Action.RESUME_WRITES, by)).result is PressResult.RESUMED


async def rest(house: House, shop_id: str, state: ShopState = ShopState.PAUSED) -> None:
    await house.database.write(lambda conn: Shops(conn, house.owner.seller_id).set(shop_id, state=state), "t")


# Prices


async def test_an_approved_price_waits_and_leaves_once_after_the_resume(house: House) -> None:
    _, truth = await house.stocked()
    await pause(house)
    change = await house.approved(119000)
    for _ in range(3):
        await house.work_off()
        assert await house.apply(change) == change
    assert await due_ids(house) == []
    assert (house.bazaar.calls["push_prices"], truth.price(LAMP)) == (0, money(129000))
    assert (await look(house)).prices == 1
    await resume(house)
    assert house.queue.asked.count((Task.APPLY_CHANGE, (change.seller_id, change.id))) == 1
    await house.work_off()
    assert (house.bazaar.calls["push_prices"], truth.price(LAMP)) == (1, money(119000))
    assert (await house.change(change.id)).state is ChangeState.APPLIED


async def test_a_price_approved_before_the_pause_waits_too_and_its_card_follows(house: House) -> None:
    await house.stocked()
    change = await house.approved()
    before = await house.services.prices.proposal(house.owner, change.proposal_id)
    await pause(house)
    held = await house.services.prices.proposal(house.owner, change.proposal_id)
    assert (before.is_paused, held.is_paused, held.version) == (False, True, before.version + 1)
    await house.work_off()
    assert house.bazaar.calls["push_prices"] == 0
    moved = await house.told(EventKind.PROPOSAL_MOVED)
    assert moved[-1] == {"proposal_id": change.proposal_id}
    await resume(house)
    assert len(await house.told(EventKind.PROPOSAL_MOVED)) == len(moved) + 1


async def test_a_pause_between_the_look_and_the_push_keeps_the_price_back(house: House) -> None:
    await house.stocked()
    change = await house.approved()
    gate = house.bazaar.hold("fetch_listings")
    worker = asyncio.create_task(house.services.applying.apply(change.seller_id, change.id))
    await gate.reached.wait()
    await pause(house)
    gate.open.set()
    await worker
    kept = await house.change(change.id)
    assert house.bazaar.calls["push_prices"] == 0
    assert (kept.state, kept.attempts) == (ChangeState.APPROVED, 0)
    await resume(house)
    await house.work_off()
    assert (await house.change(change.id)).state is ChangeState.APPLIED


async def test_what_may_have_left_before_the_pause_is_read_back_during_it(house: House) -> None:
    await house.stocked()
    change = await stranded(house)
    await pause(house)
    house.clock.advance(LEASE)
    assert await due_ids(house) == [change.id]
    settled = await house.apply(change)
    assert settled.state is ChangeState.APPROVED  # the shop still shows the old price
    assert await due_ids(house) == []
    assert house.bazaar.calls["push_prices"] == 1


async def test_a_paused_shop_holds_its_own_prices_only(house: House) -> None:
    shop, _ = await house.stocked()
    change = await house.approved()
    await rest(house, shop.id)
    assert await house.apply(change) == change
    assert await due_ids(house) == []
    await rest(house, shop.id, ShopState.LINKED)
    assert (await house.apply(change)).state is ChangeState.APPLIED


# Stock


async def test_stock_waits_and_is_sent_once_after_the_resume(house: House) -> None:
    shop, truth = await house.stocked()
    shown = truth.units(LAMP)
    await count(house, shown + 3)
    await house.services.stock_pushes.push(shop.id)
    await pause(house)
    sent = house.bazaar.calls["push_stock"]
    await count(house, shown + 5)
    for _ in range(3):
        await house.services.stock_pushes.push(shop.id)
    assert await house.services.stock_pushes.due() == []
    assert (truth.units(LAMP), house.bazaar.calls["push_stock"]) == (shown + 3, sent)
    assert (await look(house)).stock == 1
    await resume(house)
    assert house.queue.take(Task.PUSH_STOCK) == [(shop.id,)]
    await house.services.stock_pushes.push(shop.id)
    assert (truth.units(LAMP), house.bazaar.calls["push_stock"]) == (shown + 5, sent + 1)
    assert (await look(house)).stock == 0


async def test_a_pause_between_the_claim_and_the_push_keeps_the_stock_back(house: House) -> None:
    """The token is refreshed in between, which takes its time."""
    shop, truth = await house.stocked()
    shown = truth.units(LAMP)
    await house.services.stock_pushes.push(shop.id)
    await count(house, shown + 3)
    await house.services.stock_pushes.push(shop.id)
    await count(house, shown + 5)
    house.clock.advance(ACCESS_LASTS)
    gate = house.bazaar.hold("refresh")
    worker = asyncio.create_task(house.services.stock_pushes.push(shop.id))
    await gate.reached.wait()
    await pause(house)
    gate.open.set()
    await worker
    assert (truth.units(LAMP), house.bazaar.calls["push_stock"]) == (shown + 3, 1)
    assert (await look(house)).stock == 1


# Who, and how often


async def test_managers_pause_and_others_do_not(house: House) -> None:
    manager = await house.join("Budi", 4712, Role.MANAGER)
    packer = await house.join("Citra", 4713, Role.PACKER)
    with pytest.raises(NotAllowed, match="role"):
        await switch(house, Action.PAUSE_WRITES, packer)
    assert (await look(house)).pause is None
    await pause(house, manager)
    found = (await look(house)).pause
    assert found is not None
    assert (found.by, found.name, found.at) == ("4712", "Budi", house.clock())
    assert (await house.audited())[-1] == "writes.paused"
    with pytest.raises(NotAllowed, match="role"):
        await switch(house, Action.RESUME_WRITES, packer)
    await resume(house, manager)
    assert (await house.audited())[-1] == "writes.resumed"


async def test_everybody_else_hears_of_it_once(house: House) -> None:
    manager = await house.join("Budi", 4712, Role.MANAGER)
    await pause(house, manager)
    assert await house.told(EventKind.WRITES_PAUSED) == [{"by": "4712"}]
    assert await house.told(EventKind.WRITES_PAUSED, of=manager) == []
    await resume(house)
    assert await house.told(EventKind.WRITES_RESUMED, of=manager) == [{"by": "4711"}]


async def test_an_old_button_does_nothing(house: House) -> None:
    manager = await house.join("Budi", 4712, Role.MANAGER)
    old = await house.services.buttons.token(
        manager.view.id, Action.PAUSE_WRITES, manager.seller_id, 0, Role.MANAGER
    )
    await pause(house)
    await resume(house)
    with pytest.raises(Conflict, match="moved_on"):
        await house.services.buttons.press(manager, old, MESSAGE)
    assert (await look(house)).pause is None


async def test_two_who_pause_at_once_pause_once(house: House) -> None:
    manager = await house.join("Budi", 4712, Role.MANAGER)
    results = await asyncio.gather(
        switch(house, Action.PAUSE_WRITES),
        switch(house, Action.PAUSE_WRITES, manager),
        return_exceptions=True,
    )
    assert sum(isinstance(each, Pressed) for each in results) == 1
    assert (await house.audited()).count("writes.paused") == 1


async def test_another_seller_is_not_paused(house: House) -> None:
    await house.stocked()
    change = await house.approved()
    await pause(house, await house.found("Eve", 6666))
    assert (await house.apply(change)).state is ChangeState.APPLIED


async def test_what_writes_must_ask_first(sqlite_house: House) -> None:
    house = sqlite_house
    shop, _ = await house.stocked()
    await house.database.read(lambda conn: pausing.assert_open(conn, shop.id))
    await pause(house)
    with pytest.raises(WritesPaused):
        await house.database.read(lambda conn: pausing.assert_open(conn, shop.id))


async def test_home_status_and_cards_say_so(house: House) -> None:
    await house.stocked()
    await pause(house)
    assert (await house.services.home.today(house.owner)).pause is not None
    status = await house.services.status.look(house.owner)
    assert (status.pause is not None, status.is_well) == (True, False)
