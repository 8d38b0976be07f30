"""A poll as one writes it first: plain httpx, its own JSON, and sqlite3 for what changed."""

import sqlite3
from pathlib import Path
from typing import Any

import httpx

from bench.baselines.signing import PATH, signed

_SCHEMA = """
CREATE TABLE sale (shop TEXT, number TEXT, changed INTEGER, status TEXT, city TEXT, total INTEGER, PRIMARY KEY (shop, number));
CREATE TABLE line (shop TEXT, number TEXT, position INTEGER, title TEXT, sku TEXT, quantity INTEGER, price INTEGER,
                   PRIMARY KEY (shop, number, position));
"""


class HttpxPoll:
    """Polls shops, each with a call of its own, and keeps what is new."""

    def __init__(
        self, client: httpx.AsyncClient, file: Path, numbers: str, *, partner_id: str, key: str
    ) -> None:
        self._client = client
        self._numbers = numbers
        self._sign_with = {"partner_id": partner_id, "key": key}
        self._rows = sqlite3.connect(file)
        self._rows.executescript(_SCHEMA)

    async def poll(self, shop_id: str) -> int:
        answer = await self._client.get(PATH, params=signed(shop_id, self._numbers, **self._sign_with))
        orders = answer.raise_for_status().json()["response"]["order_list"]
        known = dict(self._rows.execute("SELECT number, changed FROM sale WHERE shop = ?", (shop_id,)))
        changed = [order for order in orders if order["update_time"] > known.get(order["order_sn"], 0)]
        if changed:
            self._store(shop_id, changed)
        return len(changed)

    def close(self) -> None:
        self._rows.close()

    def _store(self, shop_id: str, orders: list[dict[str, Any]]) -> None:
        heads = [
            (
                shop_id, order["order_sn"], order["update_time"], order["order_status"],
                order["recipient_address"]["city"], order["total_amount"],
            )
            for order in orders
        ]  # fmt: skip
        lines = [
            (
                shop_id, order["order_sn"], position, line["item_name"], line["model_sku"],
                line["model_quantity_purchased"], line["model_discounted_price"],
            )
            for order in orders
            for position, line in enumerate(order["item_list"])
        ]  # fmt: skip
        with self._rows:
            self._rows.executemany("INSERT OR REPLACE INTO sale VALUES (?, ?, ?, ?, ?, ?)", heads)
            self._rows.executemany("INSERT OR REPLACE INTO line VALUES (?, ?, ?, ?, ?, ?, ?)", lines)
