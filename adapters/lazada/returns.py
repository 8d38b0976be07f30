"""Lazada in the `Returns` role: goods and money are agreed to at once, a no is said line by line."""

from collections.abc import Mapping, Sequence
from math import ceil, floor

from adapters.kit.absent import refuse
from adapters.kit.client import decode
from adapters.kit.refusals import ReturnRefusal
from adapters.kit.rows import readable
from adapters.kit.together import together
from adapters.lazada import endpoints, wire
from adapters.lazada import returns_mapping as mapping
from adapters.lazada.client import SLUG, LazadaClient, as_text
from adapters.lazada.endpoints import Endpoint
from adapters.lazada.errors import RETURN_REFUSALS, SHOP_RESTRICTED, JudgeBut, refusal_of
from adapters.lazada.reverse import refuse_reasons, reverse_orders, reverse_page
from domain.errors import FateUnknown, PlatformError, RequestRejected, UnexpectedResponse
from domain.money import Money
from domain.platform import ActionResult, Dispute, DisputeReason, Outcome, Page, SolutionOffer, Window
from domain.returns import ReturnSnapshot, ReturnState, Solution
from domain.shops import ShopAccess

_JUDGE = JudgeBut(RETURN_REFUSALS.keys())


class LazadaReturns:
    """The `Returns` role. What buyers wrote and photographed is not told with a return."""

    def __init__(self, client: LazadaClient) -> None:
        self._client = client

    async def returns_changed(self, shop: ShopAccess, window: Window, cursor: str) -> Page:
        asked: dict[str, str | int] = {
            "request_type_list": as_text(mapping.KINDS),
            "ReverseOrderLineModifiedTimeRangeStart": floor(window.start.timestamp()) * 1000,
            "ReverseOrderLineModifiedTimeRangeEnd": ceil(window.end.timestamp()) * 1000,
        }
        page = int(cursor or 1)
        rows, has_more = await reverse_page(self._client, shop, asked, page)
        try:
            ids = dict.fromkeys(str(decode(row, wire.ListedReverse).reverse_order_id) for row in rows)
        except ValueError:
            operation = endpoints.REVERSE_ORDERS.operation
            raise UnexpectedResponse(platform=SLUG, operation=operation, reason="unreadable") from None
        return Page(tuple(ids), str(page + 1) if has_more else None)

    async def fetch_returns(self, shop: ShopAccess, ids: Sequence[str]) -> Sequence[ReturnSnapshot]:
        found = await together(self._one(shop, each) for each in ids)
        return readable(
            [each for each in found if each],
            lambda each: mapping.snapshot(each, shop.currency),
            platform=SLUG,
            operation=endpoints.REVERSE_ORDERS.operation,
        )

    async def solutions(self, shop: ShopAccess, return_external_id: str) -> Sequence[SolutionOffer]:
        """List what may be given instead of what is asked for: the money at once, and the goods stay."""
        found = await self._one(shop, return_external_id)
        is_open = found is not None and not _unanswerable(found) and mapping.state(found) is ReturnState.ASKED
        if not found or not is_open or found.request_type != mapping.RETURN:
            return []
        return [SolutionOffer(Solution.REFUND)]

    async def dispute_reasons(self, shop: ShopAccess, return_external_id: str) -> Sequence[DisputeReason]:
        """List reasons to refuse goods that are to come back; whatever else is refused asks for pictures."""
        found = await self._one(shop, return_external_id)
        if not found or not _is_refusable(found):
            return []
        line = str(found.reverse_order_lines[0].reverse_order_line_id)
        told = await refuse_reasons(self._client, shop, line)
        return [
            DisputeReason(str(each.reason_id), each.reason_text or each.reason_name or "", ())
            for each in told
        ]

    async def upload_picture(self, shop: ShopAccess, return_external_id: str, picture: bytes) -> str:  # noqa: ARG002 - no such call
        refuse(shop, "upload_picture")

    async def accept(self, shop: ShopAccess, return_external_id: str) -> ActionResult:
        """Agree to what is asked for next: the money, or first the goods."""
        found = await self._one(shop, return_external_id)
        if why := _unanswerable(found):
            return _rejected(why)
        if found is None or found.request_type == mapping.REFUND_ONLY:
            return await self._agree_to_refund(shop, found)
        is_first = mapping.state(found) is ReturnState.ASKED
        return await self._update(shop, found, "agreeReturn" if is_first else "agreeRefund")

    async def accept_offer(self, shop: ShopAccess, return_external_id: str) -> ActionResult:  # noqa: ARG002 - as below
        """Refuse: buyers do not make offers here."""
        return _rejected(ReturnRefusal.NO_OFFER)

    async def offer(
        self, shop: ShopAccess, return_external_id: str, solution: Solution, amount: Money | None
    ) -> ActionResult:
        """Give all of the money at once; a part of it cannot be given."""
        found = await self._one(shop, return_external_id)
        if why := _unanswerable(found):
            return _rejected(why)
        if found is None or not _is_refusable(found) or solution is not Solution.REFUND:
            return _rejected(ReturnRefusal.TOO_LATE)
        if amount is not None and amount != mapping.snapshot(found, shop.currency).refund:
            return _rejected(ReturnRefusal.AMOUNT_REFUSED)
        return await self._update(shop, found, "instantRefund")

    async def dispute(self, shop: ShopAccess, return_external_id: str, dispute: Dispute) -> ActionResult:
        """Refuse line by line. After a line that stays open, or with some refused, the return is read again."""
        found = await self._one(shop, return_external_id)
        if why := _unanswerable(found):
            return _rejected(why)
        if found is None or not _is_refusable(found):
            return _rejected(ReturnRefusal.PROOF_MISSING)
        more = {"reason_id": dispute.reason_external_id, "comment": dispute.text}
        told = ActionResult(Outcome.UNKNOWN)
        for number, line in enumerate(found.reverse_order_lines):
            try:
                told = await self._update(shop, found, "refuseReturn", more, [line])
            except PlatformError:
                if number == 0:
                    raise
                return ActionResult(Outcome.UNKNOWN)
            if told.outcome is not Outcome.OK:
                return told if number == 0 else ActionResult(Outcome.UNKNOWN)
        return told

    async def _agree_to_refund(self, shop: ShopAccess, found: wire.ReverseOrder | None) -> ActionResult:
        """Say yes to each line: this call takes one at a time."""
        told = ActionResult(Outcome.UNKNOWN)
        for number, line in enumerate(found.reverse_order_lines if found else ()):
            params = _about(found, [line]) | {"action": "agreeRefund"}
            told = await self._act(shop, endpoints.REFUND_DECISION, params)
            if told.outcome is not Outcome.OK:
                return told if number == 0 else ActionResult(Outcome.UNKNOWN)
        return told

    async def _update(
        self,
        shop: ShopAccess,
        found: wire.ReverseOrder,
        action: str,
        more: Mapping[str, str] | None = None,
        lines: Sequence[wire.ReverseLine] | None = None,
    ) -> ActionResult:
        params = _about(found, lines or found.reverse_order_lines) | {"action": action, **(more or {})}
        return await self._act(shop, endpoints.RETURN_UPDATE, params)

    async def _act(self, shop: ShopAccess, endpoint: Endpoint, params: dict[str, str]) -> ActionResult:
        try:
            told = await self._client.write(shop, endpoint, params, wire.Told[object], judge=_JUDGE)
        except (FateUnknown, UnexpectedResponse):
            return ActionResult(Outcome.UNKNOWN)
        except RequestRejected as error:
            if error.code != SHOP_RESTRICTED:
                raise
            return _rejected(ReturnRefusal.SHOP_RESTRICTED)
        code = refusal_of(told)
        return _rejected(RETURN_REFUSALS[code]) if code else ActionResult(Outcome.OK)

    async def _one(self, shop: ShopAccess, number: str) -> wire.ReverseOrder | None:
        if not number.isascii() or not number.isdecimal():
            return None
        found = await reverse_orders(self._client, shop, {"reverse_order_id": number})
        fitting = [
            each for each in found if str(each.reverse_order_id) == number and each.reverse_order_lines
        ]
        return fitting[0] if fitting else None


def _about(found: wire.ReverseOrder | None, lines: Sequence[wire.ReverseLine]) -> dict[str, str]:
    return {
        "reverse_order_id": str(found.reverse_order_id) if found else "",
        "reverse_order_item_ids": as_text([int(each.reverse_order_line_id) for each in lines]),
    }


def _is_refusable(found: wire.ReverseOrder) -> bool:
    return found.request_type == mapping.RETURN and mapping.state(found) is ReturnState.ASKED


def _unanswerable(found: wire.ReverseOrder | None) -> ReturnRefusal | None:
    """Return why a return cannot be answered now, if so."""
    if found is None:
        return ReturnRefusal.NOT_FOUND
    state = mapping.state(found)
    if state is ReturnState.JUDGING:
        return ReturnRefusal.BEING_JUDGED
    if state is ReturnState.DISPUTED:
        return ReturnRefusal.ALREADY_DISPUTED
    if mapping.is_elsewhere(found):
        return ReturnRefusal.DECIDED_ELSEWHERE
    return None if state in {ReturnState.ASKED, ReturnState.COMING_BACK} else ReturnRefusal.TOO_LATE


def _rejected(why: ReturnRefusal) -> ActionResult:
    return ActionResult(Outcome.REJECTED, why)
