"""TikTok Shop in the `Orders` role."""

from collections.abc import Mapping, Sequence
from math import ceil, floor

import msgspec

from adapters.kit.client import decode
from adapters.kit.rows import readable
from adapters.kit.seen import Seen
from adapters.tiktok_shop import endpoints, mapping, wire
from adapters.tiktok_shop.client import SLUG, Asked, TiktokShopClient
from domain.errors import UnexpectedResponse
from domain.orders import OrderSnapshot
from domain.platform import Page, Window
from domain.platform.orders import NOTHING
from domain.shops import ShopAccess

PAGE_SIZE = 100


class TiktokShopOrders:
    """The `Orders` role."""

    def __init__(self, client: TiktokShopClient) -> None:
        self._client = client
        self._seen = Seen()

    async def orders_changed(self, shop: ShopAccess, window: Window, cursor: str) -> Page:
        start, end = floor(window.start.timestamp()), ceil(window.end.timestamp())
        query: dict[str, str | int] = {
            "page_size": PAGE_SIZE,
            "sort_field": "update_time",
            "sort_order": "ASC",
        }
        if cursor:
            query["page_token"] = cursor
        # The window's last second is not part of it.
        body = {"update_time_ge": start, "update_time_lt": end + 1}
        told = await self._client.get(
            shop, endpoints.ORDER_SEARCH, Asked(query=query, body=body), wire.Wrapped[wire.OrderPage]
        )
        ids = tuple(str(each.id) for each in told.orders or ())
        return Page(
            ids, next_of(told.next_page_token, cursor, endpoints.ORDER_SEARCH.operation), told.total_count
        )

    async def fetch_orders(
        self, shop: ShopAccess, ids: Sequence[str], stored: Mapping[str, str] = NOTHING
    ) -> Sequence[OrderSnapshot]:
        if not ids:
            return []
        rows = await order_rows(self._client, shop, ids)
        return readable(
            [row for row in rows if not self._is_stored(shop, row, stored)] if stored else rows,
            lambda row: self._order(shop, row),
            platform=SLUG,
            operation=endpoints.ORDERS.operation,
        )

    def _is_stored(self, shop: ShopAccess, row: msgspec.Raw, stored: Mapping[str, str]) -> bool:
        """Tell whether an order is as it was stored; most of what a poll reads is, and is not worth reading."""
        try:
            number = str(decode(row, wire.ListedOrder).id)
        except ValueError:
            return False  # whoever reads it in full says what is wrong with it
        digest = self._seen.digest_of((shop.app.id, shop.external_id, number), row)
        return bool(digest) and stored.get(number) == digest

    def _order(self, shop: ShopAccess, row: msgspec.Raw) -> OrderSnapshot:
        order = mapping.order(decode(row, wire.Order), shop.currency)
        self._seen.keep((shop.app.id, shop.external_id, order.external_id), row, order.digest)
        return order


async def order_rows(client: TiktokShopClient, shop: ShopAccess, ids: Sequence[str]) -> list[msgspec.Raw]:
    """Read orders by id, fifty at most; one that nobody knows is left out."""
    asked = Asked(query={"ids": ",".join(ids)})
    told = await client.get(shop, endpoints.ORDERS, asked, wire.Wrapped[wire.OrderBatch])
    return list(told.orders or ())


def next_of(token: str | None, cursor: str, operation: str) -> str | None:
    """Return where the next page begins; a page that leads to itself would never end."""
    if not token:
        return None
    if token == cursor:
        raise UnexpectedResponse(platform=SLUG, operation=operation, reason="page_repeats")
    return token
