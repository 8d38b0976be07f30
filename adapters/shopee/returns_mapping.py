"""From Shopee's words about returns to ours. Pure."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from hashlib import sha256

import msgspec

from adapters.shopee import returns_wire as wire
from adapters.shopee.mapping import NO_VARIANTS, exact
from domain.money import Money
from domain.platform import DisputeReason, EvidenceModule, SolutionOffer
from domain.returns import ReturnLine, ReturnReason, ReturnSnapshot, ReturnState, Solution

_STATES = {
    "REQUESTED": ReturnState.ASKED,
    "ACCEPTED": ReturnState.ACCEPTED,
    "PROCESSING": ReturnState.COMING_BACK,
    "JUDGING": ReturnState.JUDGING,
    "SELLER_DISPUTE": ReturnState.DISPUTED,
    "CLOSED": ReturnState.CLOSED,
    "CANCELLED": ReturnState.CANCELLED,
}
_SOLUTIONS = {
    0: Solution.RETURN_AND_REFUND,
    1: Solution.REFUND,
    "RETURN_REFUND": Solution.RETURN_AND_REFUND,
    "REFUND": Solution.REFUND,
}
WORDS = {Solution.RETURN_AND_REFUND: "RETURN_REFUND", Solution.REFUND: "REFUND"}

_REASONS = {
    "NOT_RECEIPT": ReturnReason.NOT_RECEIVED,
    "NONRECEIPT": ReturnReason.NOT_RECEIVED,
    "WRONG_ITEM": ReturnReason.WRONG_ITEM,
    "SELLER_SENT_WRONG_ITEM": ReturnReason.WRONG_ITEM,
    "ITEM_DAMAGED": ReturnReason.DAMAGED,
    "ITEM_WRONGDAMAGED": ReturnReason.DAMAGED,
    "PHYSICAL_DMG": ReturnReason.DAMAGED,
    "SPILLED_CONTENTS": ReturnReason.DAMAGED,
    "BROKEN_PRODUCTS": ReturnReason.DAMAGED,
    "DAMAGED_PACKAGE": ReturnReason.DAMAGED,
    "SCRATCHED": ReturnReason.DAMAGED,
    "DAMAGED_OTHERS": ReturnReason.DAMAGED,
    "FUNCTIONAL_DMG": ReturnReason.FAULTY,
    "DIFF_DESC": ReturnReason.NOT_AS_DESCRIBED,
    "DIFFERENT_DESCRIPTION": ReturnReason.NOT_AS_DESCRIBED,
    "EXPECTATION_FAILED": ReturnReason.NOT_AS_DESCRIBED,
    "LOOK_DEVIATION": ReturnReason.NOT_AS_DESCRIBED,
    "ITEM_NOT_FIT": ReturnReason.DOES_NOT_FIT,
    "SIZE_DEVIATION": ReturnReason.DOES_NOT_FIT,
    "ITEM_MISSING": ReturnReason.MISSING,
    "ITEM_FAKE": ReturnReason.FAKE,
    "EXPIRED_PRODUCT": ReturnReason.EXPIRED,
    "DATE_DEVIATION": ReturnReason.EXPIRED,
    "CHANGE_MIND": ReturnReason.CHANGED_MIND,
    "CHANGE_OF_MIND": ReturnReason.CHANGED_MIND,
}
"""The reasons of two pages of the reference; the set is open."""

_WAITS_FOR_US = "PENDING_RESPOND"
_IN_A_WAREHOUSE = "warehouse_validation"
_DELIVERED = "LOGISTICS_DELIVERY_DONE"


def snapshot(told: wire.Return, currency: str) -> ReturnSnapshot:
    """Read a return, with a digest over all that we keep of it."""
    currency = told.currency or currency
    talk = told.negotiation or wire.Negotiation()
    proof = told.seller_proof or wire.SellerProof()
    buyer = (told.user.username if told.user else "") or ""
    made = ReturnSnapshot(
        external_id=told.return_sn,
        order_external_id=told.order_sn,
        state=_STATES.get(told.status, ReturnState.UNKNOWN),
        raw_state=told.status,
        solution=_SOLUTIONS.get(told.return_solution or 0, Solution.UNKNOWN),
        reason=told.reason or "",
        buyer_says=told.text_reason or "",
        refund=_money(told.refund_amount, currency),
        created_at=_moment(told.create_time),
        updated_at=_moment(told.update_time),
        lines=tuple(_line(each, currency) for each in told.item or ()),
        photos=tuple(told.image or ()),
        videos=tuple(each.video_url for each in told.buyer_videos or () if each.video_url),
        buyer_name=buyer,
        answer_by=_maybe(told.due_date),
        proof_by=_maybe(proof.seller_evidence_deadline),
        proof_state=proof.seller_proof_status or "",
        offered=None if talk.latest_offer_amount is None else _money(talk.latest_offer_amount, currency),
        offered_solution=_SOLUTIONS.get(talk.latest_solution or "", Solution.UNKNOWN),
        is_buyers_offer=talk.negotiation_status == _WAITS_FOR_US
        and talk.latest_offer_creator in {None, "", buyer},
        is_decided_elsewhere=told.validation_type == _IN_A_WAREHOUSE,
        tracking_number=told.tracking_number or "",
        raw_goods_state=told.reverse_logistics_status or "",
        is_back=told.reverse_logistics_status == _DELIVERED and told.validation_type != _IN_A_WAREHOUSE,
        why=_REASONS.get(told.reason or "", ReturnReason.OTHER),
    )
    return replace(made, digest=sha256(msgspec.json.encode(made)).hexdigest())


def _line(item: wire.ReturnItem, currency: str) -> ReturnLine:
    return ReturnLine(
        listing_external_id=str(item.item_id),
        variant_external_id=str(item.model_id or NO_VARIANTS),
        title=item.name or "",
        sku=item.variation_sku or item.item_sku or "",
        quantity=item.amount,
        unit_price=_money(item.item_price, currency),
        image_url=next(iter(item.images or ()), ""),
    )


def solutions(told: wire.Solutions, currency: str) -> list[SolutionOffer]:
    """Read what may be offered, with bounds where the amount may be chosen."""
    asked = ((Solution.RETURN_AND_REFUND, told.offer_return_refund), (Solution.REFUND, told.offer_refund))
    return [
        SolutionOffer(
            solution,
            _bound(each, each.min_refund_amount, currency),
            _bound(each, each.max_refund_amount, currency),
        )
        for solution, each in asked
        if each is not None and each.eligibility
    ]


def _bound(of: wire.SolutionBounds, amount: Decimal | None, currency: str) -> Money | None:
    return _money(amount, currency) if of.refund_amount_adjustable and amount is not None else None


def objections(told: wire.Objections) -> list[DisputeReason]:
    return [
        DisputeReason(
            str(each.dispute_reason),
            each.dispute_requirement or "",
            tuple(
                EvidenceModule(str(module.module_index), module.requirement or "", bool(module.is_required))
                for module in each.evidence_module_list or ()
            ),
        )
        for each in told.dispute_reason_list or ()
    ]


def _money(amount: Decimal, currency: str) -> Money:
    return Money(exact(amount), currency)


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _maybe(seconds: int | None) -> datetime | None:
    return _moment(seconds) if seconds else None
