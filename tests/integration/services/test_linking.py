"""Linking: from a chat through a browser back to the chat, for the starter alone and once (`promises.md` R8)."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar, cast
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import select

from domain.errors import (
    Conflict,
    NotAllowed,
    NotFound,
    PlatformError,
    PlatformUnavailable,
    RequestRejected,
)
from domain.events import EventKind
from domain.people import Role
from domain.queue import Task
from domain.shops import LinkState, ShopState
from domain.tickets import Action
from services.linking import LINK_LASTS, ReturnPage
from services.people import ChatRef, UserRef
from services.views import Pressed, PressResult
from storage.database import Connection, Database
from storage.repositories import marks
from storage.tables.shops import linking as linking_rows
from tests.factories import BOT, HOUR, listing_snapshot, platform_app
from tests.integration.services.house import House
from tests.integration.services.links import answer, returned, secrets_of, shops, started, state_of

T = TypeVar("T")


# The way it should go


async def test_a_shop_is_linked_by_consent_and_confirmation(house: House) -> None:
    offer, browser = await started(house)
    assert offer.valid_until == house.clock() + LINK_LASTS
    page = await house.services.linking.connect_page(browser.nonce)
    assert (page.platform_name, page.chat_title, page.asked_by, page.language) == (
        "Bazaar",
        "Sari",
        "Sari",
        "en",
    )
    query = await browser.consent()
    assert await state_of(house, offer) is LinkState.CONSENTED
    assert await browser.come_back(query) == ReturnPage(is_ok=True, code="", language="en")
    assert await shops(house) == 0, "nothing is linked before the chat said yes"
    linking = await house.services.linking.linking(house.owner.seller_id, offer.linking.id)
    assert (linking.state, linking.shop_external_id, linking.shop_name, linking.shop_currency) == (
        LinkState.RETURNED,
        "600011",
        "Rumah Kita",
        "IDR",
    )
    assert await house.told(EventKind.LINK_RETURNED) == [{"linking_id": offer.linking.id, "code": ""}]
    pressed = await answer(house, offer, Action.CONFIRM_LINK)
    assert pressed == Pressed(PressResult.LINK_CONFIRMED, offer.linking.id)
    (shop,) = await house.services.shops.list_shops(house.owner)
    assert (shop.external_id, shop.state, shop.currency) == ("600011", ShopState.LINKED, "IDR")
    assert shop.linked_at == house.clock()
    assert house.queue.take(Task.BACKFILL) == [(shop.id,)]
    assert await secrets_of(house, offer) == 0
    assert (
        await house.secret(f"shop:{shop.id}", "refresh_token") == house.bazaar.shops["600011"].refresh_token
    )
    assert "shop.linked" in await house.audited()


async def test_the_addresses_carry_no_secret_and_our_own_way_back(sqlite_house: House) -> None:
    house = sqlite_house
    offer, browser = await started(house)
    assert offer.url == f"https://storesync.invalid/connect/{browser.nonce}"
    await browser.consent()
    asked = parse_qs(urlsplit(browser.consented.url).query)
    assert asked["redirect"] == ["https://storesync.invalid/oauth/bazaar"]
    assert house.app.secret not in browser.consented.url
    assert len(asked["state"][0]) == 22
    rows = await house.database.read(lambda conn: repr(conn.execute(select(linking_rows)).all()))
    for token in (browser.nonce, asked["state"][0], browser.consented.cookie):
        assert token not in rows


async def test_refusing_the_shop_forgets_what_was_granted(house: House) -> None:
    offer = await returned(house)
    assert await secrets_of(house, offer) == 4
    assert (await answer(house, offer, Action.REFUSE_LINK)).result is PressResult.LINK_REFUSED
    assert (await state_of(house, offer), await secrets_of(house, offer)) == (LinkState.CANCELLED, 0)
    assert await shops(house) == 0
    with pytest.raises(Conflict):
        await answer(house, offer, Action.CONFIRM_LINK)


async def test_the_message_that_asked_shows_the_import_too(sqlite_house: House) -> None:
    house = sqlite_house
    offer = await returned(house)
    await house.services.linking.shown(house.owner, offer.linking.id, 77)
    await answer(house, offer, Action.CONFIRM_LINK)
    (shop,) = await house.services.shops.list_shops(house.owner)
    cards = await house.services.cards.of(house.owner.seller_id, "import", shop.id)
    assert [(card.view_id, card.message_id, card.version) for card in cards] == [(house.owner.view.id, 77, 0)]


@pytest.mark.parametrize(
    ("chosen", "then"), [("Asia/Singapore", "Asia/Jakarta"), ("Asia/Makassar", "Asia/Makassar")]
)
async def test_the_first_shop_tells_where_its_seller_is_unless_the_seller_said_so(
    sqlite_house: House, chosen: str, then: str
) -> None:
    house = sqlite_house
    house.owner = await house.services.people.set_zone(house.owner, chosen)
    await answer(house, await returned(house), Action.CONFIRM_LINK)
    visitor = await house.services.people.visit(
        BOT, ChatRef(4711, "private", "Sari"), UserRef("4711", "Sari")
    )
    assert visitor
    assert visitor.view.zone == then


async def test_platforms_without_keys_are_not_offered(sqlite_house: House) -> None:
    house = sqlite_house
    choices = await house.services.linking.choices(house.owner)
    assert [(each.platform_name, each.region) for each in choices] == [("Bazaar", "ID"), ("Bazaar", "SG")]
    await house.services.apps.seed([platform_app(id="ab02", platform="nowhere", key="7")])
    assert await house.services.linking.choices(house.owner) == choices
    await house.services.apps.seed(
        [platform_app(id="ab03", key="8", region="SG", seller_id=house.owner.seller_id)]
    )
    assert len(await house.services.linking.choices(house.owner)) == 3
    stranger = await house.found("Budi", 4712)
    assert await house.services.linking.choices(stranger) == choices


# Who may


@pytest.mark.parametrize("role", [Role.VIEWER, Role.PACKER])
async def test_only_managers_start_a_linking(sqlite_house: House, role: Role) -> None:
    house = sqlite_house
    member = await house.join("Paul", 4721, role)
    with pytest.raises(NotAllowed):
        await house.services.linking.start(member, house.app.id, "ID")


async def test_an_unknown_app_is_refused(sqlite_house: House) -> None:
    with pytest.raises(NotFound) as unknown:
        await sqlite_house.services.linking.start(sqlite_house.owner, "0" * 16, "ID")
    assert unknown.value.code == "app_unknown"


async def test_only_the_starter_confirms_or_refuses(house: House) -> None:
    offer = await returned(house)
    other = await house.join("Budi", 4712, Role.OWNER)
    in_his_chat = replace(house.owner, member=other.member)
    for action in (Action.CONFIRM_LINK, Action.REFUSE_LINK):
        for visitor in (other, in_his_chat):
            with pytest.raises(NotFound) as refused:
                await answer(house, offer, action, by=visitor)
            assert refused.value.code in {"link_unknown", "button_unknown"}
    assert await shops(house) == 0
    assert await secrets_of(house, offer) == 4
    await answer(house, offer, Action.CONFIRM_LINK)


async def test_a_stranger_sees_no_linking_of_another_seller(sqlite_house: House) -> None:
    house = sqlite_house
    offer = await returned(house)
    stranger = await house.found("Eve", 6666)
    with pytest.raises(NotFound):
        await house.services.linking.linking(stranger.seller_id, offer.linking.id)
    with pytest.raises(NotFound):
        await answer(house, offer, Action.CONFIRM_LINK, by=stranger)


# What must not work


async def test_another_browser_with_the_right_state_is_refused(house: House) -> None:
    offer, browser = await started(house)
    query = await browser.consent()
    for cookie in ("", "x" * 22, browser.nonce, query["state"]):
        page = await browser.come_back(query, cookie=cookie)
        assert (page.is_ok, page.code) == (False, "link_unknown")
    assert await state_of(house, offer) is LinkState.CONSENTED
    assert house.bazaar.calls["exchange_code"] == 0
    assert await house.told(EventKind.LINK_RETURNED, EventKind.LINK_FAILED) == []
    assert (await browser.come_back(query)).is_ok


async def test_a_state_works_once(house: House) -> None:
    _, browser = await started(house)
    query = await browser.consent()
    results = await asyncio.gather(*(browser.come_back(query) for _ in range(5)))
    assert [page.is_ok for page in results].count(True) == 1
    assert not (await browser.come_back(query)).is_ok
    assert house.bazaar.calls["exchange_code"] == 1
    assert len(await house.told(EventKind.LINK_RETURNED)) == 1


async def test_a_spent_link_is_unknown(house: House) -> None:
    _, browser = await started(house)
    await browser.come_back(await browser.consent())
    with pytest.raises(NotFound):
        await house.services.linking.connect_page(browser.nonce)
    with pytest.raises(NotFound):
        await browser.consent()


async def test_a_second_click_takes_the_first_browsers_place(sqlite_house: House) -> None:
    house = sqlite_house
    _, browser = await started(house)
    first = await browser.consent()
    cookie = browser.consented.cookie
    second = await browser.consent()
    assert not (await browser.come_back(first, cookie=cookie)).is_ok
    assert (await browser.come_back(second)).is_ok


class SlowToWrite:
    """A database whose next write waits until it is let: what was read before it may be outdated then."""

    def __init__(self, database: Database) -> None:
        self.read = database.read
        self._database = database
        self.reached, self.open = asyncio.Event(), asyncio.Event()

    async def write(self, work: Callable[[Connection], T], name: str) -> T:
        self.reached.set()
        await self.open.wait()
        return await self._database.write(work, name)


async def test_consenting_again_cannot_change_the_shop_that_is_being_confirmed(house: House) -> None:
    """Somebody who has the link must not slip another shop under the question in the chat."""
    offer, browser = await started(house)
    query = await browser.consent()
    attack, slow = house.another().linking, SlowToWrite(house.database)
    attack._db = cast("Database", slow)
    pressing = asyncio.create_task(attack.consent(browser.nonce))
    await slow.reached.wait()
    assert (await browser.come_back(query)).is_ok
    slow.open.set()
    with pytest.raises(NotFound):
        await pressing
    assert await state_of(house, offer) is LinkState.RETURNED


@pytest.mark.parametrize("step", ["page", "consent", "return"])
async def test_nothing_works_after_ten_minutes(sqlite_house: House, step: str) -> None:
    house = sqlite_house
    _, browser = await started(house)
    query = await browser.consent()
    house.clock.advance(LINK_LASTS)
    if step == "return":
        assert (await browser.come_back(query)).code == "link_unknown"
        assert house.bazaar.calls["exchange_code"] == 0
        return
    with pytest.raises(NotFound) as late:
        await (house.services.linking.connect_page(browser.nonce) if step == "page" else browser.consent())
    assert late.value.code == "link_unknown"


async def test_the_way_back_of_another_platform_is_refused(sqlite_house: House) -> None:
    _, browser = await started(sqlite_house)
    page = await browser.come_back(await browser.consent(), platform="lazada")
    assert (page.is_ok, page.code) == (False, "link_unknown")
    assert sqlite_house.bazaar.calls["exchange_code"] == 0


async def test_unknown_links_and_states_are_unknown(sqlite_house: House) -> None:
    house = sqlite_house
    await started(house)
    for nonce in ("", "x" * 22, "../../etc/passwd", "%00", "ก"):
        with pytest.raises(NotFound):
            await house.services.linking.connect_page(nonce)
    for query in ({}, {"state": ""}, {"state": "x" * 22, "code": "c"}, {"code": "c"}):
        assert (await house.services.linking.returned("bazaar", query, "")).code == "link_unknown"


async def test_a_new_linking_ends_the_one_before_and_what_it_was_granted(house: House) -> None:
    first = await returned(house)
    second, _ = await started(house)
    assert await state_of(house, first) is LinkState.CANCELLED
    assert await secrets_of(house, first) == 0
    with pytest.raises(Conflict):
        await answer(house, first, Action.CONFIRM_LINK)
    assert (await house.services.linking.waiting(house.owner)) == second.linking


async def test_cancel_ends_the_open_linking_and_forgets_its_tokens(house: House) -> None:
    assert not await house.services.linking.cancel(house.owner)
    offer = await returned(house)
    assert await house.services.linking.cancel(house.owner)
    assert (await state_of(house, offer), await secrets_of(house, offer)) == (LinkState.CANCELLED, 0)
    assert await house.services.linking.waiting(house.owner) is None


async def test_a_cancelled_linking_does_not_come_back(sqlite_house: House) -> None:
    house = sqlite_house
    offer, browser = await started(house)
    query = await browser.consent()
    await house.services.linking.cancel(house.owner)
    assert not (await browser.come_back(query)).is_ok
    assert await state_of(house, offer) is LinkState.CANCELLED


async def test_a_linking_cancelled_while_the_code_is_traded_keeps_no_token(house: House) -> None:
    offer, browser = await started(house)
    query = await browser.consent()
    gate = house.bazaar.hold("exchange_code")
    coming_back = asyncio.create_task(browser.come_back(query))
    await gate.reached.wait()
    assert await house.services.linking.cancel(house.owner)
    gate.open.set()
    await coming_back
    assert await state_of(house, offer) is not LinkState.RETURNED
    assert await secrets_of(house, offer) == 0
    assert await house.told(EventKind.LINK_RETURNED) == []


# What the platform says


@pytest.mark.parametrize(
    "error",
    [
        RequestRejected(platform="bazaar", operation="exchange_code"),
        PlatformUnavailable(platform="bazaar", operation="exchange_code"),
    ],
)
@pytest.mark.parametrize("operation", ["exchange_code", "fetch_shop"])
async def test_a_platform_that_says_no_is_told_and_nothing_is_kept(
    house: House, operation: str, error: PlatformError
) -> None:
    offer, browser = await started(house)
    query = await browser.consent()
    house.bazaar.fail(operation, error)
    page = await browser.come_back(query)
    assert (page.is_ok, page.code) == (False, error.code)
    assert (await state_of(house, offer), await secrets_of(house, offer)) == (LinkState.FAILED, 0)
    assert await house.told(EventKind.LINK_FAILED) == [{"linking_id": offer.linking.id, "code": error.code}]
    with pytest.raises(Conflict):
        await answer(house, offer, Action.CONFIRM_LINK)


async def test_a_consent_refused_at_the_platform_is_told(sqlite_house: House) -> None:
    house = sqlite_house
    _, browser = await started(house)
    query = await browser.consent()
    page = await browser.come_back({"state": query["state"], "error": "access_denied"})
    assert (page.is_ok, page.code) == (False, "platform_refused")
    assert len(await house.told(EventKind.LINK_FAILED)) == 1


async def test_a_shop_the_platform_has_closed_is_refused(sqlite_house: House) -> None:
    house = sqlite_house
    house.bazaar.add_shop("600011", is_usable=False)
    _, browser = await started(house)
    assert (await browser.come_back(await browser.consent())).code == "link_shop_unusable"


# A shop that is known


async def test_a_shop_of_another_seller_is_never_taken(house: House) -> None:
    stranger = await house.found("Eve", 6666)
    shop = await house.link("600011")
    before = await house.secret(f"shop:{shop.id}", "refresh_token")
    offer, browser = await started(house, stranger)
    page = await browser.come_back(await browser.consent())
    assert (page.is_ok, page.code) == (False, "link_foreign")
    assert await secrets_of(house, offer) == 0
    assert await house.told(EventKind.LINK_FAILED, of=stranger) == [
        {"linking_id": offer.linking.id, "code": "link_foreign"}
    ]
    assert await house.told(EventKind.LINK_FAILED) == []
    assert (await house.shop(shop.id)).seller_id == house.owner.seller_id
    assert await house.secret(f"shop:{shop.id}", "refresh_token") == before
    assert await shops(house) == 1


async def test_a_shop_linked_by_another_seller_before_the_confirmation_is_not_taken(house: House) -> None:
    stranger = await house.found("Eve", 6666)
    offer = await returned(house, stranger)
    shop = await house.link("600011")
    with pytest.raises(Conflict) as refused:
        await answer(house, offer, Action.CONFIRM_LINK, by=stranger)
    assert refused.value.code == "link_foreign"
    assert (await house.shop(shop.id)).seller_id == house.owner.seller_id


async def test_linking_again_keeps_the_shop_its_marks_and_its_history(house: House) -> None:
    shop, _ = await house.stocked(listing_snapshot())
    before = await house.database.read(lambda conn: marks.all_of(conn, shop.id))
    old = await house.secret(f"shop:{shop.id}", "refresh_token")
    house.bazaar.revoke()
    with pytest.raises(PlatformError):
        await house.services.tokens.call(
            shop.id, lambda platform, access: platform.linking.fetch_shop(access)
        )
    assert (await house.shop(shop.id)).state is ShopState.NEEDS_RELINK
    house.clock.advance(HOUR)
    house.bazaar.shops["600011"].name = "Rumah Kita Baru"
    await answer(house, await returned(house), Action.CONFIRM_LINK)
    again = await house.shop(shop.id)
    assert (again.state, again.name, again.trouble, again.linked_at) == (
        ShopState.LINKED,
        "Rumah Kita Baru",
        "",
        shop.linked_at,
    )
    assert await house.database.read(lambda conn: marks.all_of(conn, shop.id)) == before
    assert await house.secret(f"shop:{shop.id}", "refresh_token") != old
    assert (await house.shown()).shop_id == shop.id
    assert await shops(house) == 1
