"""What Shopee's error names and texts about returns mean, as tables. Names stand without their module."""

from adapters.kit.names import plain, tail
from adapters.kit.refusals import ReturnRefusal as Why

BY_NAME: dict[str, Why] = {
    "error_return_status": Why.TOO_LATE,
    "return.status.illegal": Why.TOO_LATE,
    "error_negotiation_status": Why.TOO_LATE,
    "error_return_request_type": Why.TOO_LATE,
    "rraoc_refund_not_allowed": Why.TOO_LATE,
    "error_expire": Why.TOO_LATE,
    "dispute.rr.not.allow": Why.TOO_LATE,
    "proof.overdue": Why.TOO_LATE,
    "error_validation": Why.DECIDED_ELSEWHERE,
    "error_no_buyer_offer": Why.NO_OFFER,
    "error_ongoing_dispute": Why.ALREADY_DISPUTED,
    "error_exist": Why.ALREADY_DISPUTED,
    "dispute.request.param.error": Why.PROOF_MISSING,
    "no.proof": Why.PROOF_MISSING,
    "number.error": Why.PROOF_MISSING,
    "returnsn.illegal": Why.NOT_FOUND,
    "error_not_exists": Why.NOT_FOUND,
    "error_not_found": Why.NOT_FOUND,
    "error_perm": Why.SHOP_RESTRICTED,
    "error_permission": Why.SHOP_RESTRICTED,
    "error_shop": Why.SHOP_RESTRICTED,
    "error_banned": Why.SHOP_RESTRICTED,
    "error_disabled": Why.SHOP_RESTRICTED,
    "error_locked": Why.SHOP_RESTRICTED,
}

TEXTS: tuple[tuple[str, Why], ...] = (
    ("invalid return status", Why.TOO_LATE),
    ("reviewing the case", Why.BEING_JUDGED),
    ("doesn't exist", Why.NOT_FOUND),
    ("reason is invalid", Why.REASON_REFUSED),
    ("refund_amount", Why.AMOUNT_REFUSED),
    ("refund amount", Why.AMOUNT_REFUSED),
)
"""Texts decide first: `error_data` and `error_param` cover unlike causes. First match wins."""


def return_refusal(name: str | None, text: str | None) -> Why:
    """Return why an answer to a return was refused, by its text or, where that says nothing, the error's name."""
    said = (text or "").lower()
    told = next((each for part, each in TEXTS if part in said), None)
    return told or BY_NAME.get(plain(name)) or BY_NAME.get(tail(name)) or Why.OTHER
