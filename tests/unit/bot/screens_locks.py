"""The screens of what waits for a promotion: prices, stock, what went through, what was called off."""

from collections.abc import Callable
from dataclasses import replace

from bot.render import Renderer
from bot.screen import Screen
from bot.views import price_card, stock
from bot.views.counts import StockTickets
from bot.views.errors import error_screen
from bot.views.locks import lock_end_screen
from domain.catalogue import PlacedUnits, Promotion
from domain.changes import ChangeState
from domain.errors import InputError
from domain.locks import BELOW_RESERVED, CALLED_OFF, STOCK_LOCKED
from domain.stock import ShownState
from services.locks import Freed, LockEnd
from services.views import ProposedPrice, ShownVariant
from tests.unit.bot import records as r
from tests.unit.bot.screens_stock import LISTED, kept, shown

Draw = Callable[[Renderer], Screen]
TICKET = "c1:" + "A" * 22
ELEVEN = Promotion("11.11", r.at(9.9))
NAMELESS = Promotion("", r.at(9.9))
PROMISED = r.listed(available=8, reserved=4, promotion=ELEVEN)


def held(ends_in: float | None = 9.9, promotion: Promotion | None = ELEVEN) -> ProposedPrice:
    """Return a price that waits: until a promotion ends, or for one that does not say when it does."""
    until = None if ends_in is None else r.at(ends_in)
    made = r.proposed(
        ChangeState.APPROVED,
        not_before=until or r.at(0.25),
        locked_since=r.at(-0.1),
        locked_until=until,
        reason="price_locked",
    )
    return replace(made, shown=replace(made.shown, promotion=promotion))


def _price(*given: ProposedPrice, **changes: object) -> Draw:
    tickets = price_card.Tickets(call_off=TICKET)
    return lambda text: price_card.price_screen(r.proposal(*given, **changes), tickets, text)


def _stock(reason: str, ends_in: float | None = 9.9, **changes: object) -> Draw:
    until = None if ends_in is None else r.at(ends_in)
    waits = shown(
        ShownState.LOCKED, reason=reason, target=7, wanted=3, locked_since=r.at(-1), locked_until=until,
        due_at=until or r.at(0.25), **changes,
    )  # fmt: skip
    listed = replace(PROMISED, promotion=ELEVEN if ends_in else None)
    return _card(listed, shops={LISTED: waits}, live=None)


def _card(listed: object, **changes: object) -> Draw:
    card = r.variant_card(ShownVariant(r.shop(), listed))  # type: ignore[arg-type]
    tickets = StockTickets(call_off=TICKET, may_count=True)
    return lambda text: stock.variant_screen(
        card, text, may_price=True, stock=kept(**changes), tickets=tickets
    )


def _error(code: str, **about: object) -> Draw:
    refused = InputError(code, asked=r.idr(5000), platform="shopee", **about)
    return lambda text: error_screen(refused, text)


def _end(*freed: Freed, waiting: int = 0) -> Draw:
    return lambda text: lock_end_screen(LockEnd(r.shop(is_simulated=True), freed, waiting), text)


PRICE, UNITS = (
    Freed(r.variant(), price=r.idr(26500), proposal_id="9090909090909090"),
    Freed(r.variant(), units=12),
)
CALLED = r.proposed(ChangeState.REJECTED, reason=CALLED_OFF)

LOCKS: dict[str, Draw] = {
    "price waits": _price(held()),
    "price waits, nameless": _price(held(promotion=NAMELESS), is_demo=True),
    "price waits for an end untold": _price(held(None)),
    "price waits in one of two": _price(r.proposed(ChangeState.APPLIED), held(), can_be_undone=True),
    "price waits for two ends": _price(held(), held(30)),
    "price called off": _price(CALLED),
    "price called off in part": _price(r.proposed(ChangeState.APPLIED), CALLED),
    "stock kept for a promotion": _card(PROMISED),
    "stock kept for a nameless one": _card(replace(PROMISED, promotion=NAMELESS)),
    "stock kept, all of it": _card(replace(PROMISED, available=0)),
    "stock in two places": _card(replace(PROMISED, places=(PlacedUnits("MYZ", 8), PlacedUnits("MYJ", 4)))),
    "stock waits": _stock(STOCK_LOCKED),
    "stock waits for an end untold": _stock(STOCK_LOCKED, None),
    "stock short of what is kept": _stock(BELOW_RESERVED),
    "stock short for an end untold": _stock(BELOW_RESERVED, None),
    "stock called off": _card(
        PROMISED, shops={LISTED: shown(ShownState.IDLE, reason=CALLED_OFF, target=7)}, live=None
    ),
    "error too far from the others": _error(
        "price_ratio_cap", cap=7, lowest=r.idr(8286), highest=r.idr(203000)
    ),
    "error others too far apart": _error("price_ratio_cap", cap=7, lowest=None, highest=None),
    "error below wholesale": _error("price_below_wholesale", lowest=r.idr(27000)),
    "lock ended, a price": _end(PRICE),
    "lock ended, a stock": _end(UNITS),
    "lock ended, many": _end(*[PRICE, UNITS] * 4, waiting=2),
}
