"""Orders of the platform in memory: how one changes, and what a seller does to it."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from hashlib import sha256
from typing import TYPE_CHECKING

from domain.errors import FateUnknown
from domain.orders import OrderLine, OrderSnapshot, OrderStatus, ParcelLine, ParcelState
from domain.platform import ActionResult, Cancellation, CancelReason, Outcome
from domain.shops import ShopAccess

if TYPE_CHECKING:
    from tests.fakes.platform import FakePlatform, FakeShop

OK = ActionResult(Outcome.OK)


class FakeOrderActions:
    """The `OrderActions` role of a `FakePlatform`; `done` keeps what was done, once for each time."""

    def __init__(self, bazaar: "FakePlatform") -> None:
        self._bazaar = bazaar
        self._before: dict[str, OrderStatus] = {}
        self.done: list[tuple[str, str]] = []

    def ask_to_cancel(self, known: "FakeShop", number: str) -> None:
        """The buyer asks to cancel; the seller may answer."""
        self._before[number] = known.orders[number].status
        self._move(known, number, OrderStatus.CANCEL_ASKED)

    def cancel_reasons(self, shop: ShopAccess, *, is_cod: bool) -> Sequence[CancelReason]:
        usual = [CancelReason.OUT_OF_STOCK, CancelReason.BUYER_ASKED]
        return [*usual, CancelReason.COD_NOT_SUPPORTED] if is_cod else usual

    async def cancel(self, shop: ShopAccess, cancellation: Cancellation) -> ActionResult:
        return await self._act("cancel", shop, lambda known: self._cancel(known, shop, cancellation))

    async def answer_cancellation(
        self, shop: ShopAccess, order_external_id: str, *, is_accepted: bool
    ) -> ActionResult:
        def act(known: "FakeShop") -> ActionResult:
            order = known.orders.get(order_external_id)
            if order is None:
                return _refused("not_found")
            if order.status is not OrderStatus.CANCEL_ASKED:
                return _refused("not_asked")
            back = self._before.get(order_external_id, OrderStatus.TO_SHIP)
            self._move(known, order_external_id, OrderStatus.CANCELLED if is_accepted else back, by="buyer")
            self.done.append(("answer", order_external_id))
            return OK

        return await self._act("answer_cancellation", shop, act)

    async def set_note(self, shop: ShopAccess, order_external_id: str, note: str) -> ActionResult:
        def act(known: "FakeShop") -> ActionResult:
            order = known.orders.get(order_external_id)
            if order is None:
                return _refused("not_found")
            known.place(changed(replace(order, seller_note=note, updated_at=self._bazaar.now())))
            self.done.append(("note", order_external_id))
            return OK

        return await self._act("set_note", shop, act)

    async def _act(
        self, operation: str, shop: ShopAccess, act: Callable[["FakeShop"], ActionResult]
    ) -> ActionResult:
        try:
            return await self._bazaar.called(operation, lambda: act(self._bazaar.opened(shop)))
        except FateUnknown:
            return ActionResult(Outcome.UNKNOWN)

    def _cancel(self, known: "FakeShop", shop: ShopAccess, asked: Cancellation) -> ActionResult:
        order = known.orders.get(asked.order_external_id)
        if order is None:
            return _refused("not_found")
        if asked.reason not in self.cancel_reasons(shop, is_cod=order.is_cod):
            return _refused("reason_refused")
        if order.status not in {OrderStatus.TO_SHIP, OrderStatus.UNPAID}:
            return _refused("too_late")
        if asked.is_partial:
            return self._cancel_units(known, order, asked)
        self._move(known, order.external_id, OrderStatus.CANCELLED, by="seller", why=asked.reason)
        self.done.append(("cancel", order.external_id))
        return OK

    def _cancel_units(self, known: "FakeShop", order: OrderSnapshot, asked: Cancellation) -> ActionResult:
        off = {(each.listing_external_id, each.variant_external_id): each.units for each in asked.lines}
        cut = [
            (line, off.get((line.listing_external_id, line.variant_external_id), 0)) for line in order.lines
        ]
        left = [
            replace(line, quantity=line.quantity - units, cancelled=line.cancelled + units)
            for line, units in cut
            if units < line.quantity
        ]
        if not left or any(units > line.quantity for line, units in cut):
            return _refused("units_refused")
        parcels = tuple(replace(each, lines=_travelling(left)) for each in order.parcels[:1])
        now = self._bazaar.now()
        known.place(changed(replace(order, lines=tuple(left), parcels=parcels, updated_at=now)))
        self.done.append(("cancel", order.external_id))
        return OK

    def _move(
        self, known: "FakeShop", number: str, status: OrderStatus, *, by: str = "", why: str = ""
    ) -> None:
        order = known.orders[number]
        parcels = order.parcels
        if status is OrderStatus.CANCELLED:
            parcels = tuple(replace(each, state=ParcelState.CANCELLED) for each in parcels)
        ended_by = by if status is OrderStatus.CANCELLED else ""
        known.place(
            changed(
                replace(
                    order,
                    status=status,
                    raw_status=status.upper(),
                    parcels=parcels,
                    cancelled_by=ended_by,
                    cancel_reason=why,
                    updated_at=self._bazaar.now(),
                )
            )
        )


def _travelling(lines: Sequence[OrderLine]) -> tuple[ParcelLine, ...]:
    return tuple(
        ParcelLine(each.listing_external_id, each.variant_external_id, each.quantity) for each in lines
    )


def changed(order: OrderSnapshot) -> OrderSnapshot:
    """Return an order with the digest of all that is said of it now."""
    shown = replace(order, digest="")
    return replace(shown, digest=sha256(repr(shown).encode()).hexdigest())


def _refused(reason: str) -> ActionResult:
    return ActionResult(Outcome.REJECTED, reason)
