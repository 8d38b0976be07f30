"""Cards of returns whose buttons need tickets: the tickets are asked for, then the view is drawn."""

from dataclasses import replace

from bot.render import Renderer
from bot.screen import Screen
from bot.views.return_actions import (
    accept_screen,
    ask_email_screen,
    dispute_screen,
    offer_screen,
    proof_screen,
)
from bot.views.returned_goods import goods_screen, offered
from bot.views.returns import ReturnTools, return_screen
from domain.changes import APPROVAL_LASTS
from domain.chats import PRIVATE, Chat, View, Visitor
from domain.errors import Conflict
from domain.people import Role
from domain.return_actions import ReturnAction, ReturnActionKind
from domain.tickets import Action
from services import Services
from services.return_actions import DisputeForm, ReturnDoing
from services.returns import SUBJECT, ReturnCard

DRAFT_MINUTES = 60


async def return_card(
    services: Services,
    view: View,
    chat: Chat,
    role: Role,
    card: ReturnCard,
    text: Renderer,
    came_from: tuple[str, ...] = (),
) -> Screen:
    """Return a return's card, with what this role may do about it here."""
    doing = await services.return_actions.of(view.seller_id, card.back.id)
    goods = await services.returned_goods.of(view.seller_id, card.back.id)
    return return_screen(card, text, ReturnTools(doing, role, chat.kind != PRIVATE, goods), came_from)


async def goods_card(services: Services, visitor: Visitor, card: ReturnCard, text: Renderer) -> Screen:
    """Return what came back, with a ticket on each button that moves stock."""
    goods = await services.returned_goods.of(visitor.seller_id, card.back.id)
    doing = await services.return_actions.of(visitor.seller_id, card.back.id)
    about = (card.back.id, goods.version, Role.PACKER, APPROVAL_LASTS)
    tickets = {each: await services.buttons.token(visitor.view.id, each, *about) for each in offered(goods)}
    return goods_screen(card, goods, tickets, doing.version, text)


async def accept_card(
    services: Services, visitor: Visitor, card: ReturnCard, kind: ReturnActionKind, text: Renderer
) -> Screen:
    """Return the question before a refund, with the ticket on its Yes. Raises Conflict("moved_on")."""
    doing = await services.return_actions.of(visitor.seller_id, card.back.id)
    seen = card.back.snapshot
    is_offer = kind is ReturnActionKind.ACCEPT_OFFER
    amount = seen.counter_offer if is_offer else seen.refund
    if kind not in doing.may or amount is None:
        raise Conflict("moved_on")
    action = Action.TAKE_RETURN_OFFER if is_offer else Action.ACCEPT_RETURN
    about = (card.back.id, doing.version, Role.MANAGER, APPROVAL_LASTS)
    ticket = await services.buttons.token(visitor.view.id, action, *about)
    return _following(accept_screen(card, amount, ticket, text, is_offer=is_offer), card, doing)


async def draft_card(
    services: Services,
    visitor: Visitor,
    card: ReturnCard,
    draft: ReturnAction,
    form: DisputeForm,
    text: Renderer,
) -> Screen:
    """Return what is asked next of a draft: a proof, the address, or the Yes that carries the ticket."""
    is_dispute = draft.kind is ReturnActionKind.DISPUTE
    if is_dispute and draft.step < len(draft.proofs):
        return proof_screen(card, draft, form.pictures, text)
    if is_dispute and form.asks_address and not draft.email:
        return ask_email_screen(card, text)
    action = Action.DISPUTE_RETURN if is_dispute else Action.MAKE_RETURN_OFFER
    about = (draft.id, draft.version, Role.MANAGER, APPROVAL_LASTS)
    ticket = await services.buttons.token(visitor.view.id, action, *about)
    if is_dispute:
        question = dispute_screen(card, draft, ticket, text, takes_words=form.takes_words)
    else:
        question = offer_screen(card, draft, ticket, text)
    doing = await services.return_actions.of(visitor.seller_id, card.back.id)
    return _following(question, card, doing)


def _following(question: Screen, card: ReturnCard, doing: ReturnDoing) -> Screen:
    """Have a question become the card when its return moves: it may have been answered, here or elsewhere."""
    return replace(question, subject=SUBJECT, subject_id=card.back.id, version=doing.version)
