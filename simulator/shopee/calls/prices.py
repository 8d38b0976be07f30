"""Changing list prices: decimals by region, the ratio cap between models, wholesale bounds, promotion locks."""

from decimal import Decimal
from typing import Any

from simulator.shopee.calls.endpoint import ShopCall
from simulator.shopee.calls.item_writes import ROW_LIMIT, editable_listing, picked_variant, refuse_repeats
from simulator.shopee.errors import ApiError, wrong_parameter
from simulator.shopee.parameters import rows
from simulator.world.shops import Listing, ListingVariant

TWO_DECIMALS = frozenset({"SG", "MY", "BR", "MX", "PL", "ES", "AR"})
RATIO_CAP = {
    "BR": 4,
    "SG": 5,
    "VN": 5,
    "TW": 5,
    "TH": 5,
    "PH": 5,
    "MX": 5,
    "ID": 7,
    "MY": 7,
    "CL": 9,
    "CO": 9,
}
BOUNDS = {"IDR": (Decimal(99), Decimal(150_000_000)), "MYR": (Decimal("0.10"), Decimal(100_000))}
LOCKED = "Original_price cannot be edited when item is under promotion."


async def update_price(call: ShopCall) -> dict[str, Any]:
    listing = editable_listing(call)
    price_list = rows(call.body, "price_list", at_most=ROW_LIMIT)
    refuse_repeats(price_list)
    whole_item = ApiError(
        "error_edit_item_price_for_item_has_model",
        "Can't to edit item price directly while item has models.",
    )
    wanted = [(picked_variant(listing, row, whole_item), _price(call, row)) for row in price_list]
    changes: list[tuple[int, ListingVariant, Decimal]] = []
    failures: list[dict[str, Any]] = []
    for (model_id, variant), price in wanted:
        if variant is None:
            failures.append({"model_id": model_id, "failed_reason": "Wrong model_id."})
        elif _is_locked(call, variant):
            failures.append({"model_id": model_id, "failed_reason": LOCKED})
        else:
            changes.append((model_id, variant, price))
    if not changes:
        raise _all_failed(failures)
    _check_wholesale(listing, changes)
    _check_ratio(call, listing, changes)
    for _, variant, price in changes:
        call.sim.world.change_price(call.shop, listing, variant, price)
    success = [{"model_id": model_id, "original_price": price} for model_id, _, price in changes]
    return {"warning": "", "response": {"failure_list": failures, "success_list": success}}


def _price(call: ShopCall, row: dict[str, Any]) -> Decimal:
    value = row.get("original_price")
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise wrong_parameter("original_price should be a number.")
    lowest, highest = BOUNDS[call.shop.market.currency]
    if value < lowest:
        raise ApiError("error_price_exceed_min_limitt", f"Price should not be lower than {lowest}.")
    if value > highest:
        raise ApiError("error_price_exceed_max_limitt", f"Price should not be higher than {highest}.")
    price = round(Decimal(value), 2 if call.shop.market.region in TWO_DECIMALS else 0)
    if price != value:
        raise ApiError("error_invalid_price", "Invalid price, please use the correct format")
    return price


def _is_locked(call: ShopCall, variant: ListingVariant) -> bool:
    promotion = call.shop.ongoing_promotion(variant.id, call.sim.clock.now())
    return promotion is not None and promotion.locks_price


def _all_failed(failures: list[dict[str, Any]]) -> ApiError:
    if any(failure["failed_reason"] == LOCKED for failure in failures):
        return ApiError("error_cannt_edit_price_in_promotion", LOCKED)
    return ApiError(
        "error_update_price_fail",
        "Update price failed, please check failure_list for detailed reason",
        response={"failure_list": failures, "success_list": []},
    )


def _check_wholesale(listing: Listing, changes: list[tuple[int, ListingVariant, Decimal]]) -> None:
    wholesale = listing.product.wholesale
    if wholesale and any(price < wholesale[1] for _, _, price in changes):
        raise ApiError(
            "error_busi_price_lower_then_wholesale_price",
            "Price should not be lower than the wholesale price.",
        )


def _check_ratio(
    call: ShopCall, listing: Listing, changes: list[tuple[int, ListingVariant, Decimal]]
) -> None:
    after = {variant.id: variant.price for variant in listing.variants}
    after |= {variant.id: price for _, variant, price in changes}
    cap = RATIO_CAP[call.shop.market.region]
    if max(after.values()) > cap * min(after.values()):
        raise ApiError(
            "error_price_out_of_range",
            f"The price of the most expensive model divided by the cheapest should not exceed {cap}.",
        )
