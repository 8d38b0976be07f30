"""A seller's limits, set by its owner: at once in force, and once for each button."""

import pytest

from domain.caps import Cap, Limits
from domain.changes import ChangeState
from domain.chats import Visitor
from domain.errors import Conflict, InputError, NotAllowed
from domain.people import Role
from domain.tickets import Action
from services import limits
from services.views import Pressed, PressResult
from tests.integration.services.house import MESSAGE, House


async def button(house: House, cap: Cap, value: int, version: int, of: Visitor) -> str:
    about = (limits.about(cap, value), version, Role.OWNER)
    return await house.services.buttons.token(of.view.id, Action.SET_LIMIT, *about)


async def press(house: House, cap: Cap, value: int, by: Visitor | None = None) -> Pressed:
    visitor = by or house.owner
    version = (await house.services.limits.look(house.owner)).version
    data = await button(house, cap, value, version, visitor)
    return await house.services.buttons.press(visitor, data, MESSAGE)


async def test_an_owner_sets_each_limit(house: House) -> None:
    for cap, value in ((Cap.CHANGE, 10), (Cap.DAY, 20), (Cap.ITEMS, 50)):
        assert (await press(house, cap, value)).result is PressResult.LIMIT_SET
    assert (await house.services.limits.look(house.owner)).limits == Limits(10, 20, 50)  # type: ignore[arg-type]
    assert (await house.audited()).count("seller.limited") == 3
    await press(house, Cap.CHANGE, 30)
    await press(house, Cap.CHANGE, 10)  # the same as before: a button of its own again
    assert (await house.services.limits.look(house.owner)).limits.of(Cap.CHANGE) == 10


async def test_a_lowered_limit_holds_back_what_is_approved_already(house: House) -> None:
    await house.stocked()
    change = await house.approved(110000)
    await press(house, Cap.CHANGE, 5)
    ended = await house.apply(change)
    assert (ended.state, ended.reason) == (ChangeState.FAILED, "second_person")


async def test_who_may_not(house: House) -> None:
    manager = await house.join("Budi", 4712, Role.MANAGER)
    with pytest.raises(NotAllowed, match="role"):
        await house.services.limits.look(manager)
    with pytest.raises(NotAllowed, match="role"):
        await press(house, Cap.CHANGE, 80, manager)
    assert (await house.services.limits.look(house.owner)).limits == Limits()


async def test_a_button_shown_before_another_change_does_nothing(house: House) -> None:
    old = await button(house, Cap.CHANGE, 80, 0, house.owner)
    await house.services.sellers.limit(house.owner.seller_id, {"percent": 5})
    with pytest.raises(Conflict, match="moved_on"):
        await house.services.buttons.press(house.owner, old, MESSAGE)
    assert (await house.services.limits.look(house.owner)).limits.of(Cap.CHANGE) == 5


@pytest.mark.parametrize(("cap", "value"), [(Cap.CHANGE, 101), (Cap.DAY, 1001), (Cap.ITEMS, 0)])
async def test_what_is_no_limit_is_refused(sqlite_house: House, cap: Cap, value: int) -> None:
    with pytest.raises(InputError, match="limit_unusable"):
        await press(sqlite_house, cap, value)
