"""What calls about returns and a shop's standing refuse, each with the section of the reference that says so."""

from collections.abc import Awaitable, Callable
from typing import Any

import httpx

from tests.simulator.shopee.refusals import Refusal
from tests.simulator.shopee.returning import picture_of, returned
from tests.simulator.shopee.wire import HOME, Wire

DAY = 86_400
PROOF = {"module_index": 1, "requirement": "Photo of the parcel being opened"}


async def _after(wire: Wire, step: str, call: str, **body: Any) -> httpx.Response:
    """Ask for a call on a fresh return to which something happened before."""
    number = await returned(wire)
    if step:
        await wire.control(f"returns/{number}/{step}")
    return await wire.post(f"returns/{call}", {"return_sn": number, **body}, shop=HOME)


async def _list(wire: Wire, **query: int) -> httpx.Response:
    return await wire.get("returns/get_return_list", {"page_no": 0, "page_size": 40, **query}, shop=HOME)


async def _dispute(wire: Wire, *, reason: int = 50, pictures: int = 1, step: str = "") -> httpx.Response:
    number = await returned(wire)
    urls = [(await picture_of(wire, number))["response"]["url"] for _ in range(pictures)]
    if step:
        await wire.control(f"returns/{number}/{step}")
    body = {"return_sn": number, "email": "seller@example.com", "dispute_reason_id": reason}
    if urls:
        body["image_list"] = [{**PROOF, "image_url": urls}]
    return await wire.post("returns/dispute", body, shop=HOME)


async def _foreign_picture(wire: Wire) -> httpx.Response:
    proof = {**PROOF, "image_url": ["https://elsewhere.example/1.png"]}
    body = {"email": "seller@example.com", "dispute_reason_id": 50, "image_list": [proof]}
    return await _after(wire, "", "dispute", **body)


async def _offer_in_dispute(wire: Wire) -> httpx.Response:
    number = (await _dispute(wire)).json()["response"]["return_sn"]
    body = {"return_sn": number, "proposed_solution": "REFUND"}
    return await wire.post("returns/offer", body, shop=HOME)


async def _no_picture(wire: Wire) -> httpx.Response:
    return await wire.http.post(
        "/api/v2/returns/convert_image",
        params=wire.common("returns/convert_image", shop=HOME),
        data={"return_sn": await returned(wire)},
        files=[("upload_image", ("a.gif", b"GIF89a", "image/gif"))],
    )


def _return(
    name: str, ask: Callable[[Wire], Awaitable[httpx.Response]], error: str, message: str = ""
) -> Refusal:
    return Refusal("11", name, ask, error, 200, message)


def _health(name: str, ask: Callable[[Wire], Awaitable[httpx.Response]]) -> Refusal:
    return Refusal("13", name, ask, "error_param", 200)


RETURNS = (
    _return("101 returns a page", lambda w: _list(w, page_size=101), "error_param"),
    _return("returns before the first page", lambda w: _list(w, page_no=-1), "error_param"),
    _return("sixteen days of returns",
            lambda w: _list(w, update_time_from=w.now - 16 * DAY, update_time_to=w.now), "error_param",
            "The period between update_time_from and update_time_to must not more than 15 days."),
    _return("half a window of returns", lambda w: _list(w, create_time_from=w.now - DAY), "error_param"),
    _return("unknown return",
            lambda w: w.get("returns/get_return_detail", {"return_sn": "X"}, shop=HOME), "error_data",
            "The return you queried doesn't exist."),
    _return("confirming what is called off", lambda w: _after(w, "withdraw", "confirm"), "error_data",
            "Invalid return status: CANCELLED"),
    _return("confirming what is judged", lambda w: _after(w, "judge", "confirm"), "error_data",
            "Shopee is reviewing the case and will get back to you."),
    _return("confirming what a warehouse checks", lambda w: _after(w, "warehouse", "confirm"), "error_validation"),
    _return("taking an offer nobody made", lambda w: _after(w, "", "accept_offer"), "error_no_buyer_offer",
            "cannot accept refund offer because there is no proposal from buyer"),
    _return("offering a made-up solution", lambda w: _after(w, "", "offer", proposed_solution="GIFT"), "error_param"),
    _return("offering too much",
            lambda w: _after(w, "", "offer", proposed_solution="REFUND", proposed_adjusted_refund_amount=10**9),
            "error_param"),
    _return("offering another amount for the goods",
            lambda w: _after(w, "", "offer", proposed_solution="RETURN_REFUND", proposed_adjusted_refund_amount=1),
            "error_param"),
    _return("offering what is settled", lambda w: _after(w, "settle", "offer", proposed_solution="REFUND"),
            "error_return_status"),
    _return("offering in a dispute", _offer_in_dispute, "error_ongoing_dispute",
            "cannot offer refund to buyer when return has ongoing dispute"),
    _return("disputing without proof", lambda w: _dispute(w, pictures=0), "dispute.request.param.error",
            "can't raise dispute because mandatory evidence is missing"),
    _return("disputing with four pictures", lambda w: _dispute(w, pictures=4), "dispute.request.param.error"),
    _return("disputing with a picture from elsewhere", _foreign_picture, "dispute.request.param.error"),
    _return("disputing for a made-up reason", lambda w: _dispute(w, reason=999), "dispute.request.param.error"),
    _return("disputing what is judged", lambda w: _dispute(w, step="judge"), "return.status.illegal"),
    _return("a picture that is none", _no_picture, "format.unsupport"),
    _health("punishments of a made-up kind",
            lambda w: w.get("account_health/get_punishment_history", {"punishment_status": 3}, shop=HOME)),
    _health("101 points a page",
            lambda w: w.get("account_health/get_penalty_point_history", {"page_size": 101}, shop=HOME)),
)  # fmt: skip
