"""An order as the platform shows it: one line for each unit, money as texts, a buyer behind stars."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from simulator.stand_in.photos import image_id, image_url
from simulator.tiktok_shop import numbers
from simulator.tiktok_shop.shipping import is_sellers_own, option_id, provider_id
from simulator.tiktok_shop.statuses import HELD, order_status, package_status, unit_status
from simulator.world.currencies import Market
from simulator.world.orders import Order, OrderLine, OrderState, Parcel
from simulator.world.shops import Shop

Json = dict[str, Any]

PAYMENTS = {"ShopeePay": "GoPay", "SPayLater": "PayLater"}
INITIATORS = {"buyer": "BUYER", "seller": "SELLER", "system": "SYSTEM"}
HOUR = 3600


def money(amount: Decimal, market: Market) -> str:
    return f"{amount:.{market.decimals}f}"


def order_fields(shop: Shop, order: Order, address: str, now: datetime) -> Json:
    """Show an order; what is not so is left out rather than null."""
    own = is_sellers_own(order)
    placed = int(order.created_at.timestamp())
    parcels = shown_parcels(order)
    numbers_seen = [parcel.number_at(now) for parcel in parcels]
    fields: Json = {
        "id": numbers.order_id(order.order_sn),
        "status": order_status(order),
        "order_type": "NORMAL",
        "user_id": numbers.buyer_id(order.buyer.user_id),
        "buyer_email": "v2b2V5@chat.seller.tiktok.com",
        "buyer_message": order.note_from_buyer,
        "create_time": placed,
        "update_time": int(order.updated_at.timestamp()),
        "payment": _payment(shop, order),
        "payment_method_name": PAYMENTS.get(order.payment_method, order.payment_method),
        "fulfillment_type": "FULFILLMENT_BY_SELLER",
        "shipping_type": "SELLER" if own else "TIKTOK",
        "delivery_type": "HOME_DELIVERY",
        "delivery_option_id": option_id(order.parcels[0].courier),
        "delivery_option_name": "Shipped from seller" if own else "Standard Shipping",
        "shipping_provider": order.parcels[0].courier,
        "shipping_provider_id": provider_id(order.parcels[0].courier),
        "tracking_number": numbers_seen[0] if len(set(numbers_seen)) == 1 else "",
        "warehouse_id": order.lines[0].location,
        "packages": [{"id": numbers.package_id(parcel)} for parcel in parcels],
        "line_items": [
            each for line in order.lines for each in _units(shop, order, line, parcels, address, now)
        ],
        "rts_sla_time": placed + order.days_to_ship * 24 * HOUR,
        "tts_sla_time": placed + (order.days_to_ship + 1) * 24 * HOUR,
        "cancel_order_sla_time": placed + 5 * 24 * HOUR,
        "shipping_due_time": placed + 5 * 24 * HOUR,
        "is_cod": order.cod,
        "is_sample_order": False,
        "is_on_hold_order": order.state in HELD,
        "is_buyer_request_cancel": order.state is OrderState.CANCEL_ASKED,
        "is_replacement_order": False,
        "is_exchange_order": False,
        "has_updated_recipient_address": False,
        "seller_note": order.note,
        "commerce_platform": order.front or "TIKTOK_SHOP",
    }
    return fields | _moments(order) | _recipient(order) | _ending(order)


def shown_parcels(order: Order) -> list[Parcel]:
    """Return what there is to ship: nothing before it is paid, nothing after it is cancelled."""
    return [] if order.state in {OrderState.UNPAID, OrderState.CANCELLED} else order.parcels


def _payment(shop: Shop, order: Order) -> Json:
    market = shop.market
    listed = sum((line.list_price * units(order, line) for line in order.lines), Decimal(0))
    return {
        "currency": market.currency,
        "sub_total": money(order.goods_total, market),
        "shipping_fee": money(order.shipping_fee, market),
        "seller_discount": money(listed - order.goods_total, market),
        "platform_discount": money(Decimal(0), market),
        "total_amount": money(order.total, market),
        "original_total_product_price": money(listed, market),
        "original_shipping_fee": money(order.shipping_fee, market),
        "shipping_fee_seller_discount": money(Decimal(0), market),
        "shipping_fee_platform_discount": money(Decimal(0), market),
        "shipping_fee_cofunded_discount": money(Decimal(0), market),
        "tax": money(Decimal(0), market),
        "buyer_service_fee": money(Decimal(0), market),
        "handling_fee": money(Decimal(0), market),
    }


def units(order: Order, line: OrderLine) -> int:
    """Return how many units of a line were not cancelled out of an order that goes on."""
    return line.quantity - order.cancelled.get(line.line_id, 0)


def unit_numbers(line: OrderLine) -> list[str]:
    return [numbers.unit_id(line, unit) for unit in range(line.quantity)]


def _units(
    shop: Shop, order: Order, line: OrderLine, parcels: list[Parcel], address: str, now: datetime
) -> list[Json]:
    parcel = next((each for each in parcels if line in each.lines), None)
    variant = shop.find_variant(line.listing_id, line.variant_id)
    market = shop.market
    left = units(order, line)
    shown: list[Json] = []
    for number, unit in enumerate(unit_numbers(line)):
        is_cancelled = number >= left or order.state is OrderState.CANCELLED
        fields: Json = {
            "id": unit,
            "sku_id": numbers.sku_id(variant[1].id if variant else line.variant_id),
            "product_id": numbers.product_id(line.listing_id),
            "product_name": line.title,
            "sku_name": line.options.replace(",", ", "),
            "sku_image": image_url(address, image_id(line.image)),
            "seller_sku": line.sku or line.listing_sku,
            "currency": market.currency,
            "original_price": money(line.list_price, market),
            "sale_price": money(line.price, market),
            "platform_discount": money(Decimal(0), market),
            "seller_discount": money(line.list_price - line.price, market),
            "sku_type": "NORMAL",
            "display_status": "CANCELLED" if is_cancelled else unit_status(order),
            "package_id": numbers.package_id(parcel) if parcel else "",
            "package_status": package_status(order, parcel) if parcel else "",
            "tracking_number": parcel.number_at(now) if parcel else "",
            "shipping_provider_id": provider_id(order.parcels[0].courier),
            "shipping_provider_name": order.parcels[0].courier,
            "is_gift": False,
            "is_dangerous_good": False,
            "gift_retail_price": money(Decimal(0), market),
        }
        if is_cancelled:
            fields["package_status"] = "CANCELLED"
            fields |= {
                "cancel_user": INITIATORS.get(order.cancelled_by, "SELLER"),
                "cancel_reason": order.cancel_reason,
            }
        shown.append(fields)
    return shown


_STEPS = {
    OrderState.ARRANGED: "rts_time",
    OrderState.IN_TRANSIT: "collection_time",
    OrderState.DELIVERED: "delivery_time",
    OrderState.CANCELLED: "cancel_time",
    OrderState.CANCEL_ASKED: "request_cancel_time",
}


def _moments(order: Order) -> Json:
    shown: Json = {"paid_time": int(order.paid_at.timestamp())} if order.paid_at else {}
    for at, state in order.history:
        if name := _STEPS.get(state):
            shown[name] = int(at.timestamp())
    return shown


def _recipient(order: Order) -> Json:
    """Show where it goes, masked; not before the seller may ship."""
    if order.state in HELD | {OrderState.UNPAID}:
        return {}
    return {"recipient_address": recipient(order)}


def recipient(order: Order) -> Json:
    buyer = order.buyer
    levels = ((0, "Country", "Indonesia"), (1, "Province", buyer.state), (2, "City", buyer.city))
    return {
        "full_address": f"{buyer.masked_address}, {buyer.district}, {buyer.city}, {buyer.zipcode}",
        "phone_number": f"(+62){buyer.masked_phone}",
        "name": buyer.masked_name,
        "first_name": buyer.masked_name,
        "last_name": "",
        "address_detail": buyer.masked_address,
        "address_line1": buyer.masked_address,
        "address_line2": "",
        "postal_code": buyer.zipcode,
        "region_code": buyer.region,
        "district_info": [
            {"address_level": f"L{level}", "address_level_name": name, "address_name": value}
            for level, name, value in (*levels, (3, "District", buyer.district))
        ],
    }


def _ending(order: Order) -> Json:
    if order.state is not OrderState.CANCELLED:
        return {}
    return {
        "cancel_reason": order.cancel_reason,
        "cancellation_initiator": INITIATORS.get(order.cancelled_by, "OPERATOR"),
    }
