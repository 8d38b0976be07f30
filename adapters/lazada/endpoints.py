"""Lazada's calls by our name of each. Some that change something are asked by GET: they are never repeated blindly."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Endpoint:
    operation: str
    method: str
    path: str


CREATE_TOKEN = Endpoint("create_token", "POST", "/auth/token/create")
REFRESH_TOKEN = Endpoint("refresh_token", "POST", "/auth/token/refresh")

SELLER = Endpoint("get_seller", "GET", "/seller/get")
WAREHOUSES = Endpoint("get_warehouses", "GET", "/rc/warehouse/get")

PRODUCTS = Endpoint("get_products", "GET", "/products/get")
PRODUCT = Endpoint("get_product", "GET", "/product/item/get")
PRICES = Endpoint("update_price", "POST", "/product/price_quantity/update")
SELLABLE = Endpoint("update_sellable", "POST", "/product/stock/sellable/update")

ORDERS = Endpoint("get_orders", "GET", "/orders/get")
ORDER = Endpoint("get_order", "GET", "/order/get")
ORDER_ITEMS = Endpoint("get_order_items", "GET", "/order/items/get")
ITEMS = Endpoint("get_orders_items", "GET", "/orders/items/get")

PROVIDERS = Endpoint("get_providers", "GET", "/order/shipment/providers/get")
PACK = Endpoint("pack", "POST", "/order/fulfill/pack")
READY = Endpoint("ready_to_ship", "POST", "/order/package/rts")
DOCUMENT = Endpoint("get_document", "GET", "/order/package/document/get")

CANCEL_REASONS = Endpoint("get_cancel_reasons", "GET", "/order/reverse/cancel/validate")
CANCEL = Endpoint("cancel", "GET", "/order/reverse/cancel/create")
CANCEL_DECISION = Endpoint("decide_cancellation", "GET", "/order/reverse/cancel/seller/decide")

REVERSE_ORDERS = Endpoint("get_reverse_orders", "GET", "/reverse/getreverseordersforseller")
REFUSE_REASONS = Endpoint("get_refuse_reasons", "GET", "/order/reverse/reason/list")
RETURN_UPDATE = Endpoint("update_return", "GET", "/order/reverse/return/update")
REFUND_DECISION = Endpoint("decide_refund", "GET", "/order/reverse/onlyrefund/seller/decide")

TRANSACTIONS = Endpoint("get_transactions", "GET", "/finance/transaction/details/get")
PAYOUTS = Endpoint("get_payouts", "GET", "/finance/payout/status/get")
