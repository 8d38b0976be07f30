"""Shopee in the `OrderActions` role."""

from collections.abc import Mapping, Sequence

from adapters.kit.refusals import OrderRefusal
from adapters.shopee.client import ShopeeClient
from adapters.shopee.errors import SHOP_RESTRICTED, judge_but_refusals
from adapters.shopee.order_errors import order_refusal
from adapters.shopee.statuses import cancel_word
from adapters.shopee.wire import Answer
from domain.errors import FateUnknown, RequestRejected, UnexpectedResponse
from domain.platform import ActionResult, Cancellation, CancelReason, LineUnits, Outcome
from domain.shops import ShopAccess

_AREAS_ARE_A_REASON = frozenset({"TW", "MY"})


class ShopeeOrderActions:
    """The `OrderActions` role."""

    def __init__(self, client: ShopeeClient) -> None:
        self._client = client

    def cancel_reasons(self, shop: ShopAccess, *, is_cod: bool) -> Sequence[CancelReason]:
        reasons = [CancelReason.OUT_OF_STOCK, CancelReason.BUYER_ASKED]
        reasons += [CancelReason.AREA_NOT_SERVED] if shop.region in _AREAS_ARE_A_REASON else []
        return [*reasons, CancelReason.COD_NOT_SUPPORTED] if is_cod else reasons

    async def cancel(self, shop: ShopAccess, cancellation: Cancellation) -> ActionResult:
        body: dict[str, object] = {
            "order_sn": cancellation.order_external_id,
            "cancel_reason": cancel_word(cancellation.reason),
        }
        if cancellation.reason is CancelReason.OUT_OF_STOCK:
            body["item_list"] = [_named(each) for each in cancellation.lines]
        if cancellation.is_partial:
            body["partial_cancel_item_list"] = [
                {**_named(each), "model_quantity": each.units} for each in cancellation.lines
            ]
        return await self._act(shop, "/order/cancel_order", body)

    async def answer_cancellation(
        self, shop: ShopAccess, order_external_id: str, *, is_accepted: bool
    ) -> ActionResult:
        operation = "ACCEPT" if is_accepted else "REJECT"
        body = {"order_sn": order_external_id, "operation": operation}
        return await self._act(shop, "/order/handle_buyer_cancellation", body)

    async def set_note(self, shop: ShopAccess, order_external_id: str, note: str) -> ActionResult:
        return await self._act(shop, "/order/set_note", {"order_sn": order_external_id, "note": note})

    async def _act(self, shop: ShopAccess, path: str, body: Mapping[str, object]) -> ActionResult:
        try:
            told = await self._client.write(shop, path, body, Answer, judge=judge_but_refusals)
        except (FateUnknown, UnexpectedResponse):
            return ActionResult(Outcome.UNKNOWN)
        except RequestRejected as error:
            if error.code != SHOP_RESTRICTED:
                raise
            return ActionResult(Outcome.REJECTED, OrderRefusal.SHOP_RESTRICTED.value)
        if told.error:
            return ActionResult(Outcome.REJECTED, order_refusal(told.error, told.message).value)
        return ActionResult(Outcome.OK)


def _named(line: LineUnits) -> dict[str, object]:
    return {"item_id": int(line.listing_external_id), "model_id": int(line.variant_external_id)}
