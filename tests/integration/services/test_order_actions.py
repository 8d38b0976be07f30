"""Cancelling an order, answering a buyer, noting something: asked once, sent once, believed when it is seen."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
import pytest_asyncio

from domain.actions import LOOKS, NO_EFFECT, ActionState
from domain.chats import Visitor
from domain.errors import (
    Conflict,
    FateUnknown,
    InputError,
    NotAllowed,
    PlatformUnavailable,
    UnsupportedByPlatform,
)
from domain.events import EventKind
from domain.order_actions import ActionKind, OrderAction
from domain.orders import OrderStatus
from domain.people import Role
from domain.platform import Can, CancelReason
from domain.queue import Task
from domain.shops import Shop
from domain.tickets import Action
from services.order_actions import CANCELS, OrderDoing
from services.send_once import LEASE
from services.sync import ORDERS
from services.views import Pressed, PressResult
from storage.leases import release_all
from storage.repositories.order_actions import OrderActions
from tests.factories import DAY, NOW, order_line, order_snapshot
from tests.fakes.platform import SLUG, FakeShop
from tests.integration.services.house import MESSAGE, House
from tests.integration.services.stocking import count, level, numbers

NUMBER = "260302A1B2C3D4"
SECOND = timedelta(seconds=1)
OUT_OF_STOCK = CancelReason.OUT_OF_STOCK


class Desk:
    """A shop with one order to pack, and the person who looks at it."""

    def __init__(self, house: House, shop: Shop, truth: FakeShop) -> None:
        self.house = house
        self.shop = shop
        self.truth = truth
        self.order_id = ""

    @property
    def cancels(self) -> int:
        return self.house.bazaar.calls["cancel"]

    async def doing(self) -> OrderDoing:
        return await self.house.services.order_actions.of(self.house.owner.seller_id, self.order_id)

    async def latest(self) -> OrderAction:
        found = (await self.doing()).latest
        assert found
        return found

    async def press(
        self, action: Action, *, by: Visitor | None = None, version: int | None = None
    ) -> Pressed:
        visitor = by or self.house.owner
        shown = (await self.doing()).version if version is None else version
        data = await self.house.services.buttons.token(
            visitor.view.id, action, self.order_id, shown, Role.MANAGER
        )
        return await self.house.services.buttons.press(visitor, data, MESSAGE)

    async def cancel(self, reason: CancelReason = OUT_OF_STOCK) -> Pressed:
        return await self.press(CANCELS[reason])

    async def act(self) -> OrderAction:
        latest = await self.latest()
        await self.house.services.order_sending.act(latest.seller_id, latest.id)
        return await self.latest()

    async def due(self) -> list[str]:
        return [action_id for _, action_id in await self.house.services.order_sending.due()]

    async def status(self) -> OrderStatus:
        seen = await self.house.order(self.shop, NUMBER)
        assert seen
        return seen.status

    async def stranded(self, *, is_done: bool) -> OrderAction:
        """Leave the cancellation as a worker leaves it that is killed before the effect, or before the answer."""
        await self.cancel()
        gate = self.house.bazaar.hold("cancel", is_done=is_done)
        worker = asyncio.create_task(self.act())
        await gate.reached.wait()
        worker.cancel()
        await asyncio.wait({worker})
        return await self.latest()


async def desk_with(house: House) -> Desk:
    shop, truth = await house.stocked()
    desk = Desk(house, shop, truth)
    await count(house, 9)
    truth.place(order_snapshot(NUMBER, lines=(order_line(2),)))
    await house.services.sync.poll(shop.id, ORDERS)
    page = await house.services.search.find(house.owner, NUMBER)
    desk.order_id = page.orders[0].order_id
    return desk


@pytest_asyncio.fixture(loop_scope="session")
async def desk(house: House) -> Desk:
    return await desk_with(house)


@pytest_asyncio.fixture(loop_scope="session")
async def light_desk(sqlite_house: House) -> Desk:
    return await desk_with(sqlite_house)


def lost() -> FateUnknown:
    return FateUnknown(platform=SLUG, operation="cancel", reason="timeout")


def unavailable() -> PlatformUnavailable:
    return PlatformUnavailable(platform=SLUG, operation="cancel", reason="http_503")


async def test_an_order_is_cancelled_once_and_its_units_come_back(desk: Desk) -> None:
    assert numbers(await level(desk.house)) == (9, 2, 7)
    pressed = await desk.cancel()
    assert (pressed.result, pressed.object_id) == (PressResult.ORDER_ASKED, desk.order_id)
    asked = await desk.latest()
    assert (asked.kind, asked.reason, asked.state) == (ActionKind.CANCEL, OUT_OF_STOCK, ActionState.READY)
    assert desk.house.queue.take(Task.ACT_ON_ORDER) == [(asked.seller_id, asked.id)]
    assert desk.cancels == 0

    done = await desk.act()
    assert done.state is ActionState.DONE
    assert (await desk.status(), numbers(await level(desk.house))) == (OrderStatus.CANCELLED, (9, 0, 9))
    assert desk.house.bazaar.order_actions.done == [("cancel", NUMBER)]
    assert [each for each in await desk.house.audited() if each.startswith("order.")] == [
        "order.cancel.asked",
        "order.cancel.done",
    ]
    assert await desk.due() == []
    await desk.act()
    assert desk.cancels == 1


async def test_the_question_says_what_comes_back_and_what_it_does_to_the_rate(light_desk: Desk) -> None:
    """Of 25 orders that count, one was cancelled by the seller: 4 %; this one makes it two: 8 %."""
    desk, house = light_desk, light_desk.house
    paid = [order_snapshot(f"26PAID{at:04d}", status=OrderStatus.COMPLETED) for at in range(23)]
    off = order_snapshot("26OFF00001", OrderStatus.CANCELLED, cancelled_by="Seller")
    others = [
        order_snapshot("26OFF00002", OrderStatus.CANCELLED, cancelled_by="buyer"),
        order_snapshot("26OFF00003", OrderStatus.CANCELLED, cancelled_by="system", paid_at=None),
        order_snapshot("26OLD00001", OrderStatus.CANCELLED, cancelled_by="seller", placed_at=NOW - 31 * DAY),
        order_snapshot("26UNPAID01", OrderStatus.UNPAID),
    ]
    await house.services.orders.record(desk.shop, [*paid, off, *others])
    plan = await house.services.order_actions.plan(house.owner, desk.order_id, OUT_OF_STOCK)
    assert (plan.units, plan.units_back) == (2, 2)
    assert (plan.before.percent, plan.after.percent) == (Decimal("4.0"), Decimal("8.0"))
    reasons = await house.services.order_actions.reasons(house.owner, desk.order_id)
    assert reasons == (CancelReason.OUT_OF_STOCK, CancelReason.BUYER_ASKED)


@pytest.mark.parametrize("is_done", [True, False])
async def test_a_crash_between_call_and_answer_never_sends_it_twice(desk: Desk, is_done: bool) -> None:  # noqa: FBT001
    stranded = await desk.stranded(is_done=is_done)
    assert stranded.state is ActionState.SENDING
    assert await desk.due() == []
    assert (await desk.act()).state is ActionState.SENDING
    desk.house.clock.advance(LEASE)
    assert await desk.due() == [stranded.id]
    for _ in LOOKS:
        await desk.act()
        desk.house.clock.advance(max(LOOKS))
    ended = await desk.latest()
    assert desk.cancels == 1
    if is_done:
        assert (ended.state, await desk.status()) == (ActionState.DONE, OrderStatus.CANCELLED)
        return
    assert (ended.state, ended.refusal) == (ActionState.REFUSED, NO_EFFECT)
    await desk.cancel()  # a person tries again
    assert (await desk.act()).state is ActionState.DONE
    assert desk.house.bazaar.order_actions.done == [("cancel", NUMBER)]


async def test_a_restart_reads_back_at_once_what_the_killed_process_had_in_hand(desk: Desk) -> None:
    stranded = await desk.stranded(is_done=True)
    await desk.house.database.write(lambda conn: release_all(conn, desk.house.clock()), "t")
    assert await desk.due() == [stranded.id]
    assert (await desk.act()).state is ActionState.DONE
    assert desk.cancels == 1


async def test_what_a_backup_remembers_as_asked_is_only_looked_at(light_desk: Desk) -> None:
    desk = light_desk
    await desk.cancel()
    await desk.house.database.write(lambda conn: OrderActions.only_look(conn, desk.house.clock()), "t")
    assert (await desk.act()).state is ActionState.UNKNOWN
    assert desk.cancels == 0


async def test_a_lost_answer_is_read_back(light_desk: Desk) -> None:
    desk = light_desk
    desk.house.bazaar.fail("cancel", lost(), is_done=True)
    await desk.cancel()
    assert (await desk.act()).state is ActionState.DONE
    assert desk.cancels == 1


async def test_nobody_decides_while_the_platform_cannot_be_read(light_desk: Desk) -> None:
    desk = light_desk
    desk.house.bazaar.fail("cancel", lost(), is_done=True)
    desk.house.bazaar.fail("fetch_orders", unavailable(), times=20)
    await desk.cancel()
    for _ in range(10):
        assert (await desk.act()).state is ActionState.UNKNOWN
        desk.house.clock.advance(10 * SECOND)
    desk.house.bazaar.heal()
    assert (await desk.act()).state is ActionState.DONE
    assert desk.cancels == 1


async def test_what_surely_was_not_sent_leaves_later_by_itself(light_desk: Desk) -> None:
    desk = light_desk
    desk.house.bazaar.fail("cancel", unavailable())
    await desk.cancel()
    assert (await desk.act()).state is ActionState.READY
    assert await desk.due() == []
    desk.house.clock.advance(2 * SECOND)
    assert (await desk.act()).state is ActionState.DONE


async def test_a_refusal_is_told_with_its_reason_and_asked_for_anew(light_desk: Desk) -> None:
    desk = light_desk
    await desk.cancel(CancelReason.COD_NOT_SUPPORTED)
    refused = await desk.act()
    assert (refused.state, refused.refusal) == (ActionState.REFUSED, "reason_refused")
    assert ActionKind.CANCEL in (await desk.doing()).may
    desk.house.clock.advance(SECOND)
    await desk.cancel(CancelReason.BUYER_ASKED)
    assert (await desk.act()).state is ActionState.DONE


async def test_an_order_that_went_on_meanwhile_is_not_touched(light_desk: Desk) -> None:
    desk = light_desk
    await desk.cancel()
    gone = replace(desk.truth.orders[NUMBER], status=OrderStatus.SHIPPED, updated_at=NOW + SECOND, digest="s")
    await desk.house.services.orders.record(desk.shop, [gone])
    refused = await desk.act()
    assert (refused.state, refused.refusal, desk.cancels) == (ActionState.REFUSED, "too_late", 0)


async def test_two_presses_on_two_phones_ask_once(desk: Desk) -> None:
    house = desk.house
    ann = await house.join("Ann", 4712, Role.MANAGER)
    shown = (await desk.doing()).version
    told = await asyncio.gather(
        desk.press(Action.CANCEL_OUT_OF_STOCK, version=shown),
        desk.press(Action.CANCEL_BUYER_ASKED, by=ann, version=shown),
        return_exceptions=True,
    )
    assert sorted(type(each).__name__ for each in told) == ["Conflict", "Pressed"]
    with pytest.raises(Conflict, match="order_busy"):
        await desk.press(Action.CANCEL_BUYER_ASKED)
    assert (await desk.doing()).may == frozenset()


async def test_who_may_not_cancels_nothing(light_desk: Desk) -> None:
    desk, house = light_desk, light_desk.house
    budi = await house.join("Budi", 4713, Role.PACKER)
    with pytest.raises(NotAllowed):
        await desk.press(Action.CANCEL_OUT_OF_STOCK, by=budi)
    with pytest.raises(NotAllowed):
        await house.services.order_actions.plan(budi, desk.order_id, OUT_OF_STOCK)
    assert (await desk.doing()).latest is None


async def test_a_pause_holds_it_and_the_resume_lets_it_leave(light_desk: Desk) -> None:
    desk, house = light_desk, light_desk.house
    visitor = house.owner

    async def switch(action: Action) -> None:
        version = (await house.services.pausing.look(visitor)).version
        data = await house.services.buttons.token(
            visitor.view.id, action, visitor.seller_id, version, Role.MANAGER
        )
        await house.services.buttons.press(visitor, data, MESSAGE + 1)

    await desk.cancel()
    await switch(Action.PAUSE_WRITES)
    assert await desk.due() == []
    assert (await desk.act()).state is ActionState.READY
    assert ((await desk.doing()).is_held, desk.cancels) == (True, 0)
    house.queue.take(Task.ACT_ON_ORDER)
    await switch(Action.RESUME_WRITES)
    assert len(house.queue.take(Task.ACT_ON_ORDER)) == 1
    assert (await desk.act()).state is ActionState.DONE


async def test_a_platform_that_cannot_is_not_asked(light_desk: Desk) -> None:
    desk, house = light_desk, light_desk.house
    unable = replace(house.bazaar.platform.info, can=frozenset(Can) - {Can.CANCEL_ORDERS})
    house.bazaar.platform = replace(house.bazaar.platform, info=unable)
    await desk.cancel()
    house.services = house.another()
    refused = await desk.act()
    assert (refused.refusal, desk.cancels) == (UnsupportedByPlatform.code, 0)
    assert (await desk.doing()).may == {ActionKind.NOTE}


async def test_a_buyer_who_asks_is_answered_once(desk: Desk) -> None:
    house = desk.house
    house.clock.advance(SECOND)
    house.bazaar.order_actions.ask_to_cancel(desk.truth, NUMBER)
    await house.services.sync.poll(desk.shop.id, ORDERS)
    assert (await desk.doing()).may == {ActionKind.ACCEPT, ActionKind.REJECT, ActionKind.NOTE}
    assert len(await house.told(EventKind.ORDER_CANCELLED)) == 1
    house.clock.advance(SECOND)
    await desk.press(Action.REJECT_CANCEL)
    assert (await desk.act()).state is ActionState.DONE
    assert await desk.status() is OrderStatus.TO_SHIP

    house.clock.advance(SECOND)
    house.bazaar.order_actions.ask_to_cancel(desk.truth, NUMBER)
    await house.services.sync.poll(desk.shop.id, ORDERS)
    house.clock.advance(SECOND)
    await desk.press(Action.ACCEPT_CANCEL)
    assert (await desk.act()).state is ActionState.DONE
    assert await desk.status() is OrderStatus.CANCELLED
    assert house.bazaar.order_actions.done == [("answer", NUMBER), ("answer", NUMBER)]
    with pytest.raises(Conflict, match="moved_on"):
        await desk.press(Action.ACCEPT_CANCEL)


async def test_a_buyer_who_waits_is_told_of_once_more_before_the_order_must_ship(desk: Desk) -> None:
    house, remind = desk.house, desk.house.services.order_actions.remind
    house.clock.advance(SECOND)
    house.bazaar.order_actions.ask_to_cancel(desk.truth, NUMBER)
    await house.services.sync.poll(desk.shop.id, ORDERS)
    assert await remind() == 0
    house.clock.advance(DAY - timedelta(hours=4))  # it must ship a day after noon
    for _ in range(2):
        assert await remind() == 1
        assert await remind() == 0  # looked at a moment ago
        house.clock.advance(timedelta(minutes=1))
    assert (
        await house.told(EventKind.ORDER_CANCELLED)
        == [{"order_id": desk.order_id, "shop_id": desk.shop.id}] * 2
    )


async def test_a_note_is_kept_at_the_platform(light_desk: Desk) -> None:
    desk, house = light_desk, light_desk.house
    with pytest.raises(InputError, match="note_long"):
        await house.services.order_actions.note(house.owner, desk.order_id, "x" * 501)
    house.clock.advance(SECOND)
    await house.services.order_actions.note(house.owner, desk.order_id, "  bubble wrap ")
    await house.services.order_actions.note(
        house.owner, desk.order_id, "bubble wrap"
    )  # the same update again
    assert (await desk.act()).state is ActionState.DONE
    seen = await house.order(desk.shop, NUMBER)
    assert seen
    assert (seen.seller_note, house.bazaar.calls["set_note"]) == ("bubble wrap", 1)


async def test_every_card_of_the_order_follows(light_desk: Desk) -> None:
    desk, house = light_desk, light_desk.house
    view = house.owner.view
    await house.services.cards.remember(
        view.seller_id, view.id, MESSAGE, subject="order", subject_id=desk.order_id, version=0
    )
    await desk.cancel()
    await desk.act()
    assert await house.told(EventKind.ORDER_MOVED) == [{"order_id": desk.order_id}] * 2
