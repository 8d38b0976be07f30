"""Goods that came back: on the shelf again or left out, each once, whoever taps how often."""

import asyncio
from datetime import timedelta

import pytest
import pytest_asyncio

from domain.errors import Conflict, NotAllowed
from domain.events import EventKind
from domain.orders import OrderStatus
from domain.people import Role
from domain.queue import Task
from domain.returned_goods import Goods
from domain.returns import Return, ReturnState, Solution
from domain.stock import UNDO_LASTS, Reason
from domain.tickets import Action
from services import counting
from services.views import Pressed, PressResult
from storage.repositories.ledger import Ledger
from tests.factories import HOUR
from tests.integration.services.house import MESSAGE, House
from tests.integration.services.stocking import count, later, level, numbers, tell
from tests.integration.services.test_returns import NUMBER, Desk, desk_with

OVER = "moved_on|button_used"


async def goods(desk: Desk, back: Return) -> Goods:
    return await desk.house.services.returned_goods.of(back.seller_id, back.id)


async def button(desk: Desk, back: Return, action: Action) -> str:
    about = (back.id, (await goods(desk, back)).version, Role.PACKER)
    return await desk.house.services.buttons.token(desk.house.owner.view.id, action, *about)


async def press(desk: Desk, back: Return, action: Action) -> Pressed:
    data = await button(desk, back, action)
    return await desk.house.services.buttons.press(desk.house.owner, data, MESSAGE)


async def became(desk: Desk, back: Return) -> tuple[int, int, int, int]:
    """Return what is back, left out and still to sort, and what is on hand."""
    found = await goods(desk, back)
    return found.back, found.out, found.left, (await level(desk.house)).on_hand


@pytest_asyncio.fixture(loop_scope="session")
async def desk(house: House) -> Desk:
    return await desk_with(house)


@pytest_asyncio.fixture(loop_scope="session")
async def light_desk(sqlite_house: House) -> Desk:
    return await desk_with(sqlite_house)


async def test_what_is_as_new_goes_back_once_however_often_it_is_tapped_and_pushed(desk: Desk) -> None:
    house = desk.house
    await count(house, 10)
    back = await desk.asked(state=ReturnState.COMING_BACK)
    assert await became(desk, back) == (0, 0, 2, 10)
    data = await button(desk, back, Action.PUT_BACK)
    house.queue.asked.clear()
    presses = (house.services.buttons.press(house.owner, data, MESSAGE) for _ in range(4))
    done = await asyncio.gather(*presses, return_exceptions=True)
    assert [each for each in done if isinstance(each, Pressed)] == [
        Pressed(PressResult.GOODS_SORTED, back.id)
    ]
    assert all(isinstance(each, Pressed | Conflict) for each in done)
    assert (Task.PUSH_STOCK, (desk.shop.id,)) in house.queue.asked
    assert await became(desk, back) == (2, 0, 0, 12)
    for state in (ReturnState.JUDGING, ReturnState.CLOSED):
        desk.role.move(desk.number, state, is_back=True)
        await desk.poll()
        await desk.fetch()
    assert await became(desk, back) == (2, 0, 0, 12)
    for action in (Action.PUT_BACK, Action.PUT_ONE_BACK, Action.LEAVE_OUT):
        with pytest.raises(Conflict, match=OVER):
            await press(desk, back, action)
    assert numbers(await level(house)) == (12, 0, 12)
    assert [each for each in await house.audited() if "returned" in each] == ["stock.returned"]


async def test_the_order_that_was_sent_back_moves_nothing_more(light_desk: Desk) -> None:
    desk, house = light_desk, light_desk.house
    await count(house, 10)
    known = await house.order(desk.shop, NUMBER)
    assert known
    back = await desk.asked(state=ReturnState.COMING_BACK)
    await press(desk, back, Action.PUT_BACK)
    for status in (OrderStatus.RETURNING, OrderStatus.COMPLETED, OrderStatus.CANCELLED):
        await tell(house, desk.shop, later(known, status, HOUR))
    assert numbers(await level(house)) == (12, 0, 12)


async def test_one_of_two_is_damaged_and_a_change_of_mind_counts_anew(desk: Desk) -> None:
    house = desk.house
    await count(house, 10)
    back = await desk.asked(state=ReturnState.ACCEPTED)
    await press(desk, back, Action.PUT_ONE_BACK)
    stale = await button(desk, back, Action.PUT_BACK)
    await press(desk, back, Action.LEAVE_OUT)
    assert await became(desk, back) == (1, 1, 0, 11)
    with pytest.raises(Conflict, match="moved_on"):
        await house.services.buttons.press(house.owner, stale, MESSAGE)
    await press(desk, back, Action.UNDO_SORTED)
    assert await became(desk, back) == (1, 0, 1, 11)
    await press(desk, back, Action.PUT_BACK)
    assert await became(desk, back) == (2, 0, 0, 12)
    for on_hand in (11, 10):
        await press(desk, back, Action.UNDO_SORTED)
        assert (await level(house)).on_hand == on_hand
    assert await became(desk, back) == (0, 0, 2, 10)
    variant_id = (await house.shown()).variant_id
    ledger = await house.database.read(
        lambda conn: Ledger(conn, house.owner.seller_id).history(variant_id, offset=0, limit=20)
    )
    said = [each.reason for each in reversed(ledger) if each.reason is not Reason.OPENING]
    returned, left_out, undo = Reason.RETURNED, Reason.LEFT_OUT, Reason.UNDO
    assert said == [returned, left_out, undo, returned, undo, undo]
    house.clock.advance(UNDO_LASTS + timedelta(seconds=1))
    await press(desk, back, Action.PUT_BACK)
    house.clock.advance(UNDO_LASTS + timedelta(seconds=1))
    assert (await goods(desk, back)).undo_id == ""
    with pytest.raises(Conflict, match="undo_too_late"):
        await press(desk, back, Action.UNDO_SORTED)


async def test_a_count_that_is_taken_back_on_the_variants_card_is_to_sort_again(light_desk: Desk) -> None:
    desk, house = light_desk, light_desk.house
    await count(house, 10)
    back = await desk.asked(state=ReturnState.COMING_BACK)
    await press(desk, back, Action.PUT_BACK)
    stale = await button(desk, back, Action.UNDO_SORTED)
    said = (await goods(desk, back)).undo_id
    now = house.clock()
    await house.database.write(lambda conn: counting.undo(conn, house.owner, said, now), "t")
    assert await became(desk, back) == (0, 0, 2, 10)
    with pytest.raises(Conflict, match="moved_on"):
        await house.services.buttons.press(house.owner, stale, MESSAGE)


async def test_goods_that_cannot_be_back_are_not_offered(light_desk: Desk) -> None:
    desk, house = light_desk, light_desk.house
    back = await desk.asked(state=ReturnState.COMING_BACK)
    [line] = (await goods(desk, back)).lines
    assert (line.is_counted, line.left) == (False, 0)
    with pytest.raises(Conflict, match="moved_on"):
        await press(desk, back, Action.PUT_BACK)
    await count(house, 10)
    assert (await goods(desk, back)).left == 2
    for facts in (
        {"solution": Solution.REFUND},
        {"state": ReturnState.ASKED},
        {"state": ReturnState.CANCELLED},
    ):
        desk.role.move(desk.number, **{"state": ReturnState.CLOSED, **facts})  # type: ignore[arg-type]
        await desk.poll()
        assert await goods(desk, back) == Goods()
        desk.role.move(desk.number, ReturnState.CLOSED, solution=Solution.RETURN_AND_REFUND)
        await desk.poll()
    packer = await house.join("Budi", 4712, Role.VIEWER)
    data = await house.services.buttons.token(packer.view.id, Action.PUT_BACK, back.id, 0, Role.VIEWER)
    with pytest.raises(NotAllowed):
        await house.services.buttons.press(packer, data, MESSAGE)
    assert numbers(await level(house)) == (10, 0, 10)


async def test_goods_that_arrive_are_told_once_and_of_old_returns_not_at_all(light_desk: Desk) -> None:
    desk = light_desk
    await desk.asked(state=ReturnState.COMING_BACK)
    assert await desk.told(EventKind.RETURN_BACK) == 0
    for state in (ReturnState.COMING_BACK, ReturnState.CLOSED):
        desk.role.move(desk.number, state, is_back=True)
        await desk.poll()
    assert await desk.told(EventKind.RETURN_BACK) == 1
    await desk.asked(state=ReturnState.CLOSED, is_back=True, created_at=desk.shop.linked_at - HOUR)
    assert await desk.told(EventKind.RETURN_BACK) == 1
