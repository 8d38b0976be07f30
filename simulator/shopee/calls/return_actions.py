"""How a seller answers a return: agree, propose something else, take the buyer's offer, object with proof."""

from typing import Any

from simulator.shopee.calls.endpoint import ShopCall
from simulator.shopee.calls.returns import OBJECTIONS, STATUS, bounds, find_return
from simulator.shopee.errors import ApiError, wrong_parameter
from simulator.shopee.parameters import body_amount, required_integer, required_text, rows
from simulator.stand_in.photos import image_id, image_url
from simulator.world import trade
from simulator.world.returns import Offer, Return, ReturnState

SOLUTIONS = frozenset({"RETURN_REFUND", "REFUND"})
ARGUABLE = frozenset({ReturnState.ASKED, ReturnState.AGREED, ReturnState.COMING_BACK})
"""States in which a seller may object: REQUESTED, ACCEPTED, PROCESSING."""

PICTURES = (b"\xff\xd8\xff", b"\x89PNG")
MOST_PICTURES = 3


async def confirm(call: ShopCall) -> dict[str, Any]:
    back = _named(call)
    if back.is_warehouse_checked:
        raise ApiError("error_validation", "The return is validated by the warehouse.")
    if back.state is ReturnState.JUDGING:
        raise ApiError("error_data", "Shopee is reviewing the case and will get back to you.")
    if back.state not in {ReturnState.ASKED, ReturnState.COMING_BACK}:
        raise ApiError("error_data", f"Invalid return status: {STATUS[back.state]}")
    trade.settle(call.sim.world, call.shop, back, ReturnState.SETTLED)
    return _done(back)


async def offer(call: ShopCall) -> dict[str, Any]:
    back = _named(call)
    solution = required_text(call.body, "proposed_solution")
    if solution not in SOLUTIONS:
        raise wrong_parameter("proposed_solution should be RETURN_REFUND or REFUND.")
    if back.state is ReturnState.DISPUTED:
        raise ApiError(
            "error_ongoing_dispute", "cannot offer refund to buyer when return has ongoing dispute"
        )
    if back.state is not ReturnState.ASKED:
        raise ApiError("error_return_status", "cannot offer in this return status")
    wants_goods = solution == "RETURN_REFUND"
    amount = body_amount(call.body, "proposed_adjusted_refund_amount")
    least, most = bounds(call, back)
    if wants_goods and amount not in {None, back.amount}:
        raise wrong_parameter("proposed_adjusted_refund_amount can not be adjusted for RETURN_REFUND.")
    if amount is not None and not least <= amount <= most:
        raise wrong_parameter("proposed_adjusted_refund_amount is out of range.")
    back.offer = Offer(back.amount if amount is None else amount, wants_goods, is_buyers=False)
    back.touch(call.sim.clock.now())
    return _done(back)


async def accept_offer(call: ShopCall) -> dict[str, Any]:
    back = _named(call)
    if back.offer is None or not back.offer.is_buyers:
        raise ApiError(
            "error_no_buyer_offer", "cannot accept refund offer because there is no proposal from buyer"
        )
    if back.state is not ReturnState.ASKED:
        raise ApiError("error_return_status", "cannot accept the offer in this return status")
    back.amount, back.wants_goods = back.offer.amount, back.offer.wants_goods
    to = ReturnState.AGREED if back.wants_goods else ReturnState.SETTLED
    trade.settle(call.sim.world, call.shop, back, to)
    return _done(back)


async def convert_image(call: ShopCall) -> dict[str, Any]:
    """Take a picture in; give the address under which a dispute may name it."""
    back = _named(call)
    picture = call.body.get("upload_image")
    if not isinstance(picture, bytes) or not picture.startswith(PICTURES):
        raise ApiError("format.unsupport", "The format of the image is not supported.")
    url = image_url(call.address, image_id(f"{back.number}/{len(back.uploaded)}"))
    back.uploaded.append(url)
    return {"response": {"url": url, "thumbnail": f"{url}_tn"}}


async def dispute(call: ShopCall) -> dict[str, Any]:
    back = _named(call)
    required_text(call.body, "email")
    reason = required_integer(call.body, "dispute_reason_id")
    proofs = next((proofs for number, _, proofs in OBJECTIONS if number == reason), None)
    if proofs is None:
        raise ApiError("dispute.request.param.error", "dispute reason is invalid")
    if back.state not in ARGUABLE:
        raise ApiError("return.status.illegal", f"Invalid return status: {STATUS[back.state]}")
    pictures = _evidence(call, back)
    if 1 not in pictures:
        raise ApiError(
            "dispute.request.param.error", "can't raise dispute because mandatory evidence is missing"
        )
    back.dispute_reason = reason
    back.dispute_words = str(call.body.get("dispute_text_reason", ""))
    back.evidence = [url for urls in pictures.values() for url in urls]
    trade.settle(call.sim.world, call.shop, back, ReturnState.DISPUTED)
    return {"response": {"return_sn": back.number, "msg": "dispute return success"}}


def _evidence(call: ShopCall, back: Return) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for row in rows(call.body, "image_list", at_most=50) if "image_list" in call.body else []:
        urls = row.get("image_url")
        if not isinstance(urls, list) or not 1 <= len(urls) <= MOST_PICTURES:
            raise ApiError("dispute.request.param.error", "image_url should have between 1 and 3 images")
        if not set(urls) <= set(back.uploaded):
            raise ApiError("dispute.request.param.error", "image_url is invalid")
        required_text(row, "requirement")
        found[required_integer(row, "module_index")] = urls
    return found


def _named(call: ShopCall) -> Return:
    return find_return(call, required_text(call.body, "return_sn"))


def _done(back: Return) -> dict[str, Any]:
    return {"response": {"return_sn": back.number}}
