"""Lazada in the `OrderActions` role: reasons are asked for first, and an order or some of its units cancelled by GET."""

from collections.abc import Sequence

from adapters.kit.absent import refuse
from adapters.kit.refusals import OrderRefusal
from adapters.lazada import endpoints, statuses, wire
from adapters.lazada.client import LazadaClient, as_text
from adapters.lazada.endpoints import Endpoint
from adapters.lazada.errors import ORDER_REFUSALS, SHOP_RESTRICTED, JudgeBut, refusal_of
from adapters.lazada.mapping import is_yes
from adapters.lazada.orders import units_of
from adapters.lazada.reverse import refuse_reasons, reverse_orders
from domain.errors import FateUnknown, RequestRejected, UnexpectedResponse
from domain.platform import ActionResult, Cancellation, CancelReason, LineUnits, Outcome
from domain.shops import ShopAccess

_REFUSED = "error"
_JUDGE = JudgeBut(ORDER_REFUSALS.keys())
_REASONS = (CancelReason.OUT_OF_STOCK,)
"""What the platform's lists have a word for. It counts against the shop, and empties the shelf of what it names."""


class LazadaOrderActions:
    """The `OrderActions` role."""

    def __init__(self, client: LazadaClient) -> None:
        self._client = client

    def cancel_reasons(self, shop: ShopAccess, *, is_cod: bool) -> Sequence[CancelReason]:  # noqa: ARG002 - the same for all
        return list(_REASONS)

    async def cancel(self, shop: ShopAccess, cancellation: Cancellation) -> ActionResult:
        number = cancellation.order_external_id
        units = (await units_of(self._client, shop, [number])).get(number)
        asked = _to_cancel(units, cancellation)
        if isinstance(asked, OrderRefusal):
            return _rejected(asked)
        params = {
            "order_id": number,
            "order_item_id_list": as_text([int(each.order_item_id) for each in asked]),
        }
        tip = await self._client.get(shop, endpoints.CANCEL_REASONS, params, wire.Told[wire.Tip])
        options = tip.reason_options or []
        if tip.tip_type == _REFUSED or not options:
            return _rejected(OrderRefusal.TOO_LATE)
        fitting = [each for each in options if statuses.is_out_of_stock(each.reason_name or "")]
        if not fitting:
            return _rejected(OrderRefusal.REASON_REFUSED)
        return await self._act(shop, endpoints.CANCEL, params | {"reason_id": str(fitting[0].reason_id)})

    async def answer_cancellation(
        self, shop: ShopAccess, order_external_id: str, *, is_accepted: bool
    ) -> ActionResult:
        """Answer the wish that waits; a no has a reason of the list of that very wish."""
        units = (await units_of(self._client, shop, [order_external_id])).get(order_external_id)
        if not units:
            return _rejected(OrderRefusal.NOT_FOUND)
        asking = [each for each in units if is_yes(each.need_cancel_confirm) and each.reverse_order_id]
        if not asking:
            return _rejected(OrderRefusal.NOT_ASKED)
        number = str(asking[0].reverse_order_id)
        params = {"reverse_order_id": number, "agree_cancel": "true" if is_accepted else "false"}
        if not is_accepted:
            params["reason_code"] = await self._decline(shop, number)
        return await self._act(shop, endpoints.CANCEL_DECISION, params)

    async def set_note(self, shop: ShopAccess, order_external_id: str, note: str) -> ActionResult:  # noqa: ARG002 - no such call
        refuse(shop, "set_note")

    async def _decline(self, shop: ShopAccess, number: str) -> str:
        found = await reverse_orders(self._client, shop, {"reverse_order_id": number})
        lines = found[0].reverse_order_lines if found else []
        if not lines:
            return ""
        reasons = await refuse_reasons(self._client, shop, str(lines[0].reverse_order_line_id))
        return str(reasons[0].reason_id) if reasons else ""

    async def _act(self, shop: ShopAccess, endpoint: Endpoint, params: dict[str, str]) -> ActionResult:
        try:
            told = await self._client.write(shop, endpoint, params, wire.Told[wire.Tip], judge=_JUDGE)
        except (FateUnknown, UnexpectedResponse):
            return ActionResult(Outcome.UNKNOWN)
        except RequestRejected as error:
            if error.code != SHOP_RESTRICTED:
                raise
            return _rejected(OrderRefusal.SHOP_RESTRICTED)
        if code := refusal_of(told):
            return _rejected(ORDER_REFUSALS[code])
        if told.data is None:
            return ActionResult(Outcome.UNKNOWN)
        is_refused = told.data.tip_type == _REFUSED  # under a code that says success
        return _rejected(OrderRefusal.TOO_LATE) if is_refused else ActionResult(Outcome.OK)


def _to_cancel(
    units: Sequence[wire.Unit] | None, cancellation: Cancellation
) -> Sequence[wire.Unit] | OrderRefusal:
    """Return the units to cancel, or why none can be."""
    if not units:
        return OrderRefusal.NOT_FOUND
    if cancellation.reason not in _REASONS:
        return OrderRefusal.REASON_REFUSED
    live = [each for each in units if each.status != statuses.CANCELLED_UNIT]
    asked = _some(live, cancellation.lines) if cancellation.is_partial else live
    if asked is None:
        return OrderRefusal.UNITS_REFUSED
    allowed = statuses.PACKABLE if cancellation.is_partial else statuses.CANCELLABLE
    is_late = any(each.status not in allowed or is_yes(each.need_cancel_confirm) for each in asked)
    return OrderRefusal.TOO_LATE if is_late or not asked else asked


def _some(live: Sequence[wire.Unit], lines: Sequence[LineUnits]) -> list[wire.Unit] | None:
    """Choose units, the last of each line; None for more than there are, or all of them."""
    chosen: list[wire.Unit] = []
    for line in lines:
        key = (line.listing_external_id, line.variant_external_id)
        fitting = [each for each in live if (str(each.product_id), str(each.sku_id)) == key]
        if not 0 < line.units <= len(fitting):
            return None
        chosen += fitting[-line.units :]
    return chosen if chosen and len(chosen) < len(live) else None


def _rejected(why: OrderRefusal) -> ActionResult:
    return ActionResult(Outcome.REJECTED, why)
