"""The contract of shops themselves: who may be read until when, logins that open several, and holidays."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from domain.clock import utc_now
from domain.platform import Can, Outcome
from domain.shops import Credentials, ShopAccess
from tests.contract.case import PlatformCase
from tests.contract.test_platform import REDIRECT


async def test_page_of_consent_shows_no_secret(case: PlatformCase) -> None:
    page = case.platform.linking.authorize_url(case.app, redirect_url=REDIRECT, state="st-0004")
    assert case.app.secret not in page
    assert "st-0004" in [value for values in parse_qs(urlsplit(page).query).values() for value in values]


@pytest.mark.needs(Can.OPEN_MANY_SHOPS)
async def test_one_consent_may_open_several_shops(case: PlatformCase) -> None:
    page = case.platform.linking.authorize_url(case.app, redirect_url=REDIRECT, state="st-0002")
    granted = await case.platform.linking.exchange_code(case.app, await case.consent(page, many_shops=True))
    assert len(granted) == len({each.external_id for each in granted}) >= 2
    fresh: dict[str, Credentials] = {}
    names = set()
    for each in granted:
        # Shops of one authorisation share their pair, which works for all of them once it was renewed.
        whose, spent = each.authorisation or each.external_id, each.credentials.refresh_token
        if whose not in fresh:
            fresh[whose] = await case.platform.linking.refresh(case.app, each.external_id, spent)
        access = ShopAccess(case.app, each.external_id, "", "", fresh[whose])
        names.add((await case.platform.linking.fetch_shop(access)).name)
    assert len(names) == len(granted)
    assert len(fresh) == len({each.credentials.refresh_token for each in granted})


@pytest.mark.needs(Can.LIST_AUTHORISATIONS)
async def test_authorisations_name_the_linked_shop_and_its_end(case: PlatformCase) -> None:
    told = {
        each.external_id: each.until for each in await case.platform.linking.fetch_authorisations(case.app)
    }
    until = told[case.shop.external_id]
    assert until
    assert utc_now() < until <= utc_now() + timedelta(days=366)
    assert until == (await case.platform.linking.fetch_shop(case.shop)).authorised_until


@pytest.mark.needs(Can.LIST_AUTHORISATIONS)
async def test_every_shop_of_one_login_is_named(case: PlatformCase) -> None:
    page = case.platform.linking.authorize_url(
        case.app, redirect_url="http://127.0.0.1:9/oauth", state="st-9"
    )
    granted = await case.platform.linking.exchange_code(case.app, await case.consent(page, many_shops=True))
    assert len(granted) == 2
    told = {each.external_id for each in await case.platform.linking.fetch_authorisations(case.app)}
    assert {each.external_id for each in granted} <= told


@pytest.mark.needs(Can.LIST_AUTHORISATIONS)
async def test_a_consent_that_was_taken_back_is_not_named(case: PlatformCase) -> None:
    await case.revoke()
    told = {each.external_id for each in await case.platform.linking.fetch_authorisations(case.app)}
    assert case.shop.external_id not in told


@pytest.mark.needs(Can.SWITCH_HOLIDAY)
async def test_a_holiday_begins_and_ends(case: PlatformCase) -> None:
    holidays = case.platform.holidays
    assert holidays
    assert not (await holidays.fetch_holiday(case.shop)).is_on
    for is_on in (True, True, False):
        assert (await holidays.set_holiday(case.shop, is_on=is_on)).outcome is Outcome.OK
        assert (await holidays.fetch_holiday(case.shop)).is_on is is_on
