"""A plain client of the simulator, written from the reference: it signs by hand and knows no adapter."""

import hashlib
import hmac
import json
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx

FIXTURES = Path(__file__).parent / "fixtures"
APP_KEY, SERVICE = "6ab1cd2ef3gh4", "7431458374265161999"
SECRET = "storesync-simulated-app-secret-0001"
HOME, SISTER, FOREIGN = "7494049642642441621", "7495540735365777507", "7496000000000000321"
GROUP = "main:19000"
RETURN_TO = "http://127.0.0.1/oauth"

Json = dict[str, Any]


def fixture(name: str) -> Json:
    content: Json = json.loads((FIXTURES / f"{name}.json").read_text(encoding="utf-8"))
    return content


def digest(secret: str, text: str) -> str:
    return hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()


def sign(secret: str, path: str, query: dict[str, str], body: str) -> str:
    joined = "".join(name + query[name] for name in sorted(query))
    return digest(secret, f"{secret}{path}{joined}{body}{secret}")


class Wire:
    """Calls the simulator as a client would. `now` is the simulator's time, frozen in these tests."""

    def __init__(self, http: httpx.AsyncClient, now: int) -> None:
        self.http = http
        self.now = now
        self.token = ""
        self.refresh_token = ""
        self.ciphers: dict[str, str] = {}

    async def send(
        self,
        method: str,
        path: str,
        body: Json | str | None = None,
        *,
        shop: str | None = HOME,
        secret: str = SECRET,
        token: str | None = None,
        changes: Json | None = None,
        **query: Any,
    ) -> httpx.Response:
        """Send one signed call; `changes` are made to the query after it was signed, None takes one away."""
        asked = {"app_key": APP_KEY, "timestamp": str(self.now)} | {k: str(v) for k, v in query.items()}
        if shop is not None:
            asked["shop_cipher"] = self.ciphers.get(shop, "ROW_nobody")
        content = "" if body is None else body if isinstance(body, str) else json.dumps(body)
        signed: Json = asked | {"sign": sign(secret, path, asked, content)} | (changes or {})
        params = {name: value for name, value in signed.items() if value is not None}
        headers = {
            "x-tts-access-token": self.token if token is None else token,
            "content-type": "application/json",
        }
        return await self.http.request(method, path, params=params, content=content.encode(), headers=headers)

    async def ask(self, method: str, path: str, body: Json | None = None, **more: Any) -> Json:
        """Make a call that is to succeed; return its data."""
        answer: Json = (await self.send(method, path, body, **more)).json()
        assert (answer["code"], answer["message"]) == (0, "Success"), answer
        assert answer["request_id"]
        data: Json = answer["data"]
        return data

    async def refused(self, method: str, path: str, body: Json | None = None, **more: Any) -> int:
        """Make a call that is to be refused; return the code."""
        answer: Json = (await self.send(method, path, body, **more)).json()
        assert answer["code"] != 0, answer
        return int(answer["code"])

    async def control(self, path: str, body: Json | None = None) -> Json:
        answer = await self.http.post(f"/control/{path}", json=body or {})
        assert answer.status_code == 200, answer.text
        described: Json = answer.json()
        return described

    async def move_clock(self, seconds: float) -> None:
        self.now = int((await self.control("clock", {"advance_s": seconds}))["now"])

    async def consent(self, account: str = f"shop:{HOME}", **form: str) -> httpx.Response:
        fields = {"account": account, "decision": "consent", "service_id": SERVICE, "state": "st-1"}
        return await self.http.post("/open/authorize/decision", data={**fields, **form})

    async def code(self, account: str = f"shop:{HOME}") -> str:
        answer = await self.consent(account)
        assert answer.status_code == 303, answer.text
        return query_of(answer.headers["location"])["code"]

    async def exchange(self, code: str) -> Json:
        asked = {"auth_code": code, "grant_type": "authorized_code"}
        return await self._token("get", asked)

    async def refresh(self, token: str) -> Json:
        return await self._token("refresh", {"refresh_token": token, "grant_type": "refresh_token"})

    async def _token(self, call: str, asked: Json) -> Json:
        keys = {"app_key": APP_KEY, "app_secret": SECRET}
        answer: Json = (await self.http.get(f"/api/v2/token/{call}", params=keys | asked)).json()
        return answer

    async def link(self, account: str = f"shop:{HOME}") -> None:
        pair = (await self.exchange(await self.code(account)))["data"]
        self.token, self.refresh_token = pair["access_token"], pair["refresh_token"]
        shops = (await self.ask("GET", "/authorization/202309/shops", shop=None))["shops"]
        self.ciphers = {each["id"]: each["cipher"] for each in shops}

    async def world(self, shop: str = HOME) -> Json:
        answer = await self.http.get("/control/world", params={"shop_id": shop})
        described: Json = answer.json()["shops"][0]
        return described

    async def shelf(self) -> list[Json]:
        """Return SKUs on sale with units enough, without a promotion: product, SKU and price."""
        return [
            {"item_id": item["item_id"], "model_id": model["model_id"], **model}
            for item in (await self.world())["items"]
            if item["status"] == "ACTIVATE"
            for model in item["models"]
            if model["available"] > 5 and not model["price_locked"]
        ]

    async def buy(self, *skus: Json, units: int = 1, **how: Any) -> str:
        lines = [
            {"item_id": sku["item_id"], "model_id": sku["model_id"], "quantity": units}
            for sku in (skus or (await self.shelf())[:1])
        ]
        placed = await self.control("orders", {"lines": lines, "courier": "J&T Express", **how})
        return str(placed["order_sn"])

    async def order(self, number: str) -> Json:
        found = await self.ask("GET", "/order/202507/orders", ids=number)
        order: Json = found["orders"][0]
        return order

    async def package(self, number: str) -> str:
        return str((await self.order(number))["packages"][0]["id"])


def query_of(url: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
