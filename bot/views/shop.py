"""One shop: how it is, and what may be done with it; pausing and unlinking ask once more."""

from typing import Literal

from bot.callbacks import Place, pack
from bot.foreign import columns, cut
from bot.render import Renderer
from bot.screen import Button, Screen
from bot.views import labels
from bot.views.keyboards import home_row, in_rows, leads
from bot.views.shops import shop_mark
from domain.holidays import ShopHoliday
from domain.people import Role
from domain.shops import Shop, ShopState
from services.views import ShopDetails

_WIDE_COLUMNS = 38
SUBJECT = "shop"
"""What a message that shows a shop is remembered under."""
_CAN_LOG_IN = frozenset({ShopState.LINKED, ShopState.NEEDS_RELINK})


def shop_screen(details: ShopDetails, role: Role, resume: str, text: Renderer) -> Screen:
    """Show a shop; `resume` is the ticket that ends its pause, where it is paused and the reader may."""
    shown = text.render(
        "shops/card.html.j2",
        details=details,
        shop=details.shop,
        mark=shop_mark(details.shop),
        health=details.health,
        holiday=details.holiday,
    )
    back = leads(text, labels.BACK, Place.SHOPS)
    acts = _acts(details.shop, role, resume, text)
    if details.holiday and not details.holiday.wish and _may_close(details.shop, role):
        label = labels.END_HOLIDAY if details.holiday.is_on else labels.BEGIN_HOLIDAY
        acts.insert(0, leads(text, label, Place.HOLIDAY, details.shop.id))
    if details.is_rated:
        acts.insert(0, leads(text, labels.HEALTH, Place.HEALTH, details.shop.id))
    version = details.holiday.version if details.holiday else 0
    return Screen(shown, (*in_rows(acts, 1), home_row(text, back)), SUBJECT, details.shop.id, version)


def ask_rest_screen(shop: Shop, ticket: str, text: Renderer) -> Screen:
    """Ask before a shop is neither read nor written to; the button names the whole act."""
    return _question("shops/rest.html.j2", labels.YES_PAUSE_SHOP, shop, ticket, text)


def ask_holiday_screen(shop: Shop, holiday: ShopHoliday, ticket: str, text: Renderer) -> Screen:
    """Ask before a shop stops selling for a while, or sells again; the button names the whole act."""
    if holiday.is_on:
        return _question(
            "shops/holiday_end.html.j2", labels.YES_END_HOLIDAY, shop, ticket, text, style="success"
        )
    return _question("shops/holiday.html.j2", labels.YES_BEGIN_HOLIDAY, shop, ticket, text)


def ask_unlink_screen(shop: Shop, ticket: str, text: Renderer) -> Screen:
    """Ask before a shop's link ends; the button names the whole act."""
    return _question("shops/unlink.html.j2", labels.YES_UNLINK, shop, ticket, text)


def _question(
    template: str,
    label: str,
    shop: Shop,
    ticket: str,
    text: Renderer,
    *,
    style: Literal["danger", "success"] = "danger",
) -> Screen:
    room = _WIDE_COLUMNS - columns(text.label(label, shop=""))
    yes = Button(text.label(label, shop=cut(shop.name, room)), ticket, style=style)
    no = leads(text, labels.NO_KEEP, Place.SHOP, shop.id)
    return Screen(text.render(template, shop=shop), ((yes,), (no,)))


def _may_close(shop: Shop, role: Role) -> bool:
    return shop.state is ShopState.LINKED and role.may(Role.MANAGER)


def _acts(shop: Shop, role: Role, resume: str, text: Renderer) -> list[Button]:
    acts = []
    if shop.state is ShopState.LINKED and role.may(Role.PACKER):
        acts.append(leads(text, labels.SYNC_NOW, Place.SYNC, shop.id))
    if resume:
        acts.append(Button(text.label(labels.RESUME_SHOP), resume, style="success"))
    if shop.state in _CAN_LOG_IN and role.may(Role.MANAGER):
        acts.append(Button(text.label(labels.LOG_IN_AGAIN), pack(Place.LINK_START, shop.app_id, shop.region)))
    if shop.state is ShopState.LINKED and role.may(Role.MANAGER):
        acts.append(leads(text, labels.PAUSE_SHOP, Place.REST, shop.id))
    if role.may(Role.OWNER):
        acts.append(Button(text.label(labels.UNLINK), pack(Place.UNLINK, shop.id), style="danger"))
    return acts
