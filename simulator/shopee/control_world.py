"""The truth about a shop, for whoever wants to compare."""

from datetime import datetime
from typing import Any

from simulator.shopee.calls.packages import PREFIX
from simulator.shopee.calls.returns import STATUS
from simulator.shopee.money import escrow_of, has_escrow, released_at
from simulator.shopee.simulation import Simulation
from simulator.shopee.statuses import ITEM_STATUS, ORDER_STATUS, package_status
from simulator.world.orders import Order
from simulator.world.promotions import Promotion
from simulator.world.returns import Return
from simulator.world.reviews import Review
from simulator.world.shops import Listing, ListingVariant, Shop


def describe_shop(simulation: Simulation, shop: Shop, *, with_orders: bool) -> dict[str, Any]:
    now = simulation.clock.now()
    truth: dict[str, Any] = {
        "shop_id": shop.id,
        "name": shop.name,
        "region": shop.market.region,
        "currency": shop.market.currency,
        "linked": simulation.is_linked(shop.id),
        "locations": list(shop.locations),
        "items": [_listing(shop, listing, now) for listing in shop.listings.values()],
        "promotions": [_promotion(promotion, now) for promotion in shop.promotions],
        "boosted": {str(each): int(until.timestamp()) for each, until in shop.boosts(now).items()},
        "order_count": len(shop.orders),
    }
    if with_orders:
        truth["orders"] = [_order(order) | _money(shop, order) for order in shop.orders.values()]
        truth["returns"] = [_return(back) for back in shop.returns.values()]
        truth["reviews"] = [_review(each) for each in shop.reviews.values()]
    return truth


def _listing(shop: Shop, listing: Listing, now: datetime) -> dict[str, Any]:
    return {
        "item_id": listing.id,
        "title": listing.product.title,
        "status": ITEM_STATUS[listing.state],
        "has_model": listing.has_options,
        "illustrated": listing.product.is_illustrated,
        "update_time": int(listing.updated_at.timestamp()),
        "models": [_variant(shop, listing, variant, now) for variant in listing.variants],
    }


def _variant(shop: Shop, listing: Listing, variant: ListingVariant, now: datetime) -> dict[str, Any]:
    promotion = shop.ongoing_promotion(variant.id, now)
    return {
        "model_id": variant.id if listing.has_options else 0,
        "name": variant.label,
        "sku": variant.spec.sku,
        "price": str(variant.price),
        "buyer_price": str(shop.buyer_price(variant, now)),
        "price_locked": promotion is not None and promotion.locks_price,
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
                "item_id": row.listing_id,
                "model_id": row.variant_id,
                "price": str(row.price),
                "reserved": row.reserved,
            }
            for row in promotion.rows.values()
        ],
    }


def _money(shop: Shop, order: Order) -> dict[str, Any]:
    released = released_at(order)
    return {
        "escrow_amount": str(escrow_of(shop, order).amount) if has_escrow(order) else None,
        "released_at": int(released.timestamp()) if released else None,
    }


def _order(order: Order) -> dict[str, Any]:
    return {
        "order_sn": order.order_sn,
        "status": ORDER_STATUS[order.state],
        "create_time": int(order.created_at.timestamp()),
        "update_time": int(order.updated_at.timestamp()),
        "pay_time": int(order.paid_at.timestamp()) if order.paid_at else None,
        "cod": order.cod,
        "total_amount": str(order.total),
        "lines": [
            {
                "item_id": line.listing_id,
                "model_id": line.variant_id,
                "sku": line.sku or line.listing_sku,
                "quantity": line.quantity,
                "price": str(line.price),
            }
            for line in order.lines
        ],
        "parcels": [
            {
                "package_number": PREFIX + parcel.number,
                "courier": parcel.courier,
                "status": package_status(order, parcel),
                "tracking_number": parcel.tracking_number,
                "prints": parcel.prints,
            }
            for parcel in order.parcels
        ],
        "history": [[int(at.timestamp()), ORDER_STATUS[state]] for at, state in order.history],
    }


def _return(back: Return) -> dict[str, Any]:
    return {
        "return_sn": back.number,
        "order_sn": back.order.order_sn,
        "status": STATUS[back.state],
        "refund_amount": str(back.amount),
        "update_time": int(back.updated_at.timestamp()),
        "offer": str(back.offer.amount) if back.offer else None,
        "dispute_reason": back.dispute_reason,
        "dispute_words": back.dispute_words,
        "evidence": back.evidence,
        "lines": [
            {"item_id": line.listing_id, "model_id": line.variant_id, "quantity": units}
            for line, units in back.lines
        ],
    }


def _review(review: Review) -> dict[str, Any]:
    return {
        "comment_id": review.number,
        "order_sn": review.order_sn,
        "item_id": review.line.listing_id,
        "rating_star": review.stars,
        "comment": review.words,
        "photos": review.photos,
        "reply": review.reply,
        "hidden": review.is_hidden,
        "create_time": int(review.created_at.timestamp()),
    }
