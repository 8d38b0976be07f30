"""TikTok Shop in the `Catalogue` role: products read one by one, prices and stock set product by product."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from math import floor

import msgspec

from adapters.kit.client import decode
from adapters.kit.pushes import push_in_turn, result_of
from adapters.kit.refusals import PriceRefusal, StockRefusal
from adapters.kit.rows import readable
from adapters.kit.together import together
from adapters.tiktok_shop import endpoints, mapping, wire
from adapters.tiktok_shop.client import SLUG, Asked, TiktokShopClient
from adapters.tiktok_shop.errors import OF_ONE_ROW, PRICE_REFUSALS, SHOP_RESTRICTED, STOCK_REFUSALS, JudgeBut
from adapters.tiktok_shop.orders import next_of
from adapters.tiktok_shop.statuses import GONE
from domain.errors import RequestRejected
from domain.platform import ListingSnapshot, Outcome, Page, PricePush, PushResult, StockPush
from domain.shops import ShopAccess

PAGE_SIZE = 100
ROWS_PER_CALL = 50
UNREADABLE = frozenset({12052032, 12052260, 12052048, 12052901, 36009004})
"""Said of a product that is gone, another shop's, frozen, or of an id that can be none."""


class TiktokShopCatalogue:
    """The `Catalogue` role."""

    def __init__(self, client: TiktokShopClient) -> None:
        self._client = client

    async def listings_changed(self, shop: ShopAccess, since: datetime | None, cursor: str) -> Page:
        body: dict[str, object] = {"status": "ALL"}
        if since is not None:
            body["update_time_ge"] = floor(since.timestamp())
        query: dict[str, str | int] = {"page_size": PAGE_SIZE} | ({"page_token": cursor} if cursor else {})
        told = await self._client.get(
            shop, endpoints.PRODUCT_SEARCH, Asked(query=query, body=body), wire.Wrapped[wire.ProductPage]
        )
        rows = told.products or ()
        ids = tuple(str(each.id) for each in rows if since is not None or each.status not in GONE)
        following = next_of(told.next_page_token, cursor, endpoints.PRODUCT_SEARCH.operation)
        return Page(ids, following, told.total_count)

    async def fetch_listings(self, shop: ShopAccess, ids: Sequence[str]) -> Sequence[ListingSnapshot]:
        """Read products; one that is not known any more, or frozen, is left out."""
        found = [each for each in await together(self._product(shop, each) for each in ids) if each]
        if not found:
            return []
        products = readable(
            found,
            lambda row: decode(row, wire.Product),
            platform=SLUG,
            operation=endpoints.PRODUCT.operation,
        )
        stock = await self._held(shop, [str(each.id) for each in products])
        return readable(
            products,
            lambda product: mapping.listing(product, stock, shop.currency),
            platform=SLUG,
            operation=endpoints.PRODUCT.operation,
        )

    async def push_prices(self, shop: ShopAccess, prices: Sequence[PricePush]) -> Sequence[PushResult]:
        return await push_in_turn(prices, ROWS_PER_CALL, lambda some: self._push_prices(shop, some))

    async def push_stock(self, shop: ShopAccess, stock: Sequence[StockPush]) -> Sequence[PushResult]:
        """Read a product's units, compare, set every warehouse of each: little time lies between the two."""
        return await push_in_turn(stock, ROWS_PER_CALL, lambda some: self._push_stock(shop, some))

    async def locations(self, shop: ShopAccess) -> Mapping[str, str]:
        told = await self._client.get(shop, endpoints.WAREHOUSES, Asked(), wire.Wrapped[wire.Warehouses])
        return {str(each.id): each.name or "" for each in told.warehouses or ()}

    async def _product(self, shop: ShopAccess, product_id: str) -> msgspec.Raw | None:
        told = await self._client.read(
            shop,
            endpoints.PRODUCT,
            Asked(named={"product_id": product_id}),
            wire.Unread,
            judge=JudgeBut(UNREADABLE),
        )
        return told.data if told.code == 0 else None

    async def _held(self, shop: ShopAccess, products: Sequence[str]) -> Mapping[str, mapping.Held]:
        asked = Asked(body={"product_ids": list(products)})
        told = await self._client.get(shop, endpoints.INVENTORY_SEARCH, asked, wire.Wrapped[wire.Inventory])
        return mapping.held(told)

    async def _push_prices(self, shop: ShopAccess, some: Sequence[PricePush]) -> list[PushResult]:
        rows = [
            {
                "id": each.variant_external_id,
                "price": {"amount": f"{mapping.exact(each.price.amount)}", "currency": each.price.currency},
            }
            for each in some
        ]
        told = await self._write(
            shop, endpoints.PRICES, some[0].listing_external_id, rows, PRICE_REFUSALS.keys()
        )
        if told is None:
            return [result_of(each, Outcome.REJECTED, PriceRefusal.SHOP_RESTRICTED) for each in some]
        if told.code in OF_ONE_ROW and len(some) > 1:
            return [result for each in some for result in await self._push_prices(shop, [each])]
        why = PRICE_REFUSALS.get(told.code)
        return [result_of(each, Outcome.REJECTED if why else Outcome.OK, why or "") for each in some]

    async def _push_stock(self, shop: ShopAccess, some: Sequence[StockPush]) -> list[PushResult]:
        held = await self._held(shop, [some[0].listing_external_id])
        results = []
        asked: list[StockPush] = []
        for push in some:
            here = held.get(push.variant_external_id)
            if here is None:
                results.append(result_of(push, Outcome.REJECTED, StockRefusal.NOT_FOUND))
            elif not here.holding.places:
                results.append(result_of(push, Outcome.REJECTED, StockRefusal.WAREHOUSE))
            elif here.holding.total != push.expected:
                results.append(result_of(push, Outcome.REJECTED, StockRefusal.SHOWS_OTHER))
            else:
                asked.append(push)
        return results + (await self._set_stock(shop, asked, held) if asked else [])

    async def _set_stock(
        self, shop: ShopAccess, some: Sequence[StockPush], held: Mapping[str, mapping.Held]
    ) -> list[PushResult]:
        rows = [
            {
                "id": each.variant_external_id,
                "inventory": [
                    {"warehouse_id": place, "quantity": units}
                    for place, units in held[each.variant_external_id]
                    .holding.moved_to(each.units, each.place)
                    .items()
                ],
            }
            for each in some
        ]
        told = await self._write(
            shop, endpoints.INVENTORY, some[0].listing_external_id, rows, STOCK_REFUSALS.keys()
        )
        if told is None:
            return [result_of(each, Outcome.REJECTED, StockRefusal.SHOP_RESTRICTED) for each in some]
        if told.code in OF_ONE_ROW and len(some) > 1:
            return [result for each in some for result in await self._set_stock(shop, [each], held)]
        if told.code:
            why = STOCK_REFUSALS[told.code]
            return [result_of(each, Outcome.REJECTED, why) for each in some]
        refused = row_errors(told.data, "sku_id")
        return [
            result_of(
                each,
                Outcome.REJECTED,
                STOCK_REFUSALS.get(refused[each.variant_external_id], StockRefusal.OTHER),
            )
            if each.variant_external_id in refused
            else result_of(each, Outcome.OK)
            for each in some
        ]

    async def _write(
        self,
        shop: ShopAccess,
        endpoint: endpoints.Endpoint,
        product: str,
        rows: Sequence[Mapping[str, object]],
        known: Collection[int],
    ) -> wire.Wrapped[wire.RowErrors] | None:
        """Set something of SKUs of one product; None for a shop that may not."""
        try:
            return await self._client.write(
                shop,
                endpoint,
                Asked(named={"product_id": product}, body={"skus": rows}),
                wire.Wrapped[wire.RowErrors],
                judge=JudgeBut(known),
            )
        except RequestRejected as error:
            if error.code != SHOP_RESTRICTED:
                raise
            return None


def row_errors(told: wire.RowErrors | None, name: str) -> dict[str, int]:
    """Return the numbers that single rows were refused with under code 0, by the id that names each."""
    found = {}
    for each in (told.errors if told else None) or ():
        named = (each.detail or {}).get(name)
        if named is not None:
            found[str(msgspec.json.decode(named))] = each.code
    return found
