"""How things stand: what is well and what is not."""

from bot.callbacks import Place
from bot.render import Renderer
from bot.screen import Screen
from bot.views import labels
from bot.views.keyboards import home_row, leads
from bot.views.shops import shop_mark
from services.status import Status

SHOPS_SHOWN = 4


def status_screen(status: Status, text: Renderer) -> Screen:
    """Lead with what is wrong; then each shop, what waits, what is not known."""
    few = sorted(status.shops, key=lambda shop: not shop.trouble)[:SHOPS_SHOWN]
    shown = text.render(
        "status/main.html.j2",
        status=status,
        shown=[(shop_mark(shop), shop) for shop in few],
        more=len(status.shops) - len(few),
    )
    again, shops = leads(text, labels.REFRESH, Place.STATUS), leads(text, labels.SHOPS, Place.SHOPS)
    return Screen(shown, ((again, shops), home_row(text)))
