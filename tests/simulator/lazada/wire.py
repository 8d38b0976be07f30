"""A plain client of the simulator, written from the reference: it signs by hand and knows no adapter."""

import hashlib
import hmac
import json
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx

FIXTURES = Path(__file__).parent / "fixtures"
APP_KEY, SECRET = "100001", "storesync-simulated-app-secret-0001"
HOME, SISTER = "100056775", "100056776"
RETURN_TO = "http://127.0.0.1/oauth"

Json = dict[str, Any]


def fixture(name: str) -> Json:
    content: Json = json.loads((FIXTURES / f"{name}.json").read_text(encoding="utf-8"))
    return content


def digest(secret: str, message: bytes) -> str:
    return hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()


class Wire:
    """Calls the simulator as a client would. `now` is the simulator's time, frozen in these tests."""

    def __init__(self, http: httpx.AsyncClient, now: int) -> None:
        self.http = http
        self.now = now
        self.token = ""
        self.refresh_token = ""

    async def send(
        self,
        path: str,
        *,
        method: str = "GET",
        secret: str = SECRET,
        changes: Json | None = None,
        **params: Any,
    ) -> Json:
        """Send one signed call; `changes` are made after it was signed, None takes a parameter away."""
        named = {name: each if isinstance(each, str) else json.dumps(each) for name, each in params.items()}
        asked = {"app_key": APP_KEY, "timestamp": str(self.now * 1000), "sign_method": "sha256", **named}
        if self.token and not path.startswith("/auth/"):
            asked.setdefault("access_token", self.token)
        base = path + "".join(name + asked[name] for name in sorted(asked))
        signed: Json = asked | {"sign": digest(secret, base.encode()).upper()} | (changes or {})
        sent = {name: value for name, value in signed.items() if value is not None}
        place = {"params": sent} if method == "GET" else {"data": sent}
        answer = await self.http.request(method, f"/rest{path}", **place)  # type: ignore[arg-type]
        assert answer.status_code == 200
        told: Json = answer.json()
        assert told["request_id"]
        return told

    async def ask(self, path: str, **params: Any) -> Json:
        """Make a call that is to succeed."""
        told = await self.send(path, **params)
        assert told["code"] == "0", told
        return told

    async def refused(self, path: str, **params: Any) -> str:
        """Make a call that is to be refused; return the code."""
        told = await self.send(path, **params)
        assert told["code"] != "0", told
        return str(told["code"])

    async def control(self, handle: str, **fields: Any) -> Json:
        answer = await self.http.post(f"/control/{handle}", json=fields)
        assert answer.status_code == 200, answer.text
        told: Json = answer.json()
        return told

    async def link(self, account: str = f"shop:{HOME}") -> None:
        page = {
            "response_type": "code",
            "force_auth": "true",
            "client_id": APP_KEY,
            "redirect_uri": RETURN_TO,
            "state": "s1",
        }
        assert (await self.http.get("/oauth/authorize", params=page)).status_code == 200
        form = {"account": account, "decision": "consent", "state": "s1"}
        landed = urlsplit((await self.http.post("/oauth/decision", data=form)).headers["location"])
        code = parse_qs(landed.query)["code"][0]
        pair = await self.ask("/auth/token/create", code=code)
        self.token, self.refresh_token = pair["access_token"], pair["refresh_token"]

    async def shop(self) -> Json:
        told = (await self.http.get("/control/world", params={"shop_id": HOME})).json()
        found: Json = told["shops"][0]
        return found

    async def sku(self) -> tuple[str, str]:
        """Return product and SKU of something on sale that has no sale price."""
        return next(
            (item["item_id"], model["model_id"])
            for item in (await self.shop())["items"]
            if item["status"] == "Active"
            for model in item["models"]
            if model["available"] > 5 and model["price"] == model["buyer_price"]
        )

    async def buy(self, units: int = 1, **more: Any) -> str:
        item, model = await self.sku()
        line = {"item_id": item, "model_id": model, "quantity": units}
        return str((await self.control("orders", lines=[line], **more))["order_sn"])

    async def units(self, number: str) -> list[Json]:
        told: list[Json] = (await self.ask("/order/items/get", order_id=number))["data"]
        return told
