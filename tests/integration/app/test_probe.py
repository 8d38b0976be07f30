"""`storesync probe` as a host runs it: a process of its own, beside a database with a linked shop, over HTTP."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from app.platform_apps import apps_from
from app.settings import Settings, Signup
from app.wiring import open_store
from domain.clock import utc_now
from domain.ids import new_id
from domain.platform import GrantedShop, ShopSnapshot
from domain.shops import Linking, LinkState
from services.apps import AppService
from services.grants import Grant, keep_grant, link_shop
from services.people import ChatRef, PeopleService, UserRef
from storage.database import Connection
from storage.repositories.shops import Shops
from tests.contract.shopee_case import HOME_SHOP, ShopeeCase, shopee_case
from tests.integration.app.test_commands import environment, run

LANDING = "https://landing.invalid/"


@pytest.fixture
async def shopee() -> AsyncIterator[ShopeeCase]:
    async with shopee_case() as running:
        yield running


def variables(folder: Path, shopee: ShopeeCase) -> dict[str, str]:
    return environment(
        folder,
        SHOPEE_PARTNER_ID=shopee.app.key,
        SHOPEE_PARTNER_KEY=shopee.app.secret,
        SHOPEE_API_URL=shopee.app.api_url,
        SHOPEE_AUTH_URL=shopee.app.auth_url,
        OAUTH_REDIRECT_URL=LANDING,
    )


async def linked(named: dict[str, str], shopee: ShopeeCase) -> None:
    """Link the simulated shop in the database that these settings name."""
    settings = Settings(
        _env_file=None,
        telegram_bot_token=SecretStr(named["TELEGRAM_BOT_TOKEN"]),
        secret_keys=SecretStr(named["SECRET_KEYS"]),
        database_url=named["DATABASE_URL"],
        shopee_partner_id=shopee.app.key,
        shopee_partner_key=SecretStr(shopee.app.secret),
        shopee_api_url=shopee.app.api_url,
        shopee_auth_url=shopee.app.auth_url,
        oauth_redirect_url=LANDING,
    )
    async with open_store(settings) as (database, vault, _):
        (app,) = await AppService(database, utc_now, vault).seed(apps_from(settings))
        people = PeopleService(database, utc_now, signup=Signup.OPEN)
        owner = await people.admit(
            "123456", ChatRef(4711, "private", "Sari"), UserRef("4711", "Sari"), "", "en"
        )
        now = utc_now()
        linking = Linking(
            *(new_id(), owner.seller_id, owner.view.id, "4711", app.id, "shopee", "ID"),
            *(LinkState.RETURNED, None, now),
            shop_external_id=HOME_SHOP,
            shop_name="Rumah Kita",
            shop_region="ID",
            shop_currency="IDR",
        )
        shown = ShopSnapshot(HOME_SHOP, "Rumah Kita", "ID", "IDR", True, "NORMAL", None)
        pair = shopee.shop.credentials

        def work(conn: Connection) -> None:
            Shops(conn, owner.seller_id).add_linking(linking, nonce_hash="n", state_hash="s", now=now)
            keep_grant(conn, vault, linking, app, Grant(GrantedShop(HOME_SHOP, pair), shown))
            link_shop(conn, vault, linking, now)

        await database.write(work, "t")


async def test_nothing_differs_and_no_value_is_shown(tmp_path: Path, shopee: ShopeeCase) -> None:
    named = variables(tmp_path, shopee)
    await linked(named, shopee)
    code, told, complained = await run("probe shopee", named)
    assert (code, complained) == (0, "")
    lines = told.splitlines()
    assert len(lines) >= 16
    assert {line.split()[0] for line in lines[:-1]} <= {"same", "not"}
    assert lines[-1].startswith("17 calls, 0 differ.")
    for secret in (HOME_SHOP, "Rumah Kita", shopee.app.secret, shopee.shop.credentials.access_token):
        assert secret not in told


async def test_what_cannot_be_asked_ends_with_two(tmp_path: Path, shopee: ShopeeCase) -> None:
    named = variables(tmp_path, shopee)
    await linked(named, shopee)
    for words, why in [
        ("probe nowhere", "There is no platform nowhere to ask."),
        ("probe shopee --shop 999", "No such shop of Shopee is linked"),
    ]:
        code, told, complained = await run(words, named)
        assert (code, told) == (2, "")
        assert why in complained
