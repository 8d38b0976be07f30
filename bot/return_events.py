"""What events of returns become in a chat: a ring, a reminder, a card brought up to date."""

from bot.delivery import Delivery
from bot.render import Renderer
from bot.return_cards import return_card
from bot.views.returned_goods import return_back_screen
from bot.views.returns import new_return_screen, return_due_screen
from domain.returns import ReturnState
from services import Services
from services.outbox import OutboxItem
from services.returns import SUBJECT


async def return_asked(item: OutboxItem, services: Services, text: Renderer) -> list[Delivery]:
    """Ring for a return; what is answered or over by now is no news."""
    card = await services.returns.card(item.view.seller_id, item.payload["return_id"])
    is_open = card.back.snapshot.state is ReturnState.ASKED
    return [Delivery(new_return_screen(card, text))] if is_open else []


async def return_due(item: OutboxItem, services: Services, text: Renderer) -> list[Delivery]:
    """Ring before it is too late to answer; what is answered by now, or too late, is not told."""
    card = await services.returns.card(item.view.seller_id, item.payload["return_id"])
    due = card.back.snapshot.due
    return [Delivery(return_due_screen(card, text))] if due and due > text.now() else []


async def return_moved(item: OutboxItem, services: Services, text: Renderer) -> list[Delivery]:
    """Bring every card of the return in this view up to date."""
    seller_id, return_id = item.view.seller_id, item.payload["return_id"]
    cards = await services.cards.of(seller_id, SUBJECT, return_id)
    here = [card for card in cards if card.view_id == item.view.id]
    if not here:
        return []
    onlooker = await services.prices.onlooker(item.view, item.chat)
    card = await services.returns.card(seller_id, return_id)
    screen = await return_card(services, item.view, item.chat, onlooker.role, card, text)
    return [Delivery(screen, "edit", each.message_id) for each in here if each.version < screen.version]


async def return_back(item: OutboxItem, services: Services, text: Renderer) -> list[Delivery]:
    """Ring for goods that arrived; what somebody looked at already, or what is not counted, is no news."""
    seller_id, return_id = item.view.seller_id, item.payload["return_id"]
    goods = await services.returned_goods.of(seller_id, return_id)
    if not goods.left:
        return []
    card = await services.returns.card(seller_id, return_id)
    return [Delivery(return_back_screen(card, goods, text))]
