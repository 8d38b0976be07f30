"""Lazada beside Shopee on a stage: its simulator, and what StoreSync is told of it."""

import contextlib
import hashlib
from collections.abc import AsyncIterator
from dataclasses import dataclass

from simulator.lazada.accounts import HOME_SHOP
from simulator.lazada.simulator import LazadaSimulator
from simulator.serve import serving
from tests.stage.seller import Seller
from tests.stage.stage import HOST, Stage

SLUG = "lazada"
HOME = str(HOME_SHOP.id)
OTHER_SEED = 2000
"""Apart from the other platforms' seeds: what couriers number shall differ from platform to platform."""


@dataclass(frozen=True, slots=True)
class Lazada:
    simulator: LazadaSimulator
    url: str
    seller: Seller

    def secrets(self) -> dict[str, str]:
        """Return every secret there is by now, the shop's tokens among them, by its field."""
        simulation = self.simulator.simulation
        tokens = simulation.tokens
        refresh = {each.refresh_token for each in tokens.grants.values()}
        values = sorted({*tokens._access, *refresh, *tokens._codes})
        issued = {f"token {number} of {SLUG}": token for number, token in enumerate(values)}
        return issued | {f"app secret of {SLUG}": simulation.app.secret}


@contextlib.asynccontextmanager
async def open_lazada(
    stage: Stage, *, orders: int = 40, products: int | None = None, seed: int = 1
) -> AsyncIterator[Lazada]:
    """Open the platform beside a stage; a StoreSync that starts from now on knows it."""
    simulator = LazadaSimulator(
        seed=OTHER_SEED + seed,
        orders=orders,
        products=products,
        redirect_url=f"{stage.url}/oauth/{SLUG}",
        app_secret=f"{stage.canaries.partner_key}-{SLUG}",
    )
    simulation = simulator.simulation
    simulation.pushes.retry_scale = stage.shopee.simulation.pushes.retry_scale
    simulation.pushes.callback_url = f"{stage.url}/hooks/{SLUG}/{hook_id(simulation.app.key)}"
    async with serving(simulator.app, HOST, 0) as url:
        stage.environment |= {
            "LAZADA_APP_KEY": simulation.app.key,
            "LAZADA_APP_SECRET": simulation.app.secret,
            "LAZADA_API_URL": f"{url}/rest",
            "LAZADA_AUTH_URL": f"{url}/oauth/authorize",
            "LAZADA_SHOP_RPS": "200",
            "LAZADA_APP_RPS": "200",
        }
        yield Lazada(simulator, url, Seller(stage.phones, url, HOME, "Active"))


def hook_id(app_key: str) -> str:
    """Return the last part of the address of pushes, as `storesync doctor` and the runbook tell hosts."""
    return hashlib.sha256(f"{SLUG}|production|{app_key}".encode()).hexdigest()[:16]
