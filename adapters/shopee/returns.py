"""Shopee in the `Returns` role: ask the client, map the answer."""

from collections.abc import Mapping, Sequence
from math import ceil, floor

from adapters.kit.refusals import Family, ReturnRefusal
from adapters.kit.rows import readable
from adapters.kit.together import together
from adapters.shopee import returns_mapping as mapping
from adapters.shopee import returns_wire as wire
from adapters.shopee.client import SLUG, ShopeeClient
from adapters.shopee.errors import SHOP_RESTRICTED, judge_returns
from adapters.shopee.mapping import exact
from adapters.shopee.return_errors import return_refusal
from adapters.shopee.wire import Answer, Wrapped
from domain.errors import FateUnknown, RequestRejected, UnexpectedResponse
from domain.money import Money
from domain.platform import (
    ActionResult,
    Dispute,
    DisputeReason,
    Evidence,
    Outcome,
    Page,
    SolutionOffer,
    Window,
)
from domain.returns import ReturnSnapshot, Solution
from domain.shops import ShopAccess

PAGE_SIZE = 100
FIRST_PAGE = 0
"""The text says pages begin at 0, a sample asks for 1: begun at 0 nothing is missed, whichever is right."""


class ShopeeReturns:
    """The `Returns` role."""

    def __init__(self, client: ShopeeClient) -> None:
        self._client = client

    async def returns_changed(self, shop: ShopAccess, window: Window, cursor: str) -> Page:
        number = int(cursor or FIRST_PAGE)
        query: list[tuple[str, str | int]] = [
            ("page_no", number),
            ("page_size", PAGE_SIZE),
            ("update_time_from", floor(window.start.timestamp())),
            ("update_time_to", ceil(window.end.timestamp())),
        ]
        page = await self._client.get(shop, "/returns/get_return_list", query, Wrapped[wire.ReturnPage])
        ids = tuple(each.return_sn for each in page.rows or ())
        return Page(ids, str(number + 1) if page.more and ids else None)

    async def fetch_returns(self, shop: ShopAccess, ids: Sequence[str]) -> Sequence[ReturnSnapshot]:
        found = await together(self._detail(shop, each) for each in ids)
        return readable(
            [each for each in found if each is not None],
            lambda row: mapping.snapshot(row, shop.currency),
            platform=SLUG,
            operation="get_return_detail",
        )

    async def _detail(self, shop: ShopAccess, number: str) -> wire.Return | None:
        answer = Wrapped[wire.Return]
        query = [("return_sn", number)]
        path = "/returns/get_return_detail"
        told = await self._client.read(shop, path, query, answer, judge=judge_returns)
        if told.error and return_refusal(told.error, told.message) is not ReturnRefusal.NOT_FOUND:
            raise RequestRejected(
                platform=SLUG, operation="get_return_detail", reason=told.error, code=Family.OTHER
            )
        return told.response

    async def solutions(self, shop: ShopAccess, return_external_id: str) -> Sequence[SolutionOffer]:
        path, query = "/returns/get_available_solutions", [("return_sn", return_external_id)]
        told = await self._client.get(shop, path, query, Wrapped[wire.Solutions])
        return mapping.solutions(told, shop.currency)

    async def dispute_reasons(self, shop: ShopAccess, return_external_id: str) -> Sequence[DisputeReason]:
        path, query = "/returns/get_return_dispute_reason", [("return_sn", return_external_id)]
        return mapping.objections(await self._client.get(shop, path, query, Wrapped[wire.Objections]))

    async def upload_picture(self, shop: ShopAccess, return_external_id: str, picture: bytes) -> str:
        fields = {"return_sn": return_external_id}
        path = "/returns/convert_image"
        told = await self._client.upload(shop, path, fields, ("upload_image", picture), wire.UploadedPicture)
        if told.response is None or not told.response.url:
            raise UnexpectedResponse(platform=SLUG, operation="convert_image", reason="no_address")
        return told.response.url

    async def accept(self, shop: ShopAccess, return_external_id: str) -> ActionResult:
        return await self._act(shop, "/returns/confirm", {"return_sn": return_external_id})

    async def accept_offer(self, shop: ShopAccess, return_external_id: str) -> ActionResult:
        return await self._act(shop, "/returns/accept_offer", {"return_sn": return_external_id})

    async def offer(
        self, shop: ShopAccess, return_external_id: str, solution: Solution, amount: Money | None
    ) -> ActionResult:
        body: dict[str, object] = {
            "return_sn": return_external_id,
            "proposed_solution": mapping.WORDS[solution],
        }
        if amount is not None:
            body["proposed_adjusted_refund_amount"] = exact(amount.amount)
        return await self._act(shop, "/returns/offer", body)

    async def dispute(self, shop: ShopAccess, return_external_id: str, dispute: Dispute) -> ActionResult:
        body: dict[str, object] = {
            "return_sn": return_external_id,
            "email": dispute.email,
            "dispute_reason_id": int(dispute.reason_external_id),
        }
        if dispute.text:
            body["dispute_text_reason"] = dispute.text
        if dispute.evidence:
            body["image_list"] = [_proof(each) for each in dispute.evidence]
        return await self._act(shop, "/returns/dispute", body)

    async def _act(self, shop: ShopAccess, path: str, body: Mapping[str, object]) -> ActionResult:
        try:
            told = await self._client.write(shop, path, body, Answer, judge=judge_returns)
        except (FateUnknown, UnexpectedResponse):
            return ActionResult(Outcome.UNKNOWN)
        except RequestRejected as error:
            if error.code != SHOP_RESTRICTED:
                raise
            return ActionResult(Outcome.REJECTED, ReturnRefusal.SHOP_RESTRICTED.value)
        if told.error:
            return ActionResult(Outcome.REJECTED, return_refusal(told.error, told.message).value)
        return ActionResult(Outcome.OK)


def _proof(evidence: Evidence) -> dict[str, object]:
    return {
        "module_index": int(evidence.module.external_id),
        "requirement": evidence.module.requirement,
        "image_url": list(evidence.pictures),
    }
