"""Signing a Shopee call by hand, as any client must."""

import hmac
import time
from hashlib import sha256

PATH = "/api/v2/order/get_order_detail"
FIELDS = "buyer_username,recipient_address,note,item_list,pay_time,cancel_by,cancel_reason,package_list,total_amount"


def signed(shop_id: str, numbers: str, *, partner_id: str, key: str) -> dict[str, str]:
    """Return the query of one call for order details."""
    moment, token = str(int(time.time())), f"access-{shop_id}"
    sign = hmac.new(key.encode(), f"{partner_id}{PATH}{moment}{token}{shop_id}".encode(), sha256).hexdigest()
    return {
        "partner_id": partner_id, "timestamp": moment, "sign": sign, "access_token": token, "shop_id": shop_id,
        "order_sn_list": numbers, "response_optional_fields": FIELDS,
    }  # fmt: skip
