"""The truth about a shop, for whoever wants to compare; in the same form for every platform, in this one's numbers."""

from datetime import datetime
from typing import Any

from simulator.lazada import numbers
from simulator.lazada.calls.order_wire import order_status, unit_numbers
from simulator.lazada.money import booked_on, day_ends, income_of
from simulator.lazada.simulation import Simulation
from simulator.lazada.statuses import PRODUCT, reverse_status, unit_status
from simulator.world.orders import Order
from simulator.world.promotions import Promotion
from simulator.world.returns import Return
from simulator.world.shops import Listing, ListingVariant, Shop


def describe_shop(simulation: Simulation, shop: Shop, *, with_orders: bool) -> dict[str, Any]:
    now = simulation.clock.now()
    truth: dict[str, Any] = {
        "shop_id": str(shop.id),
        "name": shop.name,
        "region": shop.market.region,
        "currency": shop.market.currency,
        "linked": simulation.is_linked(shop.id),
        "locations": list(shop.locations),
        "items": [_listing(shop, listing, now) for listing in shop.listings.values()],
        "promotions": [_promotion(promotion, now) for promotion in shop.promotions],
        "order_count": len(shop.orders),
    }
    if with_orders:
        truth["orders"] = [
            _order(simulation, shop, order) | _money(simulation, shop, order)
            for order in shop.orders.values()
        ]
        truth["returns"] = [_return(shop, back) for back in shop.returns.values()]
    return truth


def _listing(shop: Shop, listing: Listing, now: datetime) -> dict[str, Any]:
    return {
        "item_id": str(numbers.item_id(listing.id)),
        "title": listing.product.title,
        "status": PRODUCT[listing.state],
        "has_model": listing.has_options,
        "update_time": int(listing.updated_at.timestamp()),
        "models": [_variant(shop, variant, now) for variant in listing.variants],
    }


def _variant(shop: Shop, variant: ListingVariant, now: datetime) -> dict[str, Any]:
    return {
        "model_id": str(numbers.sku_id(variant.id)),
        "name": variant.label,
        "sku": variant.spec.sku,
        "price": str(variant.price),
        "buyer_price": str(shop.buyer_price(variant, now)),
        "price_locked": False,
        "stock": variant.stock,
        "reserved": shop.reserved(variant.id, now),
        "available": shop.available(variant, now),
        "cost_idr": variant.spec.cost_idr,
    }


def _promotion(promotion: Promotion, now: datetime) -> dict[str, Any]:
    return {
        "promotion_id": promotion.id,
        "name": promotion.name,
        "ongoing": promotion.is_ongoing(now),
        "start_time": int(promotion.starts_at.timestamp()),
        "end_time": int(promotion.ends_at.timestamp()),
        "locks_price": promotion.locks_price,
        "locks_stock": promotion.locks_stock,
        "models": [
            {
                "item_id": str(numbers.item_id(row.listing_id)),
                "model_id": str(numbers.sku_id(row.variant_id)),
                "price": str(row.price),
                "reserved": row.reserved,
            }
            for row in promotion.rows.values()
        ],
    }


def _money(simulation: Simulation, shop: Shop, order: Order) -> dict[str, Any]:
    day = booked_on(simulation, shop, order)
    at = day_ends(shop, day) if day else None
    is_out = at is not None and at <= simulation.clock.now()
    return {
        "escrow_amount": str(income_of(shop, order).settled) if order.paid_at or order.cod else None,
        "released_at": int(at.timestamp()) if at is not None and is_out else None,
    }


def _order(simulation: Simulation, shop: Shop, order: Order) -> dict[str, Any]:
    return {
        "order_sn": str(numbers.order_id(order.order_sn)),
        "status": order_status(simulation, order),
        "create_time": int(order.created_at.timestamp()),
        "update_time": int(order.updated_at.timestamp()),
        "pay_time": int(order.paid_at.timestamp()) if order.paid_at else None,
        "cod": order.cod,
        "total_amount": str(order.total),
        "lines": [
            {
                "item_id": str(numbers.item_id(line.listing_id)),
                "model_id": str(numbers.sku_of(shop, line)),
                "sku": line.sku or line.listing_sku,
                "quantity": line.quantity,
                "price": str(line.price),
            }
            for line in order.lines
        ],
        "parcels": [
            {
                "package_number": numbers.package_id(parcel),
                "courier": parcel.courier,
                "status": unit_status(order, parcel, simulation.packed),
                "units": [str(unit) for line in parcel.lines for unit in unit_numbers(line)],
                "tracking_number": parcel.tracking_number,
                "prints": parcel.prints,
            }
            for parcel in order.parcels
        ],
        "history": [[int(at.timestamp()), state.value] for at, state in order.history],
    }


def _return(shop: Shop, back: Return) -> dict[str, Any]:
    return {
        "return_sn": str(numbers.reverse_id(back.number)),
        "order_sn": str(numbers.order_id(back.order.order_sn)),
        "status": reverse_status(back),
        "refund_amount": str(back.amount),
        "update_time": int(back.updated_at.timestamp()),
        "offer": str(back.offer.amount) if back.offer else None,
        "dispute_reason": back.dispute_reason,
        "dispute_words": back.dispute_words,
        "evidence": back.evidence,
        "lines": [
            {
                "item_id": str(numbers.item_id(line.listing_id)),
                "model_id": str(numbers.sku_of(shop, line)),
                "quantity": units,
            }
            for line, units in back.lines
        ],
    }
