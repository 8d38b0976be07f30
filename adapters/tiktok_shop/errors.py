"""What TikTok Shop's numbers mean for us, as tables. The number decides, then the text, and the HTTP status last.

One number, 36009004, has many meanings; only its text tells them apart.
"""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from adapters.kit.calls import Verdict
from adapters.kit.refusals import (
    Family,
    OrderRefusal,
    ParcelRefusal,
    PriceRefusal,
    ReturnRefusal,
    StockRefusal,
)
from adapters.tiktok_shop.wire import Answer
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

MANY_MEANINGS = 36009004


class Rule(NamedTuple):
    error: type[PlatformError]
    code: str | None = None
    blames_clock: bool = False


_HOST, _BUSY, _EXPIRED = Rule(HostMisconfigured), Rule(PlatformUnavailable), Rule(TokenExpired)
_REJECTED, _SHOP = Rule(RequestRejected), Rule(RequestRejected, SHOP_RESTRICTED)

BY_TEXT: tuple[tuple[str, Rule], ...] = (
    ("invalid timestamp", Rule(PlatformUnavailable, blames_clock=True)),
    # A token that another process has just refreshed away looks the same: a refresh tells which it is.
    ("'x-tts-access-token' header is invalid", _EXPIRED),
    ("'app_key'", _HOST),
    ("required signature", _HOST),
    ("unexpected identifier", Rule(UnexpectedResponse)),
)
"""Parts of what 36009004 says, in lower case; whatever else it says is about a value we sent."""

RETRY = (
    *(36009003, 36009007, 10002014, 10002015, 10037001, 10037002, 11001031, 21001003, 21001008, 21001011),
    *(21022029, 21042001, 21042076, 25001028),
)

BY_CODE: dict[int, Rule] = (
    dict.fromkeys(RETRY, _BUSY)
    | dict.fromkeys((36009009, 36009010, 36009014, 36009033, 105005, 106001), _HOST)
    | dict.fromkeys((105001, 105002), _EXPIRED)
    | {
        36009002: Rule(RateLimited),
        36004003: Rule(RateLimited),  # no source says what it means; one client takes it for this
        101000: Rule(TokenRevoked),
        106013: Rule(UnexpectedResponse),
        12052700: _SHOP,
        10006402: _SHOP,
        12052332: _SHOP,
    }
)

_FAMILIES: dict[Family, tuple[int, ...]] = {
    Family.PROMOTION: (12052038, 12019045, 12052393),
    Family.LIMIT: (
        *(12052073, 12052570, 12052055, 12019109, 12019120, 12052180, 12052093, 36009021, 12038005, 45101004),
    ),
    Family.CATEGORY: (12052217, 12052024),
    Family.PROOF: (12038004, 12052028),
    Family.ELSEWHERE: (12052141, 12052921, 21008025, 21008017, 21008106, 25011010),
    Family.DUPLICATE: (11006021, 21008099, 21011020, 21011040, 25001011, 25020010, 25020011),
    Family.MISSING: (12052032, 12052260, 12052048, 12052557, 12052556, 21008111, 25007006),
    Family.PLACE: (
        12019028,
        12052533,
        12052097,
        12052530,
        12052531,
        21008117,
        11021009,
        11021025,
        21014009,
        21021010,
    ),
    Family.STATE: (
        *(12052901, 21011044, 21011041, 21008044, 21011007, 10007014, 21023035, 11034037, 11034023, 21042102),
        *(21011050, 21011051, 21011053, 21011054, 25001003, 25001021, 25001044, 25001045, 25011011, 25011012),
        *(25020009, 45109001),
    ),
    Family.RIGHTS: (25020005, 45101001, 45111017),
    Family.INPUT: (
        *(36009022, 36009023, 12052012, 12052084, 12052424, 12052902, 12052910, 12052990, 21001001, 25001001),
        *(25001014, 25001015, 25001016, 25001017, 25001018, 25001019, 25001020, 25005010, 45101006),
        *(11028006, 21011022, 21011025, 21034012, 21004012, 21004015, 21004006, 21004019, 21004020),
        *(12052030, 12052031, 12052403, 12052486, 12052571),
        *(36004004, 36004005, 98001004, 98001005, 98001006, 28001022, 28001007),
    ),
}
FAMILY_OF = {code: family for family, codes in _FAMILIES.items() for code in codes}

PRICE_REFUSALS: dict[int, PriceRefusal] = {
    12052038: PriceRefusal.PRICE_LOCKED,
    12019045: PriceRefusal.PRICE_LOCKED,
    12052012: PriceRefusal.PRICE_DECIMALS,
    12052084: PriceRefusal.PRICE_DECIMALS,
    12052073: PriceRefusal.PRICE_RANGE,
    12052570: PriceRefusal.PRICE_RANGE,
    12052557: PriceRefusal.NOT_FOUND,
    12052556: PriceRefusal.NOT_FOUND,
    12052032: PriceRefusal.NOT_FOUND,
    12052260: PriceRefusal.NOT_FOUND,
    12052048: PriceRefusal.NOT_FOUND,
    12052901: PriceRefusal.NOT_EDITABLE,
    12052141: PriceRefusal.NOT_EDITABLE,
    12052424: PriceRefusal.OTHER,
    12052902: PriceRefusal.OTHER,
    12052910: PriceRefusal.OTHER,
}
STOCK_REFUSALS: dict[int, StockRefusal] = {
    12052393: StockRefusal.STOCK_LOCKED,
    12052557: StockRefusal.NOT_FOUND,
    12052556: StockRefusal.NOT_FOUND,
    12052032: StockRefusal.NOT_FOUND,
    12052260: StockRefusal.NOT_FOUND,
    12052048: StockRefusal.NOT_FOUND,
    12052901: StockRefusal.NOT_EDITABLE,
    12052141: StockRefusal.NOT_EDITABLE,
    12052921: StockRefusal.WAREHOUSE,
    12019028: StockRefusal.WAREHOUSE,
    12052533: StockRefusal.WAREHOUSE,
    12052097: StockRefusal.WAREHOUSE,
    12052530: StockRefusal.WAREHOUSE,
    12052531: StockRefusal.WAREHOUSE,
    12052055: StockRefusal.OTHER,
    12052902: StockRefusal.OTHER,
    12052990: StockRefusal.WAREHOUSE,
}
ARRANGED_ALREADY = frozenset({11006021, 21008099, 21011020, 21011040})
"""Said of a package that is shipped: what was wanted is so."""

LABEL_LATER = frozenset({11034037, 11034023})

PARCEL_REFUSALS: dict[int, ParcelRefusal] = {
    21011044: ParcelRefusal.NOT_READY,
    10007014: ParcelRefusal.NOT_READY,
    21011041: ParcelRefusal.CANCELLED,
    21008044: ParcelRefusal.CANCELLED,
    21011007: ParcelRefusal.CANCELLED,
    21008025: ParcelRefusal.OTHER,
    21011053: ParcelRefusal.SLOT_GONE,
    21011054: ParcelRefusal.SLOT_GONE,
    11028006: ParcelRefusal.NUMBER_REFUSED,
    21011022: ParcelRefusal.NUMBER_REFUSED,
    21011025: ParcelRefusal.NUMBER_REFUSED,
    21034012: ParcelRefusal.NUMBER_REFUSED,
    21004012: ParcelRefusal.NUMBER_REFUSED,
    21004015: ParcelRefusal.NUMBER_REFUSED,
    21004006: ParcelRefusal.INVOICE_MISSING,
    21004019: ParcelRefusal.INVOICE_MISSING,
    21004020: ParcelRefusal.INVOICE_MISSING,
    11021009: ParcelRefusal.CHOICE_REFUSED,
    21014009: ParcelRefusal.TOO_LARGE,
    21021010: ParcelRefusal.CHOICE_REFUSED,
    11021025: ParcelRefusal.CHOICE_REFUSED,
    21008106: ParcelRefusal.CHOICE_REFUSED,
    21008111: ParcelRefusal.NOT_FOUND,
    21023035: ParcelRefusal.NOT_PRINTABLE,
    21008017: ParcelRefusal.NOT_PRINTABLE,
    21042102: ParcelRefusal.NOT_PRINTABLE,
    21001001: ParcelRefusal.OTHER,
    MANY_MEANINGS: ParcelRefusal.OTHER,
}
ORDER_REFUSALS: dict[int, OrderRefusal] = {
    25001011: OrderRefusal.TOO_LATE,
    25001045: OrderRefusal.TOO_LATE,
    25001003: OrderRefusal.TOO_LATE,
    25020009: OrderRefusal.NOT_ASKED,
    25020010: OrderRefusal.NOT_ASKED,
    25011011: OrderRefusal.NOT_ASKED,
    25011012: OrderRefusal.NOT_ASKED,
    25001021: OrderRefusal.REASON_REFUSED,
    25001014: OrderRefusal.REASON_REFUSED,
    25001016: OrderRefusal.REASON_REFUSED,
    25005010: OrderRefusal.UNITS_REFUSED,
    25007006: OrderRefusal.NOT_FOUND,
    21008111: OrderRefusal.NOT_FOUND,
    25001001: OrderRefusal.OTHER,
    25020005: OrderRefusal.OTHER,
    MANY_MEANINGS: OrderRefusal.OTHER,
}
RETURN_REFUSALS: dict[int, ReturnRefusal] = {
    25001044: ReturnRefusal.TOO_LATE,
    25001003: ReturnRefusal.TOO_LATE,
    25020011: ReturnRefusal.TOO_LATE,
    25020009: ReturnRefusal.TOO_LATE,
    25020010: ReturnRefusal.TOO_LATE,
    25011011: ReturnRefusal.TOO_LATE,
    25011012: ReturnRefusal.TOO_LATE,
    25011010: ReturnRefusal.BEING_JUDGED,
    25001014: ReturnRefusal.REASON_REFUSED,
    25001016: ReturnRefusal.REASON_REFUSED,
    25007006: ReturnRefusal.NOT_FOUND,
    25001001: ReturnRefusal.OTHER,
    25020005: ReturnRefusal.OTHER,
    MANY_MEANINGS: ReturnRefusal.OTHER,
}
OF_ONE_ROW = frozenset(
    {
        *(12052038, 12019045, 12052012, 12052084, 12052073, 12052570, 12052557, 12052556),
        *(12052393, 12052055, 12019028, 12052533, 12052097),
    }
)
"""One such row makes the platform refuse all that came with it, without saying which it was."""


def judge(answer: Answer, _status: int, _now: datetime) -> Verdict | None:
    """Classify an answer by its number; 0 means success, whatever stands under it."""
    if answer.code == 0:
        return None
    rule = _rule(answer.code, (answer.message or "").lower())
    return Verdict(
        rule.error,
        str(answer.code),
        answer.request_id or "",
        code=rule.code,
        is_unprocessed=rule.blames_clock,
        blames_clock=rule.blames_clock,
    )


def judge_refresh(answer: Answer, status: int, now: datetime) -> Verdict | None:
    """As `judge`, for the host of tokens: whatever it has against a refresh token, the seller must consent again."""
    verdict = judge(answer, status, now)
    if verdict is None or verdict.error not in {TokenExpired, RequestRejected}:
        return verdict
    is_of_app = answer.code == MANY_MEANINGS
    return verdict if is_of_app else Verdict(TokenRevoked, verdict.reason, verdict.request_id)


class JudgeBut:
    """As `judge`, but leaves these refusals to whoever reads their number."""

    def __init__(self, codes: Collection[int]) -> None:
        self._codes = codes

    def __call__(self, answer: Answer, status: int, now: datetime) -> Verdict | None:
        verdict = judge(answer, status, now)
        if verdict is None or verdict.error is not RequestRejected or verdict.code == SHOP_RESTRICTED:
            return verdict
        return None if answer.code in self._codes else verdict


def _rule(code: int, said: str) -> Rule:
    if code == MANY_MEANINGS:
        return next((rule for part, rule in BY_TEXT if part in said), Rule(RequestRejected, Family.INPUT))
    if code in BY_CODE:
        return BY_CODE[code]
    family = FAMILY_OF.get(code)
    return Rule(RequestRejected, family) if family else Rule(UnexpectedResponse)
