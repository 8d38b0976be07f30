"""The screens of packing whose buttons need tickets: the tickets are asked for, then the view is drawn."""

from collections.abc import Sequence
from datetime import timedelta

from bot.render import Renderer
from bot.screen import Screen
from bot.views.batch import BatchTickets, batch_screen, called_off_screen, scanned_screen
from bot.views.pack import hand_over_screen, pack_screen, pull_out_screen
from domain.batches import LabelStep
from domain.chats import View, Visitor
from domain.errors import NotFound
from domain.parcels import Packing, Scanned
from domain.people import Role
from domain.tickets import Action
from services import Services
from services.batches import Scan
from services.packing import BatchCard, WorkList
from services.parcel_buttons import hand_over_version
from services.views import OrderCard

LASTS = timedelta(hours=12)
HANDS_LAST = timedelta(minutes=10)


async def work_card(services: Services, visitor: Visitor, work: WorkList, text: Renderer) -> Screen:
    """Return the work list, with a button for each courier of which there is something to take."""
    tickets = await _takers(services, visitor.view, work) if visitor.role.may(Role.PACKER) else {}
    return pack_screen(work, tickets, text)


async def batch_card(services: Services, view: View, card: BatchCard, text: Renderer) -> Screen:
    """Return a batch; in the chat of the one who has it, with the buttons that act on it.

    One that is done offers the next parcels at once: nobody who packs all day goes back to the list for them.
    """
    batch = card.batch
    if batch.view_id != view.id:
        return batch_screen(card, BatchTickets(), text)
    if card.is_done:
        work = await services.packing.work_of(view)
        return batch_screen(card, await _done(services, view, card, work), text, work.lanes)
    stop = await _token(services, view, Action.STOP_BATCH, batch.id, 0) if card.stop_until else ""
    give_back = await _token(services, view, Action.GIVE_BACK, batch.id, 0) if card.left else ""
    again = ""
    if batch.labels is LabelStep.SENT:
        again = await _token(services, view, Action.PRINT_AGAIN, batch.id, batch.prints)
    options = {}
    for question in card.questions[:1]:
        for option in question.options:
            key = question.key_of(option)
            options[key] = await _token(services, view, Action.CHOOSE_WAY, key, question.version)
    return batch_screen(card, BatchTickets(stop, give_back, again, options), text)


async def _done(services: Services, view: View, card: BatchCard, work: WorkList) -> BatchTickets:
    """Return what a batch that is done offers: its labels once more, and the next parcels of each courier."""
    again = ""
    if card.batch.labels is LabelStep.SENT:
        again = await _token(services, view, Action.PRINT_AGAIN, card.batch.id, card.batch.prints)
    return BatchTickets(print_again=again, takers=await _takers(services, view, work))


async def _takers(services: Services, view: View, work: WorkList) -> dict[str, str]:
    """Return by lane the ticket that takes its next parcels."""
    return {
        lane.key: await _token(services, view, Action.TAKE_BATCH, lane.key, work.next_number)
        for lane in work.lanes
        if lane.free
    }


async def hand_over_card(
    services: Services, visitor: Visitor, work: WorkList, key: str, text: Renderer
) -> Screen:
    """Return the question before a hand-over, with the ticket on its Yes."""
    lane = next((each for each in work.lanes if each.key == key), None)
    if lane is None:
        raise NotFound("button_unknown")
    ticket = ""
    if visitor.role.may(Role.PACKER):
        version = hand_over_version(lane.packed, text.now())
        ticket = await _token(services, visitor.view, Action.HAND_OVER, key, version, HANDS_LAST)
    return hand_over_screen(work, lane, ticket, text)


async def pull_out_card(services: Services, visitor: Visitor, text: Renderer) -> Screen:
    """Return what must be pulled out, with a button each."""
    parcels = await services.packing.pull_outs(visitor)
    tickets = {}
    if visitor.role.may(Role.PACKER):
        for each in parcels:
            about = (Action.PULL, each.parcel_id, each.printed)
            tickets[each.parcel_id] = await _token(services, visitor.view, *about)
    return pull_out_screen(parcels, tickets, text)


async def called_off_card(
    services: Services, view: View, card: OrderCard, parcels: Sequence[Packing], text: Renderer
) -> Screen:
    """Return what rings when parcels in hand must not leave, with a button each that notes that they lie aside."""
    tickets = {
        each.parcel_id: await _token(services, view, Action.PULL, each.parcel_id, each.printed)
        for each in parcels
    }
    return called_off_screen(card, parcels, tickets, text)


async def scan_card(services: Services, view: View, scan: Scan, text: Renderer) -> Screen:
    """Return what a scanned number that packed nothing means."""
    ticket = ""
    if scan.result is Scanned.PULL_OUT:
        ticket = await _token(services, view, Action.PULL, scan.parcel.parcel_id, scan.parcel.printed)
    return scanned_screen(scan, ticket, text)


async def _token(
    services: Services, view: View, action: Action, about: str, version: int, lasts: timedelta = LASTS
) -> str:
    return await services.buttons.token(view.id, action, about, version, Role.PACKER, lasts)
