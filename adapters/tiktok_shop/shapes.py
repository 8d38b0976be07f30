"""TikTok Shop's answers as documented: every field of the calls we live by, with its types (`shapes.json`)."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import msgspec

from adapters.kit.shapes import Shape
from adapters.tiktok_shop import endpoints as e

_FILE = Path(__file__).with_name("shapes.json")

_SAMPLES = {
    e.SHOPS: "authorization-get-shops",
    e.ACTIVE_SHOPS: "seller-get-active-shops",
    e.PERMISSIONS: "seller-get-permissions",
    e.WEBHOOKS: "event-get-webhooks",
    e.PRODUCT_SEARCH: "product-search",
    e.PRODUCT: "product-get",
    e.INVENTORY_SEARCH: "product-inventory-search",
    e.CATEGORIES: "product-get-categories",
    e.ORDER_SEARCH: "order-search",
    e.ORDERS: "order-get-detail",
    e.PRICE_DETAIL: "order-price-detail",
    e.PACKAGE_SEARCH: "fulfillment-package-search",
    e.PACKAGE: "fulfillment-package-detail",
    e.SLOTS: "fulfillment-handover-slots",
    e.SHIP: "fulfillment-batch-ship",
    e.DOCUMENT: "fulfillment-shipping-document",
    e.TRACKING: "fulfillment-tracking",
    e.WAREHOUSES: "logistics-warehouses",
    e.OPTIONS: "logistics-delivery-options",
    e.PROVIDERS: "logistics-shipping-providers",
    e.CANCELLATIONS: "return-cancellations-search",
    e.RETURNS: "return-returns-search",
    e.RETURN_RECORDS: "return-records",
    e.REJECT_REASONS: "return-reject-reasons",
    e.STATEMENTS: "finance-statements",
    e.STATEMENT: "finance-statement-transactions",
    e.ORDER_MONEY: "finance-order-transactions",
}


@cache
def by_operation() -> Mapping[str, Shape]:
    calls: dict[str, Shape] = msgspec.json.decode(_FILE.read_bytes())["calls"]
    return {each.operation: calls[f"{each.method} {name}"] for each, name in _SAMPLES.items()}
