"""`storesync probe lazada` as a host runs it: a process of its own, beside a database with a linked shop."""

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
from tests.contract.lazada_case import HOME_SHOP, LazadaCase, lazada_case
from tests.contract.test_platform import free_variant
from tests.integration.app.test_commands import environment, run

LANDING = "https://landing.invalid/"


def variables(folder: Path, case: LazadaCase) -> dict[str, str]:
    return environment(
        folder,
        LAZADA_APP_KEY=case.app.key,
        LAZADA_APP_SECRET=case.app.secret,
        LAZADA_API_URL=case.app.api_url,
        LAZADA_AUTH_URL=case.app.auth_url,
        OAUTH_REDIRECT_URL=LANDING,
    )


async def linked(named: dict[str, str], case: LazadaCase) -> None:
    """Link the simulated shop in the database that these settings name."""
    settings = Settings(
        _env_file=None,
        telegram_bot_token=SecretStr(named["TELEGRAM_BOT_TOKEN"]),
        secret_keys=SecretStr(named["SECRET_KEYS"]),
        database_url=named["DATABASE_URL"],
        lazada_app_key=case.app.key,
        lazada_app_secret=SecretStr(case.app.secret),
        lazada_api_url=case.app.api_url,
        lazada_auth_url=case.app.auth_url,
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
            *(new_id(), owner.seller_id, owner.view.id, "4711", app.id, "lazada", "ID"),
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
    async with lazada_case() as case:
        await case.buy(await free_variant(case))
        named = variables(tmp_path, case)
        await linked(named, case)
        code, told, complained = await run("probe lazada", named)
        assert (code, complained) == (0, "")
        lines = told.splitlines()
        assert {line.split()[0] for line in lines[:-1]} == {"same"}
        assert lines[-1].startswith("14 calls, 0 differ.")
        pair = case.shop.credentials
        for secret in (HOME_SHOP, "Rumah Kita", case.app.secret, pair.access_token, pair.refresh_token):
            assert secret not in told
