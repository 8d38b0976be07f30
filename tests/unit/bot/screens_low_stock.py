"""Sample screens of what runs low: the message that rings, and the list."""

from collections.abc import Callable

from bot.render import Renderer
from bot.screen import Screen
from bot.views.low_stock import low_alert_screen, low_stock_screen
from domain.low_stock import Scarcity
from services.low_stock import LowRow
from tests.fakes.low_stock import low_card, low_page, low_row, refilled

Draw = Callable[[Renderer], Screen]
LOW, CRITICAL, OUT = Scarcity
CABLE = low_row(6, days=3, title="Kabel USB-C 2 m", name="", variant_id="cab1ecab1ecab1e0", sku="USB-2M")
GONE = low_row(0, OUT, days=None)


def _alert(*rows: LowRow, is_group: bool = False, is_demo: bool = False) -> Draw:
    card = low_card(*rows, is_demo=is_demo)
    return lambda text: low_alert_screen(card, text, is_group=is_group)


LOW_STOCK: dict[str, Draw] = {
    "low stock of one": _alert(low_row()),
    "low stock, last day": _alert(low_row(1, CRITICAL, days=0), is_demo=True),
    "low stock of unknown pace": _alert(low_row(2, CRITICAL, days=None)),
    "low stock, sold out": _alert(GONE),
    "low stock, one refilled": _alert(refilled()),
    "low stock of few": _alert(GONE, low_row(1, CRITICAL, days=1), CABLE, refilled()),
    "low stock, all refilled": _alert(refilled(), refilled(12)),
    "low stock of many": _alert(*[low_row()] * 9, is_demo=True),
    "low stock of very many": _alert(*[low_row()] * 40),
    "low stock in a group": _alert(low_row(), CABLE, is_group=True),
    "low stock between": _alert(low_row(6, None), CABLE),
    "low stock list": lambda text: low_stock_screen(low_page(GONE, low_row(1, CRITICAL), CABLE), text),
    "low stock list of one": lambda text: low_stock_screen(low_page(CABLE, is_demo=True), text),
    "low stock list, second page": lambda text: low_stock_screen(low_page(CABLE, total=7, page=2), text),
    "low stock list of none": lambda text: low_stock_screen(low_page(), text),
}
