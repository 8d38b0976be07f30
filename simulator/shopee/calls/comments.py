"""What buyers say of items, and the one answer a seller may give to each."""

from typing import Any

from simulator.shopee.calls.endpoint import ShopCall
from simulator.shopee.errors import ApiError, wrong_parameter
from simulator.shopee.parameters import integer, required_integer, rows
from simulator.stand_in.photos import image_id, image_url
from simulator.world.reviews import Review

PAGE_LIMIT = 100
DEEPEST = 500
"""So many comments can be reached; whether there are more is told all the same."""
ROW_LIMIT = 100
LONGEST_ANSWER = 500


async def get_comment(call: ShopCall) -> dict[str, Any]:
    start = _offset(call)
    page_size = integer(call.query, "page_size")
    if page_size is None or not 1 <= page_size <= PAGE_LIMIT:
        raise ApiError("error_param", "page_size should be between 1 and 100.")
    found = _wanted(call)
    reachable = found[:DEEPEST]
    page, end = reachable[start : start + page_size], start + page_size
    is_more = end < len(reachable) or len(found) > DEEPEST
    return {
        "response": {
            "more": is_more,
            "item_comment_list": [_comment(call, each) for each in page],
            "next_cursor": str(end) if is_more else "",
        }
    }


def _offset(call: ShopCall) -> int:
    raw = call.query.get("cursor")
    if raw is None:
        raise wrong_parameter("cursor is required.")
    if raw and not raw.isdecimal():
        raise wrong_parameter("cursor is invalid.")
    return int(raw or 0)


def _wanted(call: ShopCall) -> list[Review]:
    """Return the comments asked for, the newest first."""
    item_id, number = integer(call.query, "item_id"), integer(call.query, "comment_id")
    if item_id is not None and item_id not in call.shop.listings:
        raise ApiError("product.item_not_exist", "The item does not exist.")
    if number is not None and number not in call.shop.reviews:
        raise ApiError("product.cmt_not_exist", "The comment does not exist.")
    found = [
        each
        for each in call.shop.reviews.values()
        if item_id in {None, each.line.listing_id} and number in {None, each.number}
    ]
    if not found and number is not None:
        raise ApiError("product.item_cmt_combine_wrong", "The comment is not of this item.")
    return sorted(found, key=lambda each: (each.created_at, each.number), reverse=True)


def _comment(call: ShopCall, review: Review) -> dict[str, Any]:
    variant_id = review.line.variant_id
    address = image_url(call.address, image_id(f"{review.number}"))
    told: dict[str, Any] = {
        "order_sn": review.order_sn,
        "comment_id": str(review.number),
        "comment": review.words,
        "buyer_username": review.buyer,
        "item_id": review.line.listing_id,
        "model_id_list": [variant_id] if variant_id else [],
        "rating_star": review.stars,
        "editable": "EXPIRED" if review.reply else "EDITABLE",
        "hidden": review.is_hidden,
        "create_time": int(review.created_at.timestamp()),
        "media": {"image_url_list": [address] * review.photos, "video_url_list": []},
    }
    if review.replied_at:
        at = int(review.replied_at.timestamp())
        told["comment_reply"] = {"reply": review.reply, "hidden": False, "create_time": at}
    return told


async def reply_comment(call: ShopCall) -> dict[str, Any]:
    """Answer comments, each once; a row that fails says so in the list, unless all of them do."""
    asked = rows(call.body, "comment_list", at_most=ROW_LIMIT)
    ids = [required_integer(row, "comment_id") for row in asked]
    if len(set(ids)) < len(ids):
        raise ApiError("product.duplicate_comment_id", "There are duplicate comment_id in the list.")
    told = [_answer(call, number, row.get("comment")) for number, row in zip(ids, asked, strict=True)]
    failed = [row for row in told if "fail_error" in row]
    if len(failed) == len(told) == 1:
        raise ApiError(failed[0]["fail_error"], failed[0]["fail_message"])
    if len(failed) == len(told):
        raise ApiError("common.batch_api_all_failed", "All failed.", response={"result_list": told})
    return {"response": {"result_list": told}}


def _answer(call: ShopCall, number: int, words: Any) -> dict[str, Any]:
    review = call.shop.reviews.get(number)
    if review is None:
        return _failed(number, "product.error_not_exist", "The comment does not exist.")
    if not isinstance(words, str) or not 1 <= len(words) <= LONGEST_ANSWER:
        return _failed(number, "product.comment_length_invalid", "The length of the comment is invalid.")
    if review.replied_at:
        return _failed(number, "product.duplicate_request", "You has replied this comment already.")
    review.answer(words, call.sim.clock.now())
    return {"comment_id": number}


def _failed(number: int, error: str, message: str) -> dict[str, Any]:
    return {"comment_id": number, "fail_error": error, "fail_message": message}
