"""Sample screens of the kill-switch, and of what is held by it."""

from collections.abc import Callable

from bot.render import Renderer
from bot.screen import Screen
from bot.views import home, pause, price_card, shops
from bot.views.errors import error_screen
from domain.changes import ChangeState
from domain.errors import WritesPaused
from domain.pausing import HOST, STORESYNC
from domain.people import Role
from domain.shops import ShopState
from services.views import ProposedPrice
from tests.unit.bot import records as r

Draw = Callable[[Renderer], Screen]

_TICKET = "c1:" + "A" * 22
_RESTING = r.shop(state=ShopState.PAUSED)
_RESTORED = r.pause(STORESYNC, "")


def _screen(ticket: str = _TICKET, **changes: object) -> Draw:
    return lambda text: pause.pause_screen(r.writes(**changes), ticket, text)


def _price(*prices: ProposedPrice, **changes: object) -> Draw:
    proposal = r.proposal(*prices, **changes)
    return lambda text: price_card.price_screen(proposal, price_card.Tickets(_TICKET, _TICKET), text)


def _of(shop: object, state: ChangeState) -> ProposedPrice:
    return ProposedPrice(r.change(state), r.listed(), shop)  # type: ignore[arg-type]


PAUSE: dict[str, Draw] = {
    "pause": _screen(shops=(r.shop(), r.shop())),
    "pause of no shop": _screen(shops=()),
    "paused": _screen(pause=r.pause(), prices=2, stock=14, is_demo=True),
    "paused by one who left": _screen(pause=r.pause("4999", ""), shops=(_RESTING,)),
    "paused by the host": _screen(pause=r.pause(HOST, ""), ticket=""),
    "paused by a restore": _screen(pause=_RESTORED),
    "pause of one shop": _screen(shops=(r.shop(), _RESTING), ticket=""),
    "pause told": lambda text: pause.pause_told_screen(r.writes(pause=r.pause(), is_demo=True), "Ann", text),
    "pause told of the host": lambda text: pause.pause_told_screen(
        r.writes(pause=r.pause(HOST, "")), "", text
    ),
    "resume told": lambda text: pause.pause_told_screen(r.writes(), "Ann", text),
    "resume told of the host": lambda text: pause.pause_told_screen(r.writes(), "", text),
    "home paused": lambda text: home.home_screen(r.home(pause=r.pause()), text, Role.OWNER),
    "home restored": lambda text: home.home_screen(r.home(pause=_RESTORED), text, Role.MANAGER),
    "home paused for a packer": lambda text: home.home_screen(r.home(pause=r.pause()), text, Role.PACKER),
    "shops paused": lambda text: shops.shops_screen([r.shop()], text, Role.OWNER, r.pause()),
    "price approved while paused": _price(r.proposed(ChangeState.APPROVED), is_paused=True),
    "price asked while paused": _price(is_paused=True),
    "price for a paused shop": _price(
        _of(_RESTING, ChangeState.APPROVED), _of(r.shop(), ChangeState.APPLIED)
    ),
    "undo while paused": _price(r.proposed(ChangeState.APPROVED, undo_of="c4a9"), is_paused=True),
    "error writes_paused": lambda text: error_screen(WritesPaused(), text),
}
