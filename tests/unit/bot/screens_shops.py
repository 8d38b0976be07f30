"""Sample screens of one shop, and the questions before it is paused or unlinked."""

from collections.abc import Callable
from typing import Any

from bot.render import Renderer
from bot.screen import Screen
from bot.views import shop
from bot.views.errors import error_screen
from domain.errors import InputError, TokenRevoked
from domain.holidays import ShopHoliday, Wish
from domain.pausing import Pause
from domain.people import Role
from domain.shops import ShopState
from services.views import ShopDetails
from tests.unit.bot import records as r

Draw = Callable[[Renderer], Screen]

_TICKET = "c1:" + "A" * 22
_ID = r.shop().id
_LONG = r.shop(name="Toko Serba Ada Paling Lengkap Se-Indonesia", is_simulated=True)


def _details(
    role: Role = Role.OWNER, resume: str = "", pause: Pause | None = None, *, waiting: int = 0, **changes: Any
) -> Draw:
    shown = ShopDetails(r.shop(**changes), waiting, waiting, waiting, waiting, waiting, pause)
    return lambda text: shop.shop_screen(shown, role, resume, text)


def _resting(holiday: ShopHoliday) -> Draw:
    shown = ShopDetails(r.shop(), 0, 0, 0, 0, 0, None, holiday=holiday)
    return lambda text: shop.shop_screen(shown, Role.OWNER, "", text)


SHOPS: dict[str, Draw] = {
    "shop": _details(),
    "shop of a viewer": _details(Role.VIEWER, synced_at=None, authorised_until=None),
    "shop paused": _details(resume=_TICKET, state=ShopState.PAUSED, waiting=3, is_simulated=True),
    "shop of a paused seller": _details(Role.MANAGER, pause=r.pause(), waiting=14),
    "shop cut off": _details(state=ShopState.NEEDS_RELINK, trouble="token_revoked", trouble_since=r.at(-5)),
    "shop blocked": _details(state=ShopState.BLOCKED),
    **{
        f"shop in trouble {code}": _details(trouble=code, trouble_since=r.at(-1))
        for code in (
            "platform_unavailable", "platform_busy", "host_misconfigured", "platform_unexpected", "platform_refused",
        )
    },
    **{
        f"shop on holiday {holiday.wish}{holiday.is_on}{holiday.refusal}": _resting(holiday)
        for holiday in (
            ShopHoliday(_ID, is_on=True),
            ShopHoliday(_ID, is_on=True, ends_at=r.at(48), wish=Wish.OFF),
            ShopHoliday(_ID, wish=Wish.ON),
            *(ShopHoliday(_ID, is_on=True, ends_at=r.at(48), refusal=code) for code in (
                "shop_restricted", "no_effect", "token_revoked", "host_misconfigured", "platform_busy", "other",
            )),
        )
    },
    "shop to close": lambda text: shop.ask_holiday_screen(_LONG, ShopHoliday(_ID), _TICKET, text),
    "shop to open again": lambda text: shop.ask_holiday_screen(_LONG, ShopHoliday(_ID, is_on=True), _TICKET, text),
    "shop to pause": lambda text: shop.ask_rest_screen(_LONG, _TICKET, text),
    "shop to unlink": lambda text: shop.ask_unlink_screen(_LONG, _TICKET, text),
    "error shop_unlinked": lambda text: error_screen(
        TokenRevoked(platform="shopee", operation="access", code="shop_unlinked"), text
    ),
    "error too_many_links": lambda text: error_screen(
        InputError("too_many_links", most=5, again=r.at(0.4)), text
    ),
}  # fmt: skip
