"""What events of bulk changes become in a chat: one that waits for a decision, and its cards brought up to date."""

from bot.bulk_cards import bulk_card
from bot.delivery import Delivery
from bot.render import Renderer
from bot.views.bulk import UNDECIDED, stage
from services import Services
from services.bulk_cards import SUBJECT
from services.outbox import OutboxItem


async def bulk_asked(item: OutboxItem, services: Services, text: Renderer) -> list[Delivery]:
    """Show what waits for a decision where somebody may make it, unless it is decided or shown already."""
    card = await services.bulks.card(item.view.seller_id, item.payload["proposal_id"])
    cards = await services.cards.of(item.view.seller_id, SUBJECT, card.id)
    is_shown = any(each.view_id == item.view.id for each in cards)
    if is_shown or stage(card, text.now()) not in UNDECIDED:
        return []
    screen = await bulk_card(services, item.view, item.chat, card, text)
    return [Delivery(screen, silent="is_quiet" in item.payload)]


async def bulk_moved(item: OutboxItem, services: Services, text: Renderer) -> list[Delivery]:
    """Bring every card of the bulk change in this view up to date."""
    card = await services.bulks.card(item.view.seller_id, item.payload["proposal_id"])
    cards = await services.cards.of(item.view.seller_id, SUBJECT, card.id)
    here = [each for each in cards if each.view_id == item.view.id and each.version < card.version]
    if not here:
        return []
    screen = await bulk_card(services, item.view, item.chat, card, text)
    return [Delivery(screen, "edit", each.message_id) for each in here]


async def bulk_wait_failed(item: OutboxItem, services: Services, text: Renderer) -> list[Delivery]:
    """Show a bulk change anew of which something waited for a promotion and was not sent after all."""
    card = await services.bulks.card(item.view.seller_id, item.payload["proposal_id"])
    return [Delivery(await bulk_card(services, item.view, item.chat, card, text))]
