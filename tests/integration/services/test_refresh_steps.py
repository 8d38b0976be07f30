"""Refreshing step by step: each is a place to crash at, each end is counted, and nobody waits for ever."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select

from domain.errors import FateUnknown, HostMisconfigured, PlatformUnavailable, RequestRejected, TokenRevoked
from domain.failpoint import arm
from domain.meters import Meter, Outcome
from domain.platform import Platform
from domain.shops import PlatformApp, Shop, ShopAccess, ShopState
from services import Services
from services import tokens as token_service
from services.tokens import EARLY
from storage.repositories import tokens
from storage.tables.shops import shop as shop_rows
from tests.factories import HOUR
from tests.integration.services.house import House

SECOND = timedelta(seconds=1)


async def look(services: Services, shop: Shop) -> None:
    async def ask(platform: Platform, access: ShopAccess) -> None:
        await platform.linking.fetch_shop(access)

    await services.tokens.call(shop.id, ask)


async def worn_out(house: House, *external_ids: str) -> list[Shop]:
    """Link shops and let their access tokens end."""
    shops = [await house.link(each) for each in external_ids or ("600011",)]
    house.clock.advance(4 * HOUR)
    return shops


@pytest.fixture
def passed() -> Iterator[list[str]]:
    """Return the transactions of a refresh as they commit."""
    seen: list[str] = []

    def reached(name: str) -> None:
        if name.startswith("tokens.") and name.endswith(":committed"):
            seen.append(name.removeprefix("tokens.").removesuffix(":committed"))

    arm(reached)
    yield seen
    arm(None)


def revoked() -> TokenRevoked:
    return TokenRevoked(platform="bazaar", operation="refresh", reason="gone")


@pytest.mark.parametrize(
    ("error", "steps", "outcome"),
    [
        (None, ["take_lease", "journal", "store"], Outcome.OK),
        (revoked(), ["take_lease", "journal", "drop_lease", "cut_off"], Outcome.REFUSED),
        (
            PlatformUnavailable(platform="bazaar", operation="refresh"),
            ["take_lease", "journal", "drop_lease"],
            Outcome.UNAVAILABLE,
        ),
        (
            FateUnknown(platform="bazaar", operation="refresh"),
            ["take_lease", "journal", "journal", "journal", "drop_lease"],
            Outcome.UNKNOWN_FATE,
        ),
    ],
)
async def test_every_step_is_a_place_to_crash_at_and_every_end_is_counted(
    sqlite_house: House,
    passed: list[str],
    error: TokenRevoked | PlatformUnavailable | FateUnknown | None,
    steps: list[str],
    outcome: Outcome,
) -> None:
    house = sqlite_house
    [shop] = await worn_out(house)
    if error:
        house.bazaar.fail("refresh", error, times=3)
        with pytest.raises(type(error)):
            await look(house.services, shop)
    else:
        await look(house.services, shop)
    assert passed == steps
    left = select(shop_rows.c.lease_until).where(shop_rows.c.id == shop.id)
    assert await house.database.read(lambda conn: conn.scalar(left)) is None
    counts = house.services.metrics.meters.totals
    tries = steps.count("journal")
    assert {key: n for key, n in counts.items() if key[0] is Meter.REFRESH} == {
        (Meter.REFRESH, ("bazaar", outcome)): tries
    }


async def test_the_refresh_is_asked_with_the_shops_app_and_its_old_token(
    sqlite_house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = sqlite_house
    [shop] = await worn_out(house)
    old = house.bazaar.shops[shop.external_id].refresh_token
    asked: list[tuple[PlatformApp, str, str]] = []
    refresh = house.bazaar.refresh

    async def noted(app: PlatformApp, external_id: str, refresh_token: str) -> object:
        asked.append((app, external_id, refresh_token))
        return await refresh(app, external_id, refresh_token)

    monkeypatch.setattr(house.bazaar, "refresh", noted)
    await look(house.services, shop)
    assert asked == [(house.app, "600011", old)]


async def test_who_waits_for_another_process_gives_up_when_its_lease_must_be_over(
    sqlite_house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = sqlite_house
    [shop] = await worn_out(house)
    now = house.clock()
    await house.database.write(lambda conn: tokens.take_lease(conn, shop.id, now, now + HOUR), "t")
    monkeypatch.setattr(token_service, "LEASE", timedelta(seconds=0.5))
    with pytest.raises(PlatformUnavailable) as busy:
        await look(house.services, shop)
    assert (busy.value.platform, busy.value.operation, busy.value.reason) == (
        "bazaar",
        "refresh",
        "refresh_busy",
    )
    assert house.bazaar.calls["refresh"] == 0
    assert (await house.shop(shop.id)).state is ShopState.LINKED


async def test_who_comes_for_the_lease_after_the_pair_was_stored_takes_that_pair(
    sqlite_house: House, passed: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between looking and getting the lease another process may have ended its refresh."""
    house = sqlite_house
    [shop] = await worn_out(house)
    other = house.another()
    take = house.services.tokens._lease

    async def late(shop_id: str) -> int | None:
        await look(other, shop)
        return await take(shop_id)

    monkeypatch.setattr(house.services.tokens, "_lease", late)
    await look(house.services, shop)
    assert house.bazaar.calls["refresh"] == 1
    assert passed == ["take_lease", "journal", "store", "take_lease", "drop_lease"]
    now = house.clock()
    taken = await house.database.write(lambda conn: tokens.take_lease(conn, shop.id, now, now + HOUR), "t")
    assert taken is not None, "the lease is free again"


async def test_the_lease_of_a_refresh_lasts_ninety_seconds(sqlite_house: House) -> None:
    house = sqlite_house
    [shop] = await worn_out(house)
    gate = house.bazaar.hold("refresh")
    refreshing = asyncio.create_task(look(house.services, shop))
    await gate.reached.wait()

    async def is_free_after(seconds: int) -> bool:
        at = house.clock() + seconds * SECOND
        taken = await house.database.write(lambda conn: tokens.take_lease(conn, shop.id, at, at), "t")
        return taken is not None

    free = [await is_free_after(90), await is_free_after(91)]
    assert free == [False, True]
    refreshing.cancel()
    await asyncio.wait({refreshing})


async def test_a_sweep_looks_at_a_few_shops_at_a_time(sqlite_house: House) -> None:
    house = sqlite_house
    await house.limit(shop_limit=21)
    shops = await worn_out(house, *(f"6{at:05d}" for at in range(21)))
    house.bazaar.fail("refresh", HostMisconfigured(platform="bazaar", operation="refresh"), times=42)
    assert await house.services.tokens.refresh_expiring(2) == 2
    assert await house.services.tokens.refresh_expiring() == 20
    assert len(shops) == 21


async def test_a_shop_is_cut_off_with_the_platforms_word_cut_to_its_column(sqlite_house: House) -> None:
    house = sqlite_house
    [shop] = await worn_out(house)
    word = "consent_" * 8
    house.bazaar.fail("refresh", TokenRevoked(platform="bazaar", operation="refresh", reason=word))
    with pytest.raises(TokenRevoked):
        await look(house.services, shop)
    cut = await house.shop(shop.id)
    assert (cut.trouble, cut.trouble_since) == (word[:48], house.clock())


async def test_a_refusal_that_is_no_end_of_the_link_leaves_the_shop_linked(sqlite_house: House) -> None:
    house = sqlite_house
    [shop] = await worn_out(house)
    house.bazaar.fail("refresh", RequestRejected(platform="bazaar", operation="refresh", reason="odd"))
    with pytest.raises(RequestRejected):
        await look(house.services, shop)
    assert (await house.shop(shop.id)).state is ShopState.LINKED
    house.clock.advance(EARLY)
    await look(house.services, shop)
