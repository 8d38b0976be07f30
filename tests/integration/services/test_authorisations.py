"""Until when shops may be read: asked for daily, told in time and once, and told again when nobody links."""

from datetime import datetime, timedelta

import pytest

from domain.chats import ChatState
from domain.errors import PlatformUnavailable
from domain.events import EventKind
from domain.people import Role
from domain.queue import Task
from domain.shops import Shop, ShopState
from domain.tickets import Action
from jobs.sweep import Sweep
from tests.factories import DAY, HOUR
from tests.fakes.platform import SLUG
from tests.integration.services.house import House

MINUTE = timedelta(minutes=1)


async def set_end(house: House, shop: Shop, left: timedelta) -> None:
    """Let a consent end so long from now, at the platform and as we know it."""
    house.bazaar.shops[shop.external_id].authorised_until = house.clock() + left
    await house.services.authorisations.read(house.app.id)


async def warn(house: House, after: timedelta = MINUTE) -> int:
    """Let time pass and look, in two processes, as often as one of them starts anew."""
    house.clock.advance(after)
    for services in (house.services, house.another(), house.another()):
        await services.authorisations.warn()
    return len(await house.told(EventKind.AUTHORISATION_ENDING))


async def test_ends_are_read_from_the_list_of_all_shops(house: House) -> None:
    shop, truth = await house.stocked()
    truth.authorised_until = house.clock() + 40 * DAY
    assert await house.services.authorisations.read(house.app.id) == 1
    assert (await house.shop(shop.id)).authorised_until == house.clock() + 40 * DAY
    assert house.bazaar.calls["fetch_authorisations"] == 1


async def test_owners_are_told_seven_three_and_one_day_before_each_once(house: House) -> None:
    shop, _ = await house.stocked()
    packer = await house.join("Paul", 4721, Role.PACKER)
    await set_end(house, shop, 8 * DAY)
    assert await warn(house) == 0
    seen = []
    for _ in range(8 * 4):
        seen.append(await warn(house, 6 * HOUR))
        house.bazaar.shops[shop.external_id].authorised_until = (await house.shop(shop.id)).authorised_until
    # From seven days before on one, from three on two, in the last day three; then it is over.
    assert (seen[2], seen[4], seen[18], seen[20], seen[26], seen[28]) == (0, 1, 1, 2, 2, 3)
    assert await house.told(EventKind.AUTHORISATION_ENDING, of=packer) == []
    assert max(seen) == 3


async def test_a_shop_found_late_is_told_of_once_at_its_nearest_step(house: House) -> None:
    shop, _ = await house.stocked()
    await set_end(house, shop, 2 * DAY)
    assert await warn(house) == 1
    assert await warn(house, 12 * HOUR) == 1
    assert await warn(house, 18 * HOUR) == 2


async def test_a_renewed_consent_is_warned_of_anew(house: House) -> None:
    shop, _ = await house.stocked()
    await set_end(house, shop, 6 * DAY)
    assert await warn(house) == 1
    await set_end(house, shop, 365 * DAY)
    assert await warn(house, DAY) == 1
    await set_end(house, shop, 6 * DAY)
    assert await warn(house) == 2


async def test_a_refresh_token_that_nobody_could_renew_is_warned_of_too(house: House) -> None:
    shop, _ = await house.stocked()
    house.bazaar.fail("refresh", PlatformUnavailable(platform=SLUG, operation="refresh"), times=1000)
    assert await warn(house, 22 * DAY) == 0
    assert await warn(house, 2 * DAY) == 1
    assert (await house.shop(shop.id)).state is ShopState.LINKED


async def test_what_ended_is_cut_off_and_told_again_after_one_and_three_days(house: House) -> None:
    shop, truth = await house.stocked()
    await set_end(house, shop, 2 * HOUR)
    assert await warn(house) == 1
    truth.is_consented = False
    await warn(house, 3 * HOUR)
    assert (await house.shop(shop.id)).state is ShopState.NEEDS_RELINK
    assert len(await house.told(EventKind.SHOP_CUT_OFF)) == 1
    assert [await warn(house, 12 * HOUR) for _ in range(7)] == [1, 2, 2, 2, 2, 3, 3]
    assert [await warn(house, 5 * DAY), await warn(house, 40 * DAY)] == [3, 3]
    assert len(await house.told(EventKind.SHOP_CUT_OFF)) == 1


async def test_a_shop_that_the_platform_does_not_name_any_more_is_asked_for(house: House) -> None:
    shop, truth = await house.stocked()
    truth.is_consented = False
    await house.services.authorisations.read(house.app.id)
    assert (await house.shop(shop.id)).state is ShopState.NEEDS_RELINK
    assert len(await house.told(EventKind.SHOP_CUT_OFF)) == 1


async def test_a_list_that_cannot_be_read_is_asked_for_within_the_hour(house: House) -> None:
    shop, _ = await house.stocked()
    service = house.services.authorisations
    assert await service.due() == [house.app.id]
    house.bazaar.fail(
        "fetch_authorisations", PlatformUnavailable(platform=SLUG, operation="fetch_authorisations")
    )
    assert await service.read(house.app.id) == 0
    assert (await house.shop(shop.id)).state is ShopState.LINKED
    assert await service.due() == []
    house.clock.advance(HOUR)
    assert await service.due() == [house.app.id]
    house.clock.advance(23 * HOUR)
    assert await service.due() == []
    house.clock.advance(HOUR)
    assert await service.due() == [house.app.id]


async def test_the_sweep_asks_for_it(house: House) -> None:
    await Sweep(house.services, house.queue).once()
    assert house.queue.take(Task.READ_AUTHORISATIONS) == [(house.app.id,)]


@pytest.mark.parametrize("kind", ["authorised", "authorisation_ending", "deauthorised"])
async def test_a_hint_about_the_consent_has_the_shop_asked_for(house: House, kind: str) -> None:
    shop, truth = await house.stocked()
    truth.authorised_until = house.clock() + 5 * DAY
    headers, body = house.bazaar.push(house.app, kind, shop.external_id)
    await house.services.inbound.receive_hook(SLUG, house.app.id, headers, body)
    await house.services.hints.work_off()
    assert (await house.shop(shop.id)).authorised_until == truth.authorised_until


async def test_without_an_owner_who_hears_everybody_is_told(house: House) -> None:
    shop, _ = await house.stocked()
    await house.services.people.chat_gone(
        house.owner.chat.bot_id, house.owner.chat.telegram_id, ChatState.BLOCKED
    )
    packer = await house.join("Paul", 4721, Role.PACKER)
    await set_end(house, shop, 2 * DAY)
    await warn(house)
    assert len(await house.told(EventKind.AUTHORISATION_ENDING, of=packer)) == 1


async def test_a_pause_before_it_is_sent_drops_no_warning_and_a_renewal_does(house: House) -> None:
    shop, _ = await house.stocked()
    await set_end(house, shop, 2 * DAY)
    await warn(house)
    [said] = await house.told(EventKind.AUTHORISATION_ENDING)
    at = datetime.fromisoformat(said["at"])
    shown = await house.shop(shop.id)
    about = (shop.id, shown.link_gen, Role.MANAGER)
    pause = await house.services.buttons.token(house.owner.view.id, Action.PAUSE_SHOP, *about)
    await house.services.buttons.press(house.owner, pause, 77)
    still = await house.services.authorisations.still(shop.seller_id, shop.id, at)
    assert still is not None
    assert still.state is ShopState.PAUSED
    await set_end(house, shop, 365 * DAY)
    assert await house.services.authorisations.still(shop.seller_id, shop.id, at) is None
