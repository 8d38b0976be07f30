"""What Lazada's codes mean for us, as tables. The code decides; the type beside it says little, the HTTP status is 200."""

import re
from collections.abc import Collection
from datetime import datetime
from typing import Any, NamedTuple

from adapters.kit.calls import Verdict
from adapters.kit.refusals import (
    Family,
    OrderRefusal,
    ParcelRefusal,
    PriceRefusal,
    ReturnRefusal,
    StockRefusal,
)
from adapters.lazada.wire import MAYBE, Answer
from domain.errors import (
    HostMisconfigured,
    PlatformError,
    PlatformUnavailable,
    RateLimited,
    RequestRejected,
    TokenExpired,
    TokenRevoked,
    UnexpectedResponse,
)

SHOP_RESTRICTED = "shop_restricted"
"""The code of a refusal that concerns the whole shop."""
PARTLY = "501"
"""Only an overview: the causes stand in the detail."""
_BAN = re.compile(r"last (\d{1,5}) second")
_CAUSE = re.compile(r"E?(\d{3,5})\b|([A-Z][A-Z_]{3,})")


class Rule(NamedTuple):
    error: type[PlatformError]
    code: str | None = None
    pause_s: float | None = None
    is_of_app: bool = False


_HOST, _BUSY, _STOP = Rule(HostMisconfigured), Rule(PlatformUnavailable), Rule(UnexpectedResponse)
_SHOP = Rule(RequestRejected, SHOP_RESTRICTED)


def _refused(family: Family) -> Rule:
    return Rule(RequestRejected, family)


BY_CODE: dict[str, Rule] = {
    **dict.fromkeys(("IllegalAccessToken", "AccessTokenExpired"), Rule(TokenExpired)),
    "IllegalRefreshToken": Rule(TokenRevoked),
    "AUTH_TYPE_UNSUPPORTED": Rule(TokenRevoked),
    "InvalidCode": _refused(Family.INPUT),
    **dict.fromkeys(("IncompleteSignature", "MissingParameter", "InvalidAppKey", "AppWhiteIpLimit"), _HOST),
    "ApiCallLimit": Rule(RateLimited),
    "901": Rule(RateLimited, pause_s=1.0),
    "AppCallLimit": Rule(RateLimited, pause_s=3600.0, is_of_app=True),
    **dict.fromkeys(("IopSystemFlowlimit", "ServiceCurrentlimit"), Rule(RateLimited, pause_s=30.0)),
    **dict.fromkeys(("ServiceTimeout", "6", "1000", "40011", "513", "106"), _BUSY),
    "700024": _BUSY,
    **dict.fromkeys(("5", "30", "14", "17", "19", "36", "74", "75", "37", "38", "56", "204", "4171"), _STOP),
    "4193": _STOP,
    "1000012": _STOP,
    "700022": _STOP,
    **dict.fromkeys(
        ("16", "39", "207", "208", "E0002", "E0003", "700025", "700021", "600001"), _refused(Family.MISSING)
    ),
    PARTLY: _refused(Family.OTHER),
    **dict.fromkeys(("212", "4104", "4117", "4119"), _refused(Family.INPUT)),
    "4170": _refused(Family.PROMOTION),
    "4225": _refused(Family.ELSEWHERE),
    **dict.fromkeys(("SellerNotVerified", "SellerNotActive", "Mp3SellerApiLimit"), _SHOP),
    **dict.fromkeys(("20", "34", "35", "700040", "30012", "50008"), _refused(Family.STATE)),
    **dict.fromkeys(("700026", "700031", "700000", "600002", "1003"), _refused(Family.STATE)),
    **dict.fromkeys(("700027", "700028", "700030"), _refused(Family.ELSEWHERE)),
    "700029": _refused(Family.PLACE),
}
"""Every code of the documents. One that is not here is new, and somebody must look at it."""

PRICE_REFUSALS: dict[str, PriceRefusal] = {
    "4104": PriceRefusal.PRICE_DECIMALS,
    "4117": PriceRefusal.PRICE_LOCKED,  # a special price would be dearer than the price itself
    "4119": PriceRefusal.PRICE_LOCKED,
    "4170": PriceRefusal.PRICE_LOCKED,
    **dict.fromkeys(("207", "208", "E0002", "E0003"), PriceRefusal.NOT_FOUND),
    "4225": PriceRefusal.NOT_EDITABLE,
    PARTLY: PriceRefusal.OTHER,
}
STOCK_REFUSALS: dict[str, StockRefusal] = {
    "4170": StockRefusal.STOCK_LOCKED,
    "212": StockRefusal.BELOW_RESERVED,
    **dict.fromkeys(("207", "208", "E0002", "E0003"), StockRefusal.NOT_FOUND),
    "4225": StockRefusal.WAREHOUSE,
    PARTLY: StockRefusal.OTHER,
}
PARCEL_REFUSALS: dict[str, ParcelRefusal] = {
    "700026": ParcelRefusal.NOT_READY,
    "700031": ParcelRefusal.NOT_READY,
    "1003": ParcelRefusal.NOT_READY,
    "700000": ParcelRefusal.NOT_READY,
    "700025": ParcelRefusal.NOT_FOUND,
    "700021": ParcelRefusal.NOT_FOUND,
    "600001": ParcelRefusal.NOT_FOUND,
    "16": ParcelRefusal.NOT_FOUND,
    "39": ParcelRefusal.NOT_FOUND,
    "600002": ParcelRefusal.CANCELLED,
    "700027": ParcelRefusal.CHOICE_REFUSED,
    "700028": ParcelRefusal.CHOICE_REFUSED,
    "700029": ParcelRefusal.CHOICE_REFUSED,
    "700030": ParcelRefusal.CHOICE_REFUSED,
    **dict.fromkeys(("20", "34", "35", "700040", "30012", "50008"), ParcelRefusal.NOT_PRINTABLE),
}
ORDER_REFUSALS: dict[str, OrderRefusal] = {
    "16": OrderRefusal.NOT_FOUND,
    "39": OrderRefusal.NOT_ASKED,
}
RETURN_REFUSALS: dict[str, ReturnRefusal] = {
    "39": ReturnRefusal.NOT_FOUND,
    "16": ReturnRefusal.NOT_FOUND,
    "5": ReturnRefusal.TOO_LATE,
    "37": ReturnRefusal.NOT_FOUND,
}
CAUSES = {
    "INV_NEGATIVE_SELLABLE": "212",
    "SKU_NOT_FOUND": "207",
    "ITEM_NOT_FOUND": "208",
    "SKU_NOT_EXIST": "207",
    "ITEM_NOT_EXIST": "208",
}
"""Causes in the detail that are told by a word."""


def judge(answer: Any, _status: int, _now: datetime) -> Verdict | None:
    """Classify an answer: by its code, and where it has a result by that one's own word."""
    code = str(answer.code)
    if code == "0":
        inner = getattr(answer, "result", None)
        if inner is None or inner.success in MAYBE or inner.success is None:
            return None
        code = str(inner.error_code or "") or "not_successful"
    rule = BY_CODE.get(code, _STOP)
    return Verdict(
        rule.error,
        code,
        answer.request_id or "",
        code=rule.code,
        retry_after_s=_pause(answer, rule),
        is_unprocessed=rule.error is RateLimited,
        is_of_app=rule.is_of_app,
    )


def judge_code(answer: Answer, status: int, now: datetime) -> Verdict | None:
    """As `judge`, for the trade of a code: a bad token there is a bad code."""
    verdict = judge(answer, status, now)
    if verdict is None or verdict.error not in {TokenExpired, TokenRevoked}:
        return verdict
    return Verdict(RequestRejected, verdict.reason, verdict.request_id, code=Family.INPUT)


def judge_refresh(answer: Answer, status: int, now: datetime) -> Verdict | None:
    """As `judge`, for a refresh: whatever it has against the token, the seller must consent again."""
    verdict = judge(answer, status, now)
    if verdict is None or verdict.error not in {TokenExpired, RequestRejected}:
        return verdict
    return Verdict(TokenRevoked, verdict.reason, verdict.request_id)


class JudgeBut:
    """As `judge`, but leaves these refusals to whoever reads their code."""

    def __init__(self, codes: Collection[str]) -> None:
        self._codes = codes

    def __call__(self, answer: Any, status: int, now: datetime) -> Verdict | None:
        verdict = judge(answer, status, now)
        return None if verdict is not None and verdict.reason in self._codes else verdict


def refusal_of(answer: Any) -> str:
    """Return the code that an answer was let through with, empty for one that went well."""
    code = str(answer.code)
    if code != "0":
        return code
    inner = getattr(answer, "result", None)
    return "" if inner is None or inner.success in MAYBE else str(inner.error_code or "")


def causes(answer: Answer) -> dict[str, str]:
    """Return what single SKUs were refused for, by SKU: the code where it is told, else the overview's."""
    return {str(each.sku_id): _cause(each.message or "") for each in answer.detail or () if each.sku_id}


def _cause(message: str) -> str:
    for found in _CAUSE.finditer(message):
        code = found[1] or CAUSES.get(found[2], "")
        if code:
            return code
    return PARTLY


def _pause(answer: Answer, rule: Rule) -> float | None:
    found = _BAN.search((answer.message or "").lower()) if rule.error is RateLimited else None
    return float(found[1]) if found else rule.pause_s
