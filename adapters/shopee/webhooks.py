"""Shopee's pushes: verified over the raw body, then read as hints.

One address takes the pushes of all shops. There is no event id, so each kind has a key of its own made
of what tells two events apart; the same push repeated gives the same keys.
"""

import hmac
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256

import msgspec

from adapters.kit.client import decode
from adapters.shopee.auth import push_signature
from adapters.shopee.client import ShopeeClient
from adapters.shopee.wire import Push, PushData
from domain.errors import InputError, NotAllowed
from domain.platform import Hint, HintKind, LostPushes, PushHealth, PushState
from domain.shops import PlatformApp

_TEST_MESSAGE = 0
_SHOP_IN_TEXT = re.compile(r"\bshop id:?\s*(\d+)", re.IGNORECASE)
"""The last resort for a push that names its shop in a sentence only; signed like the rest of it."""

_STATES = {
    "normal": PushState.NORMAL,
    "warning": PushState.WARNING,
    "suspended": PushState.SUSPENDED,
}

Reader = Callable[[Push, PushData], list[Hint]]


class ShopeeHooks:
    """The `Hooks` role."""

    def __init__(self, client: ShopeeClient) -> None:
        self._client = client

    def verify_and_parse(self, app: PlatformApp, headers: Mapping[str, str], body: bytes) -> Sequence[Hint]:
        carried = {name.lower(): value for name, value in headers.items()}.get("authorization", "")
        # Older apps have their pushes signed with the API key. Every key is tried, whichever fits.
        keys = [key for key in (*app.push_keys, app.secret) if key.strip()]
        fits = [_is_signed(carried, key, app.hook_url, body) for key in keys]
        if not any(fits):
            raise NotAllowed("bad_signature")
        try:
            return _hints(decode(body, Push), body)
        except (ValueError, RecursionError):
            raise InputError("bad_body") from None

    async def lost(self, app: PlatformApp) -> LostPushes:
        """Read lost pushes; what cannot be read is kept as a hint of unknown kind, as a push would be."""
        page = await self._client.lost_pushes(app)
        bodies = [(each.data or "").encode() for each in page.push_message_list or ()]
        hints = tuple(hint for body in bodies for hint in _kept(body))
        return LostPushes(
            hints, str(page.last_message_id or ""), has_more=bool(page.has_next_page and bodies)
        )

    async def confirm_lost(self, app: PlatformApp, mark: str) -> None:
        await self._client.confirm_lost_pushes(app, int(mark))

    async def push_health(self, app: PlatformApp) -> PushHealth:
        told = await self._client.push_config(app)
        state = _STATES.get((told.live_push_status or "").lower(), PushState.UNKNOWN)
        since = datetime.fromtimestamp(told.suspended_time, UTC) if told.suspended_time else None
        return PushHealth(state, since)


def _kept(body: bytes) -> list[Hint]:
    try:
        return _hints(decode(body, Push), body)
    except (ValueError, RecursionError):
        return [Hint(HintKind.UNKNOWN, "", (), f"lost:{sha256(body).hexdigest()}", "unreadable")]


def _is_signed(carried: str, key: str, hook_url: str, body: bytes) -> bool:
    expected = push_signature(key, hook_url, body)
    return hmac.compare_digest(carried.encode("utf-8", "surrogateescape"), expected.encode())


def _hints(push: Push, body: bytes) -> list[Hint]:
    if push.code == _TEST_MESSAGE:
        return []
    read = _READERS.get(push.code)
    try:
        hints = read(push, decode(push.data, PushData)) if read else []
    except msgspec.ValidationError:
        hints = []  # a known kind in a new shape is kept like an unknown kind
    if hints:
        return hints
    shop = "" if push.shop_id is None else str(push.shop_id)
    whole = sha256(body).hexdigest()
    return [Hint(HintKind.UNKNOWN, shop, (), f"{push.code}:{whole}", str(push.code))]


def _authorisation(kind: HintKind) -> Reader:
    def read(push: Push, told: PushData) -> list[Hint]:
        shops = [told.shop_id, told.shopid, *(told.shop_id_list or ())]
        named = dict.fromkeys(str(shop) for shop in shops if shop is not None)
        if not named and (found := _SHOP_IN_TEXT.search(told.extra or "")):
            named = dict.fromkeys([found[1]])
        return [
            Hint(kind, shop, (), f"{push.code}:{told.authorize_type}:{shop}:{push.timestamp}", str(push.code))
            for shop in named
        ]

    return read


def _authorisation_ending(push: Push, told: PushData) -> list[Hint]:
    return [
        Hint(
            HintKind.AUTHORISATION_ENDING,
            shop,
            (),
            f"{push.code}:{shop}:{told.expire_before}:{told.page_no}",
            str(push.code),
        )
        for shop in dict.fromkeys(str(shop) for shop in told.shop_expire_soon or ())
    ]


def _order(*fields: str) -> Reader:
    """Read a push about an order; these fields of it tell two events apart (reference, section 16.3)."""

    def read(push: Push, told: PushData) -> list[Hint]:
        number = told.ordersn or told.order_sn
        return _hint(HintKind.ORDER, push, told, number, fields)

    return read


def _number(push: Push, told: PushData) -> list[Hint]:
    """Read a push about the number that a courier gave a parcel: it names both."""
    hints = _order("package_number", "tracking_no")(push, told)
    if not told.package_number or not told.tracking_no:
        return hints
    return [replace(each, numbers=((told.package_number, told.tracking_no),)) for each in hints]


def _listing(*fields: str) -> Reader:
    def read(push: Push, told: PushData) -> list[Hint]:
        item = None if told.item_id is None else str(told.item_id)
        return _hint(HintKind.LISTING, push, told, item, fields)

    return read


def _of_shop(kind: HintKind) -> Reader:
    """Read a push that is about the shop as a whole; its body tells two of them apart."""

    def read(push: Push, _told: PushData) -> list[Hint]:
        if push.shop_id is None:
            return []
        apart = sha256(bytes(push.data)).hexdigest()[:32]
        key = f"{push.code}:{push.shop_id}:{push.timestamp}:{apart}"
        return [Hint(kind, str(push.shop_id), (), key, str(push.code))]

    return read


def _return(push: Push, told: PushData) -> list[Hint]:
    """Read a push about a return; what changed of it and when tells two apart."""
    if told.return_sn is None or push.shop_id is None:
        return []
    moves = [f"{each.update_field}={each.new_value}@{each.update_time}" for each in told.updated_values or ()]
    key = f"{push.code}:{push.shop_id}:{told.return_sn}:{','.join(moves)}"
    return [Hint(HintKind.RETURN, str(push.shop_id), (told.return_sn,), key[:200], str(push.code))]


def _hint(
    kind: HintKind, push: Push, told: PushData, named: str | None, fields: tuple[str, ...]
) -> list[Hint]:
    if named is None or push.shop_id is None:
        return []
    apart = ":".join(str(getattr(told, field)) for field in fields)
    key = f"{push.code}:{push.shop_id}:{named}:{apart}"
    return [Hint(kind, str(push.shop_id), (named,), key, str(push.code))]


_PROMOTED = ("variation_id", "promotion_id", "action", "update_time")

_READERS: dict[int, Reader] = {
    1: _authorisation(HintKind.AUTHORISED),
    2: _authorisation(HintKind.DEAUTHORISED),
    3: _order("status", "update_time"),
    4: _number,
    5: _of_shop(HintKind.NEWS),
    7: _listing(*_PROMOTED),
    8: _listing(*_PROMOTED, "ordersn"),
    9: _listing(*_PROMOTED),
    10: _of_shop(HintKind.CHAT),
    12: _authorisation_ending,
    15: _order("package_number", "status"),
    16: _listing("item_status", "update_time"),
    22: _listing("model_id", "update_time"),
    28: _of_shop(HintKind.STANDING),
    29: _return,
    30: _order("package_number", "fulfillment_status", "update_time"),
    47: _order("package_number", "update_time"),
}
"""How each kind of push is read; the others are kept as UNKNOWN."""
