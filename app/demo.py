"""The demo: simulated Telegram, simulated platforms, and the real StoreSync between them, on loopback."""

import asyncio
import base64
import contextlib
import json
import secrets
import socket
import sys
import tempfile
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import httpx
from pydantic import SecretStr
from rich.console import Console

from adapters.registry import INFOS
from app.logs import configure_logging
from app.settings import DemoSettings, Settings, Signup
from app.wiring import House, open_house
from simulator.lazada.__main__ import ready_line as line_of_lazada
from simulator.lazada.simulator import LazadaSimulator
from simulator.serve import serving
from simulator.shopee.__main__ import ready_line as line_of_shopee
from simulator.shopee.simulator import ShopeeSimulator
from simulator.telegram.server import TelegramSimulator
from simulator.tiktok_shop.__main__ import ready_line as line_of_tiktok_shop
from simulator.tiktok_shop.simulator import TiktokShopSimulator

HOST = "127.0.0.1"
PERSONA = "Sari"
PLATFORMS = ("shopee", "tiktok_shop", "lazada")
SIMULATOR_RPS = 200.0
"""The simulators have no limits of their own here: nobody shall wait for them in a demo."""


@dataclass(frozen=True, slots=True)
class Demo:
    """The servers, and what a program needs to use them."""

    telegram: TelegramSimulator
    shopee: ShopeeSimulator
    tiktok_shop: TiktokShopSimulator
    lazada: LazadaSimulator
    house: House
    facts: dict[str, object]


@contextlib.asynccontextmanager
async def open_demo(ports: DemoSettings, folder: Path) -> AsyncIterator[Demo]:
    """Start simulators and StoreSync; the database is a new one in `folder`."""
    async with contextlib.AsyncExitStack() as stack:
        telegram = TelegramSimulator()
        await stack.enter_async_context(telegram.serve(HOST, ports.telegram_sim_port))
        shopee = ShopeeSimulator()
        shopee_url = await stack.enter_async_context(serving(shopee.app, HOST, ports.shopee_sim_port))
        http_port = ports.http_port or free_port()
        ours = f"http://{HOST}:{http_port}"
        tiktok_shop = TiktokShopSimulator(seed=2, orders=400, redirect_url=f"{ours}/oauth/tiktok_shop")
        tiktok_shop_url = await stack.enter_async_context(
            serving(tiktok_shop.app, HOST, ports.tiktok_shop_sim_port)
        )
        lazada = LazadaSimulator(seed=3, orders=400, redirect_url=f"{ours}/oauth/lazada")
        lazada_url = await stack.enter_async_context(serving(lazada.app, HOST, ports.lazada_sim_port))
        settings = demo_settings(
            telegram,
            http_port,
            folder,
            shopee_settings(shopee, shopee_url),
            tiktok_shop_settings(tiktok_shop, tiktok_shop_url),
            lazada_settings(lazada, lazada_url),
        )
        configure_logging(ports.log_level, "console", settings.secrets())
        house = await stack.enter_async_context(open_house(settings, is_simulated=True))
        hooks = {app.platform: app.hook_url for app in house.apps}
        shopee.simulation.pushes.callback_url = hooks["shopee"]
        tiktok_shop.simulation.webhooks.callback_url = hooks["tiktok_shop"]
        lazada.simulation.pushes.callback_url = hooks["lazada"]
        facts: dict[str, object] = {
            "kind": "demo",
            "chat_url": telegram.url,
            "telegram": telegram.describe(),
            "shopee": line_of_shopee(shopee, shopee_url),
            "tiktok_shop": line_of_tiktok_shop(tiktok_shop, tiktok_shop_url),
            "lazada": line_of_lazada(lazada, lazada_url),
            "storesync": {"url": house.url, "hook_url": hooks["shopee"]},
        }
        yield Demo(telegram, shopee, tiktok_shop, lazada, house, facts)


def demo_settings(
    telegram: TelegramSimulator, http_port: int, folder: Path, *platforms: dict[str, object]
) -> Settings:
    """Return the settings of a host whose Telegram and platforms are the simulators."""
    return Settings(
        _env_file=None,
        telegram_bot_token=SecretStr(telegram.token),
        telegram_api_url=telegram.url,
        public_url=f"http://{HOST}:{http_port}",
        http_host=HOST,
        http_port=http_port,
        database_url=f"sqlite+aiosqlite:///{folder / 'storesync.db'}",
        secret_keys=SecretStr(f"demo:{base64.b64encode(secrets.token_bytes(32)).decode()}"),
        signup=Signup.OPEN,
        telegram_chat_rps=SIMULATOR_RPS,
        telegram_rps=SIMULATOR_RPS,
        quota_factor=SIMULATOR_RPS,
        **{name: value for platform in platforms for name, value in platform.items()},  # type: ignore[arg-type]
    )


def shopee_settings(simulator: ShopeeSimulator, url: str) -> dict[str, object]:
    app = simulator.simulation.app
    return {
        "shopee_partner_id": str(app.partner_id),
        "shopee_partner_key": SecretStr(app.partner_key),
        "shopee_push_keys": (SecretStr(app.push_key),),
        "shopee_api_url": url,
        "shopee_auth_url": f"{url}/auth",
        "shopee_shop_rps": SIMULATOR_RPS,
        "shopee_app_rps": SIMULATOR_RPS,
    }


def tiktok_shop_settings(simulator: TiktokShopSimulator, url: str) -> dict[str, object]:
    app = simulator.simulation.app
    return {
        "tiktok_shop_app_key": app.key,
        "tiktok_shop_app_secret": SecretStr(app.secret),
        "tiktok_shop_service_id": app.service_id,
        "tiktok_shop_api_url": url,
        "tiktok_shop_auth_url": f"{url}/open/authorize",
        "tiktok_shop_shop_rps": SIMULATOR_RPS,
        "tiktok_shop_app_rps": SIMULATOR_RPS,
    }


def lazada_settings(simulator: LazadaSimulator, url: str) -> dict[str, object]:
    app = simulator.simulation.app
    return {
        "lazada_app_key": app.key,
        "lazada_app_secret": SecretStr(app.secret),
        "lazada_api_url": f"{url}/rest",
        "lazada_auth_url": f"{url}/oauth/authorize",
        "lazada_shop_rps": SIMULATOR_RPS,
        "lazada_app_rps": SIMULATOR_RPS,
    }


def free_port() -> int:
    """Return a port that is free now: the address must be known before the server listens on it."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


async def run_demo(stopped: asyncio.Event) -> None:
    """Run the demo until it is told to stop; the database goes away with it."""
    with tempfile.TemporaryDirectory(prefix="storesync-demo-") as folder:
        async with open_demo(DemoSettings(), Path(folder)) as demo:
            await _invite_a_person(demo.telegram.url)
            console = Console(stderr=True)
            console.print(f"\n  StoreSync demo: open [bold]{demo.telegram.url}[/bold] in your browser.")
            console.print("  Press Start, link a shop or all three, then buy something as a customer:")
            for slug in PLATFORMS:
                console.print(f"  {demo.facts[slug]['buyer_url']}   {INFOS[slug].name}")  # type: ignore[index]
            console.print("  (Ctrl+C ends the demo)\n")
            sys.stdout.write(json.dumps(demo.facts) + "\n")
            sys.stdout.flush()
            await stopped.wait()


async def _invite_a_person(chat_url: str) -> None:
    """Have somebody in the chat already, so that the page opens on a person who only has to press Start."""
    async with httpx.AsyncClient(trust_env=False) as client:
        await client.post(f"{chat_url}/client/users", json={"first_name": PERSONA, "language_code": "en"})
