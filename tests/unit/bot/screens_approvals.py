"""The screens of approvals: beyond a limit, by a second person, taken back, what waits."""

from collections.abc import Callable

from bot.render import Renderer
from bot.screen import Screen
from bot.views import price_card, prices
from bot.views.errors import error_screen
from domain.caps import Cap
from domain.changes import ChangeState
from domain.errors import NotAllowed
from domain.people import Role
from tests.unit.bot import records as r

Draw = Callable[[Renderer], Screen]
TICKET = "c1:" + "A" * 22
FEW, MANY = ("Ann", "Budi"), ("Ann", "Budi", "Citra", "Dewi", "Eka")
FAR = r.proposed(after=r.idr(18850))


def _price(*given: object, reject_only: bool = False, **changes: object) -> Draw:
    proposal = r.proposal(*given, **changes)  # type: ignore[arg-type]
    tickets = price_card.Tickets("" if reject_only else TICKET, TICKET)
    return lambda text: price_card.price_screen(proposal, tickets, text)


def _refused(code: str, **params: object) -> Draw:
    return lambda text: error_screen(NotAllowed(code, **params), text)


APPROVALS: dict[str, Draw] = {
    "price for a second person": _price(FAR, excess=r.beyond(), second_persons=FEW),
    "price for a second person, seen by who asked": _price(
        FAR, excess=r.beyond(), second_persons=FEW, reject_only=True
    ),
    "price beyond the day": _price(excess=r.beyond("-51.7", Cap.DAY, 50), second_persons=MANY, is_demo=True),
    "prices too many at once": _price(
        *[r.proposed()] * 9, excess=r.beyond(240, Cap.ITEMS, 200), second_persons=("Ann",)
    ),
    "price beyond the day to type": _price(excess=r.beyond("-51.7", Cap.DAY, 50), needs_typing=True),
    "price over a limit at last": _price(r.proposed(ChangeState.FAILED, reason="second_person")),
    "price taken back": _price(r.proposed(ChangeState.APPLIED), undone_by_name="Budi"),
    "waiting for a second person": lambda text: prices.approvals_screen(
        [r.proposal(FAR, excess=r.beyond(), second_persons=FEW), r.proposal()], text
    ),
    "error second person": _refused("second_person", names=FEW),
    "error second person of many": _refused("second_person", names=MANY),
    "error role with who may": _refused("role", needed=Role.MANAGER, names=FEW),
    "error role with nobody": _refused("role", needed=Role.MANAGER, names=()),
}
