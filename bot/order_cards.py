"""What can be done for the parcels on an order's card: arranged, stopped, printed. The tickets are asked for here."""

from datetime import timedelta

from bot.callbacks import Place
from bot.foreign import cut
from bot.render import Renderer
from bot.screen import Button, Screen
from bot.views import labels
from bot.views.batch import option_label, own_courier, ways_screen
from bot.views.keyboards import leads
from bot.views.orders import PARCELS_SHOWN, Parcels
from domain.chats import View, Visitor
from domain.orders import OrderStatus
from domain.parcels import Packing, PackState, ShipStep
from domain.people import Role
from domain.platform import HandOver
from domain.tickets import Action
from services import Services
from services.offers import ParcelWays
from services.parcel_buttons import ship_version
from services.parcel_news import version_of
from services.views import OrderCard
from services.ways import courier_at, option_key

LASTS = timedelta(hours=2)
UNDER_WAY = frozenset({ShipStep.ASKED, ShipStep.SENDING, ShipStep.UNKNOWN})
PRINTABLE = frozenset({PackState.ARRANGED, PackState.PRINTED, PackState.PACKED})
PAIR_COLUMNS = 20


async def order_parcels(
    services: Services, view: View, role: Role, card: OrderCard, text: Renderer
) -> Parcels:
    """Return an order's parcels; who may pack sees what can be done for them."""
    held = await services.packing.of_order(view.seller_id, card.order.id)
    may_act = role.may(Role.PACKER) and card.order.snapshot.status is not OrderStatus.CANCELLED
    shown = held[:PARCELS_SHOWN] if may_act else []
    rows = [await _buttons(services, view, each, text, is_one=len(held) == 1) for each in shown]
    return Parcels(tuple(held), tuple(row for row in rows if row), version_of(held))


async def ways_card(services: Services, visitor: Visitor, found: ParcelWays, text: Renderer) -> Screen:
    """Return the ways in which one parcel may be handed over, with a ticket on each."""
    at, parcel = courier_at(found.parcel), found.parcel
    tickets = {
        option_key(at, each): await _token(
            services, visitor.view, Action.SHIP, parcel.parcel_id, ship_version(parcel, each)
        )
        for each in found.options
        if each.way is not HandOver.OWN
    }
    return ways_screen(found, tickets, text)


async def _buttons(
    services: Services, view: View, parcel: Packing, text: Renderer, *, is_one: bool
) -> tuple[Button, ...]:
    """Return what can be done for one parcel: stop it, arrange it the usual way or another, print its label."""
    about = parcel.parcel_id
    if parcel.step is ShipStep.ASKED and parcel.due_at and parcel.due_at > text.now():
        stop = await _token(services, view, Action.STOP_SHIP, about, parcel.version)
        return (Button(text.label(labels.STOP), stop, style="danger"),)
    if parcel.state in PRINTABLE and parcel.number:
        label = text.label(labels.LABEL_OF, number=f"…{parcel.number[-4:]}")
        ticket = await _token(services, view, Action.PRINT_ONE, about, parcel.version)
        return (Button(text.label(labels.LABEL) if is_one else label, ticket),)
    if parcel.state is not PackState.TO_ARRANGE or parcel.step in UNDER_WAY:
        return ()
    usual = await services.offers.usual(view.seller_id, parcel)
    if usual is None:
        button = leads(text, labels.ARRANGE, Place.WAYS, about)
        return (Button(button.text, button.data, style="primary"),)
    if usual.way is HandOver.OWN:
        return (own_courier(parcel, text),)
    ship = await _token(services, view, Action.SHIP, about, ship_version(parcel, usual))
    other = leads(text, labels.OTHER_WAY, Place.WAYS, about)
    words = cut(option_label(usual, text, PAIR_COLUMNS), PAIR_COLUMNS)
    return (Button(words, ship, style="primary"), other)


async def _token(services: Services, view: View, action: Action, about: str, version: int) -> str:
    return await services.buttons.token(view.id, action, about, version, Role.PACKER, LASTS)
