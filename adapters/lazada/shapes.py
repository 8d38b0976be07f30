"""Lazada's answers as documented: every field of the calls we live by, with its types (`shapes.json`)."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import msgspec

from adapters.kit.shapes import Shape
from adapters.lazada import endpoints as e

_FILE = Path(__file__).with_name("shapes.json")

_SAMPLES = {
    e.SELLER: "seller_get_response",
    e.WAREHOUSES: "warehouse_get_response",
    e.PRODUCTS: "products_get_response",
    e.PRODUCT: "product_item_get_response",
    e.ORDERS: "orders_get_response",
    e.ORDER: "order_get_response",
    e.ORDER_ITEMS: "order_items_get_response",
    e.ITEMS: "orders_items_get_response",
    e.PROVIDERS: "shipment_providers_response",
    e.PACK: "pack_response",
    e.READY: "rts_response",
    e.DOCUMENT: "print_awb_response",
    e.CANCEL_REASONS: "cancel_validate_response",
    e.CANCEL: "cancel_create_response",
    e.REVERSE_ORDERS: "reverse_orders_response",
    e.TRANSACTIONS: "transactions_response",
    e.PAYOUTS: "payout_status_response",
}


@cache
def by_operation() -> Mapping[str, Shape]:
    calls: dict[str, Shape] = msgspec.json.decode(_FILE.read_bytes())["calls"]
    return {each.operation: calls[name] for each, name in _SAMPLES.items()}
