"""Many callers asking a shop's platform at once, turn by turn, in a process of its own."""

import asyncio
import json
import os
from collections import Counter
from itertools import count
from pathlib import Path

from sqlalchemy import select

from app.platform_apps import apps_from
from app.settings import read_settings
from app.wiring import open_services
from domain.clock import utc_now
from domain.platform import Platform, ShopSnapshot
from domain.shops import ShopAccess
from services import Services
from storage.tables.shops import shop
from tests.stage.waiting import until

ASKED = "asked"


async def ask(callers: int, turn: Path) -> None:
    """Have so many callers ask at once in every turn, whose number the file holds; print what they got."""
    settings = read_settings(None)
    is_file = settings.database_url.startswith("sqlite")
    async with open_services(settings, utc_now, has_jobs=is_file, is_alone=is_file) as (ground, services):
        await services.apps.seed(apps_from(settings))
        (shop_id,) = await ground.database.read(lambda conn: list(conn.scalars(select(shop.c.id))))
        for number in count(1):
            await _called(turn, number)
            got = await asyncio.gather(
                *(_look(services, shop_id) for _ in range(callers)), return_exceptions=True
            )
            failed = Counter(type(each).__name__ for each in got if isinstance(each, BaseException))
            line = json.dumps({"kind": ASKED, "turn": number, "failed": failed})
            os.write(1, f"{line}\n".encode())  # whole: others write to the same file


async def _called(turn: Path, number: int) -> None:
    async def is_called() -> bool:
        return turn.exists() and int(turn.read_text() or 0) >= number

    await until(is_called, "the next turn", within_s=60)


async def _look(services: Services, shop_id: str) -> ShopSnapshot:
    async def of(platform: Platform, access: ShopAccess) -> ShopSnapshot:
        return await platform.linking.fetch_shop(access)

    return await services.tokens.call(shop_id, of)
