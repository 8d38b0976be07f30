"""What Shopee's error names mean for us, as tables. HTTP statuses say little: most refusals come with 200.

Names come bare, with a module in front ("product.error_param"), and with stray spaces or tabs; some
are misspelled on the wire and may be put right one day, so both spellings stand here.
"""

from datetime import UTC, datetime, timedelta, timezone
from typing import NamedTuple

from adapters.kit.calls import Verdict
from adapters.kit.names import plain, tail
from adapters.kit.refusals import Family, PriceRefusal, ReturnRefusal, StockRefusal
from adapters.shopee.error_names import FAMILIES, LATER
from adapters.shopee.parcel_errors import ALL_FAILED
from adapters.shopee.return_errors import return_refusal
from adapters.shopee.wire import Answer
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
"""The code of a refusal that concerns the whole shop: banned, frozen, not registered."""


class Rule(NamedTuple):
    """What a name means. `code` names another sentence than the class's own."""

    error: type[PlatformError]
    code: str | None = None
    blames_clock: bool = False
    is_unprocessed: bool = False


_EXPIRED, _REVOKED = Rule(TokenExpired), Rule(TokenRevoked)
_HOST, _REJECTED, _BUSY = Rule(HostMisconfigured), Rule(RequestRejected), Rule(PlatformUnavailable)
_SHOP = Rule(RequestRejected, SHOP_RESTRICTED)
_CLOCK = Rule(PlatformUnavailable, blames_clock=True)

DAILY_QUOTA = "error_limit"
NOT_FOUND = frozenset({"error_not_found", "error_item_not_found"})

BY_TEXT: tuple[tuple[str, str, Rule], ...] = (
    ("error_param", "timestamp", _CLOCK),
    ("error_param", "refresh token", _REVOKED),
    ("error_param", "request path is incorrect", _HOST),
    ("error_auth", "refresh_token", _REVOKED),
    ("error_auth", "access_token", _EXPIRED),
    ("error_auth", "partner_id or shop", _REVOKED),
    ("error_auth", "invalid partner_id", _HOST),
    ("error_auth", "no permission to current api", _HOST),
)
"""Names that cover unlike causes, told apart by a part of their message (in lower case); first match wins."""

BY_NAME: dict[str, Rule] = {
    "error_sign": _HOST,
    "invalid_partner_id": _HOST,
    "error_partner_key_expired": _HOST,
    "error_api_permission": _HOST,
    "error_api_call_restricted": _HOST,
    "source_ip_undeclared": _HOST,
    "api_suspended": _HOST,
    "invalid_acceess_token": _EXPIRED,
    "invalid_access_token": _EXPIRED,
    "error_access_token": _EXPIRED,
    "error_shop_refresh_token": _REVOKED,
    "error_merchant_refresh_token": _REVOKED,
    "refresh_token_expired": _REVOKED,
    "shop_access_expired": _REVOKED,
    "merchant_access_expired": _REVOKED,
    "supplier_access_expired": _REVOKED,
    "partner_shop_no_link": _REVOKED,
    "shop_no_linked": _REVOKED,
    "merchant_no_linked": _REVOKED,
    "supplier_no_linked": _REVOKED,
    "shop_banned": _SHOP,
    "error_kyc_auth": _SHOP,
    "error_ashop_api_permission": _SHOP,
    "error_rate_limit": Rule(RateLimited),
    DAILY_QUOTA: Rule(RateLimited),
    "order.error_limit": Rule(RequestRejected, Family.STATE),  # the order cannot be cancelled now
    "logistics.error_limit": Rule(RequestRejected, Family.LIMIT),
    "error_too_many_invoke_function": Rule(PlatformUnavailable, is_unprocessed=True),  # got no lock
    "error_user_refresh_token": _REVOKED,
    "error_not_login": _EXPIRED,
} | dict.fromkeys(
    ("invalid_code", "invalid_shop_id", "invalid_main_acount_id", "invalid_main_account_id", ALL_FAILED),
    _REJECTED,
)
BY_NAME = (
    {name: Rule(RequestRejected, family) for name, family in FAMILIES.items()}
    | dict.fromkeys(LATER.split(), _BUSY)
    | BY_NAME
)
"""What each name means; those that cover unlike causes are looked up in BY_TEXT first."""

PRICE_REFUSALS: dict[str, PriceRefusal] = {
    "error_cannt_edit_price_in_promotion": PriceRefusal.PRICE_LOCKED,
    "error_cannot_update_price_in_promotion": PriceRefusal.PRICE_LOCKED,
    "error_in_item_promotion_item_price_lock": PriceRefusal.PRICE_LOCKED,
    "error_related_product_in_promotion": PriceRefusal.PRICE_LOCKED,
    "error_slash_price_not_lowest": PriceRefusal.PRICE_LOCKED,
    "error_invalid_price": PriceRefusal.PRICE_DECIMALS,
    "error_invalid_price_for_logistic": PriceRefusal.PRICE_RANGE,
    "error_price_exceed_min_limitt": PriceRefusal.PRICE_RANGE,
    "error_price_exceed_min_limit": PriceRefusal.PRICE_RANGE,
    "error_price_exceed_max_limitt": PriceRefusal.PRICE_RANGE,
    "error_price_exceed_max_limit": PriceRefusal.PRICE_RANGE,
    "error_price_out_of_range": PriceRefusal.PRICE_RANGE,
    "error_edit_item_price_for_item_has_model": PriceRefusal.HAS_VARIANTS,
    "error_item_not_found": PriceRefusal.NOT_FOUND,
    "error_item_not_belong_shop": PriceRefusal.NOT_FOUND,
    "error_nil_shopid_or_itemid": PriceRefusal.NOT_FOUND,
    "error_param_shop_id_not_found": PriceRefusal.NOT_FOUND,
    "error_busi_price_lower_then_wholesale_price": PriceRefusal.BELOW_WHOLESALE,
    "error_wholesale_price_less_than_ratio_limit": PriceRefusal.BELOW_WHOLESALE,
    "error_price_should_be_same_for_wholesales": PriceRefusal.SAME_PRICE_NEEDED,
    "error_slash_price_models_diff": PriceRefusal.SAME_PRICE_NEEDED,
    "error_item_uneditable": PriceRefusal.NOT_EDITABLE,
    "error_busi_cannot_edit_vsku": PriceRefusal.NOT_EDITABLE,
    "error_seller_under_penalty": PriceRefusal.SHOP_RESTRICTED,
    "error_perm_non_admin": PriceRefusal.SHOP_RESTRICTED,
    "error_shop": PriceRefusal.SHOP_RESTRICTED,
    "error_update_price_fail": PriceRefusal.OTHER,
}

PRICE_TEXTS: tuple[tuple[str, PriceRefusal], ...] = (
    ("promotion", PriceRefusal.PRICE_LOCKED),
    ("correct format", PriceRefusal.PRICE_DECIMALS),
    ("decimal", PriceRefusal.PRICE_DECIMALS),
    ("invalid price", PriceRefusal.PRICE_DECIMALS),
    ("has model", PriceRefusal.HAS_VARIANTS),
    ("model_id", PriceRefusal.NOT_FOUND),
    ("not found", PriceRefusal.NOT_FOUND),
    ("same price", PriceRefusal.SAME_PRICE_NEEDED),
    ("wholesale", PriceRefusal.BELOW_WHOLESALE),
    ("ratio", PriceRefusal.RATIO_CAP),
    ("cheapest", PriceRefusal.RATIO_CAP),
    ("penalty", PriceRefusal.SHOP_RESTRICTED),
    ("limit", PriceRefusal.PRICE_RANGE),
    ("range", PriceRefusal.PRICE_RANGE),
)
"""A refused row has no name, only a text; so has `error_param`. First match wins."""

STOCK_REFUSALS: dict[str, StockRefusal] = {
    "error_cannt_edit_stock_in_promotion": StockRefusal.STOCK_LOCKED,
    "error_promotion_cantnot_update_stock": StockRefusal.STOCK_LOCKED,
    "error_model_update_stock_model_in_promotion": StockRefusal.STOCK_LOCKED,
    "error_edit_item_stock_for_item_has_model": StockRefusal.HAS_VARIANTS,
    "error_holiday_mode_change_stock": StockRefusal.HOLIDAY,
    "error_wms_shop_block_upate_stock": StockRefusal.WAREHOUSE,
    "error_wms_shop_block_update_stock": StockRefusal.WAREHOUSE,
    "error_busi_cannot_edit_vsku": StockRefusal.WAREHOUSE,
    "error_item_not_found": StockRefusal.NOT_FOUND,
    "error_item_not_belong_shop": StockRefusal.NOT_FOUND,
    "error_item_uneditable": StockRefusal.NOT_EDITABLE,
    "error_seller_under_penalty": StockRefusal.SHOP_RESTRICTED,
    "error_busi_update_stock_failed": StockRefusal.OTHER,
    "error_busi": StockRefusal.OTHER,
}

STOCK_TEXTS: tuple[tuple[str, StockRefusal], ...] = (
    ("reserved stock", StockRefusal.BELOW_RESERVED),
    ("promotion", StockRefusal.STOCK_LOCKED),
    ("location", StockRefusal.WAREHOUSE),
    ("warehouse", StockRefusal.WAREHOUSE),
    ("stock structure", StockRefusal.WAREHOUSE),
    ("has model", StockRefusal.HAS_VARIANTS),
    ("model_id", StockRefusal.NOT_FOUND),
    ("not found", StockRefusal.NOT_FOUND),
    ("holiday", StockRefusal.HOLIDAY),
    ("penalty", StockRefusal.SHOP_RESTRICTED),
)
"""The same error name covers unlike causes (`error_auth` is used for stock rules, too), so the text decides first."""

_BY_STOCK_TEXT = frozenset({"error_param", "error_auth", "error_inner", "error_busi"})

_QUOTA_ZONE = timezone(timedelta(hours=8))


def judge(answer: Answer, _status: int, now: datetime) -> Verdict | None:
    """Classify an answer by its error name; an empty one means success, whatever the HTTP status."""
    name = plain(answer.error)
    if not name:
        return None
    rule = _rule(name, (answer.message or "").lower())
    return Verdict(
        rule.error,
        name,
        answer.request_id or "",
        code=rule.code,
        retry_after_s=_until_quota_resets(now) if tail(name) == DAILY_QUOTA else None,
        is_unprocessed=rule.blames_clock or rule.is_unprocessed,
        blames_clock=rule.blames_clock,
        is_of_app=tail(name) == DAILY_QUOTA,
    )


def judge_price_update(answer: Answer, status: int, now: datetime) -> Verdict | None:
    """As `judge`, but leave a refusal of the prices themselves to whoever reads the rows."""
    return None if price_refusal(answer.error, answer.message) else judge(answer, status, now)


def price_refusal(error: str | None, message: str | None) -> PriceRefusal | None:
    """Return why Shopee turned a whole price update down, or None when that is not about the prices."""
    name = plain(error)
    if tail(name) == "error_param" and _rule(name, (message or "").lower()).error is RequestRejected:
        return row_refusal(message)
    why = PRICE_REFUSALS.get(tail(name))
    told = row_refusal(message)
    return told if why is PriceRefusal.PRICE_RANGE and told is PriceRefusal.RATIO_CAP else why


def row_refusal(text: str | None) -> PriceRefusal:
    """Return why one row of a price update was refused."""
    said = (text or "").lower()
    return next((why for part, why in PRICE_TEXTS if part in said), PriceRefusal.OTHER)


def judge_documents(answer: Answer, status: int, now: datetime) -> Verdict | None:
    """As `judge`, but leave labels that were all refused to whoever reads the rows."""
    is_told_by_row = tail(plain(answer.error)) == ALL_FAILED
    return None if is_told_by_row else judge(answer, status, now)


def judge_but_refusals(answer: Answer, status: int, now: datetime) -> Verdict | None:
    """As `judge`, but leave a refusal of what was asked to whoever reads its name and text."""
    verdict = judge(answer, status, now)
    is_theirs = verdict is None or verdict.error is not RequestRejected or verdict.code == SHOP_RESTRICTED
    return verdict if is_theirs else None


def judge_returns(answer: Answer, status: int, now: datetime) -> Verdict | None:
    """As `judge_but_refusals`; a return's refusals come under names that mean "later" elsewhere, too."""
    is_told = return_refusal(answer.error, answer.message) is not ReturnRefusal.OTHER
    return None if plain(answer.error) and is_told else judge_but_refusals(answer, status, now)


def judge_stock_update(answer: Answer, status: int, now: datetime) -> Verdict | None:
    """As `judge`, but leave a refusal of the units themselves to whoever reads the rows."""
    return None if stock_refusal(answer.error, answer.message) else judge(answer, status, now)


def stock_refusal(error: str | None, message: str | None) -> StockRefusal | None:
    """Return why Shopee turned a whole stock update down, or None when that is not about the stock."""
    last = tail(error)
    told = row_stock_refusal(message)
    if last in _BY_STOCK_TEXT and told is not StockRefusal.OTHER:
        return told
    return STOCK_REFUSALS.get(last)


def row_stock_refusal(text: str | None) -> StockRefusal:
    """Return why one row of a stock update was refused."""
    said = (text or "").lower()
    return next((why for part, why in STOCK_TEXTS if part in said), StockRefusal.OTHER)


def _rule(name: str, said: str) -> Rule:
    last = tail(name)
    for known, part, rule in BY_TEXT:
        if last == known and part in said:
            return rule
    return BY_NAME.get(name) or BY_NAME.get(last) or Rule(UnexpectedResponse)


def _until_quota_resets(now: datetime) -> float:
    here = now.astimezone(_QUOTA_ZONE)
    midnight = here.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    return (midnight.astimezone(UTC) - now).total_seconds()
