"""What price and stock updates have in common: whose item it is, and whether it may be edited."""

from typing import Any

from simulator.shopee.calls.endpoint import ShopCall
from simulator.shopee.errors import (
    ApiError,
    bad_field,
    item_not_found,
    item_of_another_shop,
    null_field,
)
from simulator.shopee.parameters import body_integer, required_integer
from simulator.world.shops import Listing, ListingState, ListingVariant

ROW_LIMIT = 50
UNEDITABLE = frozenset({ListingState.BANNED, ListingState.IN_REVIEW, ListingState.DELETED})


def editable_listing(call: ShopCall) -> Listing:
    item_id = required_integer(call.body, "item_id", null_field("item_id"))
    listing = call.shop.listings.get(item_id)
    if listing is None:
        if any(item_id in shop.listings for shop in call.sim.world.shops.values()):
            raise item_of_another_shop()
        raise item_not_found()
    if listing.state in UNEDITABLE:
        raise ApiError("error_item_uneditable", "Item cannot be edited in its current status.")
    return listing


def picked_variant(
    listing: Listing, row: dict[str, Any], whole_item: ApiError
) -> tuple[int, ListingVariant | None]:
    """Find the model a row means; without a model id it means an item that has none."""
    model_id = body_integer(row, "model_id") or 0
    if not listing.has_options:
        return model_id, listing.variants[0] if model_id == 0 else None
    if model_id == 0:
        raise whole_item
    return model_id, listing.variant(model_id)


def refuse_repeats(rows: list[dict[str, Any]]) -> None:
    ids = [body_integer(row, "model_id") or 0 for row in rows]
    if len(set(ids)) < len(ids):
        raise bad_field("model_id", "value must not repeat")
