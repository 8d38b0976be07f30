"""Lazada in the `Catalogue` role: products read one by one, prices and sellable stock set SKU by SKU."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar

from adapters.kit.client import decode
from adapters.kit.pushes import push_in_turn, result_of
from adapters.kit.refusals import PriceRefusal, StockRefusal
from adapters.kit.rows import readable
from adapters.kit.together import together
from adapters.lazada import endpoints, mapping, wire
from adapters.lazada.client import SLUG, LazadaClient, as_text
from adapters.lazada.endpoints import Endpoint
from adapters.lazada.errors import (
    PARTLY,
    PRICE_REFUSALS,
    SHOP_RESTRICTED,
    STOCK_REFUSALS,
    JudgeBut,
    causes,
    refusal_of,
)
from adapters.lazada.hosts import zone_of
from domain.errors import RequestRejected, UnexpectedResponse
from domain.platform import ListingSnapshot, Outcome, Page, PricePush, PushResult, StockPush
from domain.shops import ShopAccess

PAGE_SIZE = 50
MOST_LISTED = 10_000
SKUS_PER_CALL = 20
"""Fifty are taken, and twenty recommended."""
_MARK = "|"
_GONE = JudgeBut({"207", "208", "E0002", "E0003"})

P = TypeVar("P", PricePush, StockPush)
Row = dict[str, object]


class LazadaCatalogue:
    """The `Catalogue` role."""

    def __init__(self, client: LazadaClient) -> None:
        self._client = client

    async def listings_changed(self, shop: ShopAccess, since: datetime | None, cursor: str) -> Page:
        """List a page by its offset. The mark names the page's first product: one that comes twice leads nowhere."""
        offset, _, before = cursor.partition(_MARK)
        asked: dict[str, str | int] = {"filter": "all", "limit": PAGE_SIZE, "offset": int(offset or 0)}
        if since is not None:
            asked["update_after"] = since.astimezone(UTC).replace(microsecond=0).isoformat()
        told = await self._client.get(shop, endpoints.PRODUCTS, asked, wire.Told[wire.ProductPage])
        ids = tuple(str(each.item_id) for each in told.products or ())
        total, seen = told.total_products or 0, int(offset or 0) + len(ids)
        if ids and ids[0] == before:
            raise _odd("page_repeats")
        if (not ids and seen < total) or (seen < total and seen > MOST_LISTED):
            raise _odd("pages_end_early")
        return Page(ids, f"{seen}{_MARK}{ids[0]}" if ids and seen < total else None, told.total_products)

    async def fetch_listings(self, shop: ShopAccess, ids: Sequence[str]) -> Sequence[ListingSnapshot]:
        """Read products; one that is not known any more is left out."""
        found = [each for each in await together(self._product(shop, each) for each in ids) if each]
        now, zone = self._client.server_now(shop.app), zone_of(shop.region)
        return readable(
            found,
            lambda row: mapping.listing(row, shop.currency, zone, now),
            platform=SLUG,
            operation=endpoints.PRODUCT.operation,
        )

    async def push_prices(self, shop: ShopAccess, prices: Sequence[PricePush]) -> Sequence[PushResult]:
        return await push_in_turn(prices, SKUS_PER_CALL, lambda some: self._push_prices(shop, some))

    async def locations(self, shop: ShopAccess) -> Mapping[str, str]:  # noqa: ARG002 - no call's answer is written down
        """Return no names: a warehouse is known by its code."""
        return {}

    async def push_stock(self, shop: ShopAccess, stock: Sequence[StockPush]) -> Sequence[PushResult]:
        """Read a product's units, compare, set what may be sold of each: little time lies between the two."""
        return await push_in_turn(stock, SKUS_PER_CALL, lambda some: self._push_stock(shop, some))

    async def _product(self, shop: ShopAccess, item_id: str) -> wire.Product | None:
        if not item_id.isascii() or not item_id.isdecimal():
            return None
        told = await self._client.read(
            shop, endpoints.PRODUCT, {"item_id": item_id}, wire.Unread, judge=_GONE
        )
        if refusal_of(told):
            return None
        read = readable(
            [told.data],
            lambda row: decode(row, wire.Product),
            platform=SLUG,
            operation=endpoints.PRODUCT.operation,
        )
        return read[0] if read else None

    async def _push_prices(self, shop: ShopAccess, some: Sequence[PricePush]) -> list[PushResult]:
        def row(push: PricePush) -> Row:
            return {"Price": f"{mapping.exact(push.price.amount)}"}

        def again(left: Sequence[PricePush]) -> Any:
            return self._push_prices(shop, left)

        return await self._set(shop, endpoints.PRICES, some, row, PRICE_REFUSALS, again)

    async def _push_stock(
        self, shop: ShopAccess, some: Sequence[StockPush], *, is_again: bool = False
    ) -> list[PushResult]:
        product = await self._product(shop, some[0].listing_external_id)
        held = {str(sku.id): mapping.holding(sku) for sku in product.skus} if product else {}
        results, asked = [], []
        for push in some:
            here = held.get(push.variant_external_id)
            if here is None:
                results.append(result_of(push, Outcome.REJECTED, StockRefusal.NOT_FOUND))
            elif is_again and here.total == push.units:
                results.append(result_of(push, Outcome.OK))  # it was set before another was refused
            elif here.total != push.expected:
                results.append(result_of(push, Outcome.REJECTED, StockRefusal.SHOWS_OTHER))
            else:
                asked.append(push)

        def row(push: StockPush) -> Row:
            places = held[push.variant_external_id]
            if len(places.places) < 2:
                return {"SellableQuantity": str(push.units)}
            rows = [
                {"WarehouseCode": place, "SellableQuantity": str(units)}
                for place, units in places.moved_to(push.units, push.place).items()
            ]
            return {"MultiWarehouseInventories": {"MultiWarehouseInventory": rows}}

        def again(left: Sequence[StockPush]) -> Any:
            return self._push_stock(shop, left, is_again=True)

        if asked:
            results += await self._set(shop, endpoints.SELLABLE, asked, row, STOCK_REFUSALS, again)
        return results

    async def _set(
        self,
        shop: ShopAccess,
        endpoint: Endpoint,
        some: Sequence[P],
        row: Callable[[P], Row],
        known: Mapping[str, str],
        again: Callable[[Sequence[P]], Any],
    ) -> list[PushResult]:
        """Set something of SKUs of one product. What was refused is named; the others are asked for once more."""
        told = await self._write(shop, endpoint, [_of(push) | row(push) for push in some], known.keys())
        if told is None:
            return [result_of(each, Outcome.REJECTED, PriceRefusal.SHOP_RESTRICTED.value) for each in some]
        code = refusal_of(told)
        if not code:
            return [result_of(each, Outcome.OK) for each in some]
        why = causes(told)
        refused = [each for each in some if each.variant_external_id in why]
        if len(some) == 1:
            cause = why.get(some[0].variant_external_id, code)
            return [result_of(some[0], Outcome.REJECTED, known.get(cause, known[PARTLY]))]
        results = [
            result_of(each, Outcome.REJECTED, known.get(why[each.variant_external_id], known[PARTLY]))
            for each in refused
        ]
        left = [each for each in some if each not in refused]
        if refused and left:
            return results + list(await again(left))
        for each in left:
            results += await again([each])
        return results

    async def _write(
        self, shop: ShopAccess, endpoint: Endpoint, rows: Sequence[Row], known: Collection[str]
    ) -> wire.Answer | None:
        """Send SKUs in the JSON form of the payload; None for a shop that may not."""
        payload = as_text({"Request": {"Product": {"Skus": {"Sku": rows}}}})
        try:
            return await self._client.write(
                shop, endpoint, {"payload": payload}, wire.Answer, judge=JudgeBut(known)
            )
        except RequestRejected as error:
            if error.code != SHOP_RESTRICTED:
                raise
            return None


def _of(push: PricePush | StockPush) -> Row:
    return {"ItemId": push.listing_external_id, "SkuId": push.variant_external_id}


def _odd(reason: str) -> UnexpectedResponse:
    return UnexpectedResponse(platform=SLUG, operation=endpoints.PRODUCTS.operation, reason=reason)
