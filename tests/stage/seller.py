"""A seller at the platform's side: consents in a browser, and the buyers who come to the shop."""

from decimal import Decimal
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin

import httpx

HOME_SHOP = 600011


class Seller:
    """Uses a platform's pages and its simulator's handles over plain HTTP. `on_sale` is its word for a listing that is."""

    def __init__(
        self, client: httpx.AsyncClient, url: str, shop: int | str = HOME_SHOP, on_sale: str = "NORMAL"
    ) -> None:
        self._client = client
        self._url = url
        self.shop = shop
        self._on_sale = on_sale

    async def consent(self, link: str, *, account: str = "") -> httpx.Response:
        """Walk from the bot's link through the consent page and back; return the last page."""
        async with httpx.AsyncClient(follow_redirects=True, trust_env=False) as browser:
            ours = (await browser.get(link)).raise_for_status()
            theirs = (await browser.post(str(ours.url))).raise_for_status()
            url, data = self._decision(theirs, account or f"shop:{self.shop}")
            return (await browser.post(url, data=data)).raise_for_status()

    async def land(self, link: str, *, account: str = f"shop:{HOME_SHOP}") -> str:
        """Walk as far as the address the browser lands on, which may be a page that does not open."""
        async with httpx.AsyncClient(follow_redirects=True, trust_env=False) as browser:
            page = (await browser.get(link)).raise_for_status()
            if "/auth" not in str(page.url):
                page = (await browser.post(str(page.url))).raise_for_status()
            url, data = self._decision(page, account)
            landed = await browser.post(url, data=data, follow_redirects=False)
            return str(landed.headers["location"])

    async def order(self, item_id: int | str, model_id: int | str, quantity: int = 1) -> dict[str, Any]:
        """Have a buyer place and pay an order."""
        line = {"item_id": item_id, "model_id": model_id, "quantity": quantity}
        return await self.control("orders", {"shop_id": self.shop, "lines": [line]})

    async def returned(self, item_id: int, model_id: int) -> dict[str, Any]:
        """Have a buyer get an order and ask to send it back; return the return as the platform has it."""
        placed = await self.order(item_id, model_id)
        return await self.send_back(placed["order_sn"])

    async def send_back(self, order_sn: str, *steps: str) -> dict[str, Any]:
        """Have an order travel by these steps (all of them), and its buyer ask to send it back."""
        for step in (*(steps or ("arrange", "pickup", "deliver")), "return"):
            await self.control(f"orders/{order_sn}/{step}", {})
        return next(each for each in await self.returns() if each["order_sn"] == order_sn)

    async def returns(self) -> list[dict[str, Any]]:
        """Return the returns as the platform has them."""
        return list((await self.world(with_orders=True))["shops"][0]["returns"])

    async def control(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        answer = await self._client.post(f"{self._url}/control/{path}", json=body)
        return dict(answer.raise_for_status().json())

    async def world(self, *, with_orders: bool = False) -> dict[str, Any]:
        """Return the truth about the shop."""
        params = {"shop_id": str(self.shop), "orders": str(with_orders).lower()}
        answer = await self._client.get(f"{self._url}/control/world", params=params)
        return dict(answer.raise_for_status().json())

    async def price(self, item_id: int | str, model_id: int | str) -> Decimal:
        """Return a list price as the shop has it."""
        for item in _items(await self.world()):
            for model in item["models"]:
                if (item["item_id"], model["model_id"]) == (item_id, model_id):
                    return Decimal(model["price"])
        raise AssertionError(f"the shop has no model {model_id} of {item_id}")

    async def available(self, item_id: int, model_id: int) -> int:
        """Return how many of a model a buyer could take now."""
        for item in _items(await self.world()):
            for model in item["models"]:
                if (item["item_id"], model["model_id"]) == (item_id, model_id):
                    return int(model["available"])
        raise AssertionError(f"the shop has no model {model_id} of {item_id}")

    async def sellable(self) -> dict[str, Any]:
        """Return a model with a SKU of its own, in stock, with no campaign on it: `item_id` with its fields."""
        return (await self.several_sellable(1))[0]

    async def several_sellable(self, count: int, *, but_for: str = "") -> list[dict[str, Any]]:
        """Return so many such models, of listings of their own, without the one of a SKU."""
        items = _items(await self.world())
        skus = [model["sku"] for item in items for model in item["models"]]
        found = {
            item["item_id"]: {"item_id": item["item_id"], "title": item["title"], **model}
            for item in items
            for model in reversed(item["models"])
            if not model["price_locked"]
            and model["available"] > 20
            and model["sku"] not in {"", but_for}
            and skus.count(model["sku"]) == 1
            and item["status"] == self._on_sale
        }
        assert len(found) >= count, "nothing can be sold"
        return list(found.values())[:count]

    async def calls(self, path: str) -> list[dict[str, Any]]:
        """Return the API calls received on a path."""
        answer = await self._client.get(f"{self._url}/control/calls")
        return [call for call in answer.raise_for_status().json()["calls"] if path in call["path"]]

    def _decision(self, page: httpx.Response, account: str) -> tuple[str, dict[str, str]]:
        form = _Form()
        form.feed(page.text)
        data = form.fields | {"account": account, "days": "365", "decision": "consent"}
        return urljoin(str(page.url), form.action), data


def _items(world: dict[str, Any]) -> list[dict[str, Any]]:
    shop = world["shops"][0] if "shops" in world else world
    return list(shop["items"])


class _Form(HTMLParser):
    """Reads the hidden fields of the one form of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.action = ""
        self.fields: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        facts = dict(attrs)
        if tag == "form":
            self.action = facts.get("action") or ""
        if tag == "input" and facts.get("type") == "hidden":
            self.fields[facts.get("name") or ""] = facts.get("value") or ""
