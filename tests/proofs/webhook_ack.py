"""P3, `webhook-ack`: what a platform was told is taken is kept, whenever the process is killed."""

import asyncio
import hmac
import json
import time
from collections.abc import Iterator
from hashlib import sha256
from itertools import count
from random import Random

import aiohttp

from tests.proofs.servers import open_server
from tests.proofs.trial import Trial
from tests.proofs.verdict import Verdict
from tests.stage import Nursery, Stage, lazada, open_stage, shared_nursery, tiktok_shop
from tests.stage.stage import hook_id

TIKTOK_SHOP = {
    "TIKTOK_SHOP_APP_KEY": "6ab1cd2ef3gh4",
    "TIKTOK_SHOP_APP_SECRET": "f3b1a9d0c2e84b57",
    "TIKTOK_SHOP_SERVICE_ID": "7431458374265161999",
    "TIKTOK_SHOP_API_URL": "http://127.0.0.1:9",
    "TIKTOK_SHOP_AUTH_URL": "http://127.0.0.1:9/open/authorize",
}
"""Its app; nobody is asked anything there, for no shop is linked."""
LAZADA = {
    "LAZADA_APP_KEY": "100001",
    "LAZADA_APP_SECRET": "a8d1c2e4f3b05b96",
    "LAZADA_API_URL": "http://127.0.0.1:9/rest",
    "LAZADA_AUTH_URL": "http://127.0.0.1:9/oauth/authorize",
}
AT_ONCE = 20
SLOWEST_S = 1.0
"""Shopify hangs up after so long, and no platform we know of has more patience."""


async def webhook_ack(trial: Trial) -> Verdict:
    """P3: killed right after an answer, with others under way, no push that was answered 2xx is lost."""
    verdict, random = trial.verdict(), trial.random
    nursery = shared_nursery()
    waits: list[float] = []
    async with open_server("hooks") as (url,):
        for database_url in ("", url):
            async with open_stage(orders=1, seed=trial.seed, database_url=database_url) as stage:
                stage.environment |= TIKTOK_SHOP | LAZADA
                await _on_one(stage, nursery, trial, random, verdict, waits)
    waits.sort()
    p99 = waits[len(waits) * 99 // 100]
    verdict.numbers["p99_ms"] = round(1000 * p99, 1)
    # The tests share their machine with others: there the figure is told, and nothing is proved by it.
    verdict.check(not trial.is_release or p99 < SLOWEST_S, f"one answer in a hundred took {p99:.2f} s")
    return verdict


async def _on_one(
    stage: Stage, nursery: Nursery, trial: Trial, random: Random, verdict: Verdict, waits: list[float]
) -> None:
    numbers = (f"26{number:012}" for number in count())
    answered: list[str] = []
    while len(answered) < trial.size(300, 2000):
        await stage.start_bot(nursery, broken=trial.broken)
        answered += await _until_killed(stage, numbers, random.randrange(15, 60), waits)
        verdict.numbers["kills"] = verdict.numbers.get("kills", 0) + 1
    kept = {
        number
        for (body,) in stage.rows(
            "SELECT body FROM inbox WHERE source IN ('shopee', 'tiktok_shop', 'lazada')"
        )
        for number in json.loads(body)["ids"]
    }
    verdict.trials += len(answered)
    for number in answered:
        verdict.check(number in kept, f"the push of {number} was answered and is gone")


async def _until_killed(
    stage: Stage, numbers: Iterator[str], kill_after: int, waits: list[float]
) -> list[str]:
    """Send pushes without pause; kill at an answer, and return what had been answered by then."""
    answered: list[str] = []

    async def send(session: aiohttp.ClientSession) -> None:
        for number in numbers:
            url, body, sign = PUSHES[int(number) % len(PUSHES)](stage, number)
            began = time.perf_counter()
            try:
                async with session.post(url, data=body, headers={"Authorization": sign}) as answer:
                    assert answer.status == 200, answer.status
            except aiohttp.ClientError:
                return  # killed with this one under way: the platform sends it again
            answered.append(number)
            waits.append(time.perf_counter() - began)
            if len(answered) == kill_after:
                await stage.kill_bot()

    async with aiohttp.ClientSession() as session:
        await asyncio.gather(*(send(session) for _ in range(AT_ONCE)))
    return answered


def _shopees(stage: Stage, number: str) -> tuple[str, bytes, str]:
    """Return where a push of Shopee's goes, what it says, and its signature."""
    url = f"{stage.url}/hooks/shopee/{hook_id(stage.shopee)}"
    told = {"ordersn": number, "status": "READY_TO_SHIP", "update_time": 1_767_225_600}
    push = {"code": 3, "shop_id": 600011, "timestamp": 1_767_225_600, "data": told}
    body = json.dumps(push).encode()
    key = stage.shopee.simulation.app.push_key.encode()
    return url, body, hmac.new(key, url.encode() + b"|" + body, sha256).hexdigest()


def _tiktok_shops(stage: Stage, number: str) -> tuple[str, bytes, str]:
    """Return the same of a webhook of TikTok Shop's."""
    key, secret = TIKTOK_SHOP["TIKTOK_SHOP_APP_KEY"], TIKTOK_SHOP["TIKTOK_SHOP_APP_SECRET"]
    told = {"order_id": number, "order_status": "AWAITING_SHIPMENT", "update_time": 1_767_225_600}
    push = {
        "type": 1,
        "tts_notification_id": number,
        "shop_id": "7494049642642441621",
        "timestamp": 1_767_225_600,
        "data": told,
    }
    body = json.dumps(push).encode()
    url = f"{stage.url}/hooks/tiktok_shop/{tiktok_shop.hook_id(key)}"
    return url, body, hmac.new(secret.encode(), key.encode() + body, sha256).hexdigest()


def _lazadas(stage: Stage, number: str) -> tuple[str, bytes, str]:
    """Return the same of a push of Lazada's."""
    key, secret = LAZADA["LAZADA_APP_KEY"], LAZADA["LAZADA_APP_SECRET"]
    told = {
        "order_status": "pending",
        "trade_order_id": number,
        "trade_order_line_id": f"{number}1",
        "status_update_time": 1_767_225_600,
    }
    push = {"seller_id": "100056775", "message_type": 0, "timestamp": 1_767_225_600_000, "site": "lazada_id"}
    body = json.dumps(push | {"data": told}).encode()
    url = f"{stage.url}/hooks/lazada/{lazada.hook_id(key)}"
    return url, body, hmac.new(secret.encode(), key.encode() + body, sha256).hexdigest()


PUSHES = (_shopees, _tiktok_shops, _lazadas)
