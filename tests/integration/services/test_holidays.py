"""Holidays: one worded button, sent once it may leave, read back, and told on the shop's screen."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from domain.chats import Visitor
from domain.errors import (
    Conflict,
    FateUnknown,
    HostMisconfigured,
    NotAllowed,
    PlatformError,
    PlatformUnavailable,
)
from domain.events import EventKind
from domain.holidays import ShopHoliday, Wish
from domain.people import Role
from domain.queue import Task
from domain.shops import Shop
from domain.tickets import Action
from services.holidays import ATTEMPTS
from services.views import PressResult
from tests.factories import HOUR
from tests.fakes.platform import SLUG
from tests.integration.services.house import MESSAGE, House


async def holiday(house: House, shop: Shop) -> ShopHoliday:
    found = (await house.services.shops.details(house.owner, shop.id)).holiday
    assert found
    return found


async def ask(house: House, shop: Shop, action: Action, by: Visitor | None = None) -> PressResult:
    visitor = by or house.owner
    about = (shop.id, (await holiday(house, shop)).version, Role.MANAGER)
    data = await house.services.buttons.token(visitor.view.id, action, *about)
    return (await house.services.buttons.press(visitor, data, MESSAGE)).result


async def carry(house: House, shop: Shop) -> ShopHoliday:
    """Do what the queue was asked to do, and return what is known then."""
    await house.services.holidays.carry(shop.id)
    return await holiday(house, shop)


async def test_a_holiday_begins_and_ends_by_one_worded_button_each(house: House) -> None:
    shop, _ = await house.stocked()
    assert await ask(house, shop, Action.BEGIN_HOLIDAY) is PressResult.HOLIDAY_ASKED
    assert house.queue.take(Task.SWITCH_HOLIDAY) == [(shop.id,)]
    assert (await holiday(house, shop)).wish is Wish.ON
    assert house.bazaar.holidays.switched == []
    known = await carry(house, shop)
    assert (known.is_on, known.wish, known.refusal) == (True, Wish.NONE, "")
    assert (await house.services.home.today(house.owner)).resting == ("Rumah Kita",)
    assert (await house.services.status.look(house.owner)).resting == ("Rumah Kita",)
    await ask(house, shop, Action.END_HOLIDAY)
    assert not (await carry(house, shop)).is_on
    assert house.bazaar.holidays.switched == [True, False]
    assert (await house.services.home.today(house.owner)).resting == ()
    wanted = ["holiday_on.asked", "holiday_on.done", "holiday_off.asked", "holiday_off.done"]
    assert [each for each in await house.audited() if "holiday" in each] == [
        f"shop.{each}" for each in wanted
    ]


async def test_only_managers_may(house: House) -> None:
    shop, _ = await house.stocked()
    packer = await house.join("Paul", 4721, Role.PACKER)
    with pytest.raises(NotAllowed):
        await ask(house, shop, Action.BEGIN_HOLIDAY, packer)
    assert not (await holiday(house, shop)).wish


async def test_a_button_of_before_and_a_second_wish_are_refused(house: House) -> None:
    shop, _ = await house.stocked()
    about = (shop.id, (await holiday(house, shop)).version, Role.MANAGER)
    old = await house.services.buttons.token(house.owner.view.id, Action.END_HOLIDAY, *about)
    with pytest.raises(Conflict, match="moved_on"):
        await house.services.buttons.press(house.owner, old, MESSAGE)
    await ask(house, shop, Action.BEGIN_HOLIDAY)
    with pytest.raises(Conflict, match="moved_on"):
        await ask(house, shop, Action.BEGIN_HOLIDAY)


async def test_what_is_switched_in_the_seller_centre_is_seen(house: House) -> None:
    shop, _ = await house.stocked()
    ends = house.clock() + 48 * HOUR
    house.bazaar.holidays.resting[shop.external_id] = ends
    await house.services.health.poll_due(shop.id)
    known = await holiday(house, shop)
    assert (known.is_on, known.ends_at) == (True, ends)


async def test_a_paused_seller_sends_it_only_after_resuming(house: House) -> None:
    shop, _ = await house.stocked()
    await ask(house, shop, Action.BEGIN_HOLIDAY)
    writes = await house.services.pausing.look(house.owner)
    for action in (Action.PAUSE_WRITES, Action.RESUME_WRITES):
        about = (house.owner.seller_id, writes.version, Role.MANAGER)
        data = await house.services.buttons.token(house.owner.view.id, action, *about)
        await house.services.buttons.press(house.owner, data, MESSAGE)
        writes = await house.services.pausing.look(house.owner)
        if action is Action.PAUSE_WRITES:
            assert await house.services.holidays.due() == []
            assert (await carry(house, shop)).wish is Wish.ON
            assert house.bazaar.holidays.switched == []
    assert await house.services.holidays.due() == [shop.id]
    assert (await carry(house, shop)).is_on


def _error(kind: type[PlatformError]) -> PlatformError:
    return kind(platform=SLUG, operation="set_holiday")


@pytest.mark.parametrize("is_done", [True, False])
async def test_a_lost_answer_is_read_back(house: House, is_done: bool) -> None:  # noqa: FBT001 - a parameter of the test
    shop, _ = await house.stocked()
    await ask(house, shop, Action.BEGIN_HOLIDAY)
    house.bazaar.fail("set_holiday", _error(FateUnknown), is_done=is_done)
    known = await carry(house, shop)
    assert known.is_on is is_done
    if not is_done:
        assert known.wish is Wish.ON
        house.clock.advance(timedelta(minutes=1))
        known = await carry(house, shop)
    assert (known.is_on, known.wish) == (True, Wish.NONE)
    assert set(house.bazaar.holidays.switched) == {True}


async def test_a_process_killed_before_the_answer_leaves_the_wish_to_the_next(house: House) -> None:
    shop, _ = await house.stocked()
    await ask(house, shop, Action.BEGIN_HOLIDAY)
    house.bazaar.fail("set_holiday", _error(PlatformUnavailable))
    await carry(house, shop)
    assert await house.services.holidays.due() == []
    house.clock.advance(timedelta(minutes=1))
    assert await house.another().holidays.due() == [shop.id]
    await house.another().holidays.carry(shop.id)
    assert (await holiday(house, shop)).is_on


async def test_a_platform_that_never_answers_is_asked_so_often_and_no_more(house: House) -> None:
    shop, _ = await house.stocked()
    await ask(house, shop, Action.BEGIN_HOLIDAY)
    house.bazaar.fail("set_holiday", _error(PlatformUnavailable), times=100)
    for _ in range(ATTEMPTS + 3):
        house.clock.advance(HOUR)
        await house.services.holidays.carry(shop.id)
    known = await holiday(house, shop)
    assert (known.wish, known.refusal) == (Wish.NONE, "platform_unavailable")
    assert house.bazaar.calls["set_holiday"] == ATTEMPTS


@pytest.mark.parametrize(
    ("refuse", "reason"),
    [
        (lambda h: setattr(h.bazaar.holidays, "refusal", "other"), "other"),
        (lambda h: h.bazaar.fail("set_holiday", _error(HostMisconfigured)), "host_misconfigured"),
        (lambda h: h.bazaar.revoke(), "token_revoked"),
    ],
)
async def test_a_refusal_is_told_on_the_card_and_may_be_tried_again(
    house: House, refuse: Callable[[House], None], reason: str
) -> None:
    shop, _ = await house.stocked()
    await ask(house, shop, Action.BEGIN_HOLIDAY)
    refuse(house)
    known = await carry(house, shop)
    assert (known.is_on, known.wish, known.refusal) == (False, Wish.NONE, reason)


async def test_the_screen_that_shows_the_shop_follows(house: House) -> None:
    shop, _ = await house.stocked()
    view = house.owner.view
    await house.services.cards.remember(
        house.owner.seller_id, view.id, 77, subject="shop", subject_id=shop.id, version=0
    )
    await ask(house, shop, Action.BEGIN_HOLIDAY)
    await carry(house, shop)
    assert {each["shop_id"] for each in await house.told(EventKind.SHOP_MOVED)} == {shop.id}
