"""Setting a seller's stock: absolute numbers per model and location, not below what promotions have reserved."""

from typing import Any

from simulator.shopee.calls.endpoint import ShopCall
from simulator.shopee.calls.item_writes import ROW_LIMIT, editable_listing, picked_variant, refuse_repeats
from simulator.shopee.errors import ApiError, wrong_parameter
from simulator.shopee.parameters import INT64, rows
from simulator.world.shops import Listing, ListingVariant

MOST_STOCK = 10_000_000
BELOW_RESERVED = "Stock should be larger than reserved stock."
LOCKED = "Stock cannot be edited when item is under promotion."
Placed = dict[str, int]


async def update_stock(call: ShopCall) -> dict[str, Any]:
    listing = editable_listing(call)
    if call.sim.standings[call.shop.id].is_on_holiday:
        raise ApiError("error_holiday_mode_change_stock", "Cannot change stock in holiday mode.")
    stock_list = rows(call.body, "stock_list", at_most=ROW_LIMIT)
    refuse_repeats(stock_list)
    whole_item = ApiError(
        "error_edit_item_stock_for_item_has_model",
        "Can't to edit item stock directly while item has models.",
    )
    wanted = [(picked_variant(listing, row, whole_item), _places(call, row)) for row in stock_list]
    success: list[dict[str, Any]] = []
    failures: list[dict[str, Any]] = []
    for (model_id, variant), places in wanted:
        reason = _refusal(call, variant, places)
        if reason or variant is None:
            failures.append({"model_id": model_id, "failed_reason": reason})
            continue
        for place, units in places.items():
            call.sim.world.change_stock(call.shop, listing, variant, place, units)
            success.append({"model_id": model_id, "location_id": place, "stock": units})
    if not success:
        raise _all_failed(listing, failures)
    return {"warning": "", "response": {"failure_list": failures, "success_list": success}}


def _places(call: ShopCall, row: dict[str, Any]) -> Placed:
    """Read units by location, in the structure the shop has: with warehouses every row names one, without none does."""
    given = rows(row, "seller_stock", at_most=len(call.shop.locations))
    has_warehouses = call.shop.locations != ("",)
    places: Placed = {}
    for place in given:
        location = place.get("location_id") or ""
        if has_warehouses and not location:
            raise ApiError("error_busi", "The merchant/shop has multi warehouse, please input location id")
        if location and not has_warehouses:
            raise ApiError(
                "error_auth",
                "You do not have right to use seller location_id, please only fill seller_stock filed.",
            )
        if location not in call.shop.locations:
            raise ApiError("error_inner", "Invalid location_id.")
        places[location] = _units(place.get("stock"))
    return places


def _units(value: Any) -> int:
    if type(value) is not int or abs(value) >= INT64:
        raise wrong_parameter("stock should be an int64.")
    if not 0 <= value <= MOST_STOCK:
        raise wrong_parameter(f"stock should be between 0 and {MOST_STOCK}.")
    return value


def _refusal(call: ShopCall, variant: ListingVariant | None, places: Placed) -> str:
    if variant is None:
        return "Wrong model_id."
    now = call.sim.clock.now()
    if any(p.locks_stock and p.is_ongoing(now) for p in call.shop.live_promotions(variant.id, now)):
        return LOCKED
    after = sum((variant.stock | places).values())
    return BELOW_RESERVED if after < call.shop.reserved(variant.id, now) else ""


def _all_failed(listing: Listing, failures: list[dict[str, Any]]) -> ApiError:
    if all(failure["failed_reason"] == LOCKED for failure in failures):
        name = (
            "model_update_stock_model_in_promotion"
            if listing.has_options
            else "cannt_edit_stock_in_promotion"
        )
        return ApiError(f"error_{name}", LOCKED)
    return ApiError(
        "error_busi_update_stock_failed",
        "Update stock failed, please check failure_list for detailed reason",
        response={"failure_list": failures, "success_list": []},
    )
