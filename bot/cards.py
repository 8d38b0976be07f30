"""Cards whose buttons need tickets: the tickets are asked for, then the view is drawn."""

from dataclasses import replace

from bot.order_cards import order_parcels
from bot.render import Renderer
from bot.screen import Screen
from bot.views.counts import StockTickets, sure_screen
from bot.views.keeping import keeping_screen
from bot.views.limits import ask_limit_screen
from bot.views.link import confirm_many_screen, confirm_screen
from bot.views.order_actions import OrderTools, cancel_screen, keep_screen
from bot.views.orders import order_screen
from bot.views.pause import pause_screen
from bot.views.price_card import UNDECIDED, Tickets, price_screen, stage
from bot.views.prices import ask_undo_screen
from bot.views.product_edits import edit_screen
from bot.views.reviews import review_screen
from bot.views.shop import ask_holiday_screen, ask_rest_screen, ask_unlink_screen, shop_screen
from bot.views.stock import variant_screen
from bot.views.team import ask_leave_screen, member_screen
from domain.actions import ActionState
from domain.caps import Cap
from domain.changes import APPROVAL_LASTS, UNDO_LASTS, ChangeState
from domain.chats import Chat, View, Visitor
from domain.errors import NotFound
from domain.order_actions import ActionKind
from domain.people import Member, Role, Seller, may_give
from domain.shops import Linking, Shop, ShopState
from domain.stock import DRAFT_LASTS, ShownState
from domain.stock import UNDO_LASTS as COUNT_UNDO_LASTS
from domain.tickets import Action
from services import Services, limits
from services.keeping import POLICIES
from services.linking import LINK_LASTS
from services.listing_edits import ListingEdit
from services.order_actions import CANCELS, CancelPlan, OrderDoing
from services.order_actions import SUBJECT as ORDER
from services.reviews import ReviewCard
from services.stock_views import VariantStock
from services.views import OrderCard, Proposal, ShopDetails, VariantCard


async def price_card(
    services: Services, view: View, chat: Chat, proposal: Proposal, text: Renderer
) -> Screen:
    """Return a proposal's card, with the buttons that decide for whom may decide in that chat."""
    tickets = Tickets()
    is_waiting = any(each.change.is_waiting for each in proposal.prices)
    if is_waiting or stage(proposal, text.now()) in UNDECIDED:
        onlooker = await services.prices.onlooker(view, chat)
        if is_waiting and onlooker.role.may(Role.MANAGER):
            tickets = Tickets(call_off=await _price_ticket(services, view, Action.CALL_OFF_PRICE, proposal))
        elif onlooker.role.may(Role.MANAGER):
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
    """Return the question whether this is the right shop, or these are, of a login that opens several."""
    yes, no = [
        await services.buttons.token(view.id, action, linking.id, 0, Role.MANAGER, LINK_LASTS)
        for action in (Action.CONFIRM_LINK, Action.REFUSE_LINK)
    ]
    together = await services.linking.together(view.seller_id, linking.id)
    if len(together) > 1:
        return confirm_many_screen(together, yes, no, text, is_demo=is_demo)
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


async def pause_card(services: Services, visitor: Visitor, text: Renderer) -> Screen:
    """Return the kill-switch, with the ticket of the one button for whoever may press it."""
    writes = await services.pausing.look(visitor)
    if not visitor.role.may(Role.MANAGER):
        return pause_screen(writes, "", text)
    action = Action.RESUME_WRITES if writes.pause else Action.PAUSE_WRITES
    about = (visitor.seller_id, writes.version, Role.MANAGER, APPROVAL_LASTS)
    return pause_screen(writes, await services.buttons.token(visitor.view.id, action, *about), text)


async def limit_card(services: Services, visitor: Visitor, cap: Cap, value: int, text: Renderer) -> Screen:
    """Return the question before a limit changes, with the ticket on its Yes."""
    found = await services.limits.look(visitor)
    about = (limits.about(cap, value), found.version, Role.OWNER, APPROVAL_LASTS)
    yes = await services.buttons.token(visitor.view.id, Action.SET_LIMIT, *about)
    return ask_limit_screen(cap, value, found.limits, yes, text)


async def shop_card(services: Services, visitor: Visitor, details: ShopDetails, text: Renderer) -> Screen:
    """Return one shop, with the ticket that resumes it where it is paused and the visitor may do so."""
    resume = ""
    if details.shop.state is ShopState.PAUSED and visitor.role.may(Role.MANAGER):
        resume = await _shop_ticket(services, visitor, Action.RESUME_SHOP, details.shop, Role.MANAGER)
    return shop_screen(details, visitor.role, resume, text)


async def rest_card(services: Services, visitor: Visitor, shop: Shop, text: Renderer) -> Screen:
    """Return the question before one shop is paused, with the ticket on its Yes."""
    yes = await _shop_ticket(services, visitor, Action.PAUSE_SHOP, shop, Role.MANAGER)
    return ask_rest_screen(shop, yes, text)


async def holiday_card(services: Services, visitor: Visitor, details: ShopDetails, text: Renderer) -> Screen:
    """Return the question before a holiday begins or ends. Raises NotFound("button_unknown") where there is none."""
    if details.holiday is None:
        raise NotFound("button_unknown")
    action = Action.END_HOLIDAY if details.holiday.is_on else Action.BEGIN_HOLIDAY
    about = (details.shop.id, details.holiday.version, Role.MANAGER, APPROVAL_LASTS)
    yes = await services.buttons.token(visitor.view.id, action, *about)
    return ask_holiday_screen(details.shop, details.holiday, yes, text)


async def unlink_card(services: Services, visitor: Visitor, shop: Shop, text: Renderer) -> Screen:
    """Return the question before a shop's link ends, with the ticket on its Yes."""
    yes = await _shop_ticket(services, visitor, Action.UNLINK_SHOP, shop, Role.OWNER)
    return ask_unlink_screen(shop, yes, text)


async def stock_card(
    services: Services,
    view: View,
    role: Role,
    card: VariantCard,
    text: Renderer,
    came_from: tuple[str, ...] = (),
) -> Screen:
    """Return a variant's card; who may pack sees the buttons that count."""
    stock = await services.counts.of(view.seller_id, card.variant.id, view.id)
    tickets = StockTickets()
    if stock and role.may(Role.PACKER):
        send = undo = ""
        if stock.draft:
            about = (stock.draft.id, stock.draft.version)
            send = await services.buttons.token(view.id, Action.SEND_STOCK, *about, Role.PACKER, DRAFT_LASTS)
        elif stock.undo_id:
            about = (stock.undo_id, 0)
            undo = await services.buttons.token(
                view.id, Action.UNDO_STOCK, *about, Role.PACKER, COUNT_UNDO_LASTS
            )
        off, twin = await _call_off(services, view, stock, card), await _twin(services, view, role, stock)
        tickets = StockTickets(send, undo, off, *twin, may_count=True)
    return variant_screen(
        card, text, may_price=role.may(Role.PACKER), came_from=came_from, stock=stock, tickets=tickets
    )


async def _twin(services: Services, view: View, role: Role, stock: VariantStock) -> tuple[str, str]:
    """Return the tickets that answer whether another variant is the same, for who may say so."""
    if stock.twin is None or not role.may(Role.MANAGER):
        return "", ""
    about = (stock.twin.source, 1, Role.MANAGER, APPROVAL_LASTS)
    same = await services.buttons.token(view.id, Action.SAME_PRODUCT, *about)
    return same, await services.buttons.token(view.id, Action.OTHER_PRODUCT, *about)


async def _call_off(services: Services, view: View, stock: VariantStock, card: VariantCard) -> str:
    """Return the ticket that lets what waits for a promotion not be sent; nothing where nothing waits."""
    if all(each.state is not ShownState.LOCKED for each in stock.shops.values()):
        return ""
    about = (card.variant.id, stock.version, Role.PACKER, APPROVAL_LASTS)
    return await services.buttons.token(view.id, Action.CALL_OFF_STOCK, *about)


async def keeping_card(
    services: Services, view: View, role: Role, card: VariantCard, text: Renderer
) -> Screen:
    """Return how a variant is kept, with tickets for the other ways."""
    stock = await services.counts.of(view.seller_id, card.variant.id, view.id)
    if stock is None:
        raise NotFound("button_unknown")
    kept = stock.keeping
    ways = [action for action, policy in POLICIES.items() if policy is not kept.policy]
    tickets = {
        action: await services.buttons.token(
            view.id, action, card.variant.id, kept.version, Role.MANAGER, DRAFT_LASTS
        )
        for action in (ways if role.may(Role.MANAGER) else ())
    }
    return keeping_screen(card, kept, tickets, text)


async def edit_card(services: Services, view: View, role: Role, edit: ListingEdit, text: Renderer) -> Screen:
    """Return a change of a product; who may decide sees the button that sends it."""
    ticket, change = "", edit.change
    if change.state is ChangeState.PENDING and role.may(Role.MANAGER):
        ticket = await services.buttons.token(
            view.id, Action.CONFIRM_EDIT, change.id, change.version, Role.MANAGER, APPROVAL_LASTS
        )
    return edit_screen(edit, ticket, text, may_edit=role.may(Role.MANAGER))


async def review_card(
    services: Services,
    view: View,
    role: Role,
    card: ReviewCard,
    text: Renderer,
    came_from: tuple[str, ...] = (),
) -> Screen:
    """Return a review; who may answer sees the button that sends what is drafted."""
    ticket, answer = "", card.answer
    if answer and answer.state is ActionState.DRAFT and card.can_answer and role.may(Role.MANAGER):
        about = (answer.id, answer.version, Role.MANAGER, APPROVAL_LASTS)
        ticket = await services.buttons.token(view.id, Action.SEND_ANSWER, *about)
    return review_screen(card, ticket, text, may_answer=role.may(Role.MANAGER), came_from=came_from)


async def sure_card(services: Services, view: View, card: VariantCard, text: Renderer) -> Screen:
    """Return the question before a count that is far from the one before, with the ticket on its Yes."""
    stock = await services.counts.of(view.seller_id, card.variant.id, view.id)
    if stock is None or stock.draft is None:
        raise NotFound("button_unknown")
    about = (stock.draft.id, stock.draft.version)
    yes = await services.buttons.token(view.id, Action.SURE_STOCK, *about, Role.PACKER, DRAFT_LASTS)
    return sure_screen(card, stock.draft, yes, text)


async def _shop_ticket(services: Services, visitor: Visitor, action: Action, shop: Shop, needed: Role) -> str:
    about = (shop.id, shop.link_gen, needed, APPROVAL_LASTS)
    return await services.buttons.token(visitor.view.id, action, *about)


async def order_card(
    services: Services,
    view: View,
    role: Role,
    card: OrderCard,
    text: Renderer,
    came_from: tuple[str, ...] = (),
) -> Screen:
    """Return an order's card, with what this role may do to the order."""
    tools = await order_tools(services, view, role, card)
    return order_screen(card, text, came_from, tools, await order_parcels(services, view, role, card, text))


async def order_tools(services: Services, view: View, role: Role, card: OrderCard) -> OrderTools:
    """Return what stands beside an order; who manages gets the ticket that lets a buyer cancel."""
    doing = await services.order_actions.of(view.seller_id, card.order.id)
    accept = ""
    if role.may(Role.MANAGER) and ActionKind.ACCEPT in doing.may:
        accept = await _order_ticket(services, view, Action.ACCEPT_CANCEL, card, doing.version)
    return OrderTools(doing, role, accept)


async def cancel_card(
    services: Services, view: View, card: OrderCard, plan: CancelPlan, text: Renderer
) -> Screen:
    """Return the question before an order is cancelled, with the ticket on its Yes."""
    ticket = await _order_ticket(services, view, CANCELS[plan.reason], card, plan.version)
    return _following(cancel_screen(card, plan, ticket, text), card, plan.version)


async def keep_card(
    services: Services, view: View, card: OrderCard, doing: OrderDoing, text: Renderer
) -> Screen:
    """Return the question before a buyer's wish to cancel is turned down, with the ticket on its Yes."""
    ticket = await _order_ticket(services, view, Action.REJECT_CANCEL, card, doing.version)
    return _following(keep_screen(card, ticket, text), card, doing.version)


def _following(question: Screen, card: OrderCard, version: int) -> Screen:
    """Have a question become the card when its order moves: it may have been answered, here or elsewhere."""
    return replace(question, subject=ORDER, subject_id=card.order.id, version=version)


async def _order_ticket(services: Services, view: View, action: Action, card: OrderCard, version: int) -> str:
    return await services.buttons.token(view.id, action, card.order.id, version, Role.MANAGER, APPROVAL_LASTS)


async def _price_ticket(services: Services, view: View, action: Action, proposal: Proposal) -> str:
    lasts = UNDO_LASTS if action is Action.UNDO else APPROVAL_LASTS
    return await services.buttons.token(view.id, action, proposal.id, proposal.version, Role.MANAGER, lasts)
