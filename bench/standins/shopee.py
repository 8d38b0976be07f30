"""A stand-in for Shopee's order details: each answer is a page of 50 orders, of which 5 % changed since the last.

Signatures are not checked: what both sides pay for them is the making.
"""

import json
from itertools import count
from urllib.parse import parse_qsl

from bench.standins.serving import Receive, Scope, Send, answer, body_of, serve

ORDERS = 50
BEGAN = 1_767_225_600
"""The first moment at which an order changed."""
_CHANGED = (2, 3)
"""How many change from one answer to the next, in turns: 5 % of fifty."""


class Shop:
    """One shop's page, and how often it was asked for."""

    def __init__(self) -> None:
        self._moments = count(BEGAN)
        self._next = 0
        self._rows = [_row(number, next(self._moments)) for number in range(ORDERS)]
        self._answers = 0

    def page(self) -> bytes:
        for _ in range(_CHANGED[self._answers % 2]):
            self._rows[self._next] = _row(self._next, next(self._moments))
            self._next = (self._next + 1) % ORDERS
        self._answers += 1
        head = b'{"error":"","message":"","request_id":"e3e3e7f34c4d75f91fb48ecb41aa2a01","response":{"order_list":['
        return head + b",".join(self._rows) + b"]}}"


def number_of(order: int) -> str:
    return f"260101BENCH{order:03d}"


def _row(number: int, updated: int) -> bytes:
    """Write one order with all that Shopee tells of it, about 2.9 KB."""
    lines = [_line(number, position) for position in range(1 + number % 3)]
    held = [
        {key: line[key] for key in ("item_id", "model_id", "order_item_id", "promotion_group_id")}
        for line in lines
    ]
    order = {
        "order_sn": number_of(number), "region": "ID", "currency": "IDR", "cod": False,
        "order_status": "READY_TO_SHIP", "message_to_seller": "tolong bungkus rapi dan kirim hari ini juga ya kak",
        "create_time": BEGAN - 86400 + number, "update_time": updated, "days_to_ship": 2, "ship_by_date": BEGAN + 172800,
        "total_amount": 129000, "buyer_user_id": 1170319091, "buyer_username": f"tono{number}",
        "estimated_shipping_fee": 9000, "actual_shipping_fee": 0, "actual_shipping_fee_confirmed": False,
        "recipient_address": {
            "name": "B***o", "phone": "******78", "town": "", "district": "COBLONG", "city": "KOTA BANDUNG",
            "state": "JAWA BARAT", "region": "ID", "zipcode": "40132", "full_address": "****",
        },
        "goods_to_declare": False, "note": "", "note_update_time": 0, "item_list": lines, "pay_time": BEGAN - 86000,
        "dropshipper": None, "dropshipper_phone": None, "split_up": False, "buyer_cancel_reason": "", "cancel_by": "",
        "cancel_reason": "", "buyer_cpf_id": None, "fulfillment_flag": "fulfilled_by_local_seller", "pickup_done_time": 0,
        "package_list": [{
            "package_number": f"OFG1137015392{number:05d}", "logistics_status": "LOGISTICS_READY",
            "logistics_channel_id": 8003, "shipping_carrier": "Reguler (Cashless)", "allow_self_design_awb": True,
            "item_list": [row | {"model_quantity": 2, "product_location_id": "IDZ"} for row in held],
            "parcel_chargeable_weight": 400, "group_shipment_id": None,
        }],
        "shipping_carrier": "Reguler (Cashless)", "checkout_shipping_carrier": "Reguler (Cashless)",
        "payment_method": "ShopeePay", "invoice_data": None, "reverse_shipping_fee": 0,
        "order_chargeable_weight_gram": 400,
    }  # fmt: skip
    return json.dumps(order, separators=(",", ":")).encode()


def _line(number: int, position: int) -> dict[str, object]:
    item = 2_500_139_861 + 10 * number + position
    return {
        "item_id": item, "item_name": "Kaos Polos Katun Combed 30s Lengan Pendek Pria Wanita Unisex Premium",
        "item_sku": "KAOS-01", "model_id": 2_000_458_801 + position, "model_name": "Hitam,M",
        "model_sku": "KAOS-01-H-M", "model_quantity_purchased": 2, "model_original_price": 65000,
        "model_discounted_price": 60000, "wholesale": False, "weight": 0.2, "add_on_deal": False, "main_item": False,
        "add_on_deal_id": 0, "promotion_type": "product_promotion", "promotion_id": 665123666665499,
        "order_item_id": item, "promotion_group_id": 0,
        "image_info": {"image_url": "https://cf.shop.invalid/file/82becb4830bd2ee90ad6acf8a9dc26d7_tn"},
        "product_location_id": ["IDZ"], "is_prescription_item": False, "is_b2c_owned_item": False,
    }  # fmt: skip


class Shopee:
    """The server: the order details of any shop that is asked for."""

    def __init__(self) -> None:
        self._shops: dict[str, Shop] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await body_of(receive)
        asked = dict(parse_qsl(scope["query_string"].decode()))
        await answer(send, self._shops.setdefault(asked["shop_id"], Shop()).page())


if __name__ == "__main__":
    serve(Shopee())
