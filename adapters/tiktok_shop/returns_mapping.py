"""From TikTok Shop's words about returns to ours. Pure: no I/O, no clock."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from hashlib import sha256

import msgspec

from adapters.tiktok_shop import statuses, wire
from adapters.tiktok_shop.mapping import money
from domain.money import Money
from domain.platform import SolutionOffer
from domain.returns import ReturnLine, ReturnSnapshot, ReturnState, Solution

_WITH_GOODS = "RETURN_AND_REFUND"
_SOLUTIONS = {_WITH_GOODS: Solution.RETURN_AND_REFUND, "REFUND": Solution.REFUND}
_RECEIVED = frozenset({"RETURN_OR_REFUND_REQUEST_SUCCESS", "RETURN_OR_REFUND_REQUEST_COMPLETE"})
"""What follows once a seller has taken the parcel in."""
_WHOLE_UNITS = frozenset({"IDR", "VND", "JPY", "KRW"})
_BUYER = "BUYER"
_ASKS_FOR_GOODS = "SELLER_RESPOND_RETURN"

DECISIONS = {
    "SELLER_RESPOND_REFUND": "REFUND",
    _ASKS_FOR_GOODS: "RETURN",
    "SELLER_RESPOND_RECEIVE_PACKAGE": "RECEIVED_PACKAGE",
    "SELLER_RESPOND_REPLACEMENT": "REPLACEMENT",
}
"""What a decision must name, by what the seller is asked to do."""


def next_action(told: wire.Return) -> str:
    actions = [each.action or "" for each in told.seller_next_action_response or ()]
    return next(iter(actions), "")


def state(told: wire.Return) -> ReturnState:
    return statuses.return_state(told.return_status, told.arbitration_status or "")


def snapshot(
    told: wire.Return, records: Sequence[wire.Record], units: Mapping[str, wire.Unit], currency: str
) -> ReturnSnapshot:
    """Read a return, with a digest over all that we keep of it."""
    currency = told.refund_amount.currency or currency
    said = [each for each in records if each.role in {_BUYER, "", None}]
    deadlines = [each.deadline for each in told.seller_next_action_response or () if each.deadline]
    offered = told.partial_refund.amount if told.partial_refund else None
    made = ReturnSnapshot(
        external_id=str(told.return_id),
        order_external_id=str(told.order_id),
        state=state(told),
        raw_state=told.return_status,
        solution=_SOLUTIONS.get(told.return_type or "", Solution.UNKNOWN),
        reason=told.return_reason_text or told.return_reason or "",
        buyer_says=next((each.note for each in said if each.note), ""),
        refund=money(told.refund_amount.refund_total or Decimal(0), currency),
        created_at=_moment(told.create_time),
        updated_at=_moment(told.update_time),
        lines=_lines(told, units, currency),
        photos=_urls(image for each in said for image in each.images or ()),
        videos=_urls(video for each in said for video in each.videos or ()),
        answer_by=_moment(deadlines[0]) if deadlines else None,
        offered=None if offered is None else money(offered, currency),
        offered_solution=Solution.UNKNOWN if offered is None else Solution.REFUND,
        tracking_number=told.return_tracking_number or "",
        is_back=_is_back(told),
    )
    return replace(made, digest=sha256(msgspec.json.encode(made)).hexdigest())


def _is_back(told: wire.Return) -> bool:
    """Tell whether the seller has taken the goods in: nothing else makes such a return succeed."""
    comes_back = told.return_type == _WITH_GOODS and not told.can_buyer_keep_item
    return comes_back and told.return_status in _RECEIVED


def _lines(told: wire.Return, units: Mapping[str, wire.Unit], currency: str) -> tuple[ReturnLine, ...]:
    """Fold the units that come back into lines; which product each is of stands in its order."""
    folded: dict[tuple[str, str], ReturnLine] = {}
    for unit in told.return_line_items or ():
        sold = units.get(str(unit.order_line_item_id))
        key = (str(sold.product_id) if sold else "", str(unit.sku_id))
        if key in folded:
            folded[key] = replace(folded[key], quantity=folded[key].quantity + 1)
            continue
        refunded = (unit.refund_amount.refund_subtotal if unit.refund_amount else None) or Decimal(0)
        folded[key] = ReturnLine(
            listing_external_id=key[0],
            variant_external_id=key[1],
            title=unit.product_name or "",
            sku=unit.seller_sku or "",
            quantity=1,
            unit_price=money(sold.sale_price if sold else refunded, currency),
            image_url=(sold.sku_image if sold else "") or "",
        )
    return tuple(folded.values())


def solutions(told: wire.Return, currency: str) -> list[SolutionOffer]:
    """Read what may be offered: the goods back for all of the money, or a part of it without them."""
    action = next_action(told)
    if state(told) is not ReturnState.ASKED or action not in {_ASKS_FOR_GOODS, "SELLER_RESPOND_REFUND"}:
        return []
    currency = told.refund_amount.currency or currency
    least = Money(Decimal(1) if currency in _WHOLE_UNITS else Decimal("0.01"), currency)
    most = money(told.refund_amount.refund_total or Decimal(0), currency)
    part = SolutionOffer(Solution.REFUND, least, most)
    return [SolutionOffer(Solution.RETURN_AND_REFUND), part] if action == _ASKS_FOR_GOODS else [part]


def _urls(images: Iterable[wire.Image]) -> tuple[str, ...]:
    return tuple(each.url for each in images if each.url)


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
