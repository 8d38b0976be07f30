"""TikTok Shop beside Shopee on a stage: its simulator, and what StoreSync is told of it."""

import contextlib
import hashlib
from collections.abc import AsyncIterator
from dataclasses import dataclass

from simulator.serve import serving
from simulator.tiktok_shop.accounts import HOME_SHOP
from simulator.tiktok_shop.simulator import TiktokShopSimulator
from tests.stage.seller import Seller
from tests.stage.stage import HOST, Stage

SLUG = "tiktok_shop"
HOME = str(HOME_SHOP.id)
OTHER_SEED = 1000
"""Apart from the other platforms' seeds: what couriers number shall differ from platform to platform."""


@dataclass(frozen=True, slots=True)
class TiktokShop:
    simulator: TiktokShopSimulator
    url: str
    seller: Seller

    def secrets(self) -> dict[str, str]:
        """Return every secret there is by now, the shop's tokens among them, by its field."""
        simulation = self.simulator.simulation
        tokens = simulation.tokens
        values = sorted({*tokens._access, *tokens._refresh, *tokens._codes})
        issued = {f"token {number} of {SLUG}": token for number, token in enumerate(values)}
        return issued | {f"app secret of {SLUG}": simulation.app.secret}


@contextlib.asynccontextmanager
async def open_tiktok_shop(
    stage: Stage, *, orders: int = 40, products: int | None = None, seed: int = 1
) -> AsyncIterator[TiktokShop]:
    """Open the platform beside a stage; a StoreSync that starts from now on knows it."""
    simulator = TiktokShopSimulator(
        seed=OTHER_SEED + seed,
        orders=orders,
        products=products,
        redirect_url=f"{stage.url}/oauth/{SLUG}",
        app_secret=f"{stage.canaries.partner_key}-{SLUG}",
    )
    simulation = simulator.simulation
    simulation.webhooks.retry_scale = stage.shopee.simulation.pushes.retry_scale
    simulation.webhooks.callback_url = f"{stage.url}/hooks/{SLUG}/{hook_id(simulation.app.key)}"
    async with serving(simulator.app, HOST, 0) as url:
        stage.environment |= {
            "TIKTOK_SHOP_APP_KEY": simulation.app.key,
            "TIKTOK_SHOP_APP_SECRET": simulation.app.secret,
            "TIKTOK_SHOP_SERVICE_ID": simulation.app.service_id,
            "TIKTOK_SHOP_API_URL": url,
            "TIKTOK_SHOP_AUTH_URL": f"{url}/open/authorize",
            "TIKTOK_SHOP_SHOP_RPS": "200",
            "TIKTOK_SHOP_APP_RPS": "200",
        }
        yield TiktokShop(simulator, url, Seller(stage.phones, url, HOME, "ACTIVATE"))


def hook_id(app_key: str) -> str:
    """Return the last part of the address of webhooks, as `storesync doctor` and the runbook tell hosts."""
    return hashlib.sha256(f"{SLUG}|production|{app_key}".encode()).hexdigest()[:16]
