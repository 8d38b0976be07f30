"""TikTok Shop's webhooks: verified over the raw body, then read as hints.

Each has a number of its own, which the same one repeated has again; one type was seen without, and has a
key made of what it says.
"""

import hmac
from collections.abc import Callable, Mapping, Sequence
from hashlib import sha256

import msgspec

from adapters.kit.client import decode
from adapters.tiktok_shop.auth import webhook_signature
from adapters.tiktok_shop.hook_wire import Hook, HookData
from domain.errors import InputError, NotAllowed, UnsupportedByPlatform
from domain.platform import Hint, HintKind, LostPushes, PushHealth
from domain.shops import PlatformApp

Names = Callable[[HookData], list[object]]


class TiktokShopHooks:
    """The `Hooks` role. What was not delivered after half a day is gone: it is found by polling."""

    def verify_and_parse(self, app: PlatformApp, headers: Mapping[str, str], body: bytes) -> Sequence[Hint]:
        carried = {name.lower(): value for name, value in headers.items()}.get("authorization", "")
        keys = [key for key in (app.secret, *app.push_keys) if key.strip()]
        fits = [_is_signed(carried, app.key, key, body) for key in keys]
        if not any(fits):
            raise NotAllowed("bad_signature")
        try:
            return _hints(decode(body, Hook), body)
        except (ValueError, RecursionError):
            raise InputError("bad_body") from None

    async def lost(self, app: PlatformApp) -> LostPushes:
        raise UnsupportedByPlatform(platform=app.platform, operation="lost")

    async def confirm_lost(self, app: PlatformApp, mark: str) -> None:  # noqa: ARG002 - no such call
        raise UnsupportedByPlatform(platform=app.platform, operation="confirm_lost")

    async def push_health(self, app: PlatformApp) -> PushHealth:
        raise UnsupportedByPlatform(platform=app.platform, operation="push_health")


def _is_signed(carried: str, app_key: str, secret: str, body: bytes) -> bool:
    expected = webhook_signature(app_key, secret, body)
    return hmac.compare_digest(carried.encode("utf-8", "surrogateescape"), expected.encode())


def _hints(hook: Hook, body: bytes) -> list[Hint]:
    kind, names = _KINDS.get(hook.type, (HintKind.UNKNOWN, _nothing))
    shop = "" if hook.shop_id is None else str(hook.shop_id)
    try:
        told = names(decode(hook.data, HookData)) if shop else []
    except msgspec.ValidationError:
        told = []
    ids = tuple(dict.fromkeys(str(each) for each in told if each is not None))
    is_told = kind is HintKind.NEWS or (bool(shop) and (bool(ids) or names is _nothing))
    if kind is HintKind.UNKNOWN or not is_told:
        # A known kind in a new shape is kept like an unknown kind.
        kind, ids = HintKind.UNKNOWN, ()
    return [Hint(kind, shop, ids, _key(hook, shop, body), str(hook.type))]


def _key(hook: Hook, shop: str, body: bytes) -> str:
    if hook.tts_notification_id is not None:
        return f"{hook.type}:{hook.tts_notification_id}"
    return f"{hook.type}:{shop}:{sha256(bytes(hook.data) or body).hexdigest()[:32]}"


def _nothing(_told: HookData) -> list[object]:
    return []


def _order(told: HookData) -> list[object]:
    return [told.order_id]


def _product(told: HookData) -> list[object]:
    return [told.product_id]


def _packages(told: HookData) -> list[object]:
    return [order for each in told.package_list or () for order in each.order_id_list or ()]


_LISTING = (HintKind.LISTING, _product)
_KINDS: dict[int, tuple[HintKind, Names]] = {
    1: (HintKind.ORDER, _order),
    2: (HintKind.ORDER, _order),
    3: (HintKind.ORDER, _order),
    4: (HintKind.ORDER, _packages),
    5: _LISTING,
    6: (HintKind.DEAUTHORISED, _nothing),
    7: (HintKind.AUTHORISATION_ENDING, _nothing),
    11: (HintKind.ORDER, _order),
    12: (HintKind.RETURN, lambda told: [told.return_id]),
    13: (HintKind.CHAT, _nothing),
    14: (HintKind.CHAT, _nothing),
    15: _LISTING,
    16: _LISTING,
    18: _LISTING,
    27: _LISTING,
    36: (HintKind.ORDER, lambda told: list(told.order_ids or ())),
    37: _LISTING,
    38: _LISTING,
    50: _LISTING,
    67: (HintKind.ORDER, lambda told: [each.main_order_id for each in told.line_items or ()]),
    71: _LISTING,
    # Known, and nothing of ours: content, warehouses of the platform, promotions without the products they are on,
    # and the second model of after-sales, which names no order. Polling finds what of it matters.
    **dict.fromkeys(
        (17, *range(19, 26), 33, 35, 39, 42, 46, 51, 52, 55, 56, 58, 59), (HintKind.NEWS, _nothing)
    ),
    **dict.fromkeys((62, 63, 64, 65, 66), (HintKind.NEWS, _nothing)),
}
"""How each type is read; any other is kept as UNKNOWN."""
