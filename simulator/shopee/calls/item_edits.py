"""Editing what an item says of itself, and taking it off sale or back."""

from dataclasses import replace
from decimal import Decimal, InvalidOperation
from typing import Any

from simulator.shopee.calls.endpoint import ShopCall
from simulator.shopee.calls.item_wire import CATEGORY_IDS, description
from simulator.shopee.calls.item_writes import ROW_LIMIT, UNEDITABLE, editable_listing
from simulator.shopee.errors import ApiError, bad_field, wrong_parameter
from simulator.shopee.parameters import body_integer, rows
from simulator.shopee.statuses import ITEM_STATUS
from simulator.stand_in.photos import image_id, image_url
from simulator.world.catalogue import ProductSpec
from simulator.world.shops import Listing, ListingState

LONGEST = {"item_name": 255, "description": 5000, "item_sku": 100}
GRAMS = range(1, 1_000_001)
IN_PROMOTION = "Item cannot be unlisted when item is under promotion."


async def unlist_item(call: ShopCall) -> dict[str, Any]:
    success: list[dict[str, Any]] = []
    failures: list[dict[str, Any]] = []
    for row in rows(call.body, "item_list", at_most=ROW_LIMIT):
        item_id, unlist = body_integer(row, "item_id"), row.get("unlist")
        if not isinstance(unlist, bool):
            raise bad_field("unlist", "value must be a boolean")
        listing = call.shop.listings.get(item_id or 0)
        if listing is None or (reason := _refusal(call, listing, unlist=unlist)):
            failed = "Item_id is not found." if listing is None else reason
            failures.append({"item_id": item_id or 0, "failed_reason": failed})
            continue
        call.sim.world.show_listing(listing, ListingState.UNLISTED if unlist else ListingState.ACTIVE)
        success.append({"item_id": listing.id, "unlist": unlist})
    response = {"failure_list": failures, "success_list": success}
    if not success:
        raise ApiError("error_unlist_item_all_failed", "Unlist item all failed.", response=response)
    return {"warning": "", "response": response}


def _refusal(call: ShopCall, listing: Listing, *, unlist: bool) -> str:
    if listing.state in UNEDITABLE:
        return "Item cannot be edited in its current status."
    now = call.sim.clock.now()
    is_promoted = any(call.shop.ongoing_promotion(variant.id, now) for variant in listing.variants)
    return IN_PROMOTION if unlist and is_promoted else ""


async def update_item(call: ShopCall) -> dict[str, Any]:
    """Set what the body names; price and stock are not changed here."""
    listing = editable_listing(call)
    product = replace(
        listing.product,
        title=_text(call.body, "item_name", listing.product.title),
        about=_words(call.body, listing.product),
        is_illustrated=_is_illustrated(call.body, listing.product),
        sku=_text(call.body, "item_sku", listing.product.sku, may_be_empty=True),
        grams=_grams(call.body, listing.product.grams),
    )
    call.sim.world.edit_listing(listing, product)
    return {"warning": "", "response": _told(call, listing, product)}


def _text(body: dict[str, Any], name: str, old: str, *, may_be_empty: bool = False) -> str:
    value = body.get(name)
    if value is None:
        return old
    if not isinstance(value, str):
        raise wrong_parameter(f"{name} should be a string.")
    if not (value or may_be_empty) or len(value) > LONGEST[name]:
        raise bad_field(name, f"length should be between 1 and {LONGEST[name]}")
    return value


def _words(body: dict[str, Any], old: ProductSpec) -> str:
    """Read a description, plain or in blocks; where both are given the type says which one counts."""
    if body.get("description_type") != "extended":
        return _text(body, "description", old.about)
    texts = [str(block.get("text", "")) for block in _blocks(body) if block.get("field_type") == "text"]
    return _text({"description": "\n".join(texts)}, "description", old.about)


def _is_illustrated(body: dict[str, Any], old: ProductSpec) -> bool:
    if body.get("description_type") == "extended":
        return any(block.get("field_type") == "image" for block in _blocks(body))
    return old.is_illustrated and "description" not in body


def _blocks(body: dict[str, Any]) -> list[dict[str, Any]]:
    told = body.get("description_info")
    extended = told.get("extended_description") if isinstance(told, dict) else None
    found = extended.get("field_list") if isinstance(extended, dict) else None
    if not isinstance(found, list) or not all(isinstance(block, dict) for block in found):
        raise bad_field("description_info", "value must  Not Null")
    return found


def _grams(body: dict[str, Any], old: int) -> int:
    value = body.get("weight")
    if value is None:
        return old
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise wrong_parameter("weight should be a float.")
    try:
        grams = int(Decimal(value) * 1000)
    except InvalidOperation as error:
        raise wrong_parameter("weight should be a float.") from error
    if grams not in GRAMS:
        raise bad_field("weight", "value must be greater than 0")
    return grams


def _told(call: ShopCall, listing: Listing, product: ProductSpec) -> dict[str, Any]:
    identity = image_id(product.key)
    return {
        "item_id": listing.id,
        "item_name": product.title,
        **description(call, product),
        "item_sku": product.sku,
        "item_status": ITEM_STATUS[listing.state],
        "weight": Decimal(product.grams) / 1000,
        "category_id": CATEGORY_IDS[product.department],
        "images": {"image_id_list": [identity], "image_url_list": [image_url(call.address, identity)]},
        "condition": "NEW",
        "brand": {"brand_id": 0, "original_brand_name": "NoBrand"},
    }
