"""`storesync probe tiktok_shop` as a host runs it: a process of its own, beside a database with a linked shop."""

from pathlib import Path

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
from tests.contract.test_platform import free_variant
from tests.contract.tiktok_shop_case import HOME_SHOP, SERVICE, TiktokShopCase, tiktok_shop_case
from tests.integration.app.test_commands import environment, run

LANDING = "https://landing.invalid/"


def variables(folder: Path, case: TiktokShopCase) -> dict[str, str]:
    return environment(
        folder,
        TIKTOK_SHOP_APP_KEY=case.app.key,
        TIKTOK_SHOP_APP_SECRET=case.app.secret,
        TIKTOK_SHOP_SERVICE_ID=SERVICE,
        TIKTOK_SHOP_API_URL=case.app.api_url,
        TIKTOK_SHOP_AUTH_URL=f"{case.app.api_url}/open/authorize",
        OAUTH_REDIRECT_URL=LANDING,
    )


async def linked(named: dict[str, str], case: TiktokShopCase) -> None:
    """Link the simulated shop in the database that these settings name."""
    settings = Settings(
        _env_file=None,
        telegram_bot_token=SecretStr(named["TELEGRAM_BOT_TOKEN"]),
        secret_keys=SecretStr(named["SECRET_KEYS"]),
        database_url=named["DATABASE_URL"],
        tiktok_shop_app_key=case.app.key,
        tiktok_shop_app_secret=SecretStr(case.app.secret),
        tiktok_shop_service_id=SERVICE,
        tiktok_shop_api_url=case.app.api_url,
        tiktok_shop_auth_url=f"{case.app.api_url}/open/authorize",
        oauth_redirect_url=LANDING,
    )
    async with open_store(settings) as (database, vault, _):
        (app,) = await AppService(database, utc_now, vault).seed(apps_from(settings))
        assert app.auth_url == case.app.auth_url
        people = PeopleService(database, utc_now, signup=Signup.OPEN)
        owner = await people.admit(
            "123456", ChatRef(4711, "private", "Sari"), UserRef("4711", "Sari"), "", "en"
        )
        now = utc_now()
        linking = Linking(
            *(new_id(), owner.seller_id, owner.view.id, "4711", app.id, "tiktok_shop", "ID"),
            *(LinkState.RETURNED, None, now),
            shop_external_id=HOME_SHOP,
            shop_name="Rumah Kita",
            shop_region="ID",
            shop_currency="IDR",
        )
        shown = ShopSnapshot(HOME_SHOP, "Rumah Kita", "ID", "IDR", True, "ACTIVE", None)

        def work(conn: Connection) -> None:
            Shops(conn, owner.seller_id).add_linking(linking, nonce_hash="n", state_hash="s", now=now)
            keep_grant(conn, vault, linking, app, Grant(GrantedShop(HOME_SHOP, case.shop.credentials), shown))
            link_shop(conn, vault, linking, now)

        await database.write(work, "t")


async def test_nothing_differs_and_no_value_is_shown(tmp_path: Path) -> None:
    async with tiktok_shop_case() as case:
        await case.buy(await free_variant(case))
        named = variables(tmp_path, case)
        await linked(named, case)
        code, told, complained = await run("probe tiktok_shop", named)
        assert (code, complained) == (0, "")
        lines = told.splitlines()
        assert {line.split()[0] for line in lines[:-1]} == {"same"}
        assert lines[-1].startswith("21 calls, 0 differ.")
        pair = case.shop.credentials
        for secret in (HOME_SHOP, "Rumah Kita", case.app.secret, pair.access_token, pair.refresh_token):
            assert secret not in told
