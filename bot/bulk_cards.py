"""The screens of bulk changes whose buttons need tickets: the tickets are asked for, then the view is drawn."""

from bot.render import Renderer
from bot.screen import Screen
from bot.views.bulk import UNDECIDED, BulkTickets, Stage, bulk_screen, stage, undo_screen
from domain.bulk import DRAFT_LASTS
from domain.changes import APPROVAL_LASTS, UNDO_LASTS, ChangeState
from domain.chats import Chat, View
from domain.people import Role
from domain.tickets import Action
from services import Services
from services.bulk_cards import BulkCard


async def bulk_card(services: Services, view: View, chat: Chat, card: BulkCard, text: Renderer) -> Screen:
    """Return a bulk change, with the buttons that act for whom may act in that chat."""
    tickets, at = BulkTickets(), stage(card, text.now())
    if at is Stage.DRAFT:
        about = (card.id, card.version, Role.PACKER, DRAFT_LASTS)
        tickets = BulkTickets(ask=await services.buttons.token(view.id, Action.ASK_BULK, *about))
    elif at in UNDECIDED or any(each.state is ChangeState.APPROVED for each in card.lines):
        onlooker = await services.prices.onlooker(view, chat)
        if onlooker.role.may(Role.MANAGER):
            is_bound = bool(card.second_persons) and onlooker.user_id == card.bulk.requested_by
            tickets = await _tickets(services, view, card, is_bound=is_bound, is_waiting=at in UNDECIDED)
    return bulk_screen(card, tickets, text)


async def undo_bulk_card(services: Services, view: View, plan: BulkCard, text: Renderer) -> Screen:
    """Return the question before a bulk change is taken back, with the ticket on its Yes."""
    about = (plan.id, plan.version, Role.MANAGER, UNDO_LASTS)
    return undo_screen(plan, await services.buttons.token(view.id, Action.UNDO_BULK, *about), text)


async def _tickets(
    services: Services, view: View, card: BulkCard, *, is_bound: bool, is_waiting: bool
) -> BulkTickets:
    async def ticket(action: Action) -> str:
        about = (card.id, card.version, Role.MANAGER, APPROVAL_LASTS)
        return await services.buttons.token(view.id, action, *about)

    if not is_waiting:
        # However far it has come, what is left can be stopped: the button stays the same one.
        about = (card.id, card.bulk.version, Role.MANAGER, APPROVAL_LASTS)
        return BulkTickets(stop=await services.buttons.token(view.id, Action.STOP_BULK, *about))
    approve = "" if is_bound else await ticket(Action.APPROVE_BULK)
    return BulkTickets(approve=approve, reject=await ticket(Action.REJECT_BULK))
