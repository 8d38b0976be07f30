"""Shopee's sample payloads, an app, a shop, and a stand-in that answers from a script."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx

from adapters.registry import build_platforms
from domain.money import Money
from domain.platform import Platform
from domain.shops import Budget, Credentials, Environment, PlatformApp, ShopAccess

FOLDER = Path(__file__).parents[2] / "fixtures" / "shopee"

NOW = datetime(2025, 11, 22, 8, 26, 40, tzinfo=UTC)
HOOK_URL = "https://bot.example.com/webhooks/shopee"
PARTNER_KEY = "storesync-sandbox-partner-key-0001"
PUSH_KEY = "storesync-live-push-key-0001"
ACCESS_TOKEN = "6b5a46716e474d6f6e59777659459849"
REFRESH_TOKEN = "4c7259534969484e71734d695a6e6d55"

APP = PlatformApp(
    id="app1",
    platform="shopee",
    environment=Environment.SANDBOX,
    region="",
    key="2001887",
    secret=PARTNER_KEY,
    push_keys=("an-older-push-key", PUSH_KEY),
    api_url="http://shopee.invalid",
    auth_url="http://shopee.invalid/auth",
    hook_url=HOOK_URL,
    budget=Budget(per_shop=1000, per_app=1000),
)
SHOP = ShopAccess(
    APP, "600011", "ID", "IDR", Credentials(ACCESS_TOKEN, REFRESH_TOKEN, NOW + timedelta(hours=4))
)

Answer = httpx.Response | Exception | Callable[[httpx.Request], httpx.Response]


def rupiah(amount: int) -> Money:
    return Money(Decimal(amount), "IDR")


def at(epoch: int) -> datetime:
    return datetime.fromtimestamp(epoch, UTC)


def sample(name: str) -> Any:
    return json.loads((FOLDER / f"{name}.json").read_text("utf-8"))


def body(name: str, response: str) -> Any:
    """Return one sample response's body."""
    return next(each["body"] for each in sample(name)["responses"] if each["name"] == response)


def answer(name: str, response: str) -> httpx.Response:
    found = next(each for each in sample(name)["responses"] if each["name"] == response)
    return httpx.Response(found["http_status"], json=found["body"])


def error(name: str, message: str = "", status: int = 200) -> httpx.Response:
    return httpx.Response(status, json={"error": name, "message": message, "request_id": "r1"})


def wrapped(response: Any) -> httpx.Response:
    return httpx.Response(200, json={"error": "", "message": "", "request_id": "r1", "response": response})


class StandIn:
    """Answers from a script, the last answer again and again, and keeps the requests."""

    def __init__(self, *answers: Answer, clock: Callable[[], datetime] = lambda: NOW) -> None:
        self._answers = list(answers)
        self.requests: list[httpx.Request] = []
        self.platform: Platform = build_platforms(httpx.MockTransport(self._answer), clock)["shopee"]

    async def _answer(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer(request) if callable(answer) else answer

    @property
    def paths(self) -> list[str]:
        return [request.url.path.removeprefix("/api/v2") for request in self.requests]


def by_path(**answers: Any) -> Callable[[httpx.Request], httpx.Response]:
    """Answer by the last part of the path; a list is given out one by one."""

    def choose(request: httpx.Request) -> httpx.Response:
        chosen = answers[request.url.path.rpartition("/")[2]]
        if isinstance(chosen, list):
            chosen = chosen.pop(0)
        found: httpx.Response = chosen(request) if callable(chosen) else chosen
        return found

    return choose


def app(**changes: Any) -> PlatformApp:
    return replace(APP, **changes)
