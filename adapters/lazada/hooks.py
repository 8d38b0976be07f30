"""Lazada's pushes: verified over the raw body, then read as hints. They come at least once, by unit, in no order."""

import hmac
from collections.abc import Callable, Mapping, Sequence
from hashlib import sha256

import msgspec

from adapters.kit.client import decode
from adapters.lazada.auth import push_signature
from adapters.lazada.wire import Push, PushData
from domain.errors import InputError, NotAllowed, UnsupportedByPlatform
from domain.platform import Hint, HintKind, LostPushes, PushHealth
from domain.shops import PlatformApp

_NOBODY = "null"
_OF_CANCELLING = "CANCEL"

Names = Callable[[PushData], list[object]]


class LazadaHooks:
    """The `Hooks` role. What was not delivered after six hours is gone: it is found by polling."""

    def verify_and_parse(self, app: PlatformApp, headers: Mapping[str, str], body: bytes) -> Sequence[Hint]:
        carried = {name.lower(): value for name, value in headers.items()}.get("authorization", "")
        keys = [key for key in (app.secret, *app.push_keys) if key.strip()]
        fits = [_is_signed(carried, app.key, key, body) for key in keys]
        if not any(fits):
            raise NotAllowed("bad_signature")
        try:
            return [_hint(decode(body, Push))]
        except (ValueError, RecursionError):
            raise InputError("bad_body") from None

    async def lost(self, app: PlatformApp) -> LostPushes:
        raise UnsupportedByPlatform(platform=app.platform, operation="lost")

    async def confirm_lost(self, app: PlatformApp, mark: str) -> None:  # noqa: ARG002 - no such call
        raise UnsupportedByPlatform(platform=app.platform, operation="confirm_lost")

    async def push_health(self, app: PlatformApp) -> PushHealth:
        raise UnsupportedByPlatform(platform=app.platform, operation="push_health")


def _is_signed(carried: str, app_key: str, secret: str, body: bytes) -> bool:
    expected = push_signature(app_key, secret, body)
    return hmac.compare_digest(carried.encode("utf-8", "surrogateescape"), expected.encode())


def _hint(push: Push) -> Hint:
    kind, names = _KINDS.get(push.message_type, (HintKind.UNKNOWN, _nothing))
    try:
        told = decode(push.data, PushData)
    except msgspec.ValidationError:
        told = PushData()
    if push.message_type == _REVERSE and (told.reverse_status or "").startswith(_OF_CANCELLING):
        kind, names = HintKind.ORDER, _order
    shop = _shop(push, told)
    ids = tuple(dict.fromkeys(str(each) for each in names(told) if each is not None)) if shop else ()
    is_told = kind is HintKind.NEWS or (bool(shop) and (bool(ids) or names is _nothing))
    if kind is HintKind.UNKNOWN or not is_told:
        # A known kind in a new shape is kept like an unknown kind.
        kind, ids = HintKind.UNKNOWN, ()
    return Hint(kind, shop, ids, _key(push, told, shop), str(push.message_type))


def _shop(push: Push, told: PushData) -> str:
    """Return whom it is about; a warning of a consent's end names him inside, and outside the word "null"."""
    outer = "" if push.seller_id is None else str(push.seller_id)
    return outer if outer not in {"", _NOBODY} else str(told.seller_id or "")


def _key(push: Push, told: PushData, shop: str) -> str:
    """Return the same key for the same event: each unit of an order is told by itself."""
    line = told.reverse_order_line_id or told.trade_order_line_id
    state = told.order_status or told.reverse_status or told.status
    if line is not None and state and told.status_update_time is not None:
        return f"{push.message_type}:{shop}:{line}:{state}:{told.status_update_time}"
    return f"{push.message_type}:{shop}:{sha256(bytes(push.data)).hexdigest()[:32]}"


def _nothing(_told: PushData) -> list[object]:
    return []


def _order(told: PushData) -> list[object]:
    return [told.trade_order_id]


def _item(told: PushData) -> list[object]:
    return [told.item_id if told.item_id is not None else told.item_id_too]


_REVERSE = 10
_LISTING = (HintKind.LISTING, _item)
_KINDS: dict[int, tuple[HintKind, Names]] = {
    0: (HintKind.ORDER, _order),
    1: _LISTING,
    2: (HintKind.CHAT, _nothing),
    3: _LISTING,
    4: _LISTING,
    5: _LISTING,
    8: (HintKind.AUTHORISATION_ENDING, _nothing),
    _REVERSE: (HintKind.RETURN, lambda told: [told.reverse_order_id]),
    14: (HintKind.ORDER, _order),
    19: (HintKind.CHAT, _nothing),
    # Known, and nothing of ours: little stock of a SKU without its product, videos, promotions, the tree of
    # categories, the shop's own state, reviews, orders before there is a buyer. Polling finds what of it matters.
    **dict.fromkeys((6, 7, 11, 12, 13, 21, 35), (HintKind.NEWS, _nothing)),
}
"""How each type is read; any other is kept as UNKNOWN."""
