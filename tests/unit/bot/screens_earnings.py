"""The screens that lead with what is kept: estimated, settled, without a cost, with a loss."""

from collections.abc import Callable
from dataclasses import replace

from bot.render import Renderer
from bot.screen import Screen
from bot.views import alerts, home, orders, price_card, stock
from bot.views.errors import error_screen
from bot.views.order_alerts import order_alert_screen
from domain.earnings import Cost, Earning, Fee, FeeKind
from domain.errors import InputError
from domain.money import Money
from domain.orders import OrderStatus
from domain.people import Role
from services.views import OrderCard
from tests.fakes.order_alerts import alert_page
from tests.unit.bot import records as r

Draw = Callable[[Renderer], Screen]

FEES = (
    Fee(FeeKind.COMMISSION, r.idr(5655)),
    Fee(FeeKind.SERVICE, r.idr(3480)),
    Fee(FeeKind.PAYMENT, r.idr(1566)),
    Fee(FeeKind.PROCESSING, r.idr(1250)),
)


def earning(cost: int | None = 30000, learnt_from: int = 0, fees: tuple[Fee, ...] = FEES) -> Earning:
    """Return what is kept of the order of `records`: 87,000 less fees of 11,951 less a cost."""
    return Earning(r.idr(87000), fees, None if cost is None else r.idr(cost), learnt_from)


def earned(made: Earning, **changes: object) -> OrderCard:
    return replace(r.order_card(**changes), earning=made)  # type: ignore[arg-type]


def _order(made: Earning, **changes: object) -> Draw:
    return lambda text: orders.order_screen(earned(made, **changes), text)


def _price(keeps: tuple[Money, Money]) -> Draw:
    proposal = r.proposal(replace(r.proposed(), keeps=keeps))
    return lambda text: price_card.price_screen(proposal, price_card.Tickets(), text)


EVERY_FEE = tuple(Fee(kind, r.idr(1000 * at)) for at, kind in enumerate(FeeKind, 1))
_MANY: tuple[Money, ...] = (r.idr(812000), Money(r.idr(31).amount, "MYR"))

EARNINGS: dict[str, Draw] = {
    "order with what is kept, estimated": _order(earning(learnt_from=120)),
    "order with what is kept, settled": _order(earning(), status=OrderStatus.COMPLETED),
    "order whose cost is not known": _order(earning(None, learnt_from=6)),
    "order sold at a loss": _order(earning(99000, learnt_from=1), total=r.idr(101000)),
    "order with every fee": _order(earning(0, 0, EVERY_FEE), status=OrderStatus.RETURNING),
    "order without fees": _order(earning(0, 0, ()), status=OrderStatus.COMPLETED),
    "new order with what is kept": lambda text: alerts.new_order_screen(
        earned(earning(learnt_from=120)), text
    ),
    "new orders with what is kept": lambda text: order_alert_screen(
        alert_page(kept=_MANY), text, is_group=False
    ),
    "home with what is kept": lambda text: home.home_screen(
        r.home(kept=_MANY, kept_orders=27, orders_today=27), text, Role.OWNER
    ),
    "home with what is kept of some": lambda text: home.home_screen(
        r.home(kept=(r.idr(-4000),), kept_orders=1, orders_today=27), text, Role.OWNER
    ),
    "price with what is kept": _price((r.idr(8500), r.idr(6100))),
    "price below what it costs": _price((r.idr(8500), r.idr(-200))),
    "variant with a cost": lambda text: stock.variant_screen(
        replace(r.variant_card(), cost=Cost(r.idr(15100), r.at(-216))),
        text,
        may_price=True,
    ),
    "error usage_cost": lambda text: error_screen(InputError("usage_cost", read="LED 15rb"), text),
    "error usage_cost, nothing typed": lambda text: error_screen(InputError("usage_cost", read=""), text),
    "error cost_amount": lambda text: error_screen(InputError("cost_amount"), text),
    "error cost_currency": lambda text: error_screen(
        InputError("cost_currency", asked="<b>", known=["IDR", "MYR"]), text
    ),
}
