"""An order and its items as the platform shows them: one item for each unit, a buyer behind stars."""

from datetime import timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from simulator.lazada import numbers
from simulator.lazada.calls.endpoint import Call, local, ms
from simulator.lazada.simulation import Simulation
from simulator.lazada.statuses import rolled_up, unit_status
from simulator.stand_in.photos import image_id, image_url
from simulator.world.couriers import COURIERS, Way
from simulator.world.orders import Order, OrderLine, OrderState, Parcel

Json = dict[str, Any]

INITIATORS = {"buyer": "customer", "seller": "seller", "system": "internal"}
PAYMENTS = {"ShopeePay": "WALLET", "SPayLater": "PAY_LATER", "Cash on Delivery": "COD"}
DAY_S = 86_400
PLAIN: Json = {
    "tax_amount": 0.0,
    "voucher_amount": 0.0,
    "voucher_seller": 0.0,
    "voucher_platform": 0.0,
    "voucher_code": "",
    "shipping_fee_discount_seller": 0.0,
    "shipping_fee_discount_platform": 0.0,
    "shipping_service_cost": 0.0,
    "wallet_credits": 0.0,
    "shipping_type": "Dropshipping",
    "tracking_code_pre": "",
    "promised_shipping_time": "",
    "reason_detail": "",
    "return_status": "",
    "is_digital": 0,
    "digital_delivery_info": "",
    "is_fbl": "0",
    "is_reroute": "0",
    "order_type": "Normal",
    "order_flag": "NORMAL",
    "stage_pay_status": None,
    "invoice_number": "",
    "purchase_order_id": "",
    "purchase_order_number": "",
    "extra_attributes": "",
}
"""What is the same of every unit here."""


def money(amount: Decimal) -> str:
    return f"{amount:.2f}"


def unit_numbers(line: OrderLine) -> list[int]:
    return [numbers.unit_id(line, unit) for unit in range(line.quantity)]


def parcel_of(order: Order, line: OrderLine) -> Parcel | None:
    return next((parcel for parcel in order.parcels if line in parcel.lines), None)


def provider_type(order: Order, parcel: Parcel) -> str:
    """Return how a parcel travels; what is cut off an order goes another way."""
    courier = COURIERS[parcel.courier]
    if Way.OWN in courier.ways:
        return "SELLER_OWN_FLEET"
    if courier.is_instant:
        return "INSTANT"
    return "STANDARD" if parcel.number == order.parcels[0].number else "ECONOMY"


def status_of(sim: Simulation, order: Order, line: OrderLine, unit: int) -> str:
    if unit in sim.cancelled_units or order.state is OrderState.CANCELLED:
        return "canceled"
    return unit_status(order, parcel_of(order, line), sim.packed)


def order_status(sim: Simulation, order: Order) -> str:
    """Sum up an order, which has no state of its own here."""
    return rolled_up(set(statuses(sim, order)))


def statuses(sim: Simulation, order: Order) -> list[str]:
    words = [status_of(sim, order, line, unit) for line in order.lines for unit in unit_numbers(line)]
    return list(dict.fromkeys(words))


def order_fields(call: Call, order: Order) -> Json:
    market, buyer = call.shop.market, order.buyer
    number, nothing = numbers.order_id(order.order_sn), money(Decimal(0))
    asked = order.state is OrderState.CANCEL_ASKED
    address = _address(call, order)
    return {
        "order_id": number,
        "order_number": number,
        "created_at": local(order.created_at, market),
        "updated_at": local(order.updated_at, market),
        "address_updated_at": local(order.created_at, market),
        "price": money(order.goods_total),
        "voucher": nothing,
        "voucher_platform": nothing,
        "voucher_seller": nothing,
        "voucher_code": "",
        "shipping_fee": money(order.shipping_fee),
        "shipping_fee_original": money(order.shipping_fee),
        "shipping_fee_discount_seller": nothing,
        "shipping_fee_discount_platform": nothing,
        "payment_method": PAYMENTS.get(order.payment_method, order.payment_method),
        "statuses": statuses(call.sim, order),
        "items_count": sum(line.quantity for line in order.lines),
        "customer_first_name": buyer.masked_name,
        "customer_last_name": "",
        "gift_option": False,
        "gift_message": "",
        "delivery_info": "",
        "remarks": "",
        "buyer_note": order.note_from_buyer,
        "promised_shipping_times": "",
        "national_registration_number": "",
        "tax_code": "",
        "branch_number": "",
        "warehouse_code": order.lines[0].location,
        "extra_attributes": '{"TaxInvoiceRequested":false}',
        "need_cancel_confirm": asked,
        "is_cancel_pending": asked,
        "address_shipping": address,
        "address_billing": address,
    }


def _address(call: Call, order: Order) -> Json:
    buyer = order.buyer
    return {
        "first_name": buyer.masked_name,
        "last_name": "",
        "phone": buyer.masked_phone,
        "phone2": "",
        "address1": buyer.masked_address,
        "address2": "",
        "address3": buyer.state,
        "address4": buyer.city,
        "address5": buyer.district,
        "city": buyer.city,
        "post_code": buyer.zipcode,
        "country": call.shop.market.country,
        "addressDistrict": buyer.district,
    }


def item_fields(call: Call, order: Order) -> list[Json]:
    return [_unit(call, order, line, unit) for line in order.lines for unit in unit_numbers(line)]


def _unit(call: Call, order: Order, line: OrderLine, unit: int) -> Json:
    shop, market, sim = call.shop, call.shop.market, call.sim
    parcel = parcel_of(order, line) or order.parcels[0]
    status = status_of(sim, order, line, unit)
    item, sku = numbers.item_id(line.listing_id), numbers.sku_of(shop, line)
    is_ready = parcel.arranged_at is not None or status == "ready_to_ship"
    is_packed = parcel.number in sim.packed or is_ready
    is_shown = is_packed and status != "canceled"
    kind = provider_type(order, parcel)
    asked = order.state is OrderState.CANCEL_ASKED and status != "canceled"
    return PLAIN | {
        "order_item_id": unit,
        "order_id": numbers.order_id(order.order_sn),
        "name": line.title,
        "sku": line.sku or line.listing_sku,
        "shop_sku": f"{item}_{market.region}-{sku}",
        "sku_id": str(sku),
        "product_id": str(item),
        "variation": line.options.replace(",", ", "),
        "status": status,
        "item_price": float(line.price),
        "paid_price": float(line.price),
        "currency": market.currency,
        "shipping_amount": float(order.shipping_fee),
        "shipping_fee_original": float(order.shipping_fee),
        "shipping_provider_type": kind,
        "shipment_provider": parcel.courier if is_shown else "",
        "tracking_code": parcel.number_at(sim.clock.now()) if is_shown else "",
        "package_id": numbers.package_id(parcel) if is_shown else "",
        "sla_time_stamp": _iso(call, order),
        "created_at": local(order.created_at, market),
        "updated_at": local(order.updated_at, market),
        "payment_time": ms(order.paid_at) if order.paid_at else None,
        "reason": order.cancel_reason if status == "canceled" else "",
        "cancel_return_initiator": _initiator(order, status),
        "delivery_option_sof": "1" if kind == "SELLER_OWN_FLEET" else "0",
        "warehouse_code": line.location,
        "shop_id": shop.name,
        "buyer_id": str(numbers.buyer_id(order.buyer.user_id)),
        "product_main_image": image_url(call.address, image_id(line.image)),
        "product_detail_url": f"https://lazada.sim.example/-i{item}-s{sku}.html",
        "need_cancel_confirm": asked,
        "is_cancel_pending": asked,
        "cancel_trigger_time": ms(order.updated_at) + 2 * DAY_S * 1000 if asked else None,
        "reverse_order_id": numbers.cancel_id(order.order_sn) if asked else None,
    }


def _iso(call: Call, order: Order) -> str:
    due = order.created_at + timedelta(days=order.days_to_ship)
    return due.astimezone(ZoneInfo(call.shop.market.zone)).isoformat(timespec="seconds")


def _initiator(order: Order, status: str) -> str:
    if status != "canceled":
        return "null-null"
    return f"cancellation-{INITIATORS.get(order.cancelled_by, 'internal')}"


def find_unit(order: Order, unit: object) -> tuple[OrderLine, int] | None:
    return next(
        ((line, each) for line in order.lines for each in unit_numbers(line) if str(each) == str(unit)), None
    )
