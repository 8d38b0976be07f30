"""Every call there is: method, path, versions that answer, the scope it needs, and whether it is about a shop."""

from simulator.tiktok_shop.calls import (
    cancellations,
    documents,
    finance,
    fulfilment,
    orders,
    product_edits,
    products,
    returns,
    shop,
)
from simulator.tiktok_shop.calls.endpoint import Endpoint, Handler

V = ("202309",)


def _of_shop(
    method: str, domain: str, rest: str, scope: str, handler: Handler, versions: tuple[str, ...] = V
) -> Endpoint:
    return Endpoint(method, domain, versions, rest, scope, handler)


def _product(
    method: str, rest: str, handler: Handler, scope: str = "basic", versions: tuple[str, ...] = V
) -> Endpoint:
    return _of_shop(method, "product", rest, f"seller.product.{scope}", handler, versions)


def _fulfilment(
    method: str, rest: str, handler: Handler, scope: str = "seller.fulfillment.basic"
) -> Endpoint:
    return _of_shop(method, "fulfillment", rest, scope, handler)


def _return(method: str, rest: str, handler: Handler, versions: tuple[str, ...] = V) -> Endpoint:
    return _of_shop(method, "return_refund", rest, "seller.return_refund.basic", handler, versions)


def _finance(rest: str, handler: Handler, versions: tuple[str, ...]) -> Endpoint:
    return _of_shop("GET", "finance", rest, "seller.finance.info", handler, versions)


AUTHORIZATION, SHOP_INFO = "seller.authorization.info", "seller.shop.info"

TABLE: tuple[Endpoint, ...] = (
    Endpoint("GET", "authorization", V, "shops", AUTHORIZATION, shop.authorized_shops, is_of_shop=False),
    Endpoint("GET", "seller", V, "shops", SHOP_INFO, shop.active_shops, is_of_shop=False),
    Endpoint("GET", "seller", V, "permissions", SHOP_INFO, shop.permissions, is_of_shop=False),
    _of_shop("GET", "event", "webhooks", AUTHORIZATION, shop.list_webhooks),
    _of_shop("PUT", "event", "webhooks", AUTHORIZATION, shop.set_webhook),
    _of_shop("DELETE", "event", "webhooks", AUTHORIZATION, shop.remove_webhook),
    _product("POST", "products/search", products.search, versions=("202502", "202309", "202312")),
    _product("GET", "products/{product_id}", products.get),
    _product(
        "POST", "products/{product_id}/partial_edit", product_edits.partial_edit, "write", ("202509", *V)
    ),
    _product("POST", "products/{product_id}/prices/update", products.update_prices, "write"),
    _product("POST", "products/{product_id}/inventory/update", products.update_inventory, "write"),
    _product("POST", "inventory/search", products.search_inventory),
    _product("POST", "products/activate", products.activate),
    _product("POST", "products/deactivate", products.deactivate),
    _product("POST", "products/recover", products.recover, "delete"),
    _product("DELETE", "products", products.delete, "delete"),
    _product("GET", "categories", product_edits.categories),
    Endpoint(
        "POST",
        "product",
        V,
        "images/upload",
        "seller.product.basic",
        product_edits.upload_image,
        is_of_shop=False,
        takes_form=True,
    ),
    _of_shop("POST", "order", "orders/search", "seller.order.info", orders.search),
    _of_shop("GET", "order", "orders", "seller.order.info", orders.detail, ("202507", "202309")),
    _of_shop(
        "GET",
        "order",
        "orders/{order_id}/price_detail",
        "seller.order.info",
        orders.price_detail,
        ("202407",),
    ),
    _fulfilment("POST", "packages/search", fulfilment.search),
    _fulfilment("POST", "packages/ship", fulfilment.ship_many),
    _fulfilment("GET", "packages/{package_id}", fulfilment.detail),
    _fulfilment(
        "GET",
        "packages/{package_id}/handover_time_slots",
        fulfilment.handover_slots,
        "seller.fulfillment.package.write",
    ),
    _fulfilment("POST", "packages/{package_id}/ship", fulfilment.ship),
    _fulfilment("GET", "packages/{package_id}/shipping_documents", documents.shipping_document),
    _fulfilment("POST", "packages/{package_id}/shipping_info/update", fulfilment.update_number),
    _fulfilment("POST", "orders/{order_id}/shipping_info/update", fulfilment.update_number),
    _fulfilment("POST", "orders/{order_id}/packages", fulfilment.mark_shipped),
    _fulfilment("GET", "orders/{order_id}/tracking", fulfilment.tracking, "seller.logistics"),
    _of_shop("GET", "logistics", "warehouses", "seller.logistics", shop.warehouses),
    _of_shop(
        "GET",
        "logistics",
        "warehouses/{warehouse_id}/delivery_options",
        "seller.logistics",
        shop.delivery_options,
    ),
    _of_shop(
        "GET",
        "logistics",
        "delivery_options/{delivery_option_id}/shipping_providers",
        "seller.logistics",
        fulfilment.shipping_providers,
    ),
    _return("POST", "cancellations", cancellations.cancel),
    _return("POST", "cancellations/search", cancellations.search),
    _return("POST", "cancellations/{cancel_id}/approve", cancellations.approve),
    _return("POST", "cancellations/{cancel_id}/reject", cancellations.reject),
    _return("POST", "returns/search", returns.search),
    _return("POST", "returns/{return_id}/approve", returns.approve),
    _return("POST", "returns/{return_id}/reject", returns.reject),
    _return("GET", "returns/{return_id}/records", returns.records),
    _return("GET", "reject_reasons", cancellations.reject_reasons),
    _return("GET", "orders/{order_id}/aftersale_eligibility", cancellations.eligibility, ("202602", *V)),
    _return("POST", "refunds/calculate", cancellations.calculate_refund),
    _finance("statements", finance.list_statements, V),
    _finance("statements/{statement_id}/statement_transactions", finance.of_statement, ("202501",)),
    _finance("orders/{order_id}/statement_transactions", finance.of_order, ("202501",)),
    _finance("orders/unsettled", finance.unsettled, ("202507",)),
    _finance("withdrawals", finance.withdrawals, V),
)
