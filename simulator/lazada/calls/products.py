"""Products: listed, shown, priced and stocked. A change names SKUs, and what is refused of them stands in the detail."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from xml.etree import ElementTree as ET

from simulator.lazada import errors, numbers
from simulator.lazada.calls.endpoint import Call, Json, Told, is_within
from simulator.lazada.calls.product_wire import product_fields
from simulator.lazada.errors import ApiError
from simulator.lazada.statuses import PRODUCT_FILTERS
from simulator.world.shops import Listing, ListingState, ListingVariant

LIMITS, OFFSETS = range(1, 51), range(10_001)
MOST_SKUS = 50
DATES: tuple[tuple[str, Callable[[Listing], datetime]], ...] = (
    ("create", lambda listing: listing.listed_at),
    ("update", lambda listing: listing.updated_at),
)


class RefusedError(Exception):
    """One SKU cannot be changed so: a number of the platform's, and its words."""

    def __init__(self, code: str, text: str, field: str) -> None:
        super().__init__(text)
        self.code, self.text, self.field = code, text, field


@dataclass(frozen=True, slots=True)
class Named:
    """A SKU that a change names, with what it says of it."""

    listing: Listing
    variant: ListingVariant
    row: Json


async def search(call: Call) -> Told:
    word = call.params.get("filter", "all")
    if word not in PRODUCT_FILTERS:
        raise errors.numbered("36", "Invalid status filter")
    limit, offset = call.number("limit", 20, LIMITS, "19"), call.number("offset", 0, OFFSETS, "14")
    windows = [(of, call.moment(f"{name}_after"), call.moment(f"{name}_before")) for name, of in DATES]
    found = [
        listing
        for listing in call.shop.listings.values()
        if listing.state in PRODUCT_FILTERS[word]
        and all(is_within(of(listing), after, before) for of, after, before in windows)
    ]
    shown = [product_fields(call, each) for each in found[offset : offset + limit]]
    return Told({"total_products": len(found), "products": shown})


async def get(call: Call) -> Told:
    listing = numbers.find_listing(call.shop, call.needed("item_id"))
    if listing is None or listing.state is ListingState.DELETED:
        raise errors.numbered("208", "ITEM_NOT_FOUND")
    return Told(product_fields(call, listing))


async def update_price(call: Call) -> Told:
    """Set prices, and the whole stock where it is named."""

    def change(named: Named) -> Callable[[], None]:
        market, row = call.shop.market, named.row
        prices = {
            name: _amount(row[name], name, market.decimals) for name in ("Price", "SalePrice") if name in row
        }
        price, sale = prices.get("Price", named.variant.price), prices.get("SalePrice")
        if sale is not None and sale >= price:
            raise RefusedError("4117", "SALE_PRICE_NOT_BELOW_PRICE", "SalePrice")
        if sale is not None and str(row.get("SaleStartDate", "")) > str(row.get("SaleEndDate", "9")):
            raise RefusedError("4119", "SALE_DATES_NOT_ORDERED", "SaleStartDate")
        set_units = (
            _units(call, named, "Quantity")
            if {"Quantity", "MultiWarehouseInventories"} & row.keys()
            else None
        )

        def act() -> None:
            call.sim.world.change_price(call.shop, named.listing, named.variant, price)
            if set_units:
                set_units()

        return act

    return _change(call, change)


async def update_sellable(call: Call) -> Told:
    """Set what may be sold: what is withheld and occupied comes on top of it."""
    return _change(call, lambda named: _units(call, named, "SellableQuantity"))


async def adjust_sellable(call: Call) -> Told:
    return _change(call, lambda named: _units(call, named, "SellableQuantity", is_added=True))


def _change(call: Call, change: Callable[[Named], Callable[[], None]]) -> Told:
    """Change what can be changed of the SKUs that are named, and tell the others."""
    rows = _rows(call.needed("payload"))
    if not rows:
        raise errors.numbered("30", "Empty Request")
    if len(rows) > MOST_SKUS:
        raise errors.numbered("204", "Too many SKUs in one request")
    refused: list[tuple[Json, RefusedError]] = []
    for row in rows:
        try:
            change(_named(call, row))()
        except RefusedError as why:
            refused.append((row, why))
    if not refused:
        return Told({})
    if len(rows) == 1:
        raise errors.numbered(refused[0][1].code, refused[0][1].text)
    detail = [
        {
            "field": why.field,
            "message": why.text if why.text.startswith("INV_") else f"E{why.code}: {why.text}",
            "seller_sku": str(row.get("SellerSku", "")),
            "sku_id": str(row.get("SkuId", "")),
        }
        for row, why in refused
    ]
    raise ApiError("501", "E501: Update product failed", detail=detail)


def _named(call: Call, row: Json) -> Named:
    if "SkuId" not in row:
        raise RefusedError("4193", "SELLER_SKU_NOT_ACCEPTED", "SellerSku")
    listing = numbers.find_listing(call.shop, row.get("ItemId", ""))
    if listing is None:
        raise RefusedError("208", "ITEM_NOT_FOUND", "ItemId")
    variant = numbers.find_sku(listing, row["SkuId"])
    if variant is None:
        raise RefusedError("207", "SKU_NOT_FOUND", "SkuId")
    return Named(listing, variant, row)


def _amount(written: Any, name: str, decimals: int) -> Decimal:
    try:
        amount = Decimal(str(written))
    except InvalidOperation:
        raise RefusedError("4104", "PRICE_FORMAT", name) from None
    if not amount.is_finite() or amount <= 0 or amount != amount.quantize(Decimal(1).scaleb(-decimals)):
        raise RefusedError("4104", "PRICE_FORMAT", name)
    return amount


def _units(call: Call, named: Named, field: str, *, is_added: bool = False) -> Callable[[], None]:
    """Read how many units go where, and return what sets them."""
    shop, variant, now = call.shop, named.variant, call.sim.clock.now()
    told = _places(named, field)
    if is_added:
        told = {place: variant.stock[place] + units for place, units in told.items()}
    total = variant.total_stock + sum(units - variant.stock[place] for place, units in told.items())
    if min(told.values(), default=0) < 0:
        raise RefusedError("212", "INV_NEGATIVE_SELLABLE", field)
    promotion = shop.ongoing_promotion(variant.id, now)
    if promotion and promotion.locks_stock and total < variant.total_stock:
        raise RefusedError("4170", "CAMPAIGN_LOCKED until 2026-12-12 00:00", field)
    if total < shop.reserved(variant.id, now):
        raise RefusedError("212", "INV_NEGATIVE_SELLABLE", field)

    def act() -> None:
        for place, units in told.items():
            call.sim.world.change_stock(shop, named.listing, variant, place, units)

    return act


def _places(named: Named, field: str) -> dict[str, int]:
    """Read units by warehouse; only a seller with several names them, and only he may."""
    stock, row = named.variant.stock, named.row
    try:
        if "MultiWarehouseInventories" in row:
            inner = row["MultiWarehouseInventories"]["MultiWarehouseInventory"]
            rows = inner if isinstance(inner, list) else [inner]
            told = {str(each["WarehouseCode"]): int(each[field]) for each in rows}
        else:
            told = {next(iter(stock)): int(row[field])}
    except (KeyError, TypeError, ValueError):
        raise RefusedError("5", "INVALID_QUANTITY", field) from None
    is_multiple = "MultiWarehouseInventories" in row
    if is_multiple != (len(stock) > 1) or told.keys() - stock.keys():
        raise RefusedError("4225", "WAREHOUSE_NOT_OF_SELLER", field)
    return told


def _rows(payload: str) -> list[Json]:
    """Read the SKUs of a payload, XML or the same as JSON."""
    try:
        is_json = payload.lstrip().startswith("{")
        told = json.loads(payload) if is_json else {"Request": _tree(ET.fromstring(payload))}  # noqa: S314 - our own
        rows = told["Request"]["Product"]["Skus"]["Sku"]
    except (ValueError, KeyError, TypeError, ET.ParseError):
        raise errors.numbered("5", "Invalid Request Format") from None
    return [each for each in (rows if isinstance(rows, list) else [rows]) if isinstance(each, dict)]


def _tree(node: ET.Element) -> Any:
    if not len(node):
        return node.text or ""
    found: Json = {}
    for child in node:
        value = _tree(child)
        if child.tag in found:
            before = found[child.tag]
            found[child.tag] = [*(before if isinstance(before, list) else [before]), value]
        else:
            found[child.tag] = value
    return found
