"""TikTok Shop's calls: each with the version it is pinned to. A version that has ended answers 36009014."""

from collections.abc import Mapping
from dataclasses import dataclass

from domain.shops import PlatformApp

VERSION = "version."
"""Before the name of a call among an app's options: its version where the host wants another one."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """`rest` is the path after domain and version; `is_of_shop` tells whether it wants the shop's cipher."""

    operation: str
    method: str
    domain: str
    version: str
    rest: str
    is_of_shop: bool = True

    def path(self, app: PlatformApp, named: Mapping[str, str]) -> str:
        """Return the path of a call, in the version that this app has for it."""
        version = app.options.get(VERSION + self.operation, self.version)
        return f"/{self.domain}/{version}/{self.rest.format(**named)}"


def _e(
    operation: str, method: str, domain: str, version: str, rest: str, *, is_of_shop: bool = True
) -> Endpoint:
    return Endpoint(operation, method, domain, version, rest, is_of_shop)


SHOPS = _e("get_authorized_shops", "GET", "authorization", "202309", "shops", is_of_shop=False)
ACTIVE_SHOPS = _e("get_active_shops", "GET", "seller", "202309", "shops", is_of_shop=False)
PERMISSIONS = _e("get_seller_permissions", "GET", "seller", "202309", "permissions", is_of_shop=False)
WEBHOOKS = _e("get_shop_webhooks", "GET", "event", "202309", "webhooks")

PRODUCT_SEARCH = _e("search_products", "POST", "product", "202502", "products/search")
PRODUCT = _e("get_product", "GET", "product", "202309", "products/{product_id}")
PRICES = _e("update_price", "POST", "product", "202309", "products/{product_id}/prices/update")
INVENTORY = _e("update_inventory", "POST", "product", "202309", "products/{product_id}/inventory/update")
INVENTORY_SEARCH = _e("search_inventory", "POST", "product", "202309", "inventory/search")
CATEGORIES = _e("get_categories", "GET", "product", "202309", "categories")

ORDER_SEARCH = _e("search_orders", "POST", "order", "202309", "orders/search")
ORDERS = _e("get_orders", "GET", "order", "202507", "orders")
PRICE_DETAIL = _e("get_price_detail", "GET", "order", "202407", "orders/{order_id}/price_detail")

PACKAGE_SEARCH = _e("search_packages", "POST", "fulfillment", "202309", "packages/search")
PACKAGE = _e("get_package", "GET", "fulfillment", "202309", "packages/{package_id}")
SLOTS = _e("get_handover_slots", "GET", "fulfillment", "202309", "packages/{package_id}/handover_time_slots")
SHIP = _e("ship_packages", "POST", "fulfillment", "202309", "packages/ship")
DOCUMENT = _e("get_document", "GET", "fulfillment", "202309", "packages/{package_id}/shipping_documents")
TRACKING = _e("get_tracking", "GET", "fulfillment", "202309", "orders/{order_id}/tracking")
WAREHOUSES = _e("get_warehouses", "GET", "logistics", "202309", "warehouses")
OPTIONS = _e(
    "get_delivery_options", "GET", "logistics", "202309", "warehouses/{warehouse_id}/delivery_options"
)
PROVIDERS = _e(
    "get_shipping_providers", "GET", "logistics", "202309", "delivery_options/{option_id}/shipping_providers"
)

CANCEL = _e("cancel_order", "POST", "return_refund", "202309", "cancellations")
CANCELLATIONS = _e("search_cancellations", "POST", "return_refund", "202309", "cancellations/search")
CANCELLATION_YES = _e(
    "approve_cancellation", "POST", "return_refund", "202309", "cancellations/{cancel_id}/approve"
)
CANCELLATION_NO = _e(
    "reject_cancellation", "POST", "return_refund", "202309", "cancellations/{cancel_id}/reject"
)
REJECT_REASONS = _e("get_reject_reasons", "GET", "return_refund", "202309", "reject_reasons")
RETURNS = _e("search_returns", "POST", "return_refund", "202309", "returns/search")
RETURN_YES = _e("approve_return", "POST", "return_refund", "202309", "returns/{return_id}/approve")
RETURN_NO = _e("reject_return", "POST", "return_refund", "202309", "returns/{return_id}/reject")
RETURN_RECORDS = _e("get_return_records", "GET", "return_refund", "202309", "returns/{return_id}/records")

STATEMENTS = _e("get_statements", "GET", "finance", "202309", "statements")
STATEMENT = _e(
    "get_statement", "GET", "finance", "202501", "statements/{statement_id}/statement_transactions"
)
ORDER_MONEY = _e("get_order_money", "GET", "finance", "202501", "orders/{order_id}/statement_transactions")

PINNED = {each.operation: each.version for each in tuple(globals().values()) if isinstance(each, Endpoint)}
