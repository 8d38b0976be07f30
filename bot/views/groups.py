"""A group that shows a seller: told so, greeted, and set up."""

from collections.abc import Sequence

from bot.callbacks import Place, pack
from bot.foreign import cut
from bot.render import Renderer
from bot.screen import Button, Screen
from bot.views import labels
from bot.views.keyboards import home_row, in_rows, leads
from bot.views.team import ROLE_LABELS
from domain.chats import View
from domain.people import Role, Seller
from domain.shops import Shop

_CHOSEN = "✅ "
_LABEL_COLUMNS = 20
SHOPS_SHOWN = 8
CAPS = (Role.VIEWER, Role.PACKER, Role.MANAGER)


def connected_screen(seller: Seller, username: str, text: Renderer, *, may_change: bool) -> Screen:
    """Say what a group shows from now on."""
    private = Button(text.label(labels.PRIVATE_CHAT), url=f"https://t.me/{username}")
    setting = [leads(text, labels.THIS_GROUP, Place.GROUP)] if may_change else []
    return Screen(text.render("groups/connected.html.j2", seller=seller), ((private, *setting),))


def hello_screen(username: str, text: Renderer) -> Screen:
    """Greet a group we were just added to."""
    return Screen(text.render("groups/hello.html.j2", username=username))


def group_screen(view: View, shops: Sequence[Shop], text: Renderer) -> Screen:
    """Show and change what may be done in a group, and which shops it shows."""
    shown = text.render(
        "groups/settings.html.j2",
        cap=view.role_cap,
        hides=sum(not view.shows(shop.id) for shop in shops),
    )
    caps = [
        Button((_CHOSEN if view.role_cap is cap else "") + text.label(ROLE_LABELS[cap]), pack(Place.CAP, cap))
        for cap in CAPS
    ]
    chosen = [
        Button(
            (_CHOSEN if view.shows(shop.id) else "") + cut(shop.name, _LABEL_COLUMNS - 3),
            pack(Place.SHOW_SHOP, shop.id),
        )
        for shop in shops[:SHOPS_SHOWN]
    ]
    back = leads(text, labels.SETTINGS, Place.SETTINGS)
    return Screen(shown, (*in_rows(caps, 2), *in_rows(chosen, 2), home_row(text, back)))
