"""TikTok Shop in the `OrderActions` role. Units cannot be cancelled in these markets, and notes not be written."""

from collections.abc import Sequence

from adapters.kit.absent import refuse
from adapters.kit.refusals import OrderRefusal
from adapters.tiktok_shop import endpoints, wire
from adapters.tiktok_shop.answers import once
from adapters.tiktok_shop.client import Asked, TiktokShopClient
from adapters.tiktok_shop.endpoints import Endpoint
from adapters.tiktok_shop.errors import ORDER_REFUSALS, SHOP_RESTRICTED, JudgeBut
from adapters.tiktok_shop.orders import order_rows
from adapters.tiktok_shop.statuses import PENDING_CANCELLATION
from domain.errors import FateUnknown, RequestRejected, UnexpectedResponse
from domain.platform import ActionResult, Cancellation, CancelReason, Outcome
from domain.shops import ShopAccess

_WORDS = {
    CancelReason.OUT_OF_STOCK: "seller_cancel_reason_out_of_stock",
    CancelReason.BUYER_ASKED: "seller_cancel_paid_reason_buyer_requested_cancellation",
}
PACKED = "seller_reject_apply_product_has_been_packed"
"""Why a buyer's wish is declined, where the list of that one wish has it; else its first reason."""

_JUDGE = JudgeBut(ORDER_REFUSALS.keys())


class TiktokShopOrderActions:
    """The `OrderActions` role."""

    def __init__(self, client: TiktokShopClient) -> None:
        self._client = client

    def cancel_reasons(self, shop: ShopAccess, *, is_cod: bool) -> Sequence[CancelReason]:  # noqa: ARG002 - the same for all
        return list(_WORDS)

    async def cancel(self, shop: ShopAccess, cancellation: Cancellation) -> ActionResult:
        if cancellation.is_partial:
            refuse(shop, "cancel_units")
        reason = _WORDS.get(cancellation.reason)
        if reason is None:
            return _rejected(OrderRefusal.REASON_REFUSED)
        body = {"order_id": cancellation.order_external_id, "cancel_reason": reason}
        return await self._act(shop, endpoints.CANCEL, Asked(body=body))

    async def answer_cancellation(
        self, shop: ShopAccess, order_external_id: str, *, is_accepted: bool
    ) -> ActionResult:
        """Answer the wish that waits. The key makes that the same answer said twice is one."""
        number = await self._pending(shop, order_external_id)
        if not number:
            is_known = await order_rows(self._client, shop, [order_external_id])
            return _rejected(OrderRefusal.NOT_ASKED if is_known else OrderRefusal.NOT_FOUND)
        named = {"cancel_id": number}
        if is_accepted:
            asked = Asked(named=named, query=once("approve", number))
            return await self._act(shop, endpoints.CANCELLATION_YES, asked)
        body = {"reject_reason": await self._reason(shop, number)}
        asked = Asked(named=named, query=once("reject", number), body=body)
        return await self._act(shop, endpoints.CANCELLATION_NO, asked)

    async def set_note(self, shop: ShopAccess, order_external_id: str, note: str) -> ActionResult:  # noqa: ARG002 - no such call
        refuse(shop, "set_note")

    async def _pending(self, shop: ShopAccess, order: str) -> str:
        body = {"order_ids": [order], "cancel_status": [PENDING_CANCELLATION]}
        asked = Asked(query={"page_size": 10}, body=body)
        told = await self._client.get(
            shop, endpoints.CANCELLATIONS, asked, wire.Wrapped[wire.CancellationPage]
        )
        waiting = [each for each in told.cancellations or () if each.cancel_status == PENDING_CANCELLATION]
        return str(waiting[0].cancel_id) if waiting else ""

    async def _reason(self, shop: ShopAccess, number: str) -> str:
        names = [each.name for each in await reject_reasons(self._client, shop, number)]
        return PACKED if PACKED in names or not names else names[0]

    async def _act(self, shop: ShopAccess, endpoint: Endpoint, asked: Asked) -> ActionResult:
        try:
            told = await self._client.write(shop, endpoint, asked, wire.Wrapped[object], judge=_JUDGE)
        except (FateUnknown, UnexpectedResponse):
            return ActionResult(Outcome.UNKNOWN)
        except RequestRejected as error:
            if error.code != SHOP_RESTRICTED:
                raise
            return _rejected(OrderRefusal.SHOP_RESTRICTED)
        return _rejected(ORDER_REFUSALS[told.code]) if told.code else ActionResult(Outcome.OK)


async def reject_reasons(client: TiktokShopClient, shop: ShopAccess, number: str) -> Sequence[wire.Reason]:
    """Read why one request may be declined; the list is of that request, and changes."""
    asked = Asked(query={"return_or_cancel_id": number, "locale": "en-US"})
    told = await client.get(shop, endpoints.REJECT_REASONS, asked, wire.Wrapped[wire.Reasons])
    return told.reasons or []


def _rejected(why: OrderRefusal) -> ActionResult:
    return ActionResult(Outcome.REJECTED, why)
