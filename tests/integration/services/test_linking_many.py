"""A login that opens several shops: all are asked about at once, linked at once, and each has credentials of its own."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import func, select, update

from domain.errors import Conflict, NotFound, PlatformUnavailable
from domain.events import EventKind
from domain.queue import Task
from domain.shops import Credentials, LinkState, Shop
from domain.tickets import Action
from services import Services
from services.grants import unlink_shop
from services.linking import ReturnPage
from services.views import LinkOffer
from storage.database import Connection
from storage.repositories.sellers import shop_limit
from storage.tables.people import seller
from storage.tables.shops import linking, secret
from tests.factories import HOUR
from tests.fakes.platform import SLUG
from tests.integration.services.house import House
from tests.integration.services.links import answer, started

ALL = ("600011", "600012", "600013")


async def consented(house: House, *shops: str) -> tuple[LinkOffer, ReturnPage]:
    """Bring a login that opens these shops as far as the question in the chat."""
    for each in shops:
        if each not in house.bazaar.shops:
            house.bazaar.add_shop(each, name=f"Toko {each}")
    offer, browser = await started(house)
    return offer, await browser.come_back(await browser.consent(*shops))


async def linked(house: House) -> list[str]:
    return [each.external_id for each in await house.services.shops.list_all(house.owner)]


async def quarantined(house: House) -> int:
    query = select(func.count()).select_from(secret).where(secret.c.owner.startswith("linking:"))
    return await house.database.read(lambda conn: conn.scalar(query) or 0)


async def told(house: House, offer: LinkOffer) -> dict[str, str]:
    """Return each shop of a linking with why it is left out."""
    together = await house.services.linking.together(house.owner.seller_id, offer.linking.id)
    return {each.shop_external_id: each.refusal for each in together}


async def test_all_its_shops_are_asked_about_and_linked_by_one_answer(house: House) -> None:
    offer, page = await consented(house, *ALL)
    assert page.is_ok
    assert [each.shop_name for each in page.shops] == ["Toko 600011", "Toko 600012", "Toko 600013"]
    assert await told(house, offer) == dict.fromkeys(ALL, "")
    assert await linked(house) == []
    assert len(await house.told(EventKind.LINK_RETURNED)) == 1
    house.queue.asked.clear()
    await answer(house, offer, Action.CONFIRM_LINK)
    assert await linked(house) == list(ALL)
    assert await quarantined(house) == 0
    assert len(house.queue.take(Task.BACKFILL)) == 3
    for shop in await house.services.linking.linked(house.owner.seller_id, offer.linking.id):
        assert (await house.secret(f"shop:{shop.id}", "access_token")) == house.bazaar.shops[
            shop.external_id
        ].access_token
        await house.services.sync.backfill(shop.id)
    with pytest.raises(Conflict):
        await answer(house, offer, Action.CONFIRM_LINK)


async def test_a_refusal_throws_everything_away(house: House) -> None:
    offer, _ = await consented(house, *ALL)
    assert await quarantined(house) > 0
    await answer(house, offer, Action.REFUSE_LINK)
    assert (await linked(house), await quarantined(house)) == ([], 0)
    states = select(linking.c.state)
    assert set(await house.database.read(lambda conn: list(conn.scalars(states)))) == {LinkState.CANCELLED}


async def test_a_new_linking_ends_the_open_one_with_all_its_shops(house: House) -> None:
    await consented(house, *ALL)
    await house.services.linking.start(house.owner, house.app.id, "ID")
    assert await quarantined(house) == 0


async def test_what_cannot_be_linked_is_named_and_the_rest_is_linked(house: House) -> None:
    mallory = await house.found("Mallory", 6666)
    await house.link("600012", by=mallory)
    house.bazaar.add_shop("600013", name="Toko Tutup", is_usable=False)
    offer, page = await consented(house, "600012", "600013", "600011")
    assert [each.refusal for each in page.shops] == ["", "link_foreign", "link_shop_unusable"]
    assert await told(house, offer) == {
        "600011": "",
        "600012": "link_foreign",
        "600013": "link_shop_unusable",
    }
    await answer(house, offer, Action.CONFIRM_LINK)
    assert await linked(house) == ["600011"]


async def test_no_more_shops_are_linked_than_the_host_allows(house: House) -> None:
    await house.link("600010")
    query = update(seller).where(seller.c.id == house.owner.seller_id).values(shop_limit=2)
    await house.database.write(lambda conn: conn.execute(query), "t")
    assert await house.database.read(lambda conn: shop_limit(conn, house.owner.seller_id)) == 2
    offer, _ = await consented(house, "600010", *ALL)
    assert await told(house, offer) == {
        "600010": "",
        "600011": "",
        "600012": "shops_full",
        "600013": "shops_full",
    }
    await answer(house, offer, Action.CONFIRM_LINK)
    assert await linked(house) == ["600010", "600011"]


async def test_a_login_of_which_nothing_can_be_linked_says_why(house: House) -> None:
    mallory = await house.found("Mallory", 6666)
    for each in ALL:
        await house.link(each, by=mallory)
    offer, page = await consented(house, *ALL)
    assert (page.is_ok, page.code) == (False, "link_foreign")
    assert await house.told(EventKind.LINK_FAILED) == [
        {"linking_id": offer.linking.id, "code": "link_foreign"}
    ]
    assert await quarantined(house) == 0


async def test_a_shop_that_did_not_answer_is_left_out(house: House) -> None:
    for each in ALL:
        house.bazaar.add_shop(each)
    house.bazaar.fail("fetch_shop", PlatformUnavailable(platform=SLUG, operation="fetch_shop"))
    offer, page = await consented(house, *ALL)
    assert page.is_ok
    assert await told(house, offer) == {
        "600011": "platform_unavailable",
        "600012": "",
        "600013": "",
    }


async def test_the_other_shops_do_not_count_as_attempts_to_link(house: House) -> None:
    for _ in range(5):
        await consented(house, *ALL)


# One pair of tokens for all of them


async def shared(house: House) -> list[Shop]:
    """Link three shops by a login that has one pair for all of them."""
    house.bazaar.sharing = ALL
    offer, _ = await consented(house, *ALL)
    await answer(house, offer, Action.CONFIRM_LINK)
    return list(await house.services.linking.linked(house.owner.seller_id, offer.linking.id))


async def look(services: Services, shop: Shop) -> None:
    await services.tokens.call(shop.id, lambda platform, access: platform.linking.fetch_shop(access))


async def test_shops_of_one_pair_refresh_it_once_whoever_asks(house: House) -> None:
    shops = await shared(house)
    house.clock.advance(4 * HOUR)
    processes = [house.another() for _ in range(2)]
    await asyncio.gather(*(look(processes[at % 2], shops[at % 3]) for at in range(12)))
    assert house.bazaar.calls["refresh"] == 1
    pairs = {await house.secret(f"shop:{each.id}", "refresh_token") for each in shops}
    assert pairs == {house.bazaar.shops["600011"].refresh_token}
    assert await house.services.tokens.refresh_expiring() == 0


@pytest.mark.parametrize("gone", [0, 1, 2])
async def test_a_shop_unlinked_while_its_pair_is_refreshed_leaves_the_others_theirs(
    sqlite_house: House, gone: int
) -> None:
    house = sqlite_house
    shops = await shared(house)
    house.clock.advance(4 * HOUR)
    asked, go_on = asyncio.Event(), asyncio.Event()
    refresh = house.bazaar.refresh

    async def slow(*args: Any) -> Credentials:
        asked.set()
        await go_on.wait()
        return await refresh(*args)

    house.bazaar.refresh = slow  # type: ignore[method-assign,assignment]
    asking = asyncio.create_task(look(house.services, shops[1]))
    await asked.wait()
    unlinking = shops[gone]

    def unlink(conn: Connection) -> None:
        unlink_shop(conn, house.vault, unlinking, house.owner.member.user_id, house.clock())

    await house.database.write(unlink, "t")
    waiting = [asyncio.create_task(look(house.another(), each)) for each in shops if each is not unlinking]
    go_on.set()
    await asyncio.gather(*waiting)
    await asyncio.gather(asking, return_exceptions=True)
    assert house.bazaar.calls["refresh"] == 1
    with pytest.raises(NotFound):
        await house.secret(f"shop:{unlinking.id}", "refresh_token")
    assert await house.told(EventKind.SHOP_CUT_OFF) == []


async def test_shops_of_one_pair_are_linked_again_together(sqlite_house: House) -> None:
    house = sqlite_house
    shops = await shared(house)
    offer, _ = await consented(house, *ALL)
    await answer(house, offer, Action.CONFIRM_LINK)
    house.clock.advance(4 * HOUR)
    for each in shops:
        await look(house.services, each)
    assert house.bazaar.calls["refresh"] == 1


async def test_shops_of_one_name_are_told_apart_and_stay_so(sqlite_house: House) -> None:
    house = sqlite_house
    for each in ALL:
        house.bazaar.add_shop(each, name="Rumah Kita")
    offer, _ = await consented(house, *ALL)
    await answer(house, offer, Action.CONFIRM_LINK)

    async def names() -> list[str]:
        return [each.name for each in await house.services.shops.list_all(house.owner)]

    assert await names() == ["Rumah Kita", "Rumah Kita BZ", "Rumah Kita BZ ID"]
    for shop in await house.services.shops.list_all(house.owner):
        await house.services.sync.check_access(shop)
    assert await names() == ["Rumah Kita", "Rumah Kita BZ", "Rumah Kita BZ ID"]
