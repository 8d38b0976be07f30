"""Reverse orders as they are read: of returns, refunds and buyers' wishes to cancel."""

from collections.abc import Mapping, Sequence

import msgspec

from adapters.kit.client import decode
from adapters.kit.rows import readable
from adapters.lazada import endpoints, wire
from adapters.lazada.client import SLUG, LazadaClient
from domain.errors import UnexpectedResponse
from domain.shops import ShopAccess

PAGE_SIZE = 100


async def reverse_page(
    client: LazadaClient, shop: ShopAccess, asked: Mapping[str, str | int], page: int = 1
) -> tuple[list[msgspec.Raw], bool]:
    """Read a page as it came, and whether another follows."""
    params = {"page_no": page, "page_size": PAGE_SIZE, **asked}
    told = await client.read(shop, endpoints.REVERSE_ORDERS, params, wire.ReverseAnswer)
    if told.result is None or told.result.items is None:
        operation = endpoints.REVERSE_ORDERS.operation
        raise UnexpectedResponse(platform=SLUG, operation=operation, reason="no_data")
    seen = (page - 1) * PAGE_SIZE + len(told.result.items)
    return told.result.items, bool(told.result.items) and seen < (told.result.total or 0)


async def reverse_orders(
    client: LazadaClient, shop: ShopAccess, asked: Mapping[str, str | int]
) -> list[wire.ReverseOrder]:
    rows, _ = await reverse_page(client, shop, asked)
    return readable(
        rows,
        lambda row: decode(row, wire.ReverseOrder),
        platform=SLUG,
        operation=endpoints.REVERSE_ORDERS.operation,
    )


async def refuse_reasons(client: LazadaClient, shop: ShopAccess, line: str) -> Sequence[wire.Reason]:
    """Read why one line may be refused; the list is of that line, and changes."""
    asked = {"reverse_order_line_id": line}
    return await client.get(shop, endpoints.REFUSE_REASONS, asked, wire.Told[list[wire.Reason]])
