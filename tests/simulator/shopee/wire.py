"""A plain client of the simulator, written from the reference: it signs by hand and knows no adapter."""

import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx

FIXTURES = Path(__file__).parent / "fixtures"
PARTNER_ID = 2001887
PARTNER_KEY = "storesync-sandbox-partner-key-0001"
PUSH_KEY = "storesync-live-push-key-0001"
HOME, SISTER, FOREIGN = 600011, 600012, 600021
MAIN_ACCOUNT, MERCHANT = 19000, 1001705
RETURN_TO = "http://127.0.0.1:9/oauth/shopee"

Json = dict[str, Any]
Params = Mapping[str, str | int | Sequence[str | int]]


def fixture(name: str) -> Json:
    content: Json = json.loads((FIXTURES / f"{name}.json").read_text(encoding="utf-8"))
    return content


def sign(key: str, base_string: str) -> str:
    return hmac.new(key.encode(), base_string.encode(), hashlib.sha256).hexdigest()


class Wire:
    """Calls the simulator as a client would. `now` is the simulator's time, frozen in these tests."""

    def __init__(self, http: httpx.AsyncClient, now: int) -> None:
        self.http = http
        self.now = now
        self.tokens: dict[int, str] = {}
        self.refresh_tokens: dict[int, str] = {}

    def common(self, path: str, *, shop: int | None = None, **changes: Any) -> Json:
        """Make the common parameters; `changes` replaces some before signing, None leaves one out of the query."""
        fields: Json = {"partner_id": PARTNER_ID, "timestamp": self.now}
        if shop is not None:
            fields |= {"access_token": self.tokens.get(shop, ""), "shop_id": shop}
        fields |= {name: value for name, value in changes.items() if name in fields}
        parts = [fields["partner_id"], f"/api/v2/{path}", fields["timestamp"]]
        parts += [fields["access_token"], fields["shop_id"]] if shop is not None else []
        fields["sign"] = sign(PARTNER_KEY, "".join(str(part) for part in parts))
        fields |= changes
        return {name: value for name, value in fields.items() if value is not None}

    async def get(self, path: str, params: Params | None = None, **common: Any) -> httpx.Response:
        return await self.http.get(
            f"/api/v2/{path}", params={**self.common(path, **common), **(params or {})}
        )

    async def post(self, path: str, body: Any = None, **common: Any) -> httpx.Response:
        return await self.http.post(f"/api/v2/{path}", params=self.common(path, **common), json=body)

    async def shop_get(self, path: str, params: Params | None = None, shop: int = HOME) -> Json:
        answer: Json = (await self.get(path, params, shop=shop)).json()
        assert answer["error"] == "", answer
        return answer

    async def shop_post(self, path: str, body: Json, shop: int = HOME) -> Json:
        answer: Json = (await self.post(path, body, shop=shop)).json()
        assert answer["error"] == "", answer
        return answer

    async def control(self, path: str, body: Json | None = None) -> Json:
        answer = await self.http.post(f"/control/{path}", json=body or {})
        assert answer.status_code == 200, answer.text
        described: Json = answer.json()
        return described

    async def move_clock(self, seconds: float) -> None:
        self.now = int((await self.control("clock", {"advance_s": seconds}))["now"])

    async def consent(self, account: str, **form: str) -> httpx.Response:
        fields = {"account": account, "days": "365", "decision": "consent", "action": "authorise"}
        return await self.http.post("/auth/decision", data={"redirect_uri": RETURN_TO, **fields, **form})

    async def code(self, account: str) -> str:
        answer = await self.consent(account)
        assert answer.status_code == 303, answer.text
        return query_of(answer.headers["location"])["code"]

    async def exchange(self, code: str, **account: int) -> httpx.Response:
        return await self.post("auth/token/get", {"code": code, "partner_id": PARTNER_ID, **account})

    async def refresh(self, token: str, **owner: int) -> httpx.Response:
        return await self.post(
            "auth/access_token/get", {"refresh_token": token, "partner_id": PARTNER_ID, **owner}
        )

    async def link(self, shop: int = HOME) -> None:
        pair = (await self.exchange(await self.code(f"shop:{shop}"), shop_id=shop)).json()
        self.tokens[shop], self.refresh_tokens[shop] = pair["access_token"], pair["refresh_token"]

    async def world(self, shop: int = HOME) -> Json:
        answer = await self.http.get("/control/world", params={"shop_id": shop})
        described: Json = answer.json()["shops"][0]
        return described


def query_of(url: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
