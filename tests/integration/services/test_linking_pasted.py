"""Linking by an address that the seller pastes, where no browser can come back to us."""

from collections.abc import Mapping
from dataclasses import replace

import pytest
import pytest_asyncio

from domain.chats import Visitor
from domain.errors import (
    InputError,
)
from domain.events import EventKind
from domain.people import Role
from domain.shops import LinkState
from domain.tickets import Action
from services.linking import LINK_LASTS
from storage.database import Database
from tests.integration.services.house import House
from tests.integration.services.links import answer, shops, started, state_of


@pytest_asyncio.fixture(loop_scope="session")
async def sqlite_house_without_address(sqlite_database: Database) -> House:
    """Return an installation that browsers cannot come back to."""
    return await House(sqlite_database, public_url="").open()


async def pasted_by(house: House, visitor: Visitor, address: str) -> str:
    """Paste an address; return the code it was refused with, or nothing."""
    try:
        await house.services.linking.paste(visitor, address)
    except InputError as refused:
        return refused.code
    return ""


def landed(query: Mapping[str, str], at: str = "https://landing.invalid/") -> str:
    return f"{at}?" + "&".join(f"{name}={value}" for name, value in query.items())


async def test_a_pasted_address_links_where_no_browser_can_come_back(
    sqlite_house_without_address: House,
) -> None:
    house = sqlite_house_without_address
    offer, _ = await started(house)
    assert offer.url.startswith("https://bazaar.invalid/auth?")
    query = house.bazaar.consent(offer.url, "600011")
    assert await pasted_by(house, house.owner, f"  {landed(query)}\n") == ""
    assert await house.told(EventKind.LINK_RETURNED) == [{"linking_id": offer.linking.id, "code": ""}]
    await answer(house, offer, Action.CONFIRM_LINK)
    assert await shops(house) == 1


async def test_a_pasted_address_counts_only_from_its_starter_in_his_private_chat(house: House) -> None:
    stranger = await house.found("Eve", 6666)
    colleague = await house.join("Budi", 4712, Role.OWNER)
    offer, browser = await started(house)
    query = await browser.consent()
    in_a_group = replace(house.owner, chat=replace(house.owner.chat, kind="supergroup"))
    in_his_chat = replace(house.owner, member=colleague.member)
    elsewhere = replace(house.owner, view=colleague.view)
    for visitor in (stranger, colleague, in_a_group, in_his_chat, elsewhere):
        assert await pasted_by(house, visitor, landed(query)) == "address_foreign"
    assert await state_of(house, offer) is LinkState.CONSENTED
    assert house.bazaar.calls["exchange_code"] == 0
    assert await pasted_by(house, house.owner, landed(query)) == ""
    assert await pasted_by(house, house.owner, landed(query)) == "address_foreign"


async def test_an_address_with_a_foreign_or_late_state_is_refused(sqlite_house: House) -> None:
    house = sqlite_house
    _, browser = await started(house)
    query = await browser.consent()
    assert await pasted_by(house, house.owner, landed(query | {"state": "x" * 22})) == "address_foreign"
    house.clock.advance(LINK_LASTS)
    assert await pasted_by(house, house.owner, landed(query)) == "address_foreign"


@pytest.mark.parametrize(
    "address",
    [
        "",
        "hello",
        "https://landing.invalid/",
        "https://landing.invalid/?code=1",
        "https://landing.invalid/?state=1",
        "https://landing.invalid/#code=1&state=2",
        "http://[::1?code=1&state=2",
        "https://[landing]/?code=1&state=2",
        "http://\x00?code=1",
        "https://landing.invalid/?code=&state=",
    ],
)
async def test_what_is_no_address_is_unreadable(sqlite_house: House, address: str) -> None:
    assert await pasted_by(sqlite_house, sqlite_house.owner, address) == "address_unreadable"
