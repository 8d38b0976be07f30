"""Every call there is: its path, its methods, who answers it."""

from simulator.lazada.calls import (
    cancellations,
    documents,
    finance,
    fulfilment,
    orders,
    products,
    returns,
    shop,
)
from simulator.lazada.calls.endpoint import Endpoint, Handler

GET, POST, BOTH = frozenset({"GET"}), frozenset({"POST"}), frozenset({"GET", "POST"})

_CALLS: tuple[tuple[str, frozenset[str], Handler], ...] = (
    ("/seller/get", GET, shop.seller),
    ("/rc/warehouse/get", GET, shop.warehouses),
    ("/seller/warehouse/get", GET, shop.warehouses),
    ("/products/get", GET, products.search),
    ("/product/item/get", GET, products.get),
    ("/product/price_quantity/update", POST, products.update_price),
    ("/product/stock/sellable/update", POST, products.update_sellable),
    ("/product/stock/sellable/adjust", POST, products.adjust_sellable),
    ("/orders/get", GET, orders.search),
    ("/order/get", GET, orders.get),
    ("/order/items/get", GET, orders.items),
    ("/orders/items/get", GET, orders.items_of_many),
    ("/order/shipment/providers/get", BOTH, fulfilment.providers),
    ("/order/fulfill/pack", POST, fulfilment.pack),
    ("/order/package/document/get", BOTH, documents.document),
    ("/order/package/rts", POST, fulfilment.ready),
    ("/order/package/repack", BOTH, fulfilment.repack),
    ("/logistic/order/trace", GET, fulfilment.trace),
    ("/order/reverse/cancel/validate", GET, cancellations.validate),
    ("/order/reverse/cancel/create", GET, cancellations.create),
    ("/order/reverse/cancel/seller/decide", GET, cancellations.decide),
    ("/reverse/getreverseordersforseller", BOTH, returns.search),
    ("/order/reverse/reason/list", GET, returns.reasons),
    ("/order/reverse/return/update", GET, returns.update),
    ("/order/reverse/onlyrefund/seller/decide", GET, returns.decide_refund),
    ("/finance/transaction/details/get", GET, finance.transactions),
    ("/finance/payout/status/get", GET, finance.payouts),
)
TABLE: dict[str, Endpoint] = {path: Endpoint(path, methods, handler) for path, methods, handler in _CALLS}
