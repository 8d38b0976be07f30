"""Shopee in the `Reviews` role: ask the client, map the answer."""

from datetime import UTC, datetime

import msgspec

from adapters.kit.client import decode
from adapters.kit.names import plain, tail
from adapters.kit.refusals import ReviewRefusal
from adapters.kit.rows import readable
from adapters.shopee import reviews_wire as wire
from adapters.shopee.client import SLUG, Query, ShopeeClient
from adapters.shopee.errors import NOT_FOUND, SHOP_RESTRICTED, judge_but_refusals
from adapters.shopee.wire import Wrapped
from domain.errors import FateUnknown, RequestRejected, UnexpectedResponse
from domain.platform import ActionResult, Outcome, ReviewPage
from domain.reviews import ReviewSnapshot
from domain.shops import ShopAccess

PAGE_SIZE = 100
GONE = NOT_FOUND | {"cmt_not_exist", "item_cmt_combine_wrong", "error_not_exist"}

_BY_NAME: dict[str, ReviewRefusal] = {
    "duplicate_request": ReviewRefusal.ALREADY_ANSWERED,
    "comment_length_invalid": ReviewRefusal.TEXT_REFUSED,
    "error_permission": ReviewRefusal.SHOP_RESTRICTED,
    **dict.fromkeys(GONE, ReviewRefusal.NOT_FOUND),
}


class ShopeeReviews:
    """The `Reviews` role."""

    def __init__(self, client: ShopeeClient) -> None:
        self._client = client

    async def reviews(self, shop: ShopAccess, cursor: str) -> ReviewPage:
        query: Query = [("cursor", cursor), ("page_size", PAGE_SIZE)]
        page = await self._client.get(shop, "/product/get_comment", query, Wrapped[wire.CommentPage])
        onward = str(page.next_cursor or "")
        # `more` stays true where no more can be reached: an empty page is the end, too.
        is_end = not page.more or not page.item_comment_list or onward in {"", cursor}
        return ReviewPage(tuple(_read(page)), None if is_end else onward)

    async def fetch_review(self, shop: ShopAccess, external_id: str) -> ReviewSnapshot | None:
        query: Query = [("cursor", ""), ("page_size", 1), ("comment_id", int(external_id))]
        answer = Wrapped[wire.CommentPage]
        told = await self._client.read(shop, "/product/get_comment", query, answer, judge=judge_but_refusals)
        if told.error:
            if tail(plain(told.error)) in GONE:
                return None
            raise RequestRejected(platform=SLUG, operation="get_comment", reason=told.error)
        found = _read(told.response or wire.CommentPage())
        return next((each for each in found if each.external_id == external_id), None)

    async def reply(self, shop: ShopAccess, external_id: str, text: str) -> ActionResult:
        body = {"comment_list": [{"comment_id": int(external_id), "comment": text}]}
        answer = Wrapped[wire.AnsweredRows]
        path = "/product/reply_comment"
        try:
            told = await self._client.write(shop, path, body, answer, judge=judge_but_refusals)
        except (FateUnknown, UnexpectedResponse):
            return ActionResult(Outcome.UNKNOWN)
        except RequestRejected as error:
            if error.code != SHOP_RESTRICTED:
                raise
            return ActionResult(Outcome.REJECTED, ReviewRefusal.SHOP_RESTRICTED.value)
        rows = (told.response or wire.AnsweredRows()).result_list or []
        failed = next((row.fail_error for row in rows if row.fail_error), None) or told.error
        if failed:
            why = _BY_NAME.get(tail(plain(failed)), ReviewRefusal.OTHER)
            return ActionResult(Outcome.REJECTED, why.value)
        return ActionResult(Outcome.OK)


def _read(page: wire.CommentPage) -> list[ReviewSnapshot]:
    return readable(page.item_comment_list or (), _snapshot, platform=SLUG, operation="get_comment")


def _snapshot(row: msgspec.Raw) -> ReviewSnapshot:
    told = decode(row, wire.Comment)
    models = told.model_id_list or ([told.model_id] if told.model_id else [])
    media, reply = told.media or wire.Media(), told.comment_reply or wire.Reply()
    is_answered = bool(reply.reply and reply.create_time)
    return ReviewSnapshot(
        external_id=str(told.comment_id),
        order_external_id=told.order_sn or "",
        listing_external_id=str(told.item_id),
        variant_external_id=str(models[0]) if models else "0",
        stars=min(max(told.rating_star, 0), 5),
        text=told.comment or "",
        photos=len(media.image_url_list or ()),
        videos=len(media.video_url_list or ()),
        is_hidden=bool(told.hidden),
        created_at=datetime.fromtimestamp(told.create_time, UTC),
        reply=reply.reply or "",
        replied_at=datetime.fromtimestamp(reply.create_time or 0, UTC) if is_answered else None,
    )
