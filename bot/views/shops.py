"""The seller's shops: how each is, and what can be done for it."""

from collections.abc import Sequence

from bot.callbacks import Place, pack
from bot.foreign import columns, cut
from bot.render import Renderer
from bot.screen import Button, Screen
from bot.views import labels
from bot.views.keyboards import home_row, in_rows, leads
from domain.pausing import Pause
from domain.people import Role
from domain.shops import Shop, ShopState

SHOPS_SHOWN = 8
_LABEL_COLUMNS = 20
_BROKEN = frozenset({ShopState.NEEDS_RELINK, ShopState.BLOCKED})


def shops_screen(shops: Sequence[Shop], text: Renderer, role: Role, pause: Pause | None = None) -> Screen:
    """List the shops, each with the way to its details; one whose link has ended can be linked again at once."""
    few = shops[:SHOPS_SHOWN]
    shown = text.render(
        "shops/list.html.j2",
        shops=shops,
        shown=[(shop_mark(shop), shop) for shop in few],
        more=len(shops) - len(few),
        is_demo=any(shop.is_simulated for shop in shops),
        pause=pause,
    )
    acts = [button for shop in few for button in _acts(shop, text, role)]
    another = labels.LINK_ANOTHER if shops else labels.LINK_A_SHOP
    last = [leads(text, another, Place.LINK)] if role.may(Role.MANAGER) else []
    return Screen(shown, (*in_rows(acts, 2), home_row(text, *last)))


def shop_mark(shop: Shop) -> str:
    """Return the light of a shop: fine, soon, now."""
    if shop.state in _BROKEN:
        return "🔴"
    return "🟡" if shop.trouble or shop.state is not ShopState.LINKED else "🟢"


def _acts(shop: Shop, text: Renderer, role: Role) -> tuple[Button, ...]:
    details = Button(cut(shop.name, _LABEL_COLUMNS), pack(Place.SHOP, shop.id))
    if shop.state is ShopState.NEEDS_RELINK and role.may(Role.MANAGER):
        return (details, _named(text, labels.RELINK, shop, pack(Place.LINK_START, shop.app_id, shop.region)))
    return (details,)


def _named(text: Renderer, label: str, shop: Shop, data: str) -> Button:
    room = _LABEL_COLUMNS - columns(text.label(label, shop=""))
    return Button(text.label(label, shop=cut(shop.name, room)), data)
