"""An order as the platform shows it: a few fields always, the rest on request."""

from decimal import Decimal
from typing import Any

from simulator.shopee.calls.endpoint import ShopCall
from simulator.shopee.calls.packages import PREFIX
from simulator.shopee.logistics import channel_of
from simulator.shopee.statuses import order_status, package_status
from simulator.stand_in.photos import image_id, image_url
from simulator.world.orders import Order, OrderLine, OrderState, Parcel


def order_fields(call: ShopCall, order: Order, asked: set[str], *, show_pending: bool) -> dict[str, Any]:
    always: dict[str, Any] = {
        "order_sn": order.order_sn,
        "region": call.shop.market.region,
        "currency": call.shop.market.currency,
        "cod": order.cod,
        "order_status": order_status(order.state, show_pending=show_pending),
        "message_to_seller": order.note_from_buyer,
        "create_time": int(order.created_at.timestamp()),
        "update_time": int(order.updated_at.timestamp()),
        "days_to_ship": order.days_to_ship,
        "ship_by_date": int(order.created_at.timestamp()) + order.days_to_ship * 86_400,
    }
    if show_pending and order.state is OrderState.HELD:
        always["pending_terms"] = ["SYSTEM_PENDING"]
        always["pending_description"] = ["The order is being verified by Shopee."]
    on_request = {**_money(call, order), **_people(order), **_ending(order), **_shipping(call, order)}
    shown = {name: value for name, value in on_request.items() if _is_asked(name, asked)}
    return always | shown


COMES_WITH = {
    "checkout_shipping_carrier": "shipping_carrier",
    "reverse_shipping_fee": "actual_shipping_fee",
    "edt_from": "edt",
    "edt_to": "edt",
}


def _is_asked(name: str, asked: set[str]) -> bool:
    return COMES_WITH.get(name, name) in asked


def _money(call: ShopCall, order: Order) -> dict[str, Any]:
    paid = int(order.paid_at.timestamp()) if order.paid_at else None
    fields: dict[str, Any] = {
        "estimated_shipping_fee": order.shipping_fee,
        "actual_shipping_fee": order.shipping_fee if order.state is OrderState.COMPLETED else Decimal(0),
        "actual_shipping_fee_confirmed": order.state is OrderState.COMPLETED,
        "reverse_shipping_fee": Decimal(0),
        "item_list": [_line(call, order, line) for line in order.lines],
        "pay_time": paid,
        "payment_method": order.payment_method,
        "payment_info": [],
        "invoice_data": None,
    }
    if order.paid_at or order.cod:
        fields["total_amount"] = order.total
    return fields


def _line(call: ShopCall, order: Order, line: OrderLine) -> dict[str, Any]:
    left = order.units_left(line)
    return {
        "item_id": line.listing_id,
        "item_name": line.title,
        "item_sku": line.listing_sku,
        "model_id": line.variant_id,
        "model_name": line.options,
        "model_sku": line.sku,
        "model_quantity_purchased": line.quantity,
        "model_original_price": line.list_price,
        "model_discounted_price": line.price,
        "wholesale": False,
        "weight": line.grams / 1000,
        "add_on_deal": False,
        "main_item": False,
        "add_on_deal_id": 0,
        "promotion_type": "product_promotion" if line.promotion_id else "",
        "promotion_id": line.promotion_id,
        "order_item_id": line.listing_id,
        "line_item_id": line.line_id,
        "promotion_group_id": 0,
        "image_info": {"image_url": image_url(call.address, image_id(line.image)) + "_tn"},
        "product_location_id": [line.location or f"{call.shop.market.region}Z"],
        "is_prescription_item": False,
        "is_b2c_owned_item": False,
        "active_qty": left,
        "cancel_requested_qty": left if order.state is OrderState.CANCEL_ASKED else 0,
        "cancelled_qty": line.quantity - left,
        "return_requested_qty": left if order.state is OrderState.RETURN_ASKED else 0,
        "returned_qty": 0,
    }


def _people(order: Order) -> dict[str, Any]:
    buyer = order.buyer
    return {
        "buyer_user_id": buyer.user_id,
        "buyer_username": buyer.username,
        "recipient_address": recipient(order),
        "note": order.note,
        "note_update_time": int(order.noted_at.timestamp()) if order.noted_at else 0,
        "dropshipper": None,
        "dropshipper_phone": None,
        "buyer_cpf_id": None,
    }


def recipient(order: Order) -> dict[str, Any]:
    """Show where an order goes, masked as the platform masks it."""
    buyer = order.buyer
    return {
        "name": buyer.masked_name,
        "phone": buyer.masked_phone,
        "town": "",
        "district": buyer.district,
        "city": buyer.city,
        "state": buyer.state,
        "region": buyer.region,
        "zipcode": buyer.zipcode,
        "full_address": buyer.masked_address,
    }


def _ending(order: Order) -> dict[str, Any]:
    by_buyer = order.cancelled_by == "buyer"
    return {
        "buyer_cancel_reason": order.cancel_reason if by_buyer else "",
        "cancel_by": order.cancelled_by,
        "cancel_reason": order.cancel_reason if order.state is OrderState.CANCELLED else "",
    }


def _shipping(call: ShopCall, order: Order) -> dict[str, Any]:
    picked_up = [parcel.picked_up_at for parcel in order.parcels if parcel.picked_up_at]
    carrier = order.parcels[0].courier
    return {
        "goods_to_declare": False,
        "split_up": len(order.parcels) > 1,
        "fulfillment_flag": "fulfilled_by_local_seller",
        "pickup_done_time": int(picked_up[0].timestamp()) if picked_up else 0,
        "package_list": [_package(call, order, parcel) for parcel in order.parcels],
        "shipping_carrier": carrier,
        "checkout_shipping_carrier": carrier,
        "order_chargeable_weight_gram": grams_of(order.lines),
        "return_request_due_date": 0,
        "edt_from": int(order.created_at.timestamp()) + 2 * 86_400,
        "edt_to": int(order.created_at.timestamp()) + 4 * 86_400,
    }


def _package(call: ShopCall, order: Order, parcel: Parcel) -> dict[str, Any]:
    return {
        "package_number": PREFIX + parcel.number,
        "logistics_status": package_status(order, parcel),
        "logistics_channel_id": channel_of(parcel.courier).id,
        "shipping_carrier": parcel.courier,
        "allow_self_design_awb": True,
        "item_list": package_lines(call, parcel),
        "parcel_chargeable_weight": grams_of(parcel.lines),
        "group_shipment_id": None,
    }


def package_lines(call: ShopCall, parcel: Parcel, *, with_skus: bool = False) -> list[dict[str, Any]]:
    """Show what is in a parcel; a package's own call names the SKUs as well."""
    shown = []
    for line in parcel.lines:
        skus = {"item_sku": line.listing_sku, "model_sku": line.sku} if with_skus else {}
        shown.append(
            {
                "item_id": line.listing_id,
                "model_id": line.variant_id,
                **skus,
                "model_quantity": line.quantity,
                "order_item_id": line.listing_id,
                "promotion_group_id": 0,
                "product_location_id": line.location or f"{call.shop.market.region}Z",
            }
        )
    return shown


def grams_of(lines: list[OrderLine]) -> int:
    return sum(line.grams * line.quantity for line in lines)
