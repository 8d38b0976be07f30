"""Order actions: what a seller does to an order that is not about its parcels."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from domain.platform.catalogue import Outcome
from domain.shops import ShopAccess


class CancelReason(StrEnum):
    """Why a seller cancels; the platform counts it against the shop, whatever the reason."""

    OUT_OF_STOCK = "out_of_stock"
    BUYER_ASKED = "buyer_asked"
    AREA_NOT_SERVED = "area_not_served"
    COD_NOT_SUPPORTED = "cod_not_supported"


@dataclass(frozen=True, slots=True)
class LineUnits:
    """Units of one line of an order."""

    listing_external_id: str
    variant_external_id: str
    units: int


@dataclass(frozen=True, slots=True)
class Cancellation:
    """An order to cancel: whole, with `lines` naming what is out of stock, or `lines` alone when `is_partial`."""

    order_external_id: str
    reason: CancelReason
    lines: tuple[LineUnits, ...] = ()
    is_partial: bool = False


@dataclass(frozen=True, slots=True)
class ActionResult:
    """What became of an action. `reason` is one of `adapters/kit/refusals.py` `OrderRefusal` when rejected."""

    outcome: Outcome
    reason: str = ""


class OrderActions(Protocol):
    """None is repeated by itself; after UNKNOWN the order is read before anything is sent again."""

    def cancel_reasons(self, shop: ShopAccess, *, is_cod: bool) -> Sequence[CancelReason]:
        """List the reasons that may be given in this shop for such an order, the usual one first."""

    async def cancel(self, shop: ShopAccess, cancellation: Cancellation) -> ActionResult:
        """Cancel an order, or some of its units; the rest of it goes on."""

    async def answer_cancellation(
        self, shop: ShopAccess, order_external_id: str, *, is_accepted: bool
    ) -> ActionResult:
        """Answer a buyer who asked to cancel; refused, the order goes on from where it was."""

    async def set_note(self, shop: ShopAccess, order_external_id: str, note: str) -> ActionResult:
        """Keep a note that only the seller sees; an empty one takes it away."""
