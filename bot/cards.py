"""Cards whose buttons need tickets: the tickets are asked for, then the view is drawn."""

from bot.render import Renderer
from bot.screen import Screen
from bot.views.link import confirm_screen
from bot.views.price_card import UNDECIDED, Tickets, price_screen, stage
from bot.views.prices import ask_undo_screen
from bot.views.team import ask_leave_screen, member_screen
from domain.changes import APPROVAL_LASTS, UNDO_LASTS
from domain.chats import Chat, View, Visitor
from domain.people import Member, Role, Seller, may_give
from domain.shops import Linking
from domain.tickets import Action
from services import Services
from services.linking import LINK_LASTS
from services.views import Proposal


async def price_card(
    services: Services, view: View, chat: Chat, proposal: Proposal, text: Renderer
) -> Screen:
    """Return a proposal's card, with the buttons that decide for whom may decide in that chat."""
    tickets = Tickets()
    if stage(proposal, text.now()) in UNDECIDED:
        onlooker = await services.prices.onlooker(view, chat)
        if onlooker.role.may(Role.MANAGER):
            is_bound = bool(proposal.second_persons) and onlooker.user_id == proposal.requested_by
            approve = "" if is_bound else await _price_ticket(services, view, Action.APPROVE, proposal)
            tickets = Tickets(approve, await _price_ticket(services, view, Action.REJECT, proposal))
    return price_screen(proposal, tickets, text)


async def undo_card(services: Services, view: View, proposal: Proposal, text: Renderer) -> Screen:
    """Return the question before an undo, with the ticket on its Yes."""
    return ask_undo_screen(proposal, await _price_ticket(services, view, Action.UNDO, proposal), text)


async def link_card(
    services: Services, view: View, linking: Linking, text: Renderer, *, is_demo: bool
) -> Screen:
    """Return the question whether this is the right shop."""
    yes, no = [
        await services.buttons.token(view.id, action, linking.id, 0, Role.MANAGER, LINK_LASTS)
        for action in (Action.CONFIRM_LINK, Action.REFUSE_LINK)
    ]
    return confirm_screen(linking, yes, no, text, is_demo=is_demo)


async def member_card(services: Services, visitor: Visitor, member: Member, text: Renderer) -> Screen:
    """Return one member, with the roles this visitor may give him, and the way out where he may take it."""
    is_self = member.user_id == visitor.member.user_id
    may_change = not is_self and may_give(visitor.role, member.role)
    actions = [
        action
        for action in Action
        if action.role
        and may_change
        and action.role is not member.role
        and may_give(visitor.role, action.role)
    ]
    tickets = {
        action: await services.buttons.token(
            visitor.view.id, action, member.user_id, member.version, Role.MANAGER, APPROVAL_LASTS
        )
        for action in actions
    }
    return member_screen(member, tickets, text, may_go=is_self or may_change)


async def leave_card(
    services: Services, visitor: Visitor, member: Member, seller: Seller, text: Renderer
) -> Screen:
    """Return the question before somebody loses his place, with the ticket on its Yes."""
    needed = Role.VIEWER if member.user_id == visitor.member.user_id else Role.MANAGER
    ticket = await services.buttons.token(
        visitor.view.id, Action.REMOVE_MEMBER, member.user_id, member.version, needed, APPROVAL_LASTS
    )
    return ask_leave_screen(member, seller, ticket, text)


async def _price_ticket(services: Services, view: View, action: Action, proposal: Proposal) -> str:
    lasts = UNDO_LASTS if action is Action.UNDO else APPROVAL_LASTS
    return await services.buttons.token(view.id, action, proposal.id, proposal.version, Role.MANAGER, lasts)
