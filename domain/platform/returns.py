"""Returns: which changed, what they are, and how a seller answers them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from domain.money import Money
from domain.platform.order_actions import ActionResult
from domain.platform.paging import Page, Window
from domain.returns import ReturnSnapshot, Solution
from domain.shops import ShopAccess


@dataclass(frozen=True, slots=True)
class SolutionOffer:
    """Something a seller may propose; with `least` and `most` the amount may be chosen between them."""

    solution: Solution
    least: Money | None = None
    most: Money | None = None


@dataclass(frozen=True, slots=True)
class EvidenceModule:
    """One kind of proof that a dispute asks for, in the platform's words."""

    external_id: str
    requirement: str
    is_required: bool


@dataclass(frozen=True, slots=True)
class DisputeReason:
    """A reason that may be given against a return. `text` is the platform's own, and may be empty."""

    external_id: str
    text: str
    modules: tuple[EvidenceModule, ...]


@dataclass(frozen=True, slots=True)
class Evidence:
    """Pictures for one module, at most `PlatformInfo.pictures_per_proof`, as `upload_picture` returned them."""

    module: EvidenceModule
    pictures: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Dispute:
    """What a seller says against a return. `email` is where the platform answers to; it is not kept."""

    reason_external_id: str
    text: str
    email: str
    evidence: tuple[Evidence, ...] = ()


class Returns(Protocol):
    """Answers are never repeated by themselves; after UNKNOWN the return is read before anything is sent again.

    An answer's `reason` is one of `adapters/kit/refusals.py` `ReturnRefusal` when it is rejected.
    """

    async def returns_changed(self, shop: ShopAccess, window: Window, cursor: str) -> Page:
        """List returns changed in a window no longer than `PlatformInfo.window`."""

    async def fetch_returns(self, shop: ShopAccess, ids: Sequence[str]) -> Sequence[ReturnSnapshot]:
        """Read returns, a call each; at most `PlatformInfo.returns_per_fetch`. One unknown there is left out."""

    async def solutions(self, shop: ShopAccess, return_external_id: str) -> Sequence[SolutionOffer]:
        """List what may be proposed to this buyer now; nothing once it is too late."""

    async def dispute_reasons(self, shop: ShopAccess, return_external_id: str) -> Sequence[DisputeReason]:
        """List the reasons that may be given against this return, each with the proof it asks for."""

    async def upload_picture(self, shop: ShopAccess, return_external_id: str, picture: bytes) -> str:
        """Hand a picture (JPG or PNG) over; return the address by which a dispute names it.

        Raises RequestRejected for one the platform does not take. May be repeated.
        """

    async def accept(self, shop: ShopAccess, return_external_id: str) -> ActionResult:
        """Refund what is asked for. It cannot be taken back."""

    async def accept_offer(self, shop: ShopAccess, return_external_id: str) -> ActionResult:
        """Take the buyer's last offer."""

    async def offer(
        self, shop: ShopAccess, return_external_id: str, solution: Solution, amount: Money | None
    ) -> ActionResult:
        """Propose something else to the buyer; `amount` where one may be chosen."""

    async def dispute(self, shop: ShopAccess, return_external_id: str, dispute: Dispute) -> ActionResult:
        """Object to a return; from then on the platform decides."""
