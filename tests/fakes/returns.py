"""Returns of the platform in memory: asked for, answered, disputed with proof."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from typing import TYPE_CHECKING

from domain.errors import FateUnknown, RequestRejected
from domain.money import Money
from domain.platform import (
    ActionResult,
    Dispute,
    DisputeReason,
    EvidenceModule,
    Outcome,
    Page,
    SolutionOffer,
    Window,
)
from domain.returns import ReturnLine, ReturnSnapshot, ReturnState, Solution
from domain.shops import ShopAccess

if TYPE_CHECKING:
    from tests.fakes.platform import FakePlatform, FakeShop

ANSWER_WITHIN = timedelta(days=3)
PACKED = EvidenceModule("1", "Photo taken while packing", is_required=True)
OPENED = EvidenceModule("2", "Photo of the parcel being opened", is_required=False)
REASONS = (
    DisputeReason("50", "Received item is not the one sold", (PACKED, OPENED)),
    DisputeReason("51", "Item was in order when it was packed", (PACKED,)),
)
JPEG = b"\xff\xd8\xff\xe0" + bytes(64)
PICTURES = (b"\xff\xd8\xff", b"\x89PNG")
ARGUABLE = {ReturnState.ASKED, ReturnState.ACCEPTED, ReturnState.COMING_BACK}
OK = ActionResult(Outcome.OK)

Act = Callable[[ReturnSnapshot], ActionResult]


class FakeReturns:
    """The `Returns` role of a `FakePlatform`; `kept` are its returns by number, `proof` the pictures of disputes."""

    def __init__(self, bazaar: "FakePlatform") -> None:
        self._bazaar = bazaar
        self.kept: dict[str, ReturnSnapshot] = {}
        self.uploaded: dict[str, bytes] = {}
        self.proof: dict[str, tuple[str, ...]] = {}
        self.disputes: dict[str, Dispute] = {}
        self.done: list[tuple[str, str]] = []

    def ask(self, known: "FakeShop", number: str, **facts: object) -> ReturnSnapshot:
        """Let the buyer of an order send all of it back."""
        order, now = known.orders[number], self._bazaar.now().replace(microsecond=0)
        lines = tuple(
            ReturnLine(
                each.listing_external_id,
                each.variant_external_id,
                each.title,
                each.sku,
                each.quantity,
                each.unit_price,
            )
            for each in order.lines
        )
        made = ReturnSnapshot(
            external_id=f"R{number}-{len(self.kept)}",
            order_external_id=number,
            state=ReturnState.ASKED,
            raw_state="ASKED",
            solution=Solution.RETURN_AND_REFUND,
            reason="damaged",
            buyer_says="robek",
            refund=sum((each.total for each in order.lines[1:]), order.lines[0].total),
            created_at=now,
            updated_at=now,
            lines=lines,
            photos=("https://bazaar.invalid/file/1",),
            buyer_name="s***i",
            answer_by=now + ANSWER_WITHIN,
            proof_by=now + ANSWER_WITHIN,
        )
        return self.keep(replace(made, **facts))  # type: ignore[arg-type]

    def keep(self, back: ReturnSnapshot) -> ReturnSnapshot:
        """Store a return as it is now."""
        shown = replace(back, digest="")
        self.kept[back.external_id] = replace(shown, digest=sha256(repr(shown).encode()).hexdigest())
        return self.kept[back.external_id]

    def move(self, number: str, state: ReturnState, **facts: object) -> None:
        now = self._bazaar.now()
        moved = replace(self.kept[number], state=state, raw_state=state.upper(), updated_at=now, **facts)  # type: ignore[arg-type]
        self.keep(moved)

    async def returns_changed(self, shop: ShopAccess, window: Window, cursor: str) -> Page:
        def act() -> Page:
            known = self._bazaar.opened(shop)
            if window.end - window.start > self._bazaar.platform.info.window:
                raise RequestRejected(
                    platform="bazaar", operation="returns_changed", reason="window_too_long"
                )
            found = [
                each.external_id
                for each in self.kept.values()
                if each.order_external_id in known.orders and window.start <= each.updated_at <= window.end
            ]
            return self._bazaar.page(found, cursor)

        return await self._bazaar.called("returns_changed", act)

    async def fetch_returns(self, shop: ShopAccess, ids: Sequence[str]) -> Sequence[ReturnSnapshot]:
        def act() -> list[ReturnSnapshot]:
            known = self._bazaar.opened(shop)
            found = [self.kept[each] for each in ids if each in self.kept]
            return [each for each in found if each.order_external_id in known.orders]

        return await self._bazaar.called("fetch_returns", act)

    async def solutions(self, shop: ShopAccess, return_external_id: str) -> Sequence[SolutionOffer]:
        def act() -> list[SolutionOffer]:
            self._bazaar.opened(shop)
            back = self._found(return_external_id)
            if back.state is not ReturnState.ASKED:
                return []
            least = Money(back.refund.amount / back.refund.amount, back.refund.currency)
            return [
                SolutionOffer(Solution.RETURN_AND_REFUND),
                SolutionOffer(Solution.REFUND, least, back.refund),
            ]

        return await self._bazaar.called("solutions", act)

    async def dispute_reasons(self, shop: ShopAccess, return_external_id: str) -> Sequence[DisputeReason]:
        def act() -> Sequence[DisputeReason]:
            self._bazaar.opened(shop)
            self._found(return_external_id)
            return REASONS

        return await self._bazaar.called("dispute_reasons", act)

    async def upload_picture(self, shop: ShopAccess, return_external_id: str, picture: bytes) -> str:
        def act() -> str:
            self._bazaar.opened(shop)
            self._found(return_external_id)
            if not picture.startswith(PICTURES):
                raise RequestRejected(
                    platform="bazaar", operation="upload_picture", reason="format", code="refused_proof"
                )
            url = f"https://bazaar.invalid/file/{len(self.uploaded)}"
            self.uploaded[url] = picture
            return url

        return await self._bazaar.called("upload_picture", act)

    async def accept(self, shop: ShopAccess, return_external_id: str) -> ActionResult:
        def act(back: ReturnSnapshot) -> ActionResult:
            if back.is_decided_elsewhere:
                return _refused("decided_elsewhere")
            if back.state is ReturnState.JUDGING:
                return _refused("being_judged")
            if back.state not in {ReturnState.ASKED, ReturnState.COMING_BACK}:
                return _refused("too_late")
            return self._end(back, "accept", ReturnState.CLOSED)

        return await self._act("accept", shop, return_external_id, act)

    async def accept_offer(self, shop: ShopAccess, return_external_id: str) -> ActionResult:
        def act(back: ReturnSnapshot) -> ActionResult:
            if not back.is_buyers_offer or back.offered is None or back.offered == back.refund:
                return _refused("no_offer")
            self.keep(replace(back, refund=back.offered, solution=back.offered_solution))
            return self._end(back, "accept_offer", ReturnState.CLOSED)

        return await self._act("accept_offer", shop, return_external_id, act)

    async def offer(
        self, shop: ShopAccess, return_external_id: str, solution: Solution, amount: Money | None
    ) -> ActionResult:
        def act(back: ReturnSnapshot) -> ActionResult:
            if back.state is ReturnState.DISPUTED:
                return _refused("already_disputed")
            if back.state is not ReturnState.ASKED:
                return _refused("too_late")
            offered = amount or back.refund
            if not 0 < offered.amount <= back.refund.amount:
                return _refused("amount_refused")
            made = replace(back, offered=offered, offered_solution=solution, is_buyers_offer=False)
            self.keep(replace(made, updated_at=self._bazaar.now()))
            self.done.append(("offer", return_external_id))
            return OK

        return await self._act("offer", shop, return_external_id, act)

    async def dispute(self, shop: ShopAccess, return_external_id: str, dispute: Dispute) -> ActionResult:
        def act(back: ReturnSnapshot) -> ActionResult:
            if dispute.reason_external_id not in {each.external_id for each in REASONS}:
                return _refused("reason_refused")
            if back.state not in ARGUABLE:
                return _refused("too_late")
            pictures = [url for each in dispute.evidence for url in each.pictures]
            named = {each.module.external_id for each in dispute.evidence if each.pictures}
            if PACKED.external_id not in named or not set(pictures) <= self.uploaded.keys():
                return _refused("proof_missing")
            self.proof[return_external_id] = tuple(pictures)
            self.disputes[return_external_id] = dispute
            return self._end(back, "dispute", ReturnState.DISPUTED)

        return await self._act("dispute", shop, return_external_id, act)

    # Inside

    async def _act(self, operation: str, shop: ShopAccess, number: str, act: Act) -> ActionResult:
        def run() -> ActionResult:
            self._bazaar.opened(shop)
            back = self.kept.get(number)
            return act(back) if back else _refused("not_found")

        try:
            return await self._bazaar.called(operation, run)
        except FateUnknown:
            return ActionResult(Outcome.UNKNOWN)

    def _end(self, back: ReturnSnapshot, operation: str, state: ReturnState) -> ActionResult:
        self.move(back.external_id, state)
        self.done.append((operation, back.external_id))
        return OK

    def _found(self, number: str) -> ReturnSnapshot:
        if number not in self.kept:
            raise RequestRejected(platform="bazaar", operation="returns", reason="not_found")
        return self.kept[number]


def _refused(reason: str) -> ActionResult:
    return ActionResult(Outcome.REJECTED, reason)
