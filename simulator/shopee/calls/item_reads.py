"""Reading items: the list by status and change time, the details, the models, the promotions."""

from typing import Any

from simulator.shopee.calls.endpoint import ShopCall
from simulator.shopee.calls.item_wire import item_fields, model_fields, standard_tier_fields, tier_fields
from simulator.shopee.errors import ApiError, bad_field, item_not_found, null_field, wrong_parameter
from simulator.shopee.parameters import integer, is_number, list_values, product_integer
from simulator.shopee.statuses import ITEM_STATUS, ITEM_STATUSES
from simulator.world.promotions import Promotion
from simulator.world.shops import Listing

PAGE_LIMIT = 100
DETAIL_LIMIT = 50
DEEPEST_OFFSET = 10_000


async def get_item_list(call: ShopCall) -> dict[str, Any]:
    offset, page_size = product_integer(call.query, "offset"), product_integer(call.query, "page_size")
    if not 1 <= page_size <= PAGE_LIMIT:
        raise bad_field("page_size", "value must be between 1 and 100")
    if offset > DEEPEST_OFFSET:
        raise wrong_parameter("get items offset over limit, please use the next field")
    statuses = set(list_values(call.query, "item_status"))
    if not statuses:
        raise null_field("item_status")
    if statuses - ITEM_STATUSES:
        raise ApiError("error_param_item_status", "item_status is invalid.")
    changed_from, changed_to = integer(call.query, "update_time_from"), integer(call.query, "update_time_to")
    if changed_from is not None and changed_to is not None and changed_from > changed_to:
        raise ApiError("error_update_time_range", "update_time_from should be less than update_time_to.")
    found = [
        listing
        for listing in call.shop.listings.values()
        if ITEM_STATUS[listing.state] in statuses and _is_changed_within(listing, changed_from, changed_to)
    ]
    found.sort(key=lambda listing: listing.id)
    page, has_next = found[offset : offset + page_size], offset + page_size < len(found)
    response = {
        "item": [
            {
                "item_id": listing.id,
                "item_status": ITEM_STATUS[listing.state],
                "update_time": int(listing.updated_at.timestamp()),
                "tag": {"kit": False},
            }
            for listing in page
        ],
        "total_count": len(found),
        "has_next_page": has_next,
        "next_offset": offset + page_size if has_next else 0,
    }
    return {"warning": "", "response": response}


def _is_changed_within(listing: Listing, changed_from: int | None, changed_to: int | None) -> bool:
    at = int(listing.updated_at.timestamp())
    return (changed_from is None or at >= changed_from) and (changed_to is None or at <= changed_to)


def _item_ids(call: ShopCall) -> list[int]:
    raw = list_values(call.query, "item_id_list")
    if not raw:
        raise null_field("item_id_list")
    if len(raw) > DETAIL_LIMIT:
        raise ApiError("error_query_over_itemid_size", "The number of item_id should be between 1 and 50.")
    if not all(is_number(value) for value in raw):
        raise bad_field("item_id_list", "value must be a list of int64")
    return list(dict.fromkeys(int(value) for value in raw))


async def get_item_base_info(call: ShopCall) -> dict[str, Any]:
    ids = _item_ids(call)
    found = [call.shop.listings[item_id] for item_id in ids if item_id in call.shop.listings]
    if not found:
        raise item_not_found()
    missing = [str(item_id) for item_id in ids if item_id not in call.shop.listings]
    return {
        "warning": f"Item_id is not found: {', '.join(missing)}" if missing else "",
        "response": {"item_list": [item_fields(call, listing) for listing in found]},
    }


async def get_model_list(call: ShopCall) -> dict[str, Any]:
    listing = call.shop.listings.get(product_integer(call.query, "item_id"))
    if listing is None:
        raise item_not_found()
    if not listing.has_options:
        return {"warning": "", "response": {"tier_variation": [], "model": []}}
    response = {
        "tier_variation": tier_fields(call, listing.product),
        "model": [model_fields(call, listing, variant) for variant in listing.variants],
        "standardise_tier_variation": standard_tier_fields(call, listing.product),
    }
    return {"warning": "", "response": response}


async def get_item_promotion(call: ShopCall) -> dict[str, Any]:
    success: list[dict[str, Any]] = []
    failure: list[dict[str, Any]] = []
    for item_id in _item_ids(call):
        listing = call.shop.listings.get(item_id)
        if listing is None:
            failure.append({"item_id": item_id, "failed_reason": "Item_id is not found."})
        else:
            success.append({"item_id": item_id, "promotion": _promotions(call, listing)})
    return {"warning": "", "response": {"success_list": success, "failure_list": failure}}


def _promotions(call: ShopCall, listing: Listing) -> list[dict[str, Any]]:
    now = call.sim.clock.now()
    return [
        _promotion(call, listing, promotion, variant.id)
        for variant in listing.variants
        for promotion in call.shop.live_promotions(variant.id, now)
    ]


def _promotion(call: ShopCall, listing: Listing, promotion: Promotion, variant_id: int) -> dict[str, Any]:
    row = promotion.rows[variant_id]
    return {
        "promotion_type": promotion.name,
        "promotion_id": promotion.id,
        "model_id": variant_id if listing.has_options else 0,
        "start_time": int(promotion.starts_at.timestamp()),
        "end_time": int(promotion.ends_at.timestamp()),
        "promotion_price_info": [{"promotion_price": row.price}],
        "promotion_staging": "ongoing" if promotion.is_ongoing(call.sim.clock.now()) else "upcoming",
        "promotion_stock_info_v2": {"summary_info": {"total_reserved_stock": row.reserved}},
    }
