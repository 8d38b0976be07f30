"""Sample screens of what is done to an order: the card with its buttons, each step, each refusal, the questions."""

from collections.abc import Callable
from dataclasses import replace

from bot.render import Renderer
from bot.screen import Screen
from bot.views import alerts, order_actions, orders
from bot.views.errors import error_screen
from bot.views.order_actions import OrderTools
from domain.actions import ActionState
from domain.errors import Conflict, InputError
from domain.order_actions import ActionKind, OrderAction
from domain.orders import OrderStatus
from domain.people import Role
from domain.platform import CancelReason
from services.order_actions import OrderDoing
from tests.unit.bot import records as r

Draw = Callable[[Renderer], Screen]

_TICKET = "c1:" + "A" * 22
_DEMO = r.shop(is_simulated=True)
_USUAL = frozenset({ActionKind.CANCEL, ActionKind.NOTE})
_ASKED = frozenset({ActionKind.ACCEPT, ActionKind.REJECT, ActionKind.NOTE})
_REFUSALS = (
    "too_late", "not_asked", "reason_refused", "not_found", "too_old", "note_refused", "shop_restricted",
    "no_effect", "token_revoked", "host_misconfigured", "platform_busy", "unsupported", "other",
)  # fmt: skip


def _card(
    latest: OrderAction | None = None,
    status: OrderStatus = OrderStatus.TO_SHIP,
    *,
    role: Role = Role.OWNER,
    is_held: bool = False,
    accept: str = "",
    may: frozenset[ActionKind] = _USUAL,
) -> Draw:
    doing = OrderDoing(3, latest, frozenset() if latest and latest.is_under_way else may, is_held)
    card = r.order_card(status=status)
    return lambda text: orders.order_screen(card, text, tools=OrderTools(doing, role, accept))


def _refused(code: str, kind: ActionKind = ActionKind.CANCEL) -> Draw:
    return _card(r.order_action(kind, state=ActionState.REFUSED, refusal=code))


def _asked(tools: OrderTools | None = None, **changes: object) -> Draw:
    card = r.order_card(status=OrderStatus.CANCEL_ASKED, **changes)  # type: ignore[arg-type]
    return lambda text: alerts.cancelled_order_screen(card, text, tools)


ORDER_ACTIONS: dict[str, Draw] = {
    "order cut by some units": lambda text: orders.order_screen(
        r.order_card(lines=(replace(r.line(), cancelled=1), replace(r.line(), quantity=1, cancelled=2))), text
    ),
    "order in two parcels": lambda text: orders.order_screen(
        r.order_card(is_cod=True, parcels=(r.parcel(), replace(r.parcel(), tracking_number=""))), text
    ),
    "orders to be paid at the door": lambda text: orders.orders_screen(
        r.order_page((r.order_row(is_cod=True), r.order_row("2611110GAB13Y", is_cod=True, more_lines=2))),
        text,
    ),
    "order of a manager": _card(),
    "order of a packer": _card(role=Role.PACKER),
    "order of a viewer": _card(role=Role.VIEWER),
    "order whose buyer asks": _card(None, OrderStatus.CANCEL_ASKED, accept=_TICKET, may=_ASKED),
    **{
        f"order {kind} {state}": _card(r.order_action(kind, state=state))
        for kind in ActionKind
        for state in ActionState
    },
    "order cancel held": _card(r.order_action(), is_held=True),
    **{f"order refused {code}": _refused(code) for code in _REFUSALS},
    "order answer refused": _card(
        r.order_action(ActionKind.ACCEPT, state=ActionState.REFUSED, refusal="no_effect"),
        OrderStatus.CANCEL_ASKED,
        accept=_TICKET,
        may=_ASKED,
    ),
    "order answer refused twice": _card(
        r.order_action(ActionKind.REJECT, state=ActionState.REFUSED, refusal="no_effect"),
        OrderStatus.CANCEL_ASKED,
        accept=_TICKET,
        may=_ASKED,
    ),
    "cancel why": lambda text: order_actions.choose_reason_screen(
        r.order_card(_DEMO, total=None), tuple(CancelReason), text
    ),
    **{
        f"cancel for {reason}": lambda text, reason=reason: order_actions.cancel_screen(  # type: ignore[misc]
            r.order_card(), r.cancel_plan(reason=reason), _TICKET, text
        )
        for reason in CancelReason
    },
    "cancel what was not counted": lambda text: order_actions.cancel_screen(
        replace(r.order_card(_DEMO), tail="2611110GAB12X"),
        r.cancel_plan(units=1, units_back=0),
        _TICKET,
        text,
    ),
    "cancel one": lambda text: order_actions.cancel_screen(
        r.order_card(), r.cancel_plan(units=1, units_back=1), _TICKET, text
    ),
    "keep": lambda text: order_actions.keep_screen(r.order_card(), _TICKET, text),
    "keep without a time": lambda text: order_actions.keep_screen(
        replace(r.order_card(_DEMO, ship_by=None), tail="2611110GAB12X"), _TICKET, text
    ),
    "note": lambda text: order_actions.ask_note_screen(r.order_card(), text),
    "note again": lambda text: order_actions.ask_note_screen(
        r.order_card(_DEMO, seller_note="<b>bubble wrap</b>"), text
    ),
    "cancel asked of a manager": _asked(OrderTools(OrderDoing(0, None, _ASKED), Role.MANAGER, _TICKET)),
    "cancel asked without a time": _asked(ship_by=None),
    "error order_busy": lambda text: error_screen(Conflict("order_busy"), text),
    "error note_long": lambda text: error_screen(InputError("note_long", most=500), text),
}
