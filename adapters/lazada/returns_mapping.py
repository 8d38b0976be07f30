"""From Lazada's words about reverse orders to ours, out of cents. Pure: no I/O, no clock."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from hashlib import sha256

import msgspec

from adapters.lazada import statuses, wire
from adapters.lazada.mapping import is_yes, money
from domain.money import Money
from domain.returns import ReturnLine, ReturnSnapshot, ReturnState, Solution

RETURN, REFUND_ONLY = "RETURN", "ONLY_REFUND"
KINDS = (RETURN, REFUND_ONLY)
_SOLUTIONS = {RETURN: Solution.RETURN_AND_REFUND, REFUND_ONLY: Solution.REFUND}
_NOT_IN_CENTS = frozenset({"VND"})
_RECEIVED = "RTM_RECEIVE_ITEM"
_CENT = Decimal("0.01")
_SECONDS_END = 10**11
"""Moments stand in seconds here and in milliseconds there."""


def amount_of(told: Decimal | None, currency: str) -> Money:
    amount = told or Decimal(0)
    return money(amount if currency in _NOT_IN_CENTS else amount * _CENT, currency)


def state(told: wire.ReverseOrder) -> ReturnState:
    """Return where a return stands: with what its first line says, since all are answered together."""
    is_judged = any(is_yes(each.is_dispute) for each in told.reverse_order_lines)
    words = [each.reverse_status for each in told.reverse_order_lines]
    return statuses.return_state(words[0], is_judged=is_judged)


def is_elsewhere(told: wire.ReverseOrder) -> bool:
    return told.request_type == RETURN and not is_yes(told.is_rtm)


def snapshot(told: wire.ReverseOrder, currency: str) -> ReturnSnapshot:
    """Read a return, with a digest over all that we keep of it."""
    lines = told.reverse_order_lines
    due = [_moment(each.sla) for each in lines if each.sla]
    refund = sum((amount_of(each.refund_amount, currency) for each in lines), Money(Decimal(0), currency))
    made = ReturnSnapshot(
        external_id=str(told.reverse_order_id),
        order_external_id=str(told.trade_order_id),
        state=state(told),
        raw_state=lines[0].reverse_status,
        solution=_SOLUTIONS.get(told.request_type, Solution.UNKNOWN),
        reason=next((each.reason_text for each in lines if each.reason_text), ""),
        buyer_says="",
        refund=refund,
        created_at=min(_moment(each.created) for each in lines),
        updated_at=max(_moment(each.modified) for each in lines),
        lines=_lines(lines, currency),
        answer_by=min(due, default=None),
        is_decided_elsewhere=is_elsewhere(told),
        tracking_number=next((each.tracking_number for each in lines if each.tracking_number), ""),
        is_back=all(each.reverse_status == _RECEIVED for each in lines),
    )
    return replace(made, digest=sha256(msgspec.json.encode(made)).hexdigest())


def _lines(units: Iterable[wire.ReverseLine], currency: str) -> tuple[ReturnLine, ...]:
    """Fold the units that come back into lines."""
    folded: dict[tuple[str, str], ReturnLine] = {}
    for unit in units:
        product = unit.product.product_id if unit.product else ""
        key = (str(product or ""), str(unit.platform_sku_id or ""))
        if key in folded:
            folded[key] = replace(folded[key], quantity=folded[key].quantity + 1)
            continue
        folded[key] = ReturnLine(
            listing_external_id=key[0],
            variant_external_id=key[1],
            title="",
            sku=unit.seller_sku_id or "",
            quantity=1,
            unit_price=amount_of(unit.item_unit_price or unit.refund_amount, currency),
        )
    return tuple(folded.values())


def _moment(told: int | None) -> datetime:
    if not told:
        raise ValueError("a moment that is none")
    return datetime.fromtimestamp(told if told < _SECONDS_END else told / 1000, UTC)
