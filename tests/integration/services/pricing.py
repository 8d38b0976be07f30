"""Changes on their way to a platform, as several tests need them."""

import asyncio
from datetime import timedelta

from domain.changes import Change
from domain.errors import FateUnknown, PlatformUnavailable
from tests.integration.services.house import House

LAMP = "900001"
SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)


def unavailable() -> PlatformUnavailable:
    return PlatformUnavailable(platform="bazaar", operation="call", reason="http_503")


def lost() -> FateUnknown:
    return FateUnknown(platform="bazaar", operation="push_prices", reason="timeout")


async def due_ids(house: House) -> list[str]:
    return [change_id for _, change_id in await house.services.applying.due()]


async def stranded(house: House) -> Change:
    """Leave a change as a worker leaves it that is killed between the push and its answer."""
    change = await house.approved()
    gate = house.bazaar.hold("push_prices")
    worker = asyncio.create_task(house.services.applying.apply(change.seller_id, change.id))
    await gate.reached.wait()
    worker.cancel()
    await asyncio.wait({worker})
    return await house.change(change.id)
