"""Sample screens of how a shop stands, and of the message that rings when it gets worse."""

from collections.abc import Callable

from bot.render import Renderer
from bot.screen import Screen
from bot.views import shop
from bot.views.alerts import authorisation_screen
from bot.views.health import health_screen, worse_screen
from bot.views.order_actions import cancel_screen
from domain.health import Decline, ShopHealth
from domain.people import Role
from domain.platform import Measure, PunishmentKind, Rating, Unit
from domain.shops import ShopState
from services.health import HealthCard
from services.views import ShopDetails
from tests.fakes.health import BAD, LATE, NOT_FULFILLED, health, metric, punished, standing
from tests.unit.bot import records as r

Draw = Callable[[Renderer], Screen]

_TICKET = "c1:" + "A" * 22
_DEMO = r.shop(name="Toko Serba Ada Paling Lengkap Se-Indonesia", is_simulated=True)


def _health(of: ShopHealth | None) -> Draw:
    return lambda text: health_screen(HealthCard(_DEMO if of is BAD else r.shop(), of), text)


def _worse(of: ShopHealth, *worse: Decline) -> Draw:
    def draw(text: Renderer) -> Screen:
        screen = worse_screen(HealthCard(r.shop(), of), worse, text)
        assert screen
        return screen

    return draw


def _card(of: ShopHealth) -> Draw:
    details = ShopDetails(r.shop(), 0, 0, 0, 0, 0, None, is_rated=True, health=of)
    return lambda text: shop.shop_screen(details, Role.OWNER, "", text)


def _cancel(value: str | None, target: str | None = "4.3") -> Draw:
    plan = r.cancel_plan(measured=metric(Measure.NON_FULFILMENT, value, target))
    return lambda text: cancel_screen(r.order_card(), plan, _TICKET, text)


_EVERY_MEASURE = tuple(metric(each, "3", "2", "<") for each in Measure)
_EVERY_LIMIT = tuple(
    metric(Measure.OTHER, "3", "5", comparator, unit)
    for comparator, unit in zip(
        ("<=", ">", "=", ">="), (Unit.SECONDS, Unit.HOURS, Unit.DAYS, Unit.UNKNOWN), strict=True
    )
)

HEALTH: dict[str, Draw] = {
    "health": _health(health()),
    "health bad": _health(BAD),
    "health not read": _health(None),
    "health of points alone": _health(health(points=1)),
    "health beyond limits": _health(health(*_EVERY_MEASURE[:5], rating=Rating.NEEDS_IMPROVEMENT)),
    "health unrated": _health(health(*_EVERY_LIMIT, rating=Rating.UNKNOWN)),
    **{
        f"health excellent but {measure}": _health(health(metric(measure, "3", "2"), rating=Rating.EXCELLENT))
        for measure in Measure
    },
    **{f"health punished {kind}": _health(health(punishments=(punished(kind),))) for kind in PunishmentKind},
    "health worse": _worse(BAD, *Decline),
    "health worse by a rate": _worse(health(LATE, NOT_FULFILLED), Decline.LATE_SHIPMENT),
    "shop in bad health": _card(BAD),
    "shop beyond a limit": _card(health(LATE)),
    "shop punished": _card(ShopHealth(standing(punishments=(punished(),)), r.at(-1))),
    "authorisation ends": lambda text: authorisation_screen(r.shop(), r.at(24 * 6), text),
    "authorisation ends tomorrow": lambda text: authorisation_screen(_DEMO, r.at(20), text),
    "authorisation has ended": lambda text: authorisation_screen(
        r.shop(state=ShopState.NEEDS_RELINK), r.at(-26), text
    ),
    "cancel near the limit": _cancel("4.1"),
    "cancel measured without limit": _cancel("4.1", None),
    "cancel not measured": _cancel(None),
}
