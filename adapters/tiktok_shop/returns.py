"""TikTok Shop in the `Returns` role: each request says what the seller is asked to do next, and an answer must fit that."""

from collections.abc import Mapping, Sequence
from math import ceil, floor

from adapters.kit.absent import refuse
from adapters.kit.client import decode
from adapters.kit.refusals import ReturnRefusal
from adapters.kit.rows import readable
from adapters.kit.together import together
from adapters.tiktok_shop import endpoints, wire
from adapters.tiktok_shop import returns_mapping as mapping
from adapters.tiktok_shop.answers import once
from adapters.tiktok_shop.client import SLUG, Asked, TiktokShopClient
from adapters.tiktok_shop.endpoints import Endpoint
from adapters.tiktok_shop.errors import RETURN_REFUSALS, SHOP_RESTRICTED, JudgeBut
from adapters.tiktok_shop.order_actions import reject_reasons
from adapters.tiktok_shop.orders import next_of, order_rows
from domain.errors import FateUnknown, RequestRejected, UnexpectedResponse
from domain.money import Money
from domain.platform import ActionResult, Dispute, DisputeReason, Outcome, Page, SolutionOffer, Window
from domain.returns import ReturnSnapshot, ReturnState, Solution
from domain.shops import ShopAccess

PAGE_SIZE = 50
_JUDGE = JudgeBut(RETURN_REFUSALS.keys())
_WRONG_VALUE = 25001001


class TiktokShopReturns:
    """The `Returns` role."""

    def __init__(self, client: TiktokShopClient) -> None:
        self._client = client

    async def returns_changed(self, shop: ShopAccess, window: Window, cursor: str) -> Page:
        query: dict[str, str | int] = {
            "page_size": PAGE_SIZE,
            "sort_field": "update_time",
            "sort_order": "ASC",
        }
        if cursor:
            query["page_token"] = cursor
        body = {
            "update_time_ge": floor(window.start.timestamp()),
            "update_time_lt": ceil(window.end.timestamp()) + 1,
        }
        told = await self._client.get(
            shop, endpoints.RETURNS, Asked(query=query, body=body), wire.Wrapped[wire.ReturnPage]
        )
        try:
            ids = tuple(str(decode(row, wire.ListedReturn).return_id) for row in told.return_orders or ())
        except ValueError:
            operation = endpoints.RETURNS.operation
            raise UnexpectedResponse(platform=SLUG, operation=operation, reason="unreadable") from None
        return Page(ids, next_of(told.next_page_token, cursor, endpoints.RETURNS.operation))

    async def fetch_returns(self, shop: ShopAccess, ids: Sequence[str]) -> Sequence[ReturnSnapshot]:
        """Read returns in one call, their orders in another: which product a unit is of stands there alone."""
        found = await self._read(shop, ids)
        if not found:
            return []
        units = await self._units(shop, [str(each.order_id) for each in found])
        records = await together(self._records(shop, str(each.return_id)) for each in found)
        return readable(
            list(zip(found, records, strict=True)),
            lambda pair: mapping.snapshot(pair[0], pair[1], units, shop.currency),
            platform=SLUG,
            operation=endpoints.RETURNS.operation,
        )

    async def solutions(self, shop: ShopAccess, return_external_id: str) -> Sequence[SolutionOffer]:
        found = await self._read(shop, [return_external_id])
        return mapping.solutions(found[0], shop.currency) if found else []

    async def dispute_reasons(self, shop: ShopAccess, return_external_id: str) -> Sequence[DisputeReason]:
        """List reasons to decline; none of them asks for a proof."""
        told = await reject_reasons(self._client, shop, return_external_id)
        return [DisputeReason(each.name, each.text or "", ()) for each in told]

    async def upload_picture(self, shop: ShopAccess, return_external_id: str, picture: bytes) -> str:  # noqa: ARG002 - no such call
        refuse(shop, "upload_picture")

    async def accept(self, shop: ShopAccess, return_external_id: str) -> ActionResult:
        """Agree to what is asked for next: the money, or first the goods."""
        return await self._answer(shop, return_external_id, "APPROVE", {})

    async def accept_offer(self, shop: ShopAccess, return_external_id: str) -> ActionResult:  # noqa: ARG002 - as below
        """Refuse: buyers do not make offers here."""
        return _rejected(ReturnRefusal.NO_OFFER)

    async def offer(
        self, shop: ShopAccess, return_external_id: str, solution: Solution, amount: Money | None
    ) -> ActionResult:
        found = await self._read(shop, [return_external_id])
        if why := _unanswerable(found):
            return _rejected(why)
        if solution is Solution.RETURN_AND_REFUND:
            return await self._answer(shop, return_external_id, "APPROVE", {})
        if amount is None:
            return _rejected(ReturnRefusal.AMOUNT_REFUSED)
        body: dict[str, object] = {
            "decision": "OFFER_PARTIAL_REFUND",
            "partial_refund": {"currency": amount.currency, "amount": f"{amount.amount}"},
        }
        asked = Asked(
            {"return_id": return_external_id}, once("offer", return_external_id, str(amount.amount)), body
        )
        return await self._act(shop, endpoints.RETURN_YES, asked, ReturnRefusal.AMOUNT_REFUSED)

    async def dispute(self, shop: ShopAccess, return_external_id: str, dispute: Dispute) -> ActionResult:
        more: dict[str, object] = {"reject_reason": dispute.reason_external_id}
        if dispute.text:
            more["comment"] = dispute.text
        return await self._answer(shop, return_external_id, "REJECT", more)

    async def _answer(
        self, shop: ShopAccess, number: str, verb: str, more: Mapping[str, object]
    ) -> ActionResult:
        """Read what is asked of the seller, and say yes or no to just that."""
        found = await self._read(shop, [number])
        if why := _unanswerable(found):
            return _rejected(why)
        decision = f"{verb}_{mapping.DECISIONS[mapping.next_action(found[0])]}"
        asked = Asked({"return_id": number}, once(decision, number), {"decision": decision, **more})
        endpoint = endpoints.RETURN_YES if verb == "APPROVE" else endpoints.RETURN_NO
        return await self._act(shop, endpoint, asked)

    async def _act(
        self,
        shop: ShopAccess,
        endpoint: Endpoint,
        asked: Asked,
        wrong_value: ReturnRefusal = ReturnRefusal.OTHER,
    ) -> ActionResult:
        try:
            told = await self._client.write(shop, endpoint, asked, wire.Wrapped[object], judge=_JUDGE)
        except (FateUnknown, UnexpectedResponse):
            return ActionResult(Outcome.UNKNOWN)
        except RequestRejected as error:
            if error.code != SHOP_RESTRICTED:
                raise
            return _rejected(ReturnRefusal.SHOP_RESTRICTED)
        if told.code == _WRONG_VALUE:
            return _rejected(wrong_value)
        return _rejected(RETURN_REFUSALS[told.code]) if told.code else ActionResult(Outcome.OK)

    async def _read(self, shop: ShopAccess, ids: Sequence[str]) -> list[wire.Return]:
        if not ids:
            return []
        asked = Asked(query={"page_size": PAGE_SIZE}, body={"return_ids": list(ids)})
        told = await self._client.get(shop, endpoints.RETURNS, asked, wire.Wrapped[wire.ReturnPage])
        return readable(
            told.return_orders or (),
            lambda row: decode(row, wire.Return),
            platform=SLUG,
            operation=endpoints.RETURNS.operation,
        )

    async def _units(self, shop: ShopAccess, orders: Sequence[str]) -> dict[str, wire.Unit]:
        rows = await order_rows(self._client, shop, list(dict.fromkeys(orders)))
        found = readable(
            rows, lambda row: decode(row, wire.Order), platform=SLUG, operation=endpoints.ORDERS.operation
        )
        return {str(unit.id): unit for order in found for unit in order.line_items}

    async def _records(self, shop: ShopAccess, number: str) -> Sequence[wire.Record]:
        asked = Asked(named={"return_id": number}, query={"locale": "en-US"})
        told = await self._client.get(shop, endpoints.RETURN_RECORDS, asked, wire.Wrapped[wire.Records])
        return told.records or []


def _unanswerable(found: Sequence[wire.Return]) -> ReturnRefusal | None:
    """Return why a return cannot be answered now, if so."""
    if not found:
        return ReturnRefusal.NOT_FOUND
    state = mapping.state(found[0])
    if state is ReturnState.JUDGING:
        return ReturnRefusal.BEING_JUDGED
    if state is ReturnState.DISPUTED:
        return ReturnRefusal.ALREADY_DISPUTED
    return None if mapping.next_action(found[0]) in mapping.DECISIONS else ReturnRefusal.TOO_LATE


def _rejected(why: ReturnRefusal) -> ActionResult:
    return ActionResult(Outcome.REJECTED, why)
