"""The calls themselves, one module per subject; `TABLE` says which path is which."""

from simulator.shopee.calls import auth, item_reads, orders, prices, public, push, shop, stock
from simulator.shopee.calls.endpoint import Endpoint, Scope

TABLE: dict[str, Endpoint] = {
    "auth/token/get": Endpoint("POST", Scope.PUBLIC, auth.exchange_code),
    "auth/access_token/get": Endpoint("POST", Scope.PUBLIC, auth.refresh_token),
    "public/get_shops_by_partner": Endpoint("GET", Scope.PUBLIC, public.get_shops_by_partner),
    "public/get_shopee_ip_ranges": Endpoint("GET", Scope.PUBLIC, public.get_shopee_ip_ranges),
    "push/set_app_push_config": Endpoint("POST", Scope.PUBLIC, push.set_app_push_config),
    "push/get_app_push_config": Endpoint("GET", Scope.PUBLIC, push.get_app_push_config),
    "push/get_lost_push_message": Endpoint("GET", Scope.PUBLIC, push.get_lost_push_message),
    "push/confirm_consumed_lost_push_message": Endpoint("POST", Scope.PUBLIC, push.confirm_lost_push_message),
    "shop/get_shop_info": Endpoint("GET", Scope.SHOP, shop.get_shop_info),
    "shop/get_profile": Endpoint("GET", Scope.SHOP, shop.get_profile),
    "product/get_item_list": Endpoint("GET", Scope.SHOP, item_reads.get_item_list),
    "product/get_item_base_info": Endpoint("GET", Scope.SHOP, item_reads.get_item_base_info),
    "product/get_model_list": Endpoint("GET", Scope.SHOP, item_reads.get_model_list),
    "product/get_item_promotion": Endpoint("GET", Scope.SHOP, item_reads.get_item_promotion),
    "product/update_price": Endpoint("POST", Scope.SHOP, prices.update_price),
    "product/update_stock": Endpoint("POST", Scope.SHOP, stock.update_stock),
    "order/get_order_list": Endpoint("GET", Scope.SHOP, orders.get_order_list),
    "order/get_order_detail": Endpoint("GET", Scope.SHOP, orders.get_order_detail),
}
CHAT_PREFIX = "sellerchat/"
"""Chat is closed to the category our app has."""
