"""The calls themselves, one module per subject; `TABLE` says which path is which."""

from simulator.shopee.calls import (
    account_health,
    auth,
    boosts,
    channels,
    comments,
    documents,
    item_edits,
    item_reads,
    order_actions,
    orders,
    package_reads,
    payment,
    prices,
    public,
    push,
    return_actions,
    returns,
    shipping,
    shop,
    stock,
    tracking,
    warehouses,
)
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
    "shop/get_shop_holiday_mode": Endpoint("GET", Scope.SHOP, shop.get_shop_holiday_mode),
    "shop/set_shop_holiday_mode": Endpoint("POST", Scope.SHOP, shop.set_shop_holiday_mode),
    "shop/get_warehouse_detail": Endpoint("GET", Scope.SHOP, warehouses.get_warehouse_detail),
    "product/get_item_list": Endpoint("GET", Scope.SHOP, item_reads.get_item_list),
    "product/get_item_base_info": Endpoint("GET", Scope.SHOP, item_reads.get_item_base_info),
    "product/get_model_list": Endpoint("GET", Scope.SHOP, item_reads.get_model_list),
    "product/get_item_promotion": Endpoint("GET", Scope.SHOP, item_reads.get_item_promotion),
    "product/unlist_item": Endpoint("POST", Scope.SHOP, item_edits.unlist_item),
    "product/update_item": Endpoint("POST", Scope.SHOP, item_edits.update_item),
    "product/boost_item": Endpoint("POST", Scope.SHOP, boosts.boost_item),
    "product/get_boosted_list": Endpoint("GET", Scope.SHOP, boosts.get_boosted_list),
    "product/get_comment": Endpoint("GET", Scope.SHOP, comments.get_comment),
    "product/reply_comment": Endpoint("POST", Scope.SHOP, comments.reply_comment),
    "product/update_price": Endpoint("POST", Scope.SHOP, prices.update_price),
    "product/update_stock": Endpoint("POST", Scope.SHOP, stock.update_stock),
    "order/get_order_list": Endpoint("GET", Scope.SHOP, orders.get_order_list),
    "order/get_order_detail": Endpoint("GET", Scope.SHOP, orders.get_order_detail),
    "order/cancel_order": Endpoint("POST", Scope.SHOP, order_actions.cancel_order),
    "order/handle_buyer_cancellation": Endpoint("POST", Scope.SHOP, order_actions.handle_buyer_cancellation),
    "order/split_order": Endpoint("POST", Scope.SHOP, order_actions.split_order),
    "order/unsplit_order": Endpoint("POST", Scope.SHOP, order_actions.unsplit_order),
    "order/set_note": Endpoint("POST", Scope.SHOP, order_actions.set_note),
    "order/search_package_list": Endpoint("POST", Scope.SHOP, package_reads.search_package_list),
    "order/get_package_detail": Endpoint("GET", Scope.SHOP, package_reads.get_package_detail),
    "order/get_shipment_list": Endpoint("GET", Scope.SHOP, package_reads.get_shipment_list),
    "account_health/get_shop_performance": Endpoint("GET", Scope.SHOP, account_health.get_shop_performance),
    "account_health/get_penalty_point_history": Endpoint(
        "GET", Scope.SHOP, account_health.get_penalty_point_history
    ),
    "account_health/get_punishment_history": Endpoint(
        "GET", Scope.SHOP, account_health.get_punishment_history
    ),
    "returns/get_return_list": Endpoint("GET", Scope.SHOP, returns.get_return_list),
    "returns/get_return_detail": Endpoint("GET", Scope.SHOP, returns.get_return_detail),
    "returns/get_available_solutions": Endpoint("GET", Scope.SHOP, returns.get_available_solutions),
    "returns/get_return_dispute_reason": Endpoint("GET", Scope.SHOP, returns.get_return_dispute_reason),
    "returns/confirm": Endpoint("POST", Scope.SHOP, return_actions.confirm),
    "returns/offer": Endpoint("POST", Scope.SHOP, return_actions.offer),
    "returns/accept_offer": Endpoint("POST", Scope.SHOP, return_actions.accept_offer),
    "returns/convert_image": Endpoint("POST", Scope.SHOP, return_actions.convert_image),
    "returns/dispute": Endpoint("POST", Scope.SHOP, return_actions.dispute),
    "logistics/get_channel_list": Endpoint("GET", Scope.SHOP, channels.get_channel_list),
    "logistics/get_address_list": Endpoint("GET", Scope.SHOP, channels.get_address_list),
    "logistics/get_shipping_parameter": Endpoint("GET", Scope.SHOP, shipping.get_shipping_parameter),
    "logistics/get_mass_shipping_parameter": Endpoint(
        "POST", Scope.SHOP, shipping.get_mass_shipping_parameter
    ),
    "logistics/ship_order": Endpoint("POST", Scope.SHOP, shipping.ship_order),
    "logistics/mass_ship_order": Endpoint("POST", Scope.SHOP, shipping.mass_ship_order),
    "logistics/get_tracking_number": Endpoint("GET", Scope.SHOP, tracking.get_tracking_number),
    "logistics/get_mass_tracking_number": Endpoint("POST", Scope.SHOP, tracking.get_mass_tracking_number),
    "logistics/get_tracking_info": Endpoint("GET", Scope.SHOP, tracking.get_tracking_info),
    "logistics/get_shipping_document_parameter": Endpoint(
        "POST", Scope.SHOP, documents.get_shipping_document_parameter
    ),
    "logistics/create_shipping_document": Endpoint("POST", Scope.SHOP, documents.create_shipping_document),
    "logistics/get_shipping_document_result": Endpoint(
        "POST", Scope.SHOP, documents.get_shipping_document_result
    ),
    "logistics/download_shipping_document": Endpoint(
        "POST", Scope.SHOP, documents.download_shipping_document
    ),
    "payment/get_escrow_detail": Endpoint("GET", Scope.SHOP, payment.get_escrow_detail),
    "payment/get_escrow_detail_batch": Endpoint("GET or POST", Scope.SHOP, payment.get_escrow_detail_batch),
    "payment/get_escrow_list": Endpoint("GET", Scope.SHOP, payment.get_escrow_list),
}
CHAT_PREFIX = "sellerchat/"
"""Chat is closed to the category our app has."""
