"""One refresh chain for each shop: refreshed once, stored before it is used, cut off once and for good reason."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select

from domain.errors import (
    FateUnknown,
    HostMisconfigured,
    PlatformError,
    PlatformUnavailable,
    RateLimited,
    RequestRejected,
    TokenExpired,
    TokenRevoked,
    UnexpectedResponse,
)
from domain.events import EventKind
from domain.platform import Platform, ShopSnapshot
from domain.shops import Shop, ShopAccess, ShopState
from services import Services
from services.tokens import EARLY
from storage.repositories import tokens
from storage.tables.shops import shop as shop_rows
from tests.factories import DAY, HOUR, NOW
from tests.integration.services.house import House

SECOND = timedelta(seconds=1)


async def look(services: Services, shop: Shop) -> ShopSnapshot:
    """Make the call that needs nothing but a good access token."""
    return await services.tokens.call(shop.id, lambda platform, access: platform.linking.fetch_shop(access))


def lost() -> FateUnknown:
    return FateUnknown(platform="bazaar", operation="refresh", reason="timeout")


async def test_a_fresh_token_is_used_as_it_is(sqlite_house: House) -> None:
    house = sqlite_house
    shop = await house.link()
    assert (await look(house.services, shop)).name == "Rumah Kita"
    assert house.bazaar.calls["refresh"] == 0


@pytest.mark.parametrize(("before_end", "refreshes"), [(EARLY + SECOND, 0), (EARLY, 1), (timedelta(0), 1)])
async def test_a_token_near_its_end_is_refreshed_before_it_is_used(
    sqlite_house: House, before_end: timedelta, refreshes: int
) -> None:
    house = sqlite_house
    shop = await house.link()
    house.clock.advance(4 * HOUR - before_end)
    await look(house.services, shop)
    assert house.bazaar.calls["refresh"] == refreshes


async def test_a_new_pair_is_stored_with_its_ends(house: House) -> None:
    shop = await house.link()
    house.clock.advance(4 * HOUR)
    await look(house.services, shop)
    truth = house.bazaar.shops[shop.external_id]
    assert await house.secret(f"shop:{shop.id}", "access_token") == truth.access_token
    assert await house.secret(f"shop:{shop.id}", "refresh_token") == truth.refresh_token
    state = await house.database.read(lambda conn: tokens.token_state(conn, shop.id))
    assert (state.expires_at, state.refresh_expires_at) == (NOW + 8 * HOUR, NOW + 4 * HOUR + 30 * DAY)
    await look(house.services, shop)
    assert house.bazaar.calls["refresh"] == 1


async def test_fifty_callers_of_three_processes_refresh_once(house: House) -> None:
    shop = await house.link()
    house.clock.advance(4 * HOUR)
    processes = [house.another() for _ in range(3)]
    answers = await asyncio.gather(*(look(processes[number % 3], shop) for number in range(50)))
    assert {each.name for each in answers} == {"Rumah Kita"}
    assert house.bazaar.calls["refresh"] == 1


async def test_a_token_refused_early_is_refreshed_once_and_the_call_made_again(house: House) -> None:
    shop = await house.link()
    house.bazaar.expire_access()
    answers = await asyncio.gather(*(look(house.services, shop) for _ in range(20)))
    assert len(answers) == 20
    assert house.bazaar.calls["refresh"] == 1


async def test_a_call_refused_again_after_the_refresh_is_not_tried_for_ever(sqlite_house: House) -> None:
    house = sqlite_house
    shop = await house.link()
    house.bazaar.fail("fetch_shop", TokenExpired(platform="bazaar", operation="c"), times=5)
    with pytest.raises(TokenExpired):
        await look(house.services, shop)
    assert (house.bazaar.calls["fetch_shop"], house.bazaar.calls["refresh"]) == (2, 1)


# No answer


async def test_a_lost_answer_is_asked_for_again_with_the_same_old_token(house: House) -> None:
    shop = await house.link()
    house.bazaar.has_grace = True
    house.clock.advance(4 * HOUR)
    house.bazaar.fail("refresh", lost(), times=2, is_done=True)
    await look(house.services, shop)
    assert house.bazaar.calls["refresh"] == 3
    assert (await house.shop(shop.id)).state is ShopState.LINKED
    truth = house.bazaar.shops[shop.external_id]
    assert await house.secret(f"shop:{shop.id}", "refresh_token") == truth.refresh_token


async def test_three_lost_requests_end_the_attempt_and_change_nothing(house: House) -> None:
    shop = await house.link()
    old = await house.secret(f"shop:{shop.id}", "refresh_token")
    house.clock.advance(4 * HOUR)
    house.bazaar.fail("refresh", lost(), times=3)
    with pytest.raises(FateUnknown):
        await look(house.services, shop)
    assert house.bazaar.calls["refresh"] == 3
    assert await house.secret(f"shop:{shop.id}", "refresh_token") == old
    assert (await house.shop(shop.id)).state is ShopState.LINKED
    assert await house.told(EventKind.SHOP_CUT_OFF) == []
    await look(house.services, shop)


async def test_a_lost_answer_without_grace_cuts_the_shop_off_and_is_told_once(house: House) -> None:
    """The one window that nothing can close: the platform spent the token and its answer was lost."""
    shop = await house.link()
    house.clock.advance(4 * HOUR)
    house.bazaar.fail("refresh", lost(), is_done=True)
    results = await asyncio.gather(*(look(house.services, shop) for _ in range(10)), return_exceptions=True)
    assert {type(each) for each in results} == {TokenRevoked}
    assert (await house.shop(shop.id)).state is ShopState.NEEDS_RELINK
    assert await house.told(EventKind.SHOP_CUT_OFF) == [{"shop_id": shop.id}]


@pytest.mark.parametrize(
    "error",
    [
        PlatformUnavailable(platform="bazaar", operation="refresh"),
        RateLimited(platform="bazaar", operation="refresh", retry_after_s=5),
        RequestRejected(platform="bazaar", operation="refresh"),
        HostMisconfigured(platform="bazaar", operation="refresh"),
        UnexpectedResponse(platform="bazaar", operation="refresh"),
    ],
)
async def test_a_failed_refresh_leaves_the_way_free_for_the_next(
    sqlite_house: House, error: PlatformError
) -> None:
    house = sqlite_house
    shop = await house.link()
    house.clock.advance(4 * HOUR)
    house.bazaar.fail("refresh", error)
    with pytest.raises(type(error)):
        await look(house.services, shop)
    async with asyncio.timeout(5):
        await look(house.services, shop)
    assert house.bazaar.calls["refresh"] == 2
    assert (await house.shop(shop.id)).state is ShopState.LINKED


async def test_an_attempt_is_in_the_journal_before_it_leaves(sqlite_house: House) -> None:
    house = sqlite_house
    shop = await house.link()
    house.clock.advance(4 * HOUR)
    gate = house.bazaar.hold("refresh")
    asking = asyncio.create_task(look(house.services, shop))
    await gate.reached.wait()
    state = await house.database.read(lambda conn: tokens.token_state(conn, shop.id))
    assert (state.attempt_of, state.attempts) == (state.version, 1)
    gate.open.set()
    await asking
    after = await house.database.read(lambda conn: tokens.token_state(conn, shop.id))
    assert (after.version, after.attempts) == (state.version + 1, 0)


# Several processes


async def test_another_process_waits_for_the_pair_of_the_one_that_refreshes(house: House) -> None:
    shop = await house.link()
    house.clock.advance(4 * HOUR)
    gate = house.bazaar.hold("refresh")
    first = asyncio.create_task(look(house.services, shop))
    await gate.reached.wait()
    second = asyncio.create_task(look(house.another(), shop))
    await asyncio.sleep(0)
    gate.open.set()
    assert [each.name for each in await asyncio.gather(first, second)] == ["Rumah Kita"] * 2
    assert house.bazaar.calls["refresh"] == 1


async def test_a_lease_left_by_a_dead_process_runs_out(house: House) -> None:
    shop = await house.link()
    house.clock.advance(4 * HOUR)
    gate = house.bazaar.hold("refresh")
    killed = asyncio.create_task(look(house.another(), shop))
    await gate.reached.wait()
    killed.cancel()
    await asyncio.wait({killed})
    house.clock.advance(timedelta(seconds=91))
    await look(house.services, shop)
    assert house.bazaar.calls["refresh"] == 2


@pytest.mark.parametrize("is_done", [False, True])
async def test_a_refresh_that_ends_after_the_shop_was_linked_again_changes_nothing(
    house: House, *, is_done: bool
) -> None:
    shop = await house.link()
    house.clock.advance(4 * HOUR)
    gate = house.bazaar.hold("refresh", is_done=is_done)
    late = asyncio.create_task(look(house.services, shop))
    await gate.reached.wait()
    await house.link(shop.external_id)
    fresh = house.bazaar.shops[shop.external_id].refresh_token
    gate.open.set()
    await asyncio.wait({late})
    assert await house.secret(f"shop:{shop.id}", "refresh_token") == fresh
    assert (await house.shop(shop.id)).state is ShopState.LINKED
    assert await house.told(EventKind.SHOP_CUT_OFF) == []
    await look(house.services, shop)


# Revoked


async def test_a_revoked_consent_cuts_off_once_however_many_ask(house: House) -> None:
    shop = await house.link()
    packer_view = await house.join("Paul", 4721, house.owner.role)
    house.bazaar.revoke()
    results = await asyncio.gather(*(look(house.services, shop) for _ in range(10)), return_exceptions=True)
    assert {type(each) for each in results} == {TokenRevoked}
    stored = await house.shop(shop.id)
    assert (stored.state, stored.trouble, stored.trouble_since) == (
        ShopState.NEEDS_RELINK,
        "no_consent",
        house.clock(),
    )
    for visitor in (house.owner, packer_view):
        assert await house.told(EventKind.SHOP_CUT_OFF, of=visitor) == [{"shop_id": shop.id}]


async def test_a_shop_that_was_cut_off_is_not_asked_any_more(sqlite_house: House) -> None:
    house = sqlite_house
    shop = await house.link()
    house.bazaar.revoke()
    for _ in range(3):
        with pytest.raises(TokenRevoked):
            await look(house.services, shop)
    assert house.bazaar.calls["fetch_shop"] == 1


async def test_a_consent_that_ends_while_the_token_is_refreshed_cuts_off(house: House) -> None:
    shop = await house.link()
    house.bazaar.expire_access()
    house.bazaar.meanwhile("fetch_shop", lambda: None)
    house.bazaar.meanwhile("fetch_shop", house.bazaar.revoke)
    with pytest.raises(TokenRevoked):
        await look(house.services, shop)
    assert house.bazaar.calls["refresh"] == 1
    assert (await house.shop(shop.id)).state is ShopState.NEEDS_RELINK
    assert await house.told(EventKind.SHOP_CUT_OFF) == [{"shop_id": shop.id}]


async def test_a_late_refusal_of_an_old_token_does_not_cut_off(house: House) -> None:
    shop = await house.link()
    asked, refused = asyncio.Event(), asyncio.Event()

    async def slow(platform: Platform, access: ShopAccess) -> ShopSnapshot:
        asked.set()
        await refused.wait()
        raise TokenRevoked(platform="bazaar", operation="call", reason="old_token")

    late = asyncio.create_task(house.services.tokens.call(shop.id, slow))
    await asked.wait()
    await house.link(shop.external_id)
    refused.set()
    with pytest.raises(TokenRevoked):
        await late
    assert (await house.shop(shop.id)).state is ShopState.LINKED
    assert await house.told(EventKind.SHOP_CUT_OFF) == []


async def test_a_shop_linked_again_is_cut_off_again_with_a_notice_of_its_own(sqlite_house: House) -> None:
    house = sqlite_house
    shop = await house.link()
    for _ in range(2):
        house.bazaar.revoke()
        with pytest.raises(TokenRevoked):
            await look(house.services, shop)
        await house.link(shop.external_id)
    assert await house.told(EventKind.SHOP_CUT_OFF) == [{"shop_id": shop.id}] * 2


async def test_a_shop_whose_app_is_gone_is_not_asked(sqlite_house: House) -> None:
    house = sqlite_house
    shop = await house.link()
    house.services.apps._known = {}
    with pytest.raises(TokenRevoked) as gone:
        await look(house.services, shop)
    assert gone.value.reason == "app_gone"


# Shops nobody uses


async def test_idle_shops_are_refreshed_too_and_one_in_trouble_stops_no_other(house: House) -> None:
    shops = [await house.link(external_id) for external_id in ("600011", "600012", "600013")]
    house.bazaar.revoke("600011")
    house.clock.advance(4 * HOUR - EARLY + SECOND)
    house.bazaar.fail("refresh", RateLimited(platform="bazaar", operation="refresh", retry_after_s=3))
    assert await house.services.tokens.refresh_expiring() == 3
    assert await house.services.tokens.refresh_expiring() in {1, 2}
    ends = await house.database.read(
        lambda conn: [tokens.token_state(conn, each.id).expires_at for each in shops]
    )
    assert ends == [NOW + 4 * HOUR, *[house.clock() + 4 * HOUR] * 2]
    assert await house.services.tokens.refresh_expiring() == 0


async def test_tokens_stand_nowhere_in_clear(house: House) -> None:
    shop = await house.link()
    row = await house.database.read(
        lambda conn: conn.execute(select(shop_rows).where(shop_rows.c.id == shop.id)).one()
    )
    truth = house.bazaar.shops[shop.external_id]
    assert truth.refresh_token not in repr(row)
    assert truth.access_token not in repr(row)
