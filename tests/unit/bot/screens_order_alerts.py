"""Sample screens of new orders that gather on one message."""

from collections.abc import Callable

from bot.render import Renderer
from bot.screen import Screen
from bot.views.errors import error_screen
from bot.views.order_alerts import order_alert_list_screen, order_alert_screen
from domain import errors
from tests.fakes.order_alerts import alert_page
from tests.unit.bot import records as r

Draw = Callable[[Renderer], Screen]


def _alert(*, is_group: bool = False, **changes: object) -> Draw:
    page = alert_page(**changes)  # type: ignore[arg-type]
    return lambda text: order_alert_screen(page, text, is_group=is_group)


ORDER_ALERTS: dict[str, Draw] = {
    "alert of few": _alert(count=3),
    "alert of many": _alert(count=214, cancelled=2, is_demo=True),
    "alert in a group": _alert(is_group=True, count=214, cancelled=1),
    "alert in two currencies": _alert(count=2, sold=(r.idr(89000), r.idr(1))),
    "alert's first page": lambda text: order_alert_list_screen(alert_page(214), text),
    "alert's last page": lambda text: order_alert_list_screen(alert_page(214, 36), text),
    "error alert unknown": lambda text: error_screen(errors.NotFound("alert_unknown"), text),
}
