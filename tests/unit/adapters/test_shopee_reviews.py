"""Comments as the reference's sample has them, the end of their pages, and what an answer comes to."""

from dataclasses import replace
from typing import Any

import httpx
import pytest

from domain.errors import RequestRejected
from domain.platform import ActionResult, Outcome
from domain.reviews import ReviewSnapshot
from tests.unit.adapters.shopee_samples import SHOP, StandIn, answer, at, body, error, wrapped

SEEN = ReviewSnapshot(
    external_id="120590834",
    order_external_id="251101ABCD1234",
    listing_external_id="2500139861",
    variant_external_id="2000458801",
    stars=5,
    text="Bagus",
    photos=0,
    videos=0,
    is_hidden=False,
    created_at=at(1763153057),
)


def page(*rows: dict[str, Any], more: bool = False, cursor: str = "") -> httpx.Response:
    return wrapped({"more": more, "item_comment_list": list(rows), "next_cursor": cursor})


def row(**changes: Any) -> dict[str, Any]:
    sample: dict[str, Any] = body("product_get_comment", "success")["response"]["item_comment_list"][0]
    return sample | changes


async def test_the_sample_is_read_without_its_buyer() -> None:
    shopee = StandIn(answer("product_get_comment", "success"))
    assert (await shopee.platform.reviews.reviews(SHOP, "")).reviews == (SEEN,)
    assert "tono" not in repr(SEEN)
    assert dict(shopee.requests[0].url.params.multi_items())["cursor"] == ""


async def test_what_is_missing_or_odd_is_read_leniently() -> None:
    rows = [
        row(comment=None, model_id_list=None, media=None, hidden=None, order_sn=None),
        row(model_id_list=None, model_id=7, media={"image_url_list": ["a", "b"], "video_url_list": ["c"]}),
        row(comment_reply={"reply": "Terima kasih", "hidden": False, "create_time": 1763153999}),
        row(rating_star=9),
        {"comment_id": "1"},
    ]
    found = (await StandIn(page(*rows)).platform.reviews.reviews(SHOP, "")).reviews
    assert found == (
        replace(SEEN, text="", variant_external_id="0", order_external_id=""),
        replace(SEEN, variant_external_id="7", photos=2, videos=1),
        replace(SEEN, reply="Terima kasih", replied_at=at(1763153999)),
        SEEN,
    )


@pytest.mark.parametrize(
    ("told", "onward"),
    [
        (page(row(), more=True, cursor="100"), "100"),
        (page(row(), more=False, cursor="100"), None),
        (page(more=True, cursor="100"), None),
        (page(row(), more=True, cursor="50"), None),
        (page(row(), more=True), None),
    ],
)
async def test_pages_end_even_where_more_is_promised(told: httpx.Response, onward: str | None) -> None:
    assert (await StandIn(told).platform.reviews.reviews(SHOP, "50")).next_cursor == onward


@pytest.mark.parametrize("name", ["product.cmt_not_exist", "error_not_found", "error_item_not_found"])
async def test_a_review_that_is_gone_is_none(name: str) -> None:
    assert await StandIn(error(name)).platform.reviews.fetch_review(SHOP, "1") is None


async def test_another_review_than_the_one_asked_for_is_none() -> None:
    shopee = StandIn(answer("product_get_comment", "success"))
    assert await shopee.platform.reviews.fetch_review(SHOP, "120590835") is None


async def test_a_refused_reading_is_no_missing_review() -> None:
    with pytest.raises(RequestRejected):
        await StandIn(error("error_param")).platform.reviews.fetch_review(SHOP, "1")


@pytest.mark.parametrize(
    ("told", "result"),
    [
        (answer("product_reply_comment", "success"), ActionResult(Outcome.OK)),
        (
            answer("product_reply_comment", "already_replied"),
            ActionResult(Outcome.REJECTED, "already_answered"),
        ),
        (error("product.comment_length_invalid"), ActionResult(Outcome.REJECTED, "text_refused")),
        (error("product.error_not_exist"), ActionResult(Outcome.REJECTED, "not_found")),
        (error("product.error_permission"), ActionResult(Outcome.REJECTED, "shop_restricted")),
        (error("error_param"), ActionResult(Outcome.REJECTED, "other")),
        (
            wrapped({"result_list": [{"comment_id": 1, "fail_error": "product.duplicate_request"}]}),
            ActionResult(Outcome.REJECTED, "already_answered"),
        ),
        (httpx.Response(502, text="<html>"), ActionResult(Outcome.UNKNOWN)),
        (httpx.ReadTimeout("late"), ActionResult(Outcome.UNKNOWN)),
    ],
)
async def test_what_an_answer_comes_to(told: Any, result: ActionResult) -> None:
    assert await StandIn(told).platform.reviews.reply(SHOP, "120590834", "Terima kasih!") == result
